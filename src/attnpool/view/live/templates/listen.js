/* What one does: clicks, keys, links, the language, and the beginning. */
function listen() {
  const texts = $("before");
  const blockAt = (mark) => state.texts.flatMap((text, side) => blocksOf(text, model.read(text), side).slice(0, MOST_BLOCKS))[
    [...texts.querySelectorAll("mark")].indexOf(mark)];
  const press = (mark) => strike([blockAt(mark)], !mark.classList.contains("gone"));
  for (const box of boxes) {
    box.addEventListener("input", () => {
      state.target = null;
      // A pair from a spreadsheet: its two cells go into the two boxes.
      const rows = box === boxes[0] && model.sides === 2 ? rowsTyped() : [];
      if (rows.length === 1) fill(rows[0]);
      else requestAnimationFrame(typed);
    });
  }
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
    restore();
    $("text").focus();
  });
  $("csv").addEventListener("click", () => save(new Blob(["\ufeff", csv()], { type: "text/csv" }), "answers.csv"));
  addEventListener("hashchange", readLink);
}

function drawCopies() {
  const kinds = ["SVG", "PNG", "Markdown", say("link")];
  choice($("copies"), say("copy"), kinds, null, async (chosen) => {
    const shown = $("beside").hidden ? $("before") : $("after"), pieces = piecesOf(shown);
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
  const texts = boxes.map((box) => `text=${encodeURIComponent(box.value)}`);
  return `${location.href.split("#")[0]}#${texts.join("&")}`;
}

function readLink() {
  const given = location.hash.slice(1).split("&").filter((part) => part.startsWith("text="));
  if (!given.length) return;
  try {
    fill(given.map((part) => decodeURIComponent(part.slice("text=".length))));
  } catch {
    // No text that somebody typed: what is there stays.
  }
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
    const shown = page.examples.map((texts) => {
      const text = texts.join(" · ");
      return text.length > 24 ? `${text.slice(0, 24)}…` : text;
    });
    choice($("examples"), say("examples"), shown, null, (chosen) => fill(page.examples[chosen]));
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
  boxes.forEach((box, side) => { box.value = page.examples[0]?.[side] ?? ""; });
  speak(language);
  readLink();
}

start();
