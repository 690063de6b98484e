// Unicode's NFC, by the tables of the Python that exported the page: browsers differ in which
// version of Unicode they know.
//
// `combining` is the combining class of each code point, `canonical` has rows of a code point and
// what it is made of: one other (then 0), or two; `recomposes` says which pairs become one again.

const SYLLABLES = 0xac00, LEADING = 0x1100, VOWELS = 0x1161, TRAILING = 0x11a7; // of Hangul
const LEADINGS = 19, VOWEL_COUNT = 21, TRAILINGS = 28;

function compositionOf(tables, recomposes) {
  const combining = expanded(tables.combining);
  const parts = new Map(), whole = new Map();
  for (const [code, first, second] of rowsOf(tables.canonical, 3)) {
    parts.set(code, [first, second]);
    if (second && recomposes(code)) whole.set(first * CODE_POINTS + second, code);
  }

  function take(code, into) {
    const made = parts.get(code), syllable = code - SYLLABLES;
    if (made) {
      take(made[0], into);
      if (made[1]) take(made[1], into);
    } else if (syllable >= 0 && syllable < LEADINGS * VOWEL_COUNT * TRAILINGS) {
      const open = Math.floor(syllable / TRAILINGS), last = syllable % TRAILINGS;
      into.push(LEADING + Math.floor(open / VOWEL_COUNT), VOWELS + (open % VOWEL_COUNT));
      if (last) into.push(TRAILING + last);
    } else {
      into.push(code);
    }
  }

  // Marks on one letter in the order of their classes; those of one class keep theirs.
  function sort(codes) {
    for (let i = 0; i < codes.length; i++) {
      if (!combining[codes[i]]) continue;
      let end = i, sorted = true;
      for (; end < codes.length && combining[codes[end]]; end++) {
        sorted &&= end === i || combining[codes[end - 1]] <= combining[codes[end]];
      }
      if (!sorted) {
        const run = codes.slice(i, end).sort((a, b) => combining[a] - combining[b]);
        for (let k = 0; k < run.length; k++) codes[i + k] = run[k];
      }
      i = end - 1;
    }
  }

  function joined(first, second) {
    const leading = first - LEADING, vowel = second - VOWELS;
    if (leading >= 0 && leading < LEADINGS && vowel >= 0 && vowel < VOWEL_COUNT) {
      return SYLLABLES + (leading * VOWEL_COUNT + vowel) * TRAILINGS;
    }
    const syllable = first - SYLLABLES, last = second - TRAILING;
    const open = syllable >= 0 && syllable < LEADINGS * VOWEL_COUNT * TRAILINGS;
    if (open && syllable % TRAILINGS === 0 && last > 0 && last < TRAILINGS) return first + last;
    return whole.get(first * CODE_POINTS + second);
  }

  return function nfc(codes) {
    const apart = [], made = [];
    for (const code of codes) take(code, apart);
    sort(apart);
    let starter = -1, before = 0; // where the letter stands; the class of the code point before
    for (const code of apart) {
      const order = combining[code];
      if (starter >= 0 && (starter === made.length - 1 || before < order)) {
        const one = joined(made[starter], code);
        if (one !== undefined) {
          made[starter] = one;
          continue;
        }
      }
      if (!order) starter = made.length;
      before = order;
      made.push(code);
    }
    return made;
  };
}
