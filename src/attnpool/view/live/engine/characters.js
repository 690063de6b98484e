// Characters as tokens: one look-up each. White space gives none, what is not known is UNKNOWN.

const UNKNOWN = 1;

function charactersOf(vocabulary, whiteSpace) {
  const ids = new Map();
  for (const [character, id] of Object.entries(vocabulary)) {
    if (id > UNKNOWN) ids.set(character.codePointAt(0), id);
  }
  const white = new Set(whiteSpace);

  return function characters(codes, limit) {
    const tokens = { ids: [], starts: [], ends: [], readUntil: codes.length, unknown: [] };
    for (let i = 0; i < codes.length; i++) {
      if (white.has(codes[i])) continue;
      if (tokens.ids.length === limit) {
        tokens.readUntil = tokens.ends[limit - 1];
        break;
      }
      tokens.ids.push(ids.get(codes[i]) ?? UNKNOWN);
      tokens.starts.push(i);
      tokens.ends.push(i + 1);
    }
    return tokens;
  };
}
