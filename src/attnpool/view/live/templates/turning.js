/* The fewest blocks whose deletion turns the answer: all single ones are tried; pairs and triples
   among those that weigh most; then one by one what contributes most, and what is not needed is
   put back. Every step is an answer of the model. It yields, so that typing goes on. */
const PAIRS_AMONG = 24, TRIPLES_AMONG = 12, MOST_DELETED = 200, MOST_SINGLE = 600;

function* turning(model, tokens, blocks, struck) {
  const first = model.answer(model.without(tokens, struck));
  const from = argmax(first.probabilities);
  const here = blocks.filter((block) => !block.tokens.every((token) => struck.has(token)));
  const delete_ = (chosen) => {
    const removed = new Set(struck);
    for (const block of chosen) for (const token of block.tokens) removed.add(token);
    const { probabilities } = model.answer(model.without(tokens, removed));
    return { blocks: chosen, probabilities, to: argmax(probabilities) };
  };
  const better = (one, other) =>
    !other || one.probabilities[from] < other.probabilities[from] ? one : other;

  let best = null;
  const effects = new Map(), { values } = model.explain(model.without(tokens, struck), from);
  const kept = new Map();
  let number = 0;
  for (let token = 0; token < tokens.ids.length; token += 1) {
    if (!struck.has(token)) kept.set(token, number++);
  }
  const share = (block) =>
    block.tokens.reduce((sum, token) => sum + (kept.has(token) ? values[kept.get(token)] : 0), 0);
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
