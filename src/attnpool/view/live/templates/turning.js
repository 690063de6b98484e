/* The fewest blocks whose deletion turns the answer: all single ones are tried; pairs and triples
   among those that weigh most; then one by one what contributes most, and what is not needed is
   put back. Every step is an answer of the model. It yields, so that typing goes on. */
const PAIRS_AMONG = 24, TRIPLES_AMONG = 12, MOST_DELETED = 200, MOST_SINGLE = 600;

function* turning(model, item, blocks, struck) {
  const { probabilities: first, values } = model.explain(left(item, struck));
  const from = argmax(first), here = blocks.filter((block) => !isGone(block, struck));
  const delete_ = (chosen) => {
    const removed = struck.map((tokens) => new Set(tokens));
    for (const block of chosen) for (const token of block.tokens) removed[block.side].add(token);
    const { probabilities } = model.answer(left(item, removed));
    return { blocks: chosen, probabilities, to: argmax(probabilities) };
  };
  const better = (one, other) =>
    !other || one.probabilities[from] < other.probabilities[from] ? one : other;

  let best = null;
  const effects = new Map(), kept = item.map((tokens, side) => placesOfKept(tokens, struck[side]));
  const share = ({ side, tokens }) =>
    tokens.reduce((sum, token) => sum + (values[side][kept[side].get(token)] ?? 0), 0);
  const ordered = [...here].sort((one, other) => share(other) - share(one));
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
  let gone = [];
  for (const block of ordered.slice(0, MOST_DELETED)) {
    gone.push(block);
    best = delete_(gone);
    yield;
    if (best.to !== from) break;
  }
  if (!best || best.to === from) return null;
  for (const block of [...gone]) {
    const fewer = gone.filter((other) => other !== block), found = delete_(fewer);
    if (fewer.length && found.to !== from) {
      gone = fewer;
      best = found;
    }
    yield;
  }
  return best;
}

/* The texts without what is struck out of each. */
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
