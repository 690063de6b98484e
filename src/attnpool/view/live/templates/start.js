/* Copies and links, the language, and the beginning. */
const COPIED = 1500, LONGEST_LINK = 8000; // milliseconds, characters
let failure = null;

function drawCopies() {
  const kinds = ["SVG", "PNG", "Markdown", say("link")];
  choice($("copies"), say("copy"), kinds, null, async (chosen) => {
    const pressed = $("copies").querySelectorAll("button")[chosen];
    const said = await copies()[chosen]();
    pressed.textContent = $("heard").textContent = said;
    setTimeout(() => { pressed.textContent = kinds[chosen]; }, COPIED);
  });
}

function copies() {
  const pieces = piecesOf($("before")), note = $("legend").querySelector(".scope").textContent;
  const change = $("struck").hidden ? "" : ` · ${$("change").textContent}`;
  const title = `${$("answer").textContent}${change}`;
  // Pieces are laid out from left to right.
  const isDrawn = !/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(state.texts.join(""));
  const picture = (make) => async () => {
    const made = isDrawn ? await make(pieces, title, note) : null;
    if (made === null) return say("not_copied");
    return typeof made === "string" ? copyText(made, "explanation.svg", "image/svg+xml") : copyPicture(made, "explanation.png");
  };
  return [
    picture(asSvg),
    picture(asPng),
    () => copyText(asMarkdown(pieces, title, note), "explanation.md", "text/markdown"),
    () => (link().length > LONGEST_LINK ? say("too_long") : copyText(link(), "link.txt", "text/plain")),
  ];
}

function link() {
  const texts = boxes.map(({ value }) => `text=${encodeURIComponent(value.replace(/\p{Cs}/gu, "\ufffd"))}`);
  return `${location.href.split("#")[0]}#${texts.join("&")}`;
}

function readLink() {
  const given = location.hash.slice(1).split("&").filter((part) => part.startsWith("text="));
  if (!given.length) return;
  let texts;
  try {
    texts = given.map((part) => decodeURIComponent(part.slice("text=".length)));
  } catch {
    return; // no text that somebody typed: what is there stays
  }
  fill(texts);
}

function speak(language) {
  words = page.words[language];
  document.documentElement.lang = page.tags[language];
  for (const element of document.querySelectorAll("[data-w]")) element.textContent = say(element.dataset.w);
  for (const element of document.querySelectorAll("[data-foot]")) {
    element.textContent = page.foot[language][Number(element.dataset.foot)];
  }
  for (const one of document.querySelectorAll("[data-lang]")) {
    one.setAttribute("aria-pressed", String(one.dataset.lang === language));
  }
  $("before").setAttribute("aria-label", say("tokens"));
  if (failure) $("failed").textContent = say(failure);
  if (!model) return;
  if (page.examples.length) {
    const shown = page.examples.map((texts) => beginning(texts.join(" · "), 24));
    choice($("examples"), say("examples"), shown, null, (chosen) => fill(page.examples[chosen]));
  }
  drawCopies();
  typed({ isNew: false });
}

async function start() {
  for (const one of document.querySelectorAll("[data-lang]")) {
    one.addEventListener("click", () => speak(one.dataset.lang));
  }
  const wanted = (navigator.languages || [navigator.language]).map((one) => one.slice(0, 2));
  const language = wanted.find((one) => one in page.words) ?? "en";
  $("broken").remove();
  document.querySelector(".starting").classList.remove("starting");
  try {
    model = await openModel($("model").textContent, page.tables);
  } catch (error) {
    failure = { browser: "failed_browser", version: "failed_version" }[error.code] ?? "failed_damaged";
    $("failed").hidden = false;
    speak(language);
    return;
  }
  $("model").remove();
  document.querySelector("main").hidden = false;
  listen();
  boxes.forEach((box, side) => { box.value = page.examples[0]?.[side] ?? ""; });
  boxes[0].setSelectionRange(0, 0);
  speak(language);
  readLink();
}

start();
