// The network of a siamese matcher, as attnpool.runtime.pairs has it: each text by itself to a
// vector, and a head that compares the two.

const MOST_TOKENS = 5000; // whose vectors are kept: what changes an answer changes one side alone

function pairNetworkOf(form, arrays) {
  const { heads, classes, normalizer, convolutions: count, residual, architecture } = form;
  if (architecture !== "siamese") refuse("architecture");
  if (!(Number.isInteger(heads * classes) && heads >= 1 && classes >= 1)) refuse("heads and classes");
  if (!Object.hasOwn(NORMALIZERS, normalizer)) refuse("normalizer");
  if (!(Number.isInteger(count) && count >= 0 && count <= 100)) refuse("convolutions");
  checkNumbers(arrays);
  // A narrow table could ask for any amount of memory.
  for (const name of arrays.keys()) if (name.endsWith(".expand")) refuse(name);
  const ownVectors = tableOf(arrays, "tokens", null, null), dim = ownVectors.columns, width = heads * dim;
  const keys = keysOf(arrays, "ngrams"), ngrams = ngramsOf(keys, form.ngrams, ownVectors.rows);
  const ofNgrams = tableOf(arrays, "ngrams.vectors", keys.count, dim);
  const convolutions = Array.from({ length: count }, (_, i) => layerOf(arrays, `convolutions.${i}`, null, dim));
  if (!convolutions.every(({ inputs }) => inputs && inputs % dim === 0)) refuse("convolutions");
  const score = floats(arrays, "score", [heads, null]), scored = score.shape[1];
  const projection = {
    weight: allOf(tableOf(arrays, "projection", dim, scored)), inputs: dim, outputs: scored,
  };
  const output = floats(arrays, "output", [null, classes]), size = output.shape[0];
  const hidden = layerOf(arrays, "hidden", 4 * width, size);
  const bias = floats(arrays, "output.bias", [classes]).numbers;
  const last = { weight: output.numbers, inputs: size, outputs: classes, bias };
  const ofWord = arrays.has("char_ngrams") ? wordVectorsOf(arrays, form.char_ngrams, dim) : null;
  const known = new Map();
  let kept = 0;

  // A text up to its vector, with all that an explanation needs.
  function textOf(tokens) {
    const key = `${tokens.ids} ${ofWord ? JSON.stringify(tokens.unknown) : ""}`;
    if (!known.has(key)) {
      kept += tokens.ids.length;
      if (kept > MOST_TOKENS) {
        known.clear();
        kept = tokens.ids.length;
      }
      known.set(key, read(tokens));
    }
    return known.get(key);
  }

  function read(tokens) {
    const own = ownVectors.take(tokens.ids), opens = [], byLength = ngrams.rowsAt(tokens.ids);
    if (ofWord && tokens.unknown.length) {
      let next = 0;
      tokens.ids.forEach((id, t) => {
        if (id !== UNKNOWN) return;
        ofWord(tokens.unknown[next++])[0].forEach((number, k) => (own[t * dim + k] += number));
      });
    }
    let x = own;
    for (const layer of convolutions) {
      const { y, open } = convolve(layer, residual, x);
      opens.push(open);
      x = y;
    }
    x = x === own ? own.slice() : x;
    byLength.at(-1).forEach((row, t) => {
      if (row >= ngrams.first) ofNgrams.add(row - ngrams.first, x, t * dim);
    });
    const weights = attention(x);
    return { own, opens, byLength, weights, pooled: pooledOf(x, weights) };
  }

  function attention(x) {
    const keys = forward(projection, x).map(Math.tanh), tokens = x.length / dim;
    return Array.from({ length: heads }, (_, head) => {
      const scores = Float64Array.from({ length: tokens }, (_, t) => {
        let total = 0;
        for (let k = 0; k < scored; k++) total += keys[t * scored + k] * score.numbers[head * scored + k];
        return total;
      });
      return tokens ? NORMALIZERS[normalizer](scores) : scores;
    });
  }

  function pooledOf(x, weights) {
    const pooled = new Float64Array(width);
    weights.forEach((ofHead, head) => ofHead.forEach((weight, t) => {
      for (let k = 0; k < dim; k++) pooled[head * dim + k] += weight * x[t * dim + k];
    }));
    return pooled;
  }

  // A pair up to its logits; `open` is the share of each hidden number that the GELU lets through.
  function run(item) {
    const sides = item.map(textOf), [u, v] = sides.map(({ pooled }) => pooled);
    const product = u.map((number, k) => number * v[k]);
    const distance = u.map((number, k) => Math.abs(number - v[k]));
    const features = Float64Array.of(...u, ...v, ...product, ...distance);
    const z = forward(hidden, features), open = z.map(geluSlope);
    const logits = forward(last, z.map((number, k) => number * open[k]));
    return { item, sides, open, logits, weights: sides.map(({ weights }) => weights) };
  }

  const parts = { dim, width, ngrams, ofNgrams, convolutions, residual, hidden, last };
  const split = (found, target) => contributionOfPair({ classes, ...parts }, found, target);
  return { sides: 2, heads, classes, ngrams, run, split };
}
