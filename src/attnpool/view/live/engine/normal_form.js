// Texts that look the same become the same, as attnpool.text.normal_form has it: NFC; one form of
// letters, quotes, hyphens and spaces that look alike; no invisible marks.

const SINGLE = 1, DEPENDS = 2, REWRITTEN = 3; // what a code point does to a text
const EFFECT = 3, MARK = 4, CHANGED = 8, INVISIBLE = 16, UNJOINED = 32, VIRAMA = 64, SPACELESS = 128;
const SPACE = 0x200b, NON_JOINER = 0x200c, JOINER = 0x200d; // of zero width
const THAI = 0xe00, LAO = 0xe80;

function normalFormOf(tables) {
  const flags = expanded(tables.flags);
  const nfc = compositionOf(tables, (code) => !(flags[code] & CHANGED));
  const singles = new Map(rowsOf(tables.singles, 2)), several = new Map(tables.several);
  const single = (code) => singles.get(code) ?? code;
  const { steps } = stepsOf(flags, nfc, single, several);

  function isComposed(codes) {
    const alike = Array.from(codes, single), made = nfc(alike);
    if (made.length !== alike.length) return false;
    for (let i = 0; i < made.length; i++) {
      if (made[i] !== alike[i]) return false;
      if (i && made[i] === made[i - 1] && (made[i] === THAI + 0x40 || made[i] === LAO + 0x40)) {
        return false; // a vowel typed twice
      }
    }
    return true;
  }

  // The code points, and where they come from if offsets changed; `fold`: whether characters that
  // are read as one other are rewritten where no offset changes too.
  return function normalForm(codes, fold) {
    let some = 0;
    for (let i = 0; i < codes.length; i++) some |= 1 << (flags[codes[i]] & EFFECT);
    // A mark may combine with what a letter is folded to.
    if (some & (1 << REWRITTEN) || (some & (1 << DEPENDS) && !isComposed(codes))) {
      const rewriting = new Rewriting(codes);
      for (const [match, read] of steps) rewriting.replace(match, read);
      return rewriting;
    }
    return { codes: fold && some & (1 << SINGLE) ? codes.map(single) : codes, starts: null };
  };
}
