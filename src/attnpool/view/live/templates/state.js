/* What is typed, struck out and asked for: a text, or two that are compared. */
let model = null;
const boxes = [...document.querySelectorAll("textarea")];
const state = {
  texts: boxes.map(() => ""),
  struck: boxes.map(() => new Set()), // numbers of tokens
  hint: new Set(), // blocks whose deletion changes the answer
  split: true, // whether lines are texts of their own
  target: null, // the class asked for
  by: "contribution", // or "attention", or the number of a head
  allClasses: false,
};

/* What is typed has changed. */
function typed({ caret = true } = {}) {
  const { rows, notes } = rowsTyped(), several = rows.length > 1, isTable = several && state.split;
  $("reading").hidden = !several;
  $("lines").hidden = !isTable;
  boxes.slice(1).forEach((box) => { box.parentElement.hidden = isTable; });
  if (several) {
    const lineByLine = say(model.sides === 2 ? "as_pairs" : "as_lines");
    choice($("reading"), say("reading"), [lineByLine, say("as_one")], state.split ? 0 : 1, (chosen) => {
      state.split = chosen === 0;
      typed();
    });
  }
  if (isTable) {
    lines.chosen = caret ? rowOfCaret(rows) : Math.min(lines.chosen, rows.length - 1);
    answerLines(rows, notes);
  } else {
    lines.stop?.();
  }
  show(isTable ? rows[lines.chosen].texts : boxes.map((box) => box.value));
}

/* Shows these texts; what was struck out of what did not change stays struck out. */
function show(texts) {
  state.struck = texts.map((text, side) => struckAfter(state.texts[side], text, state.struck[side]));
  state.texts = texts;
  draw();
}

function struckAfter(before, now, struck) {
  if (before === now || !struck.size) return before === now ? struck : new Set();
  let front = 0, back = 0;
  const most = Math.min(before.length, now.length);
  while (front < most && before[front] === now[front]) front += 1;
  while (back < most - front && before[before.length - 1 - back] === now[now.length - 1 - back]) back += 1;
  const old = model.read(before), tokens = model.read(now), places = new Map();
  tokens.ids.forEach((_, token) => places.set(tokens.starts[token], token));
  const kept = new Set();
  for (const token of struck) {
    const start = old.starts[token], end = old.ends[token];
    const moved = end <= front ? start : start >= before.length - back ? start + now.length - before.length : -1;
    if (places.has(moved)) kept.add(places.get(moved));
  }
  return kept;
}

function chooseLine(number) {
  const row = lines.rows[number];
  lines.chosen = number;
  state.target = null;
  markChosen();
  show(row.texts);
  $("one").scrollIntoView({ block: "nearest" });
}

function fill(texts) {
  boxes.forEach((box, side) => { box.value = texts[side] ?? ""; });
  boxes[0].setSelectionRange(0, 0);
  state.struck = boxes.map(() => new Set());
  state.target = null;
  typed();
}

/* Blocks struck out, or brought back. */
function strike(blocks, gone) {
  for (const { side, tokens } of blocks) {
    for (const token of tokens) {
      if (gone) state.struck[side].add(token);
      else state.struck[side].delete(token);
    }
  }
  draw();
}

function restore() {
  state.struck = state.texts.map(() => new Set());
  draw();
  $("before").querySelector("mark")?.focus({ preventScroll: true });
}
