/* Texts in colours. Blocks are buttons where `struck` is given; one of them is in the tab order, and
   arrow keys go on from it. */
function drawTexts(element, texts, how) {
  const at = element.contains(document.activeElement)
    ? [...element.querySelectorAll("mark")].indexOf(document.activeElement) : -1;
  [...element.querySelectorAll(".text")].forEach((line, side) => drawText(line, texts[side], how));
  if (!how.struck) return;
  const marks = [...element.querySelectorAll("mark")];
  marks.forEach((mark, number) => {
    mark.setAttribute("role", "button");
    mark.setAttribute("aria-pressed", String(mark.classList.contains("gone")));
    mark.tabIndex = number === Math.max(0, at) ? 0 : -1;
  });
  if (at >= 0) marks[at]?.focus();
}

function drawText(element, { text, tokens, blocks, values, scale }, { signed, struck, name }) {
  const parts = [];
  let done = 0;
  for (const [number, block] of blocks.entries()) {
    if (number === MOST_BLOCKS) break;
    if (block.start > done) parts.push(visible(text.slice(done, block.start)));
    parts.push(drawBlock(block, text, values, scale, signed, struck, name));
    done = block.end;
  }
  const until = Math.max(done, tokens.readUntil);
  if (until > done) parts.push(visible(text.slice(done, until)));
  if (until < text.length) parts.push(make("span", "unread", visible(text.slice(until, until + 2000))));
  element.replaceChildren(...parts);
}

function drawBlock(block, text, values, scale, signed, struck, name) {
  const shown = visible(text.slice(block.start, block.end));
  if (struck && isGone(block, struck)) {
    const mark = make("mark", "gone", shown);
    mark.dataset.said = say("struck", { token: shown });
    mark.setAttribute("aria-label", mark.dataset.said);
    return mark;
  }
  const value = valueOf(block, values), at = level(value, scale);
  const mark = make("mark", hue(at, signed), shown);
  const told = { token: shown, value: number(value, 3, signed), name: visible(name) };
  mark.dataset.said = say(signed ? "value_of" : "weight_of", told);
  mark.setAttribute("aria-label", mark.dataset.said);
  return mark;
}

/* The classes by falling probability, each a button that colours by it. */
const MOST_BARS = 8;

function drawBars(element, probabilities, target, choose) {
  const order = [...probabilities.keys()].sort((one, other) => probabilities[other] - probabilities[one]);
  const shown = order.slice(0, MOST_BARS);
  if (!shown.includes(target)) shown[shown.length - 1] = target;
  const rows = shown.map((number) => {
    const row = make("button", "row"), track = make("i", "track"), bar = make("i", "fill");
    row.type = "button";
    row.setAttribute("aria-pressed", String(number === target));
    bar.style.width = `${Math.max(0.5, 100 * probabilities[number])}%`;
    track.append(bar);
    row.append(isolated(model.classes[number]), track, make("b", "", percent(probabilities[number])));
    row.addEventListener("click", () => choose(number));
    return row;
  });
  const left = order.length - shown.length;
  if (left > 0) rows.push(make("p", "note", say("more_classes", { count: left })));
  const focused = [...element.children].indexOf(document.activeElement);
  element.replaceChildren(...rows);
  if (focused >= 0) rows[focused]?.focus();
}

function drawLegend(element, signed, name) {
  const { levels } = page.scale, bar = make("span", "bar");
  bar.setAttribute("aria-hidden", "true");
  for (let at = signed ? -levels : 1; at <= levels; at += 1) bar.append(make("i", hue(at, signed)));
  const kind = signed ? "moved" : "looked", meaning = make("span", "scope");
  sayIn(meaning, kind, { name: isolated(name) });
  element.replaceChildren(
    make("span", "", say(`${kind}_low`)), bar, make("span", "", say(`${kind}_high`)), meaning,
  );
}
