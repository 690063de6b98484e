/* What is typed, struck out and asked for: a text, or two that are compared. */
let model = null;
const state = { texts: [], struck: [], split: true, target: null, by: "contribution" };
const boxes = [...document.querySelectorAll("textarea")];

/* What is typed has changed: what was struck out of it is forgotten. */
function typed() {
  const rows = rowsTyped(), several = rows.length > 1, isTable = several && state.split;
  $("reading").hidden = !several;
  $("lines").hidden = !isTable;
  boxes.slice(1).forEach((box) => { box.parentElement.hidden = isTable; });
  if (several) {
    choice($("reading"), say("reading"), [say("as_lines"), say("as_one")], state.split ? 0 : 1, (chosen) => {
      state.split = chosen === 0;
      typed();
    });
  }
  if (isTable) {
    lines.chosen = Math.min(lines.chosen, rows.length - 1);
    answerLines(rows, () => drawLines(chooseLine));
    $("more").textContent = rows.length > MOST_LINES
      ? say("more_lines", { shown: MOST_LINES, lines: rows.length }) : "";
  } else {
    lines.stop?.();
  }
  show(isTable ? rows[lines.chosen] : boxes.map((box) => box.value));
}

function show(texts) {
  if (texts.join("\0") !== state.texts.join("\0")) {
    state.texts = texts;
    state.struck = texts.map(() => new Set());
  }
  draw();
}

function chooseLine(line) {
  lines.chosen = line;
  drawLines(chooseLine);
  show(rowsTyped()[line]);
  $("one").scrollIntoView({ block: "nearest" });
}

function fill(texts) {
  boxes.forEach((box, side) => { box.value = texts[side] ?? ""; });
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
}
