/* Several lines, one text or pair each: a table that can be sorted and saved. */
const MOST_LINES = 2000, FEW_LINES = 100;
const lines = { rows: [], by: "line", down: false, chosen: 0, stop: null };

function linesOf(text) {
  return text.split(/\r\n|\r|\n/).map((line) => line.trim()).filter(Boolean);
}

/* What the lines say as texts, or as pairs with a tab between them; none where a line is no pair. */
function rowsTyped() {
  const texts = linesOf($("text").value);
  if (model.sides === 1) return texts.map((text) => [text]);
  const pairs = texts.map((line) => line.split("\t")).filter((parts) => parts.length > 1);
  return pairs.length === texts.length ? pairs.map(([text, ...rest]) => [text, rest.join(" ")]) : [];
}

/* Answers all lines, those that were answered before by what was kept. */
function answerLines(items, finished) {
  const known = new Map(lines.rows.map((row) => [row.text, row]));
  lines.stop?.();
  lines.rows = [];
  function* each() {
    for (const texts of items.slice(0, MOST_LINES)) {
      const text = texts.join("\t"), before = known.get(text);
      const { probabilities } = before || model.answer(texts.map(model.read));
      const line = lines.rows.length;
      lines.rows.push({ line, text, texts, probabilities, answer: argmax(probabilities) });
      yield;
    }
  }
  lines.stop = inSlices(each(), finished, items.length > FEW_LINES ? 150 : 0);
}

function sorted() {
  const key = {
    line: (row) => row.line,
    text: (row) => row.text,
    answer: (row) => model.classes[row.answer],
    probability: (row) => row.probabilities[row.answer],
  }[lines.by];
  const order = (one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : one.line - other.line);
  const rows = [...lines.rows].sort(order);
  return lines.down ? rows.reverse() : rows;
}

function drawLines(choose) {
  const head = make("tr"), body = document.createDocumentFragment();
  for (const [key, name] of [["line", "line"], ["text", "of_line"], ["answer", "answer"], ["probability", "probability"]]) {
    const cell = head.appendChild(make("th")), button = cell.appendChild(make("button", "", say(name)));
    cell.scope = "col";
    button.type = "button";
    if (lines.by === key) cell.setAttribute("aria-sort", lines.down ? "descending" : "ascending");
    button.addEventListener("click", () => {
      lines.down = lines.by === key && !lines.down;
      lines.by = key;
      drawLines(choose);
      $("lines").querySelectorAll("thead button")[["line", "text", "answer", "probability"].indexOf(key)].focus();
    });
  }
  for (const row of sorted()) {
    const line = make("tr", row.line === lines.chosen ? "at" : ""), text = make("td");
    const open = text.appendChild(make("button", "line"));
    open.type = "button";
    open.setAttribute("aria-pressed", String(row.line === lines.chosen));
    row.texts.forEach((one, side) => {
      open.append(...(side ? [" · "] : []), isolated(one.length > 200 ? `${one.slice(0, 200)}…` : one));
    });
    open.addEventListener("click", () => choose(row.line));
    const answer = make("td");
    answer.append(isolated(model.classes[row.answer]));
    line.append(make("td", "", row.line + 1), text, answer, make("td", "", percent(row.probabilities[row.answer])));
    body.append(line);
  }
  const table = $("lines").querySelector("table");
  table.tHead.replaceChildren(head);
  table.tBodies[0].replaceChildren(body);
}

function csv() {
  const names = model.sides === 1 ? ["text"] : ["text_1", "text_2"];
  const head = [...names, "prediction", "probability", ...model.classes.map((name) => `p(${name})`)];
  const rows = sorted().map((row) => [
    ...row.texts, model.classes[row.answer], row.probabilities[row.answer].toFixed(6),
    ...Array.from(row.probabilities, (share) => share.toFixed(6)),
  ]);
  return [head, ...rows].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}
