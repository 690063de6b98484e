// Words as tokens, in lower case; words that the vocabulary lacks are reported.

const PER_TOKEN = 16, MORE = 32, UNSURE = 2; // how much of a long text is read at first

function wordsOf(vocabulary, tables, clusters) {
  const ids = new Map(Object.entries(vocabulary)), kinds = kindsOf(tables.kinds);
  const lowered = new Map(rowsOf(tables.lower, 2).map(([code, to]) => [code, [to]]));
  for (const [code, to] of tables.lowerSeveral) lowered.set(code, to);

  function lower(codes, start, end) {
    let word = "";
    for (let i = start; i < end; i++) {
      const code = codes[i];
      if (code >= 0xd800 && code < 0xe000) word += "\ufffd"; // half of a pair, which no file holds
      else word += String.fromCodePoint(...(lowered.get(code) ?? [code]));
    }
    return word;
  }

  function all(codes) {
    const { starts, ends } = wordSpans(Uint8Array.from(codes, (code) => kinds[code]), clusters);
    return { starts, ends, readUntil: codes.length };
  }

  return function words(codes, limit) {
    // Of a long text the beginning is read; if that has too few words, all of it.
    const size = PER_TOKEN * (limit + MORE);
    let { starts, ends, readUntil } = all(codes.subarray(0, size));
    if (size < codes.length && starts.length <= limit + UNSURE) {
      ({ starts, ends, readUntil } = all(codes));
    }
    if (starts.length > limit) {
      starts.length = ends.length = limit;
      readUntil = ends[limit - 1];
    }
    const tokens = { ids: [], starts, ends, readUntil, unknown: [] };
    for (let i = 0; i < starts.length; i++) {
      const word = lower(codes, starts[i], ends[i]), id = ids.get(word) ?? UNKNOWN;
      tokens.ids.push(id);
      if (id === UNKNOWN) tokens.unknown.push(word);
    }
    return tokens;
  };
}
