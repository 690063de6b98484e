// Words that the vocabulary lacks, read by their character n-grams: what each adds to the key and
// to the values at its place.

const REMEMBERED = 10_000; // words; a text is read again at each keystroke

function unknownWordsOf(arrays, lengths, ngrams, width, columns) {
  checkLengths(lengths, 10);
  const hashes = keysOf(arrays, "char_ngrams"), rows = ngrams.rowsOfUnknown();
  const charKeys = tableOf(arrays, "char_ngrams.keys", hashes.count, width);
  const charValues = tableOf(arrays, "char_ngrams.values", hashes.count, columns);
  const ofRows = tableOf(arrays, "unknown.keys", rows.length, width);
  const numbers = new Map(rows.map((row, i) => [row, i])), known = new Map();

  function read(word) {
    const found = [], key = new Float64Array(width), values = new Float64Array(columns);
    eachCharNgram(word, lengths, (high, low) => {
      const at = hashes.find(high, low);
      if (at >= 0) found.push(at);
    });
    for (const at of found) {
      charKeys.add(at, key, 0, 1 / found.length);
      charValues.add(at, values, 0, 1 / found.length);
    }
    return { key, values };
  }

  // The word where a table row stands: its key after tanh, and what it adds to the values.
  return function unknownWord(word, row) {
    if (!known.has(word)) {
      if (known.size >= REMEMBERED) known.clear();
      known.set(word, read(word));
    }
    const { key, values } = known.get(word), whole = ofRows.take([numbers.get(row)]);
    return { key: whole.map((number, k) => Math.tanh(number + key[k])), values };
  };
}
