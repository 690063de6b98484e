// Raw texts to tokens, as attnpool.text.reader has it: normal form, clean-up, tokeniser, limit.
// Offsets are places in the raw string.

function readerOf(config, tokenizer, tables) {
  const { vocab } = tokenizer.model, isCharacters = config.tokenizer === "characters";
  const encode = isCharacters
    ? charactersOf(vocab, tables.whiteSpace)
    : wordsOf(vocab, tables, tables.clusters);
  const normalForm = config.normalizes === true ? normalFormOf(tables) : null;
  // Characters are folded by the vocabulary itself, rules of clean-up do not fold.
  const fold = !isCharacters || config.cleanup.length > 0;

  return function read(text) {
    const { codes, places } = codesOf(text);
    const normal = normalForm ? normalForm(codes, fold) : { codes, starts: null };
    const tokens = encode(cleaned(normal.codes, config.cleanup), config.limit);
    const { starts, ends } = normal;
    const begin = (i) => places[starts ? starts[i] : i];
    const stop = (i) => places[i === 0 ? 0 : starts ? ends[i - 1] : i];
    const until = tokens.readUntil;
    return {
      ids: Int32Array.from(tokens.ids),
      starts: Int32Array.from(tokens.starts, begin),
      ends: Int32Array.from(tokens.ends, stop),
      // Nothing that is left out at the end is unread.
      readUntil: until === normal.codes.length ? text.length : stop(until),
      unknown: tokens.unknown,
    };
  };
}

// The tokens without some of them, by number: their neighbours become neighbours.
function withoutTokens(tokens, removed) {
  const kept = [], unknown = [];
  let words = 0; // unknown ones, so far
  for (let i = 0; i < tokens.ids.length; i++) {
    const word = tokens.ids[i] === UNKNOWN ? tokens.unknown[words++] : undefined;
    if (removed.has(i)) continue;
    kept.push(i);
    if (word !== undefined) unknown.push(word);
  }
  const of = (numbers) => {
    const left = new Int32Array(kept.length);
    for (let i = 0; i < left.length; i++) left[i] = numbers[kept[i]];
    return left;
  };
  const { ids, starts, ends, readUntil } = tokens;
  return { ids: of(ids), starts: of(starts), ends: of(ends), readUntil, unknown };
}
