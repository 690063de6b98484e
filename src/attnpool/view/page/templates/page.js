
const VALUED = "mark, .grid td", PALEST = say("uniform");

/* The words of a key with its fields filled in; of a plural the form that `count` asks for. */
function say(key, fields = {}) {
  const form = WORDS[key], text = Array.isArray(form) ? form[fields.count === 1 ? 0 : 1] : form;
  return text.replace(/\{(\w+)\}/g, (_, name) =>
    (typeof fields[name] === "number" ? fields[name].toLocaleString("en-US") : fields[name]));
}

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
}

/* What an element says; its title is taken away, so that the browser does not say it as well. */
function said(element) {
  if (element.title) {
    element.dataset.v = element.title;
    element.removeAttribute("title");
  }
  if (element.tagName !== "TD") return element.dataset.v || (element.matches(".l1") ? PALEST : "");
  const [row, column] = heads(element);
  return element.dataset.v || say("meets", { left: row.textContent, right: column.textContent, value: PALEST });
}

function heads(cell) {
  return [cell.parentNode.cells[0], cell.closest("table").rows[0].cells[cell.cellIndex]];
}

/* The tokens of the other text that one token meets, as cells of the alignment, and their side. */
function met(mark) {
  const side = mark.closest(".side"), table = side && mark.closest(".face")?.querySelector(".grid");
  if (!table || mark.dataset.t === undefined) return null;
  const at = Number(mark.dataset.t), sides = side.parentNode.children;
  if (side === sides[0]) return [[...table.rows[at + 1].cells].slice(1), sides[1]];
  if (side === sides[1]) return [[...table.rows].slice(1).map((row) => row.cells[at + 1]), sides[0]];
  return null;
}

function level(element) {
  return Number((/[lfa](\d+)/.exec(element.className) || [0, 0])[1]);
}

/* Tab goes to one run of a text; the arrow keys go on from there. */
function tabStops(scope) {
  for (const text of scope.querySelectorAll(".text")) {
    const first = text.querySelector("mark");
    if (first && !text.querySelector('mark[tabindex="0"]')) first.tabIndex = 0;
  }
  for (const table of scope.querySelectorAll(".grid")) {
    table.rows[1].cells[1].tabIndex = 0;
    table.parentNode.removeAttribute("tabindex");
  }
}

/* A row of buttons of which one is pressed. */
function choice(label, names, choose, first = 0) {
  const row = make("div", "choice");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", label);
  row.append(make("span", "", label));
  const buttons = names.map((name, number) => {
    const button = row.appendChild(make("button"));
    button.type = "button";
    button.appendChild(make("bdi", "", name));
    button.addEventListener("click", () => press(number));
    return button;
  });
  function press(number) {
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(at === number)));
    choose(number);
  }
  press(first);
  return row;
}

/* In lines a card is one line; its button opens it in place. */
function foldable(card) {
  if (card.querySelector(".fold")) return;
  const button = make("button", "fold"), text = card.querySelector(".text");
  button.type = "button";
  button.setAttribute("aria-label", say("card-of", { text: text ? text.textContent.slice(0, 60) : "" }));
  button.setAttribute("aria-expanded", String(card.classList.contains("open")));
  card.querySelector(".head").prepend(button);
}
function offerLines(root) {
  const list = root.querySelector("#list, .cards");
  if (!list || (list.id !== "list" && root.querySelectorAll(".card").length < 2)) return;
  const section = list.closest("section"), whole = list.id !== "list" && section && root.contains(section);
  const row = choice(say("show-as"), [say("cards"), say("lines")], (chosen) => {
    root.classList.toggle("lines", chosen === 1);
    if (chosen) root.querySelectorAll(".card, .sample").forEach(foldable);
  });
  row.classList.add("list");
  (whole ? section : list).before(row);
  const faces = [...root.querySelectorAll(`.face:has([data-row="${say("attention")}"])`)];
  if (faces.length > 1) {
    /* Each card has this choice too; here it is made for all of them. */
    row.append(choice(say("colour-all"), [faces[0].dataset.own, say("attention")], (chosen) => {
      for (const face of faces) {
        const button = face.querySelectorAll(":scope > .choice button")[chosen];
        if (button.getAttribute("aria-pressed") !== "true") button.click();
      }
    }));
  }
  root.addEventListener("click", (event) => {
    const card = event.target.closest(".lines :is(.card, .sample)");
    if (!card || String(getSelection())) return;
    const open = card.classList.contains("open"), button = event.target.closest("button, a, summary");
    if (button ? !button.matches(".fold") : open && !event.target.closest(".head")) return;
    card.classList.toggle("open", !open);
    card.querySelector(".fold").setAttribute("aria-expanded", String(!open));
  });
}

/* Contents that stay in sight say which section is being read. */
function followContents(root) {
  const contents = root.querySelector(".contents"), details = contents?.querySelector("details");
  if (!contents) return;
  const narrow = matchMedia("(max-width: 78.99rem)"), links = new Map();
  const fold = () => { details.open = !narrow.matches; };
  for (const link of contents.querySelectorAll("a")) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) links.set(section, link);
    link.addEventListener("click", fold);
  }
  fold();
  narrow.addEventListener("change", fold);
  const seen = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) seen.add(target);
      else seen.delete(target);
    }
    const now = [...links.keys()].filter((section) => seen.has(section)).pop();
    links.forEach((link, section) => {
      if (section === now) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    contents.querySelector("summary span").textContent = now ? ` · ${links.get(now).textContent}` : "";
  }, { rootMargin: "0px 0px -75% 0px" });
  links.forEach((link, section) => watch.observe(section));
}

function enliven(root) {
  root.classList.add("live");
  const tip = root.appendChild(make("div", "tip"));
  tip.id = `ap-tip-${document.querySelectorAll(".ap.live").length}`;
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  let shown = null, lent = [];

  function hide() {
    tip.hidden = true;
    for (const [element, name] of lent) element.className = name;
    lent = [];
    if (shown) shown.removeAttribute("aria-describedby");
    shown = null;
  }
  function lend(element, name) {
    lent.push([element, element.className]);
    element.className = name;
  }
  function show(element) {
    if (element === shown) return;
    hide();
    let words = said(element);
    if (!words) return;
    shown = element;
    const meets = element.tagName === "MARK" && met(element);
    if (meets) {
      const [cells, other] = meets;
      for (const mark of other.querySelectorAll(".text mark[data-t]")) {
        const cell = cells[mark.dataset.t];
        if (cell) lend(mark, cell.className);
      }
      const best = cells.reduce((a, b) => (level(b) > level(a) ? b : a));
      if (level(best)) words = `${words} · ${said(best)}`;
      lend(element, `${element.className} at`);
    } else if (element.tagName === "TD") {
      const sides = element.closest(".face").querySelectorAll(".side");
      const at = [element.parentNode.rowIndex - 1, element.cellIndex - 1];
      for (const head of heads(element)) lend(head, "at");
      at.forEach((t, side) => sides[side].querySelectorAll(`.text mark[data-t="${t}"]`)
        .forEach((mark) => lend(mark, `${mark.className} at`)));
    }
    tip.textContent = words;
    tip.hidden = false;
    element.setAttribute("aria-describedby", tip.id);
    place(element);
  }
  function place(element) {
    const box = element.getClientRects()[0], own = tip.getBoundingClientRect();
    const wide = document.documentElement.clientWidth;
    const left = Math.max(4, Math.min(box.left + box.width / 2 - own.width / 2, wide - own.width - 4));
    tip.style.left = `${left}px`;
    tip.style.top = `${box.top > own.height + 8 ? box.top - own.height - 6 : box.bottom + 6}px`;
  }
  function next(element, key) {
    if (element.tagName === "TD") {
      const rows = element.closest("table").rows, row = element.parentNode.rowIndex;
      const column = element.cellIndex, last = element.parentNode.cells.length - 1;
      const to = { ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
        ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], Home: [row, 1], End: [row, last] }[key];
      return to && to[0] > 0 && to[1] > 0 && rows[to[0]] ? rows[to[0]].cells[to[1]] : null;
    }
    const text = element.closest(".text"), marks = [...text.querySelectorAll("mark")];
    const step = getComputedStyle(text).direction === "rtl" ? -1 : 1, at = marks.indexOf(element);
    return { ArrowLeft: marks[at - step], ArrowRight: marks[at + step], Home: marks[0],
      End: marks[marks.length - 1] }[key];
  }
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    if (event.altKey || event.ctrlKey || event.metaKey || !event.target.matches(VALUED)) return;
    if (!/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key)) return;
    const to = next(event.target, event.key);
    if (to) {
      event.target.tabIndex = -1;
      to.tabIndex = 0;
      to.focus();
    }
    if (to || !/Up|Down/.test(event.key) || event.target.tagName === "TD") event.preventDefault();
  });
  for (const name of ["pointerover", "focusin", "click"]) {
    root.addEventListener(name, (event) => {
      const element = event.target.closest(VALUED);
      if (element) show(element);
      else if (name !== "focusin") hide();
    });
  }
  root.addEventListener("focusout", hide);
  root.addEventListener("pointerleave", hide);
  /* What the keys scrolled to, or what is still pointed at, takes its words along. */
  addEventListener("scroll", () => {
    if (shown && (shown === document.activeElement || shown.matches(":hover"))) place(shown);
    else hide();
  }, { passive: true, capture: true });

  function offerHeads(face) {
    const rows = [...face.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const sides = [...face.querySelectorAll(".side")].map((side) => {
      const text = side.querySelector(".text");
      return { side, text, own: text ? [...text.childNodes] : [] };
    });
    const names = [...new Set([face.dataset.own, ...rows.map((row) => row.dataset.row)])];
    face.prepend(choice(say("coloured-by"), names, (chosen) => {
      /* What was measured of the values is not true of other colours. */
      face.querySelectorAll(".faith").forEach((note) => { note.hidden = chosen > 0; });
      face.dataset.now = names[chosen];
      tell(face.closest(".card"));
      sides.forEach((side, at) => colour(side, at, names[chosen]));
    }));
    function colour({ side, text, own }, at, name) {
      if (!text) return;
      const row = rows.find((one) => one.dataset.row === name && one.dataset.side === String(at));
      if (row) root.querySelectorAll("[data-beside]").forEach((key) => { key.removeAttribute("data-beside"); });
      const tail = own.filter((node) => node.className === "unread");
      text.replaceChildren(...(row
        ? [...row.querySelector(".text").cloneNode(true).childNodes, ...tail.map((n) => n.cloneNode(true))]
        : own));
      side.classList.toggle("by-head", Boolean(row));
      tabStops(side);
    }
  }
  /* The head of a card says which method colours the face that is shown. */
  function tell(card) {
    const face = card.querySelector(".face:not([hidden])"), method = card.querySelector(".method bdi");
    if (face.dataset.by === "by" || !face.dataset.now || face.dataset.own === say("page.all-heads")) return;
    method.textContent = face.dataset.now;
  }
  function offerClasses(card) {
    const faces = [...card.querySelectorAll("[data-face]")];
    if (faces.length < 2) return;
    const names = faces.map((face) => face.dataset.face);
    faces[0].parentNode.prepend(choice(say(`explained-${faces[0].dataset.by}`), names, (chosen) => {
      faces.forEach((face, at) => { face.hidden = at !== chosen; });
      tell(card);
    }, Math.max(0, faces.findIndex((face) => face.dataset.predicted === ""))));
  }

  /* The card as the terminal writes it without colours. */
  function bracketed(text) {
    const pieces = [];
    for (const node of text.childNodes) {
      const colour = node.tagName === "MARK" && /([lfa])(\d+)/.exec(node.className);
      const strength = colour ? Math.round(Number(colour[2]) / 6) : 0;
      const key = strength ? `${strength}${colour[1]}` : "", last = pieces[pieces.length - 1];
      if (last && last[0] === key) last[1] += node.textContent;
      else pieces.push([key, node.textContent]);
    }
    return pieces.map(([key, words]) => key === "" ? words
      : `${"⟨⟦"[key[0] - 1]}${{ l: "", f: "+", a: "−" }[key[1]]}${words}${"⟩⟧"[key[0] - 1]}`).join("");
  }
  function written(card) {
    const lines = [[...card.querySelector(".head").children]
      .filter((part) => part.tagName !== "BUTTON").map((part) => part.textContent.trim()).join(" · ")];
    for (const side of card.querySelectorAll(".face:not([hidden]) .side")) {
      const name = side.querySelector(".name"), text = side.querySelector(".text");
      const shown = text ? bracketed(text) : "";
      lines.push(name ? say("side", { name: name.textContent, text: shown }) : shown);
    }
    return `${lines.join("\n")}\n`;
  }
  async function copy(words) {
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      const field = root.appendChild(make("textarea", "aside"));
      field.value = words;
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
    return true;
  }
  function offerCopy(card) {
    const button = card.querySelector(".head").appendChild(make("button", "copy", say("copy")));
    button.type = "button";
    button.title = say("copy-text");
    button.addEventListener("click", async () => {
      hide();
      button.textContent = (await copy(written(card))) ? say("copied") : say("not-copied");
      button.classList.add("said");
      setTimeout(() => {
        button.textContent = say("copy");
        button.classList.remove("said");
      }, 2000);
    });
  }

  for (const card of root.querySelectorAll(".card")) {
    card.querySelectorAll(".face").forEach(offerHeads);
    offerClasses(card);
    offerCopy(card);
  }
  tabStops(root);
  offerLines(root);
  followContents(root);
}

document.querySelectorAll(".ap:not(.live)").forEach(enliven);
