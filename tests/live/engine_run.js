// Behind the engine, in one function with it: a model and requests as JSON lines, answers likewise.
const lines = require("fs").readFileSync(0, "utf-8").trimEnd().split("\n");
const listed = (value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
const whole = (parts) =>
  Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, listed(value)]));

async function answerAll() {
  const { base64, tables } = JSON.parse(lines[0]);
  const model = await openModel(base64, tables);
  const { classes, limit, heads, sides } = model;
  console.log(JSON.stringify({ classes, limit, heads, sides }));
  for (const line of lines.slice(1)) {
    const { texts, removed, target, answers } = JSON.parse(line);
    let item = texts.map(model.read);
    if (removed) item = item.map((tokens, side) => model.without(tokens, new Set(removed[side])));
    const answer = { sides: item.map(whole) };
    if (answers) {
      const { weights, values, ...explained } = model.explain(item, target);
      const { logits, weights: again } = model.answer(item);
      Object.assign(answer, whole(explained));
      answer.sides.forEach((side, number) => {
        side.weights = weights[number].map(listed);
        side.values = listed(values[number]);
      });
      answer.same = String([logits, again]) === String([explained.logits, weights]);
    }
    console.log(JSON.stringify(answer));
  }
}
answerAll().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
