// The network of a compact file: it looks rows up and adds, as attnpool.runtime.network says.
//
//   logit_c = bias_c + Σ_t Σ_h a_ht V[r_t, h, c] + Σ_t L[r_t, c] / norm

function networkOf(form, arrays) {
  const { heads, classes, pooling, normalizer } = form, columns = heads * classes;
  if (!(Number.isInteger(columns) && heads >= 1 && classes >= 1)) refuse("heads and classes");
  if (!Object.hasOwn(NORMALIZERS, normalizer)) refuse("normalizer");
  if (pooling !== "attention" && !(pooling === "mean_query" && heads === 1)) refuse("pooling");
  checkNumbers(arrays);
  const score = floats(arrays, "score", [heads, null]), width = score.shape[1];
  const bias = floats(arrays, "bias", [classes]).numbers, isQuery = pooling === "mean_query";
  const keys = tableOf(arrays, "keys", null, isQuery ? width : heads);
  const values = tableOf(arrays, "values", keys.rows, columns);
  const hasLinear = arrays.has("linear");
  const linear = hasLinear ? tableOf(arrays, "linear", keys.rows, classes + 1) : null;
  const known = keysOf(arrays, "ngrams"), ngrams = ngramsOf(known, form.ngrams, keys.rows - known.count);
  const unknownWord = arrays.has("char_ngrams")
    ? unknownWordsOf(arrays, form.char_ngrams, ngrams, width, columns)
    : null;

  // The product of a key, which begins at a place, and the query of a head.
  function product(key, at, query, head = 0) {
    let total = 0;
    for (let k = 0; k < width; k++) total += key[at + k] * query[head * width + k];
    return total;
  }

  // The scores of the tokens, head by head.
  function scoresOf(rows, words) {
    const read = keys.take(rows), columns = keys.columns;
    if (isQuery) return [scoresOfMean(read, words)];
    return Array.from({ length: heads }, (_, head) => {
      const scores = new Float64Array(rows.length);
      for (let t = 0; t < rows.length; t++) {
        const word = words[t];
        scores[t] = word ? product(word.key, 0, score.numbers, head) : read[t * columns + head];
      }
      return scores;
    });
  }
  function scoresOfMean(read, words) {
    words.forEach((word, t) => read.set(word.key, t * width));
    const count = read.length / width, query = new Float64Array(width);
    for (let i = 0; i < read.length; i++) query[i % width] += read[i];
    for (let k = 0; k < width; k++) query[k] *= score.numbers[k] / count;
    return Float64Array.from({ length: count }, (_, t) => product(read, t * width, query));
  }

  // What the rows give to the logits, weighted.
  function addValues(rows, words, weights, logits) {
    const read = values.take(rows);
    words.forEach((word, t) => word.values.forEach((number, k) => (read[t * columns + k] += number)));
    for (let t = 0, i = 0; t < rows.length; t++) {
      for (let head = 0; head < heads; head++) {
        const weight = weights[head][t];
        for (let c = 0; c < classes; c++, i++) logits[c] += weight * read[i];
      }
    }
  }

  // The unknown words by the places where they stand; other places are empty.
  function wordsAt(tokens, rows) {
    const words = new Array(rows.length);
    if (!unknownWord || !tokens.unknown.length) return words;
    let next = 0;
    for (let t = 0; t < rows.length; t++) {
      if (tokens.ids[t] === UNKNOWN) words[t] = unknownWord(tokens.unknown[next++], rows[t]);
    }
    return words;
  }

  // An item, here one text, up to its logits, with all that an explanation needs.
  function run([tokens]) {
    const byLength = ngrams.rowsAt(tokens.ids), rows = byLength.at(-1);
    const logits = Float64Array.from(bias), words = wordsAt(tokens, rows);
    if (!rows.length) return { logits, byLength, words, norm: 1, weights: [emptyWeights(heads)] };
    const weights = scoresOf(rows, words).map((scores) => NORMALIZERS[normalizer](scores));
    addValues(rows, words, weights, logits);
    let norm = 1;
    if (linear) {
      const bag = new Float64Array(classes + 1);
      for (const row of rows) linear.add(row, bag);
      norm = bag[classes] > 0 ? Math.sqrt(bag[classes]) : 1;
      for (let c = 0; c < classes; c++) logits[c] += bag[c] / norm;
    }
    return { logits, byLength, words, norm, weights: [weights] };
  }

  const parts = { heads, classes, bias, values, linear, ngrams };
  return { sides: 1, heads, classes, ngrams, run, split: (found, target) => contributionOf(parts, found, target) };
}

function emptyWeights(heads) {
  return Array.from({ length: heads }, () => new Float64Array(0));
}
