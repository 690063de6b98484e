// Where words begin and end, by the kind of each code point; the kinds are those of
// attnpool.text.tokenizers.word_spans, where the letters are explained.

const kindSet = (letters) => {
  const set = new Uint8Array(128);
  for (const letter of letters) set[letter.charCodeAt(0)] = 1;
  return set;
};
const WORD = kindSet("wqmnve"), NO_SPACES = kindSet("TMNVS"), IN_WORDS = kindSet("wqmnveTMNVS");
const MARKS = kindSet("mnvkMNV"), STAY = kindSet("mejkMnNSzP");
const BESIDE = kindSet("mejk"), BESIDE_SIGNS = kindSet("mejkM"), PICTOGRAPH = kindSet("pq");
const [BLANK, SIGN, APOSTROPHE, SIGN_MARK, ZWJ, KEPT] = Array.from("_.'MzP", (c) => c.charCodeAt(0));

function kindsOf(runs) {
  const kinds = new Uint8Array(CODE_POINTS).fill(SIGN);
  let at = 0;
  for (const [, kind, length] of runs.matchAll(/([^\d\s])(\d*)/g)) {
    kinds.fill(kind.charCodeAt(0), at, (at += Number(length || 1)));
  }
  return kinds;
}

function skip(spelt, i, set) {
  while (i < spelt.length && set[spelt[i]]) i++;
  return i;
}

// Pictographs that joiners make one cluster: a vowel sign in it begins a token, with which the
// pictographs behind it stay.
function keepJoined(spelt) {
  for (let i = 0; i < spelt.length; i++) {
    if (!PICTOGRAPH[spelt[i]]) continue;
    let j = skip(spelt, i + 1, BESIDE);
    if (spelt[j] !== SIGN_MARK) continue;
    j = skip(spelt, j + 1, BESIDE_SIGNS);
    if (spelt[j] !== ZWJ || !PICTOGRAPH[spelt[j + 1]]) continue;
    for (j++; ; ) {
      spelt[j] = KEPT;
      const next = skip(spelt, j + 1, BESIDE_SIGNS);
      if (spelt[next] !== ZWJ || !PICTOGRAPH[spelt[next + 1]]) break;
      j = next + 1;
    }
    i = j;
  }
}

// The end of a word with its inner apostrophes (don't).
function wordEnd(spelt, i, set) {
  let end = skip(spelt, i, set);
  while (spelt[end] === APOSTROPHE && set[spelt[end + 1]]) end = skip(spelt, end + 1, set);
  return end;
}

function wordSpans(spelt, clusters) {
  const starts = [], ends = [], set = clusters ? WORD : IN_WORDS;
  if (clusters && spelt.includes(ZWJ)) keepJoined(spelt);
  for (let i = 0; i < spelt.length; ) {
    let end = i + 1;
    if (spelt[i] !== BLANK) {
      if (set[spelt[i]]) end = wordEnd(spelt, i, set);
      else if (clusters && NO_SPACES[spelt[i]]) end = skip(spelt, skip(spelt, i + 1, STAY), MARKS);
      starts.push(i);
      ends.push(end);
    }
    i = end;
  }
  return { starts, ends };
}
