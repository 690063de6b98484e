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
  const ngrams = ngramsOf(arrays, form.ngrams, keys.rows);
  const unknownWord = arrays.has("char_ngrams")
    ? unknownWordsOf(arrays, form.char_ngrams, ngrams, width, columns)
    : null;

  const ofHead = (h) => score.numbers.subarray(h * width, (h + 1) * width);
  const product = (a, b) => a.reduce((all, number, k) => all + number * b[k], 0);

  // The scores of each head, from the key at each token.
  function scoresOf(keysAt, words) {
    if (!isQuery) {
      return Array.from({ length: heads }, (_, h) =>
        Float64Array.from(keysAt, (key, t) => (words[t] ? product(words[t].key, ofHead(h)) : key[h])),
      );
    }
    const read = keysAt.map((key, t) => (words[t] ? words[t].key : key));
    const query = new Float64Array(width);
    for (const key of read) for (let k = 0; k < width; k++) query[k] += key[k];
    for (let k = 0; k < width; k++) query[k] *= score.numbers[k] / read.length;
    return [Float64Array.from(read, (key) => product(key, query))];
  }

  function wordsAt(tokens, rows) {
    const words = new Array(rows.length);
    if (!unknownWord || !tokens.unknown.length) return words;
    let next = 0;
    for (let t = 0; t < rows.length; t++) {
      if (tokens.ids[t] === UNKNOWN) words[t] = unknownWord(tokens.unknown[next++], rows[t]);
    }
    return words;
  }

  // A text up to its logits, with all that an explanation needs.
  function run(tokens) {
    const byLength = ngrams.rowsAt(tokens.ids), rows = byLength.at(-1);
    const logits = Float64Array.from(bias), words = wordsAt(tokens, rows);
    if (!rows.length) return { logits, byLength, words, norm: 1, weights: emptyWeights(heads) };
    const weights = scoresOf(Array.from(rows, keys.row), words).map(NORMALIZERS[normalizer]);
    rows.forEach((row, t) => {
      const at = values.row(row);
      for (let k = 0; k < columns; k++) {
        const number = at[k] + (words[t] ? words[t].values[k] : 0);
        logits[k % classes] += weights[Math.floor(k / classes)][t] * number;
      }
    });
    let norm = 1;
    if (linear) {
      const bag = new Float64Array(classes + 1);
      for (const row of rows) linear.add(row, bag);
      norm = bag[classes] > 0 ? Math.sqrt(bag[classes]) : 1;
      for (let c = 0; c < classes; c++) logits[c] += bag[c] / norm;
    }
    return { logits, byLength, words, norm, weights };
  }

  return { heads, classes, bias, values, linear, ngrams, run };
}

function emptyWeights(heads) {
  return Array.from({ length: heads }, () => new Float64Array(0));
}
