// Behind the engine, in one function with it: a model and requests as JSON lines, answers likewise.
const lines = require("fs").readFileSync(0, "utf-8").trimEnd().split("\n");
const listed = (value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
const whole = (parts) =>
  Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, listed(value)]));

async function answerAll() {
  const { base64, tables } = JSON.parse(lines[0]);
  const model = await openModel(base64, tables);
  const { classes, limit, heads } = model;
  console.log(JSON.stringify({ classes, limit, heads }));
  for (const line of lines.slice(1)) {
    const { text, removed, target, answers } = JSON.parse(line);
    let tokens = model.read(text);
    if (removed) tokens = model.without(tokens, new Set(removed));
    const answer = {};
    if (answers) {
      const { weights, ...explained } = model.explain(tokens, target);
      const { logits, weights: again } = model.answer(tokens);
      Object.assign(answer, whole(explained), { weights: weights.map(listed) });
      answer.same = String([logits, again]) === String([explained.logits, weights]);
    }
    console.log(JSON.stringify({ ...whole(tokens), ...answer }));
  }
}
answerAll().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
