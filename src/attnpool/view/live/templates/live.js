/* Everything that is drawn from what is typed. */
const LETTERS = ["A", "B"];

function draw() {
  const item = state.texts.map(model.read), { struck } = state;
  const blocks = item.map((tokens, side) => blocksOf(state.texts[side], tokens, side));
  const before = model.explain(item, state.target ?? undefined), { target } = before;
  const isStruck = struck.some((tokens) => tokens.size > 0), isEmpty = blocks.some((one) => !one.length);
  const now = isStruck ? model.explain(left(item, struck), target) : before;
  const signed = state.by === "contribution", name = nameOf(target).textContent;

  state.hint = new Set();
  $("one").classList.toggle("empty", isEmpty);
  $("value").textContent = "";
  drawAnswer(before, now, isStruck, isEmpty);
  const counts = item.map((tokens, side) => counted(state.texts[side], tokens, blocks[side]));
  $("count").textContent = counts.map((count, side) => (counts.length > 1 ? `${LETTERS[side]}: ${count}` : count)).join(" · ");
  drawBars($("bars"), now.probabilities, target, (chosen) => {
    state.target = chosen === state.target ? null : chosen;
    draw();
  });
  const texts = item.map((tokens, side) => ({ text: state.texts[side], tokens, blocks: blocks[side] }));
  const rests = isStruck ? texts.map((one) => restOf(one, struck)) : [];
  setColours([texts, rests], [coloured(before), coloured(now)], signed);
  state.redraw = () => drawTexts($("before"), texts, { signed, struck, name });
  state.redraw();
  for (const id of ["after", "struck"]) $(id).hidden = !isStruck;
  $("beside").classList.toggle("blank", !isStruck);
  if (isStruck) {
    drawTexts($("after"), rests, { signed, struck: null, name });
    drawChange(before, now);
  }
  if (changes($("legend"), [signed, name])) drawLegend($("legend"), signed, name);
  if (changes($("by"), [state.by])) drawChoices();
  turn(item, blocks.flat(), isEmpty ? null : now);
}

/* Whether an element has to be drawn again, in another language or for other values. */
function changes(element, values) {
  const key = JSON.stringify([document.documentElement.lang, ...values]);
  if (element.key === key) return false;
  element.key = key;
  return true;
}

/* The class, or of a pair the verdict, with what it rests on; what was struck out may change it. */
function drawAnswer(before, now, isStruck, isEmpty) {
  const [was, is] = [before, now].map(({ probabilities }) => argmax(probabilities));
  const isHalf = model.sides === 2 && now.values.some((values) => !values.length);
  const named = (answer, { probabilities }) => ({
    name: isVerdict() ? verdictOf(answer) : nameOf(answer),
    percent: make("span", "share", percent(probabilities[answer])),
  });
  if (isEmpty || isHalf) {
    $("answer").textContent = say(model.sides === 2 ? "both_needed" : "nothing");
  } else if (isStruck && was !== is) {
    const first = named(was, before), second = named(is, now);
    sayIn($("answer"), "turned", {
      before: first.name, was: first.percent, after: second.name, is: second.percent,
    });
  } else if (isVerdict()) {
    sayIn($("answer"), "verdict", { verdict: verdictOf(is), score: number(now.probabilities[1], 3) });
  } else {
    sayIn($("answer"), "explains", named(is, now));
  }
}

/* Whether the model says of a pair that it matches, or does not. */
function isVerdict() {
  return model.sides === 2 && model.classes.length === 2;
}

function verdictOf(answer) {
  return say(answer === 1 ? "match" : "no_match");
}

/* A class as it is called; of a pair with the verdict that it stands for. */
function nameOf(answer) {
  const name = model.classes[answer];
  const isPlain = !isVerdict() || name === verdictOf(answer);
  return isolated(isPlain ? name : say("named", { verdict: verdictOf(answer), name }));
}

function drawChange(before, now) {
  const was = argmax(before.probabilities);
  sayIn($("change"), "change", {
    name: nameOf(was), before: percent(before.probabilities[was]),
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

/* The values and the scale of each text, as it was and as it is: contributions share one scale, as
   they add up to one number; shares have that of their text as it was. */
function setColours(groups, values, signed) {
  groups.forEach((texts, time) => texts.forEach((one, side) => {
    one.values = one.blocks.map((block) => valueOf(block, one.tokens, values[time][side], signed));
  }));
  const shared = signed ? fullColour(groups.flat().flatMap((one) => one.values)) : null;
  for (const texts of groups) {
    texts.forEach((one, side) => {
      one.scale = shared ?? groups[0][side].scale ?? fullColour(one.values, values[0][side]);
    });
  }
}

function counted(text, tokens, blocks) {
  const count = tokens.ids.length, unknown = model.unknown(tokens);
  if (!count) return say("empty");
  const drawn = blocks.reduce((sum, block) => sum + block.tokens.length, 0);
  const told = [
    tokens.readUntil < text.length && count >= model.limit ? say("cut", { limit: model.limit })
      : count === 1 ? say("counted_one") : say("counted", { tokens: count }),
    ...(unknown ? [say(unknown === count ? "none_known" : "unknown", { count: unknown })] : []),
    ...(drawn < count ? [say("not_drawn", { count: count - drawn })] : []),
  ];
  return told.join(say("comma"));
}

/* The text that is left, with its blocks and tokens in place; `cut` before what follows a gap. */
function restOf({ text, tokens, blocks }, struck) {
  const kept = [], ids = [], starts = [], ends = [];
  let rest = "", done = 0, cut = false;
  for (const block of blocks) {
    const gap = text.slice(done, block.start);
    done = block.end;
    rest += /\s/.test(rest.slice(-1)) ? gap.trimStart() : gap;
    if (isGone(block, struck)) {
      cut = true;
      continue;
    }
    const start = rest.length;
    rest += text.slice(block.start, block.end);
    const moved = block.tokens.map((token) => {
      starts.push(tokens.starts[token] - block.start + start);
      ends.push(tokens.ends[token] - block.start + start);
      return ids.push(tokens.ids[token]) - 1;
    });
    kept.push({ side: block.side, start, end: rest.length, tokens: moved, cut });
    cut = false;
  }
  rest += text.slice(done, Math.max(done, tokens.readUntil));
  const readUntil = rest.length;
  return {
    text: rest + text.slice(Math.max(done, tokens.readUntil)),
    blocks: kept,
    tokens: { ids, starts, ends, readUntil },
  };
}

function drawChoices() {
  const kinds = ["contribution", "attention", ...(model.heads > 1 ? Array(model.heads).keys() : [])];
  const names = kinds.map((kind) => (typeof kind === "number" ? say("head", { number: kind + 1 }) : say(kind)));
  choice($("by"), say("by"), names, kinds.indexOf(state.by), (chosen) => {
    state.by = kinds[chosen];
    draw();
  });
}
