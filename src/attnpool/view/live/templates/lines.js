/* Several lines, one text or pair each: a table that can be sorted and saved. */
const MOST_LINES = 2000, FEW_LINES = 100, LONGEST_CELL = 200;
const COLUMNS = [["line", "line"], ["text", "of_line"], ["answer", "answer"], ["probability", "probability"]];
const lines = { rows: [], known: new Map(), by: "line", down: false, chosen: 0, stop: null };

/* The lines that hold something, by their number in the box. */
function linesOf(text) {
  return text.split(/\r\n|\r|\n/).map((line, at) => ({ line: at + 1, text: line })).filter(({ text }) => text.trim());
}

/* What the lines of a box say as texts, or as pairs with a tab between them. Lines without two
   texts, and cells beyond the second, are left out and told. */
function rowsTyped(box = $("text")) {
  const found = linesOf(box.value);
  if (model.sides === 1) {
    const rows = found.map(({ line, text }) => ({ line, texts: [text.trim()] }));
    return { rows, notes: [], several: rows.length > 1 };
  }
  const cells = found.map(({ line, text }) => ({ line, texts: text.split("\t").map((one) => one.trim()) }));
  const pairs = cells.filter(({ texts: [text, other] }) => text && other), single = cells.length - pairs.length;
  const notes = [
    ...(single && pairs.length ? [say("no_pairs", { count: single })] : []),
    ...(pairs.some(({ texts }) => texts.length > 2) ? [say("more_cells")] : []),
  ];
  const rows = pairs.map(({ line, texts }) => ({ line, texts: texts.slice(0, 2) }));
  return { rows, notes, several: rows.length > 0 && found.length > 1 };
}

/* The number of the row in which the caret is. */
function rowOfCaret(rows) {
  const line = $("text").value.slice(0, $("text").selectionStart).split(/\r\n|\r|\n/).length;
  return Math.max(0, rows.slice(0, MOST_LINES).findLastIndex((row) => row.line <= line));
}

/* Answers all rows, those that were answered before by what is kept, and draws them when all are. */
function answerLines(rows, notes) {
  const asked = rows.slice(0, MOST_LINES), found = [];
  lines.stop?.();
  $("csv").disabled = true;
  $("lines").setAttribute("aria-busy", "true");
  if (lines.known.size > 5 * MOST_LINES) lines.known.clear();
  const tell = (done) => {
    const told = done < asked.length ? [say("answering", { done, all: asked.length })]
      : rows.length > MOST_LINES ? [say("more_lines", { shown: MOST_LINES, lines: rows.length })] : [];
    $("more").textContent = [...told, ...notes].join(say("comma"));
  };
  function* each() {
    for (const { line, texts } of asked) {
      const key = texts.join("\t");
      if (!lines.known.has(key)) {
        const { probabilities } = model.answer(texts.map(model.read));
        lines.known.set(key, { probabilities, answer: argmax(probabilities) });
        if (found.length % 50 === 0) tell(found.length);
        yield;
      }
      found.push({ line, texts, ...lines.known.get(key), number: found.length });
    }
  }
  lines.stop = inSlices(each(), () => {
    lines.rows = found;
    $("csv").disabled = false;
    $("lines").removeAttribute("aria-busy");
    tell(found.length);
    drawLines();
  }, asked.length > FEW_LINES ? 150 : 0);
}

function sorted() {
  const key = {
    line: (row) => row.line,
    text: (row) => row.texts.join("\t"),
    answer: (row) => model.classes[row.answer],
    probability: (row) => row.probabilities[row.answer],
  }[lines.by];
  const order = (one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : one.line - other.line);
  const rows = [...lines.rows].sort(order);
  return lines.down ? rows.reverse() : rows;
}

function drawLines() {
  const body = document.createDocumentFragment();
  for (const row of sorted()) body.append(lineOf(row));
  const table = $("lines").querySelector("table");
  table.tHead.replaceChildren(headOfLines());
  table.tBodies[0].replaceChildren(body);
  markChosen();
}

function headOfLines() {
  const head = make("tr");
  for (const [key, name] of COLUMNS) {
    const cell = head.appendChild(make("th"));
    cell.scope = "col";
    if (lines.by === key) cell.setAttribute("aria-sort", lines.down ? "descending" : "ascending");
    cell.append(button(say(name), () => {
      lines.down = lines.by === key ? !lines.down : key === "probability";
      lines.by = key;
      drawLines();
      $("lines").querySelectorAll("thead button")[COLUMNS.findIndex(([one]) => one === key)].focus();
    }));
  }
  return head;
}

function lineOf(row) {
  const line = make("tr"), text = make("td"), answer = make("td");
  const open = text.appendChild(button("", () => chooseLine(row.number)));
  open.className = "line";
  row.texts.forEach((one, side) => open.append(...(side ? [" · "] : []), isolated(beginning(one, LONGEST_CELL))));
  answer.append(nameOf(row.answer));
  answer.title = answer.textContent;
  line.dataset.number = row.number;
  line.append(make("td", "", row.line), text, answer, make("td", "", percent(row.probabilities[row.answer])));
  return line;
}

function markChosen() {
  for (const line of $("lines").querySelectorAll("tbody tr")) {
    const is = Number(line.dataset.number) === lines.chosen;
    line.classList.toggle("at", is);
    line.querySelector("button").setAttribute("aria-pressed", String(is));
  }
}

function csv() {
  const names = model.sides === 1 ? ["text"] : ["text_1", "text_2"];
  const head = [
    "line", ...names, "prediction", "probability", ...model.classes.map((name) => `probability_${name}`),
    ...(isVerdict() ? ["score"] : []),
  ];
  const rows = sorted().map((row) => [
    String(row.line), ...row.texts, model.classes[row.answer], row.probabilities[row.answer].toFixed(6),
    ...Array.from(row.probabilities, (share) => share.toFixed(6)),
    ...(isVerdict() ? [row.probabilities[1].toFixed(6)] : []),
  ]);
  return [head, ...rows].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}
