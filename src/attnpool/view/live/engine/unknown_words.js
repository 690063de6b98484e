// Words that the vocabulary lacks, read by their character n-grams: what each adds to the key and
// to the values at its place.

const REMEMBERED = 10_000; // words; a text is read again at each keystroke

function unknownWordsOf(arrays, lengths, ngrams, width, columns) {
  checkLengths(lengths, 10);
  const hashes = keysOf(arrays, "char_ngrams"), rows = ngrams.rowsOfUnknown();
  const charKeys = tableOf(arrays, "char_ngrams.keys", hashes.count, width);
  const charValues = tableOf(arrays, "char_ngrams.values", hashes.count, columns);
  const ofRows = tableOf(arrays, "unknown.keys", rows.length, width);
  const numbers = new Map(rows.map((row, i) => [row, i]));
  const read = charNgramMeans(hashes, lengths, [charKeys, charValues]);

  // The word where a table row stands: its key after tanh, and what it adds to the values.
  return function unknownWord(word, row) {
    const [key, values] = read(word), whole = ofRows.take([numbers.get(row)]);
    return { key: whole.map((number, k) => Math.tanh(number + key[k])), values };
  };
}

// The same of a matcher: what each adds to the vector at its place.
function wordVectorsOf(arrays, lengths, dim) {
  checkLengths(lengths, 10);
  const hashes = keysOf(arrays, "char_ngrams");
  return charNgramMeans(hashes, lengths, [tableOf(arrays, "char_ngrams.vectors", hashes.count, dim)]);
}

// The mean of the rows of a word's known character n-grams, table by table.
function charNgramMeans(hashes, lengths, tables) {
  const known = new Map();
  function read(word) {
    const found = [];
    eachCharNgram(word, lengths, (high, low) => {
      const at = hashes.find(high, low);
      if (at >= 0) found.push(at);
    });
    return tables.map((table) => {
      const mean = new Float64Array(table.columns);
      for (const at of found) table.add(at, mean, 0, 1 / found.length);
      return mean;
    });
  }
  return (whole) => {
    const word = whole.slice(0, 2 * LONGEST_WORD); // more is not read, and need not be kept
    if (!known.has(word)) {
      if (known.size >= REMEMBERED) known.clear();
      known.set(word, read(word));
    }
    return known.get(word);
  };
}
