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
      // A pair from a spreadsheet: its two cells go into the two boxes.
      const rows = box === boxes[0] && model.sides === 2 ? rowsTyped() : [];
      if (rows.length === 1) fill(rows[0].texts);
      if (rows.length === 1 || pending) return;
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
  $("restore").addEventListener("click", () => {
    restore();
    $("text").focus();
  });
  $("csv").addEventListener("click", () => save(new Blob(["\ufeff", csv()], { type: "text/csv" }), "answers.csv"));
  addEventListener("hashchange", readLink);
}
