/* The corpus page; it goes on where page.js ends and uses its functions, and those of
report_rows.js and report_phrases.js. */
const STEP = 50, AT_ONCE = 8, FOLD = 300;
const root = document.querySelector(".ap.report"), list = root.querySelector("#list");
const find = (name) => root.querySelector(`#${name}`);

function report(rows) {
  const all = rows.rows, main = rows.colourings[0];
  let now = main, lower = null, chosen = [], drawn = 0, wanted = "", bounded = false, later = 0;
  const orders = { first: Uint32Array.from({ length: all }, (_, at) => at) };
  const by = {
    loss: (a, b) => under(rows.loss[b], rows.loss[a]), row: (a, b) => rows.row[a] - rows.row[b],
    sure: (a, b) => under(rows.confidence[b], rows.confidence[a]),
    unsure: (a, b) => under(rows.confidence[a], rows.confidence[b]),
    long: (a, b) => rows.length[b] - rows.length[a], short: (a, b) => rows.length[a] - rows.length[b],
  };

  /* Not a number stands last, whichever way round. */
  function under(a, b) {
    if (a !== a || b !== b) return (a !== a) - (b !== b) || 0;
    return a - b;
  }
  function ordered(name) {
    orders[name] ??= orders.first.slice().sort(by[name]);
    return orders[name];
  }
  const spaced = (text) => (/\s\s|[^\S ]/.test(text) ? text.replace(/\s+/g, " ") : text);
  function texts() {
    lower ??= Array.from({ length: all }, (_, row) => {
      const sides = [];
      for (let side = rows.sideAt[row]; side < rows.sideAt[row + 1]; side += 1) {
        const [begin, end] = [side, side + 1].map((at) => main.charAt[main.runAt[at]]);
        sides.push(spaced(main.text.slice(begin, end).toLowerCase()));
      }
      return sides.join("\n");
    });
    return lower;
  }

  /* The value that a byte stands for, as rows.py has it. */
  function valueOf(step, full, uniform) {
    if (!(uniform > 0)) return step / (rows.levels * rows.unit) * full * rows.hair;
    const above = Math.max(0, (step / rows.unit - rows.even) / (rows.levels - rows.even));
    return (uniform + above * (full - uniform)) * rows.hair;
  }
  function said(run, side) {
    if (now.marks) return now.marks;
    const value = number(valueOf(now.step[run], now.full[side], now.uniform[side]), rows.digits, now.signed);
    return now.tokens[run] === 1 ? value : say("up-to", { value, tokens: now.tokens[run] });
  }
  const words = (run) => now.text.slice(now.charAt[run], now.charAt[run + 1]);
  const levelOf = (run) => Math.round(now.step[run] / rows.unit);

  /* A text up to the run that ends behind so many characters, and its strongest runs. */
  function drawText(side, limit) {
    const first = now.runAt[side], behind = now.runAt[side + 1];
    const palest = now.uniform[side] > 0 ? 1 : 0;
    const body = make("p", "text"), coloured = [];
    body.dir = "auto";
    body.lang = rows.languages[rows.language[side]];
    for (let run = first; run < behind; run += 1) {
      const level = levelOf(run), whole = words(run);
      if (Math.abs(level) > palest && /[\S\ufeff]/.test(whole)) coloured.push(run);
      if (now.charAt[run] - now.charAt[first] > limit) continue;
      if (now.tokens[run] === rows.none) body.append(make("span", "unread", whole));
      else if (level) {
        const hue = now.signed ? (level > 0 ? "f" : "a") : "l";
        const mark = body.appendChild(make("mark", `${hue}${Math.abs(level)}`, whole));
        if (Math.abs(level) > palest) mark.title = said(run, side);
      } else body.append(whole);
    }
    coloured.sort((a, b) => Math.abs(now.step[b]) - Math.abs(now.step[a]) || a - b);
    return [body, coloured.slice(0, 5)];
  }
  /* Long texts are folded, behind what was searched for. */
  function folded(side) {
    const first = now.charAt[now.runAt[side]], behind = now.charAt[now.runAt[side + 1]];
    if (behind - first <= FOLD * 1.5) return Infinity;
    const found = wanted ? wantedIn().exec(now.text.slice(first, behind).toLowerCase()) : null;
    return found ? Math.max(FOLD, found.index + found[0].length) : FOLD;
  }
  function unfolded(side, body) {
    const line = make("p", "unfold"), button = line.appendChild(make("button", "", say("whole-text")));
    button.type = "button";
    button.addEventListener("click", () => {
      const [whole] = drawText(side, Infinity);
      body.replaceWith(whole);
      line.remove();
      tabStops(whole.parentNode);
      whole.querySelector("mark")?.focus({ preventScroll: true });
      underline();
    });
    return line;
  }
  function strongest(runs, side) {
    const line = make("p", "aloud", `${say("page.strongest")} `);
    runs.forEach((run, at) => {
      line.append(make("bdi", "", short(words(run))),
        ` ${said(run, side)}${say(at === runs.length - 1 ? "stop" : "clauses")}`);
    });
    return line;
  }
  function drawSide(side) {
    const box = make("div", "side"), body = make("div");
    const name = rows.names[rows.name[side]];
    if (name) box.append(make("p", "name", name));
    box.append(body);
    if (now.runAt[side] < now.runAt[side + 1]) {
      const limit = folded(side), [shown, runs] = drawText(side, limit);
      body.append(shown);
      if (limit !== Infinity) {
        shown.append("…");
        body.append(unfolded(side, shown));
      }
      if (runs.length && !now.marks) body.append(strongest(runs, side));
    } else body.append(make("p", "none", say("empty")));
    const note = rows.notes.slice(rows.noteAt[side], rows.noteAt[side + 1]);
    if (note) body.append(make("p", "note", note));
    return box;
  }
  function drawRow(row) {
    const card = make("article", "sample"), head = card.appendChild(make("header", "head"));
    const answer = head.appendChild(make("span", "answer"));
    answer.append(make("bdi", "", rows.answers[rows.answer[row]]));
    if (rows.confidence[row] === rows.confidence[row]) {
      answer.append(make("b", "", percent(rows.confidence[row])));
    }
    const facts = rows.facts.slice(rows.factAt[row], rows.factAt[row + 1]);
    if (facts) head.append(make("span", "", facts));
    if (rows.truth[row] !== rows.none) {
      const right = rows.correct[row] === 1;
      const truth = head.appendChild(make("span", `truth ${right ? "right" : "wrong"}`));
      truth.append(`${right ? "✓" : "✗"} `, make("span", "", `${say("page.true")} `), make("bdi", "", rows.classes[rows.truth[row]]));
      if (!right && rows.loss[row] === rows.loss[row]) truth.append(` ${percent(Math.exp(-rows.loss[row]))}`);
    }
    const long = rows.length[row];
    head.append(make("span", "where", `${say("report.row", { number: rows.row[row] })} · ${say("tokens", { count: long })}`));
    for (let side = rows.sideAt[row]; side < rows.sideAt[row + 1]; side += 1) card.append(drawSide(side));
    tabStops(card);
    if (root.classList.contains("lines")) foldable(card);
    return card;
  }

  /* What is searched for, its white space as wide as that of the text. */
  const wantedIn = () => pattern(wanted, "\\s+", bounded);
  function underline() {
    if (!globalThis.CSS?.highlights) return;
    CSS.highlights.delete("found");
    if (!wanted) return;
    const ranges = [];
    for (const body of list.querySelectorAll(".text")) {
      /* A word may run across colours, so the whole text is looked through. */
      const walk = document.createTreeWalker(body, NodeFilter.SHOW_TEXT), nodes = [], ends = [];
      let whole = "";
      while (walk.nextNode()) {
        nodes.push(walk.currentNode);
        whole += walk.currentNode.data;
        ends.push(whole.length);
      }
      const low = whole.toLowerCase();
      if (low.length !== whole.length) continue;
      const place = (offset, last) => {
        const at = ends.findIndex((end) => (last ? end >= offset : end > offset));
        return [nodes[at], offset - (at ? ends[at - 1] : 0)];
      };
      for (const { 0: found, index: at } of low.matchAll(wantedIn())) {
        const range = document.createRange();
        range.setStart(...place(at, false));
        range.setEnd(...place(at + found.length, true));
        ranges.push(range);
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }
  function draw(behind) {
    const first = list.children.length;
    for (const end = Math.min(behind, chosen.length); drawn < end; drawn += 1) list.append(drawRow(chosen[drawn]));
    underline();
    return list.children[first];
  }
  /* The next rows; the screen's first, the others as soon as these are painted. */
  function more() {
    const behind = Math.min(drawn + STEP, chosen.length), left = chosen.length - behind, button = find("more");
    const card = draw(drawn + AT_ONCE);
    clearTimeout(later);
    later = setTimeout(() => draw(behind));
    button.parentNode.hidden = !left;
    button.textContent = say("show-more", { some: Math.min(STEP, left), left });
    return card;
  }

  const picked = (name) => (find(name) ? find(name).value : "");
  const bound = (name, otherwise) => (picked(name) === "" || find(name).validity.badInput ? otherwise : Number(picked(name)));
  function choose() {
    wanted = spaced(picked("search").toLowerCase());
    const right = picked("right"), truth = picked("truth"), predicted = picked("predicted");
    const sure = [bound("sure-from", 0) / 100, bound("sure-to", 100) / 100];
    const length = [bound("length-from", 0), bound("length-to", Infinity)];
    const anySure = sure[0] <= 0 && sure[1] >= 1, low = wanted ? texts() : null;
    const found = bounded ? pattern(wanted, " ", true) : null;
    chosen = [];
    let wrong = 0;
    for (const row of ordered(picked("order") || "first")) {
      if (right !== "" && rows.correct[row] !== Number(right)) continue;
      if (truth !== "" && rows.truth[row] !== Number(truth)) continue;
      if (predicted !== "" && rows.predicted[row] !== Number(predicted)) continue;
      if (!anySure && !(rows.confidence[row] >= sure[0] && rows.confidence[row] <= sure[1])) continue;
      if (rows.length[row] < length[0] || rows.length[row] > length[1]) continue;
      if (low && !(found ? low[row].search(found) >= 0 : low[row].includes(wanted))) continue;
      chosen.push(row);
      wrong += rows.correct[row] === 0;
    }
    drawn = 0;
    list.replaceChildren();
    more();
    const part = chosen.length === all ? say("rows", { count: all }) : say("status.some", { some: chosen.length, all });
    const told = find("right") && chosen.length, mistakes = say(wrong ? "status.wrong" : "status.none-wrong", { wrong });
    find("status").textContent = `${part}${told ? mistakes : ""}${say("stop")}`;
    find("reset").disabled = fields.every((field) => field.value === field.dataset.first);
  }

  /* The same rows in the colours of another method, each with what its colours mean. */
  function colour(number) {
    const behind = drawn;
    now = rows.colourings[number];
    root.querySelectorAll("[data-colouring]").forEach((keys, at) => { keys.hidden = at !== number; });
    drawn = 0;
    list.replaceChildren();
    draw(behind);
  }
  function offerColours() {
    if (rows.colourings.length < 2) return;
    const names = rows.colourings.map((colouring) => colouring.method);
    root.querySelector("[data-colouring]").before(choice(say("coloured-by"), names, (number) => {
      if (now !== rows.colourings[number]) colour(number);
    }));
  }

  const fields = [...root.querySelectorAll("#controls input, #controls select")];
  for (const field of fields) {
    /* A browser may have kept what was typed before a reload. */
    field.value = field.tagName === "SELECT" ? field.options[0].value : "";
    field.dataset.first = field.value;
    field.addEventListener("input", () => {
      if (field.id === "search") bounded = false;
      choose();
    });
  }
  function reset() {
    bounded = false;
    for (const field of fields) field.value = field.dataset.first;
  }
  find("reset").addEventListener("click", () => {
    reset();
    choose();
    find("search").focus();
  });
  find("more").addEventListener("click", () => {
    const card = more();
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
  });

  /* Counts and words in the figures lead to their rows. */
  function lead(element, label, pick) {
    const button = make("button");
    button.type = "button";
    button.append(...element.childNodes);
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => {
      reset();
      pick();
      choose();
      find("samples").scrollIntoView();
      find("search").focus({ preventScroll: true });
    });
    element.append(button);
  }
  for (const cell of root.querySelectorAll("[data-pick]")) {
    const [truth, predicted] = cell.dataset.pick.split(" "), named = (number) => rows.classes[number];
    const target = cell.querySelector("span") || cell;
    if (cell.textContent.trim() === "0") continue;
    lead(target, say("pick", { count: cell.textContent.trim(), truth: named(truth), predicted: named(predicted) }), () => {
      find("truth").value = truth;
      find("predicted").value = predicted;
    });
  }
  for (const word of root.querySelectorAll(".word")) {
    if (!word.dataset.word.trim()) continue;
    lead(word, say("rows-with", { text: word.dataset.word }), () => {
      find("search").value = word.dataset.word;
      const whole = pattern(spaced(word.dataset.word.toLowerCase()), " ", true);
      /* Where there are fewer such rows than the list counts, its tokens are parts of words. */
      const listed = "part" in list.dataset ? 1 : Number(word.closest("[data-rows]").dataset.rows);
      bounded = texts().filter((text) => text.search(whole) >= 0).length >= listed;
    });
  }
  if (find("tools")) offerPhrases(find("tools"));
  for (const hidden of [find("controls"), find("more").parentNode]) hidden.hidden = false;
  offerColours();
  choose();
  root.dataset.ready = "";
}

/* What is on the page already is painted first. */
requestAnimationFrame(() => setTimeout(async () => {
  const packed = find("rows");
  try {
    report(await unpack(packed.textContent));
    packed.remove();
  } catch (error) {
    find("status").append(say("not-unpacked"));
    throw error;
  }
}));
