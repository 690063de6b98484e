/* What one does: clicks and keys. */
function listen() {
  const texts = $("before");
  const blocks = () => state.texts.flatMap((text, side) => blocksOf(text, model.read(text), side));
  const press = (mark) => {
    const at = [...texts.querySelectorAll("mark")].indexOf(mark);
    strike([blocks()[at]], !mark.classList.contains("gone"));
    const now = texts.querySelectorAll("mark")[at];
    $("value").textContent = now.ariaLabel;
    reach(now);
  };
  const reach = (mark) => {
    for (const one of texts.querySelectorAll('mark[tabindex="0"]')) one.tabIndex = -1;
    mark.tabIndex = 0;
    mark.focus({ preventScroll: true });
  };
  let pending = false;
  for (const box of boxes) {
    box.addEventListener("input", () => {
      state.target = null;
      if (splitPair(box) || pending) return;
      pending = true;
      requestAnimationFrame(() => {
        pending = false;
        typed();
      });
    });
  }
  texts.addEventListener("click", (event) => {
    const mark = event.target.closest("mark");
    if (mark) press(mark);
  });
  texts.addEventListener("keydown", (event) => {
    const marks = [...texts.querySelectorAll("mark")], at = marks.indexOf(event.target);
    if (at < 0) return;
    const on = getComputedStyle(event.target.parentElement).direction === "rtl" ? -1 : 1;
    const to = { ArrowLeft: at - on, ArrowRight: at + on, Home: 0, End: marks.length - 1 }[event.key];
    if (event.key === "Enter" || event.key === " ") press(event.target);
    else if (to === undefined) return;
    else if (marks[to]) reach(marks[to]);
    event.preventDefault();
  });
  for (const kind of ["pointerover", "focusin"]) {
    $("one").addEventListener(kind, (event) => {
      const mark = event.target.closest?.("mark[aria-label]");
      if (mark) $("value").textContent = mark.ariaLabel;
    });
  }
  $("restore").addEventListener("click", restore);
  $("csv").addEventListener("click", () => save(new Blob(["\ufeff", csv()], { type: "text/csv" }), "answers.csv"));
  addEventListener("hashchange", readLink);
}

/* A pair from a spreadsheet: its cells go into the two boxes, where they replace nothing that was
   typed beside them. */
function splitPair(box) {
  if (model.sides !== 2 || linesOf(box.value).length !== 1) return false;
  const { rows: [pair] } = rowsTyped(box), other = boxes.find((one) => one !== box);
  const before = state.texts[boxes.indexOf(box)].trim();
  if (!pair || (other.value.trim() && before && box.value.includes(before))) return false;
  fill(pair.texts);
  return true;
}
