/* Everything that is drawn from what is typed. */
let stopTurning = null;

function draw() {
  const item = state.texts.map(model.read), { struck } = state;
  const blocks = item.map((tokens, side) => blocksOf(state.texts[side], tokens, side));
  const before = model.explain(item, state.target ?? undefined), { target } = before;
  const isStruck = struck.some((tokens) => tokens.size > 0);
  const now = isStruck ? model.explain(left(item, struck), target) : before;
  const signed = state.by === "contribution", name = model.classes[target];
  const values = coloured(before), other = coloured(now);

  drawAnswer(now);
  $("count").textContent = item.map((tokens, side) => counted(state.texts[side], tokens)).join(" · ");
  drawBars($("bars"), now.probabilities, target, (chosen) => {
    state.target = chosen === state.target ? null : chosen;
    draw();
  });
  // Contributions of all that is drawn share a scale, as they add up to one number.
  const shared = fullColour([...values, ...(isStruck ? other : [])].flatMap((one) => [...one]), false);
  const scaleOf = (own) => (signed ? shared : fullColour(own, true));
  const drawn = item.map((tokens, side) => ({
    text: state.texts[side], tokens, blocks: blocks[side], values: values[side], scale: scaleOf(values[side]),
  }));
  $("before").setAttribute("aria-label", say("tokens"));
  drawTexts($("before"), drawn, { signed, struck, name });
  for (const id of ["beside", "was", "struck"]) $(id).hidden = !isStruck;
  if (isStruck) {
    drawTexts($("after"), drawn.map(({ text }, side) => ({
      ...without(text, blocks[side], struck), values: other[side], scale: scaleOf(other[side]),
    })), { signed, struck: null, name });
    drawChange(before, now);
  }
  $("value").textContent = "";
  drawLegend($("legend"), signed, name);
  drawChoices();
  turn(item, blocks.flat());
}

/* The class, or of a pair the verdict, with what it rests on. */
function drawAnswer({ probabilities }) {
  const answer = argmax(probabilities);
  if (model.sides === 1 || model.classes.length !== 2) {
    sayIn($("answer"), "explains", {
      name: isolated(model.classes[answer]), percent: percent(probabilities[answer]),
    });
    return;
  }
  $("answer").textContent = say("verdict", {
    verdict: say(answer === 1 ? "match" : "no_match"), score: number(probabilities[1], 3),
  });
}

function drawChange(before, now) {
  sayIn($("was"), "as_typed", {});
  sayIn($("now"), "as_is", {});
  const was = argmax(before.probabilities);
  sayIn($("change"), "change", {
    name: isolated(model.classes[was]), before: percent(before.probabilities[was]),
    after: percent(now.probabilities[was]),
  });
}

/* One value per token of each text, by what is asked for. */
function coloured({ values, weights }) {
  if (state.by === "contribution") return values;
  if (state.by !== "attention") return weights.map((ofText) => ofText[state.by]);
  return weights.map((heads) => Array.from(heads[0], (_, token) =>
    heads.reduce((sum, head) => sum + head[token], 0) / heads.length));
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
  let rest = "", done = 0;
  for (const block of blocks) {
    const gap = text.slice(done, block.start);
    done = block.end;
    rest += /\s$/.test(rest) ? gap.trimStart() : gap;
    const tokens = block.tokens.filter((token) => !struck[block.side].has(token));
    if (!tokens.length) continue;
    const start = rest.length;
    rest += text.slice(block.start, block.end);
    kept.push({ ...block, start, end: rest.length, tokens: tokens.map(() => ids.push(0) - 1) });
    starts.push(start);
    ends.push(rest.length);
  }
  rest += text.slice(done);
  return { text: rest, blocks: kept, tokens: { ids, starts, ends, readUntil: rest.length } };
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
function turn(item, blocks) {
  stopTurning?.();
  $("turn").replaceChildren();
  if (!blocks.length || model.classes.length < 2) return;
  const struck = state.struck.map((tokens) => new Set(tokens));
  $("turn").textContent = say("turn_searching");
  stopTurning = inSlices(turning(model, item, blocks, struck), showTurn, 150);
}

function showTurn(best) {
  if (!best) {
    $("turn").textContent = say("turn_none");
    return;
  }
  const inOrder = [...best.blocks].sort((one, other) => one.side - other.side || one.start - other.start);
  const named = inOrder.flatMap(({ side, start, end }, number) => [
    ...(number ? [say("separator")] : []),
    make("strong", "", say("quoted", { text: visible(state.texts[side].slice(start, end)) })),
  ]);
  sayIn($("turn"), "turn", {
    tokens: named, name: isolated(model.classes[best.to]), percent: percent(best.probabilities[best.to]),
  });
  const button = make("button", "do", say("turn_do"));
  button.type = "button";
  button.addEventListener("click", () => strike(best.blocks, true));
  $("turn").append(" ", button);
}
