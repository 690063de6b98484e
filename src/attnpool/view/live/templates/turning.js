/* A few blocks whose deletion changes the answer: all single ones are tried; pairs and triples among
   those that weigh most; then one by one what moves the answer most, and what is not needed is put
   back. Every step is an answer of the model. It yields, so that typing goes on. */
const PAIRS_AMONG = 24, TRIPLES_AMONG = 12, MOST_DELETED = 200, MOST_SINGLE = 600, FEW = 40;

function* turning(model, item, blocks, struck) {
  const { probabilities: first } = model.answer(left(item, struck));
  const from = argmax(first), here = blocks.filter((block) => !isGone(block, struck));
  const delete_ = (chosen) => {
    const { probabilities } = model.answer(left(item, without(struck, chosen)));
    return { blocks: chosen, probabilities, to: argmax(probabilities) };
  };
  const better = (one, other) =>
    !other || one.probabilities[from] < other.probabilities[from] ? one : other;

  let best = null;
  const effects = new Map(), ordered = byContribution(model, item, here, struck, from);
  for (const block of ordered.slice(0, MOST_SINGLE)) {
    const found = delete_([block]);
    effects.set(block, found.probabilities[from]);
    if (found.to !== from) best = better(found, best);
    yield;
  }
  if (best) return best;
  const strong = [...effects.keys()].sort((one, other) => effects.get(one) - effects.get(other));
  for (const [size, among] of [[2, PAIRS_AMONG], [3, TRIPLES_AMONG]]) {
    for (const chosen of choices(strong.slice(0, among), size)) {
      const found = delete_(chosen);
      if (found.to !== from) best = better(found, best);
      yield;
    }
    if (best) return best;
  }
  return yield* oneByOne(model, item, here, struck, from, delete_);
}

/* Deletes what moves the answer most, again and again, until it changes; then puts back what it
   can. Where few are left each is tried, among many the largest contributions. */
function* oneByOne(model, item, blocks, struck, from, delete_) {
  let gone = [], best = null;
  for (let rest = blocks; rest.length && gone.length < MOST_DELETED;) {
    const ordered = byContribution(model, item, rest, without(struck, gone), from);
    let next = null;
    for (const block of ordered.slice(0, rest.length <= FEW ? FEW : 3)) {
      const found = delete_([...gone, block]);
      if (!next || found.to !== from || found.probabilities[from] < next.probabilities[from]) next = found;
      yield;
      if (found.to !== from) break;
    }
    gone = next.blocks;
    if (next.to !== from) {
      best = next;
      break;
    }
    rest = rest.filter((block) => block !== gone[gone.length - 1]);
  }
  if (!best) return null;
  for (const block of [...gone]) {
    const fewer = gone.filter((other) => other !== block);
    if (!fewer.length) break;
    const found = delete_(fewer);
    if (found.to !== from) {
      gone = fewer;
      best = found;
    }
    yield;
  }
  return best;
}

/* The blocks, those first that contribute most to a class. */
function byContribution(model, item, blocks, struck, target) {
  const { values } = model.explain(left(item, struck), target);
  const kept = item.map((tokens, side) => placesOfKept(tokens, struck[side]));
  const shares = new Map(blocks.map((block) => [block, block.tokens.reduce(
    (sum, token) => sum + (values[block.side][kept[block.side].get(token)] ?? 0), 0)]));
  return [...blocks].sort((one, other) => shares.get(other) - shares.get(one));
}

/* What is struck out, and these blocks too. */
function without(struck, blocks) {
  const removed = struck.map((tokens) => new Set(tokens));
  for (const { side, tokens } of blocks) for (const token of tokens) removed[side].add(token);
  return removed;
}

/* The tokens that are left of each text. */
function left(item, struck) {
  return item.map((tokens, side) => (struck[side].size ? model.without(tokens, struck[side]) : tokens));
}

function isGone(block, struck) {
  return block.tokens.every((token) => struck[block.side].has(token));
}

/* The tokens that are not struck out, by their place among themselves. */
function placesOfKept(tokens, struck) {
  const kept = new Map();
  for (let token = 0; token < tokens.ids.length; token += 1) {
    if (!struck.has(token)) kept.set(token, kept.size);
  }
  return kept;
}

function* choices(things, size, first = 0) {
  if (!size) {
    yield [];
    return;
  }
  for (let at = first; at <= things.length - size; at += 1) {
    for (const rest of choices(things, size - 1, at + 1)) yield [things[at], ...rest];
  }
}

function argmax(shares) {
  let best = 0;
  for (let at = 1; at < shares.length; at += 1) if (shares[at] > shares[best]) best = at;
  return best;
}
