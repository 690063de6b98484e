/* What would change the answer: looked for when nothing is typed for a moment, and said. */
const MOST_NAMED = 8, NEARLY = 0.1; // before the next class
let stopTurning = null;

function turn(item, blocks, now) {
  stopTurning?.();
  $("turn").replaceChildren();
  if (!now && model.sides === 2) return;
  if (!now) {
    const { probabilities } = model.answer(item), answer = argmax(probabilities);
    sayIn($("turn"), "to_nothing", {
      name: nameOf(answer), percent: percent(probabilities[answer]),
    });
    return;
  }
  if (model.classes.length < 2) return;
  const struck = state.struck.map((tokens) => new Set(tokens));
  $("turn").textContent = say("turn_searching");
  stopTurning = inSlices(turning(model, item, blocks, struck), (best) => {
    showTurn(best);
    $("heard").textContent = `${$("answer").textContent} ${$("turn").textContent}`;
  }, 150);
}

function showTurn(best) {
  if (!best) {
    $("turn").textContent = say("turn_none");
    return;
  }
  state.hint = new Set(best.blocks.map(keyOf));
  state.redraw();
  const [share, next] = [...best.probabilities].sort((one, other) => other - one);
  sayIn($("turn"), share - next < NEARLY ? "turn_nearly" : "turn", {
    tokens: named(best.blocks), name: isVerdict() ? verdictOf(best.to) : nameOf(best.to), percent: percent(share),
  });
  $("turn").append(" ", button(say("turn_do"), () => {
    strike(best.blocks, true);
    $("restore").focus();
  }, "do"));
}

/* What tells a block from others, from one drawing to the next. */
function keyOf({ side, tokens }) {
  return `${side}.${tokens[0]}`;
}

/* The blocks in words: neighbours together, equal ones counted; many are only counted. */
function named(blocks) {
  const inOrder = [...blocks].sort((one, other) => one.side - other.side || one.start - other.start);
  if (inOrder.length > MOST_NAMED) return [say("turn_many", { count: inOrder.length })];
  const joined = [];
  for (const { side, start, end } of inOrder) {
    const last = joined[joined.length - 1];
    if (last && last.side === side && !state.texts[side].slice(last.end, start).trim()) last.end = end;
    else joined.push({ side, start, end });
  }
  const times = new Map();
  for (const { side, start, end } of joined) {
    const text = state.texts[side].slice(start, end);
    times.set(text, (times.get(text) ?? 0) + 1);
  }
  return [...times].flatMap(([text, count], number) => [
    ...(number ? [say("separator")] : []),
    make("strong", "", say("quoted", { text: visible(text) })),
    ...(count > 1 ? [` ×${count}`] : []),
  ]);
}
