/* Texts in colours. What did not change since the last time stays in place, so that a key costs
   little; a mark that has the focus keeps it. */
function drawTexts(element, texts, how) {
  [...element.querySelectorAll(".text")].forEach((line, side) => {
    const { text } = texts[side], language = languageOf(text);
    if (line.lang !== language) line.lang = language;
    replaceParts(line, partsOfText(texts[side], how));
  });
  if (!how.struck) return;
  const reached = element.querySelector('mark[tabindex="0"]'), first = element.querySelector("mark");
  if (!reached && first) first.tabIndex = 0;
}

/* The pieces of a text in order: blocks, what stands between them, what is not read. */
function partsOfText({ text, tokens, blocks, values, scale }, { signed, struck, name }) {
  const parts = [];
  let done = 0;
  blocks.forEach((block, number) => {
    if (block.start > done) parts.push({ tag: "span", text: visible(text.slice(done, block.start)), name: "" });
    if (block.cut) parts.push({ tag: "i", text: "", name: "cut" });
    parts.push(partOfBlock(block, text, values[number], scale, signed, struck, name));
    done = block.end;
  });
  const until = Math.max(done, tokens.readUntil);
  if (until > done) parts.push({ tag: "span", text: visible(text.slice(done, until)), name: "" });
  if (until < text.length) {
    parts.push({ tag: "span", text: visible(text.slice(until, until + 2000)), name: "unread" });
  }
  return parts;
}

function partOfBlock(block, text, value, scale, signed, struck, name) {
  const shown = visible(text.slice(block.start, Math.min(block.end, block.start + LONGEST_CLUSTER)));
  const told = { token: shown, value: number(value, 3, signed), name: visible(name) };
  const said = say(signed ? "value_of" : "weight_of", told);
  if (!struck) return { tag: "mark", text: shown, name: hue(level(value, scale), signed), said };
  const gone = isGone(block, struck), hinted = !gone && state.hint.has(keyOf(block));
  return {
    tag: "mark",
    text: shown,
    name: gone ? "gone" : `${hue(level(value, scale), signed)}${hinted ? " hint" : ""}`,
    said: gone ? say("struck", { said }) : said,
    pressed: String(gone),
  };
}

/* The new parts of a line in place of the old ones; equal ones at both ends keep their elements. */
function replaceParts(line, parts) {
  const old = line.parts ?? [], same = (one, other) => one.tag === other.tag && one.text === other.text;
  const most = Math.min(old.length, parts.length);
  let front = 0, back = 0;
  while (front < most && same(old[front], parts[front])) front += 1;
  while (back < most - front && same(old[old.length - 1 - back], parts[parts.length - 1 - back])) back += 1;
  for (let at = 0; at < front; at += 1) keep(old[at], parts[at]);
  for (let at = 1; at <= back; at += 1) keep(old[old.length - at], parts[parts.length - at]);
  const added = document.createDocumentFragment();
  for (const part of parts.slice(front, parts.length - back)) added.append(elementOf(part));
  for (const part of old.slice(front, old.length - back)) part.element.remove();
  line.insertBefore(added, back ? parts[parts.length - back].element : null);
  line.parts = parts;
}

function elementOf(part) {
  part.element = make(part.tag, part.name, part.text);
  if (part.said) part.element.setAttribute("aria-label", part.said);
  if (part.pressed) {
    part.element.setAttribute("role", "button");
    part.element.setAttribute("aria-pressed", part.pressed);
    part.element.tabIndex = -1;
  }
  return part.element;
}

function keep(old, part) {
  const { element } = (part.element = old.element, part);
  if (old.name !== part.name) element.className = part.name;
  if (old.said !== part.said) element.setAttribute("aria-label", part.said);
  if (old.pressed !== part.pressed) element.setAttribute("aria-pressed", part.pressed);
}

/* The language of a text by its letters, for voices and fonts; empty for an unknown one. */
function languageOf(text) {
  const head = text.slice(0, 500);
  if (/[\u3040-\u30ff]/.test(head)) return "ja";
  if (/[\uac00-\ud7af]/.test(head)) return "ko";
  return /[\u3400-\u9fff]/.test(head) ? "zh-Hans" : "";
}

/* The classes by falling probability, each a button that colours by it. */
const MOST_BARS = 8;

function drawBars(element, probabilities, target, choose) {
  const order = [...probabilities.keys()].sort((one, other) => probabilities[other] - probabilities[one]);
  const shown = state.allClasses ? order : order.slice(0, MOST_BARS);
  if (!shown.includes(target)) shown[shown.length - 1] = target;
  const rows = shown.map((number) => {
    const row = button("", () => choose(number)), track = make("i", "track"), bar = make("i", "fill");
    row.className = "row";
    row.title = nameOf(number).textContent;
    row.dataset.name = model.classes[number];
    row.setAttribute("aria-pressed", String(number === target));
    bar.style.width = `${Math.max(0.5, 100 * probabilities[number])}%`;
    track.append(bar);
    row.append(nameOf(number), track, make("b", "", percent(probabilities[number])));
    return row;
  });
  const left = order.length - shown.length;
  if (left > 0) {
    rows.push(button(say(left === 1 ? "more_class" : "more_classes", { count: left }), () => {
      state.allClasses = true;
      draw();
    }));
  }
  const focused = [...element.children].indexOf(document.activeElement);
  element.classList.toggle("all", state.allClasses);
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
