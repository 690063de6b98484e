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

/* What is typed has changed; or else the page is drawn anew for the line that was chosen. */
function typed({ isNew = true } = {}) {
  const { rows, notes, several } = rowsTyped(), isTable = several && state.split;
  const was = { chosen: lines.chosen, isTable: !$("lines").hidden };
  $("reading").hidden = !several;
  $("lines").hidden = !isTable;
  boxes.slice(1).forEach((box) => { box.parentElement.hidden = isTable; });
  if (several) {
    const lineByLine = say(model.sides === 2 ? "as_pairs" : "as_lines");
    choice($("reading"), say("reading"), [lineByLine, say("as_one")], state.split ? 0 : 1, (chosen) => {
      state.split = chosen === 0;
      typed({ isNew: false });
    });
  }
  if (isTable) {
    lines.chosen = isNew ? rowOfCaret(rows) : Math.min(lines.chosen, rows.length - 1);
    answerLines(rows, notes);
  } else {
    lines.stop?.();
  }
  const isOther = was.isTable !== isTable || (isTable && was.chosen !== lines.chosen);
  show(isTable ? rows[lines.chosen].texts : boxes.map((box) => box.value), isOther);
}

/* Shows these texts; what was struck out of what did not change stays struck out, unless they are
   others altogether. */
function show(texts, isOther) {
  state.struck = texts.map((text, side) =>
    (isOther ? new Set() : struckAfter(state.texts[side], text, state.struck[side])));
  state.texts = texts;
  draw();
}

/* The blocks that stand where struck ones stood, letter for letter. */
function struckAfter(before, now, struck) {
  if (before === now || !struck.size) return before === now ? struck : new Set();
  let front = 0, back = 0;
  const most = Math.min(before.length, now.length);
  while (front < most && before[front] === now[front]) front += 1;
  while (back < most - front && before[before.length - 1 - back] === now[now.length - 1 - back]) back += 1;
  const old = model.read(before), tokens = model.read(now), gone = new Set(), kept = new Set();
  for (const token of struck) {
    const start = old.starts[token], end = old.ends[token], moved = now.length - before.length;
    if (end <= front) gone.add(`${start}.${end}`);
    else if (start >= before.length - back) gone.add(`${start + moved}.${end + moved}`);
  }
  for (const block of blocksOf(now, tokens)) {
    const isGone = block.tokens.every((token) => gone.has(`${tokens.starts[token]}.${tokens.ends[token]}`));
    if (isGone) for (const token of block.tokens) kept.add(token);
  }
  return kept;
}

function chooseLine(number) {
  if ($("lines").hasAttribute("aria-busy")) return; // its rows are those of before
  lines.chosen = number;
  state.target = null;
  markChosen();
  show(lines.rows[number].texts, true);
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
