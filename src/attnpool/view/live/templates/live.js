/* The page: what is typed, struck out and asked for, and everything drawn from it. */
let model = null;
const state = { text: "", split: true, struck: new Set(), target: null, by: "contribution" };
let stopTurning = null;

function current() {
  const texts = linesOf($("text").value);
  if (texts.length > 1 && state.split) return texts[Math.min(lines.chosen, texts.length - 1)];
  return $("text").value;
}

/* What is typed has changed: what was struck out is forgotten. */
function typed() {
  const texts = linesOf($("text").value), several = texts.length > 1;
  $("reading").hidden = !several;
  $("lines").hidden = !several || !state.split;
  if (several) {
    choice($("reading"), say("reading"), [say("as_lines"), say("as_one")], state.split ? 0 : 1, (chosen) => {
      state.split = chosen === 0;
      typed();
    });
  }
  if (several && state.split) {
    lines.chosen = Math.min(lines.chosen, texts.length - 1);
    answerLines(texts, () => drawLines(chooseLine));
    $("more").textContent = texts.length > MOST_LINES
      ? say("more_lines", { shown: MOST_LINES, lines: texts.length }) : "";
  } else {
    lines.stop?.();
  }
  const text = current();
  if (text !== state.text) {
    state.text = text;
    state.struck = new Set();
  }
  $("text").style.height = "auto";
  $("text").style.height = `${Math.min($("text").scrollHeight + 2, 320)}px`;
  draw();
}

function chooseLine(line) {
  lines.chosen = line;
  drawLines(chooseLine);
  state.text = current();
  state.struck = new Set();
  draw();
  $("one").scrollIntoView({ block: "nearest" });
}

function draw() {
  const { text } = state, tokens = model.read(text), blocks = blocksOf(text, tokens);
  const before = model.explain(tokens, state.target ?? undefined);
  const target = before.target, struck = state.struck;
  const rest = struck.size ? model.without(tokens, struck) : tokens;
  const now = struck.size ? model.explain(rest, target) : before;
  const answer = argmax(now.probabilities), name = model.classes[target];
  const signed = state.by === "contribution", values = coloured(before), other = coloured(now);

  sayIn($("answer"), "explains", {
    name: isolated(model.classes[answer]), percent: percent(now.probabilities[answer]),
  });
  $("count").textContent = counted(text, tokens);
  drawBars($("bars"), now.probabilities, target, (chosen) => {
    state.target = chosen === state.target ? null : chosen;
    draw();
  });
  const scale = fullColour(values, !signed), both = fullColour([...values, ...other], false);
  if (signed && struck.size) scale.full = both.full;
  const drawn = { text, tokens, blocks, values, scale, signed, struck, strike: true, name };
  $("before").setAttribute("aria-label", say("tokens"));
  drawText($("before"), drawn);
  $("beside").hidden = !struck.size;
  $("was").hidden = !struck.size;
  $("struck").hidden = !struck.size;
  if (struck.size) {
    const after = without(text, blocks, struck), scaled = signed ? scale : fullColour(other, true);
    drawText($("after"), { ...drawn, ...after, values: other, scale: scaled, struck: null, strike: false });
    sayIn($("was"), "as_typed", {});
    sayIn($("now"), "as_is", {});
    const was = argmax(before.probabilities);
    sayIn($("change"), "change", {
      name: isolated(model.classes[was]), before: percent(before.probabilities[was]),
      after: percent(now.probabilities[was]),
    });
  }
  $("value").textContent = "";
  drawLegend($("legend"), signed, name);
  drawChoices();
  turn(tokens, blocks);
}

/* One value per token, by what is asked for. */
function coloured(explained) {
  if (state.by === "contribution") return explained.values;
  const { weights } = explained, heads = weights.length;
  if (state.by !== "attention") return weights[state.by];
  return Array.from(weights[0] ?? [], (_, token) =>
    weights.reduce((sum, head) => sum + head[token], 0) / heads);
}

function counted(text, tokens) {
  const count = tokens.ids.length;
  if (!count) return say("empty");
  const cut = tokens.readUntil < text.length && count >= model.limit;
  if (cut) return say("cut", { tokens: `${count}+`, limit: model.limit });
  return count === 1 ? say("counted_one") : say("counted", { tokens: count });
}

/* The text that is left, with its blocks and tokens in place. */
function without(text, blocks, struck) {
  const kept = [], ids = [], starts = [], ends = [];
  let left = "", done = 0;
  for (const block of blocks) {
    const gap = text.slice(done, block.start);
    done = block.end;
    left += /\s$/.test(left) ? gap.trimStart() : gap;
    const tokens = block.tokens.filter((token) => !struck.has(token));
    if (!tokens.length) continue;
    const start = left.length;
    left += text.slice(block.start, block.end);
    kept.push({ start, end: left.length, tokens: tokens.map(() => ids.push(0) - 1) });
    starts.push(start);
    ends.push(left.length);
  }
  left += text.slice(done);
  return { text: left, blocks: kept, tokens: { ids, starts, ends, readUntil: left.length } };
}

function drawChoices() {
  const kinds = ["contribution", "attention", ...(model.heads > 1 ? Array(model.heads).keys() : [])];
  const names = kinds.map((kind) => (typeof kind === "number" ? say("head", { number: kind + 1 }) : say(kind)));
  const focused = [...$("by").querySelectorAll("button")].indexOf(document.activeElement);
  choice($("by"), say("by"), names, kinds.indexOf(state.by), (chosen) => {
    state.by = kinds[chosen];
    draw();
  });
  if (focused >= 0) $("by").querySelectorAll("button")[focused].focus();
}

/* What would turn the answer, looked for when nothing is typed for a moment. */
function turn(tokens, blocks) {
  stopTurning?.();
  $("turn").replaceChildren();
  if (!tokens.ids.length || model.classes.length < 2) return;
  const struck = new Set(state.struck);
  $("turn").textContent = say("turn_searching");
  stopTurning = inSlices(turning(model, tokens, blocks, struck), showTurn, 150);
}

function showTurn(best) {
  if (!best) {
    $("turn").textContent = say("turn_none");
    return;
  }
  const { text } = state, named = [...best.blocks].sort((one, other) => one.start - other.start).flatMap((block, number) => [
    ...(number ? [say("separator")] : []),
    make("strong", "", say("quoted", { text: visible(text.slice(block.start, block.end)) })),
  ]);
  sayIn($("turn"), "turn", {
    tokens: named, name: isolated(model.classes[best.to]), percent: percent(best.probabilities[best.to]),
  });
  const button = make("button", "do", say("turn_do"));
  button.type = "button";
  button.addEventListener("click", () => strike(best.blocks, true));
  $("turn").append(" ", button);
}

function strike(blocks, gone) {
  for (const block of blocks) {
    for (const token of block.tokens) {
      if (gone) state.struck.add(token);
      else state.struck.delete(token);
    }
  }
  draw();
}

function listen() {
  const texts = $("before");
  const blockAt = (mark) => blocksOf(state.text, model.read(state.text))[[...texts.querySelectorAll("mark")].indexOf(mark)];
  const press = (mark) => strike([blockAt(mark)], !mark.classList.contains("gone"));
  $("text").addEventListener("input", () => {
    state.target = null;
    requestAnimationFrame(typed);
  });
  texts.addEventListener("click", (event) => {
    const mark = event.target.closest("mark");
    if (mark) press(mark);
  });
  texts.addEventListener("keydown", (event) => {
    const marks = [...texts.querySelectorAll("mark")], at = marks.indexOf(event.target);
    if (at < 0) return;
    if (event.key === "Enter" || event.key === " ") press(event.target);
    else if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: marks.length - 1 }[event.key];
    if (marks[to]) {
      event.target.tabIndex = -1;
      marks[to].tabIndex = 0;
      marks[to].focus();
    }
    event.preventDefault();
  });
  for (const kind of ["pointerover", "focusin"]) {
    $("one").addEventListener(kind, (event) => {
      const mark = event.target.closest?.("mark[data-said]");
      if (mark) $("value").textContent = mark.dataset.said;
    });
  }
  $("restore").addEventListener("click", () => {
    state.struck = new Set();
    draw();
    $("text").focus();
  });
  $("csv").addEventListener("click", () => save(new Blob(["\ufeff", csv()], { type: "text/csv" }), "answers.csv"));
  addEventListener("hashchange", readLink);
}

function drawCopies() {
  const kinds = ["SVG", "PNG", "Markdown", say("link")];
  choice($("copies"), say("copy"), kinds, null, async (chosen) => {
    const shown = state.struck.size ? $("after") : $("before"), pieces = piecesOf(shown);
    const title = $("answer").textContent, note = $("legend").querySelector(".scope").textContent;
    const said = await [
      () => copyText(asSvg(pieces, title, note), "explanation.svg", "image/svg+xml"),
      async () => copyPicture(await asPng(pieces, title, note), "explanation.png"),
      () => copyText(asMarkdown(pieces, title), "explanation.md", "text/markdown"),
      () => copyText(link(), "link.txt", "text/plain"),
    ][chosen]();
    const button = $("copies").querySelectorAll("button")[chosen];
    button.textContent = said;
    setTimeout(drawCopies, 1500);
  });
}

function link() {
  return `${location.href.split("#")[0]}#text=${encodeURIComponent($("text").value)}`;
}

function readLink() {
  const given = /^#text=(.*)$/s.exec(location.hash);
  if (!given) return false;
  try {
    $("text").value = decodeURIComponent(given[1]);
  } catch {
    return false;
  }
  state.target = null;
  typed();
  return true;
}

function speak(language) {
  words = page.words[language];
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-w]")) element.textContent = say(element.dataset.w);
  for (const element of document.querySelectorAll("[data-foot]")) {
    element.textContent = page.foot[language][Number(element.dataset.foot)];
  }
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.setAttribute("aria-pressed", String(button.dataset.lang === language));
  }
  if (!model) return;
  if (page.examples.length) {
    const shown = page.examples.map((text) => (text.length > 24 ? `${text.slice(0, 24)}…` : text));
    choice($("examples"), say("examples"), shown, null, (chosen) => {
      $("text").value = page.examples[chosen];
      state.target = null;
      typed();
    });
  }
  drawCopies();
  typed();
}

async function start() {
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.addEventListener("click", () => speak(button.dataset.lang));
  }
  const wanted = (navigator.languages || [navigator.language]).map((one) => one.slice(0, 2));
  const language = wanted.find((one) => one in page.words) ?? "en";
  try {
    const opened = await openModel($("model").textContent, page.tables);
    speak(language);
    model = opened;
  } catch (error) {
    speak(language);
    $("failed").hidden = false;
    $("failed").textContent = say("failed", { why: error.message });
    return;
  }
  $("model").remove();
  document.querySelector("main").hidden = false;
  listen();
  $("text").value = page.examples[0] ?? "";
  speak(language);
  readLink();
}

start();
