// Character n-grams of a word as 64-bit hashes, the same as those of attnpool.text.char_ngrams. One
// that is the whole word with both marks is among them; no model knows any.

const LONGEST_WORD = 100; // characters of a word that are read
const FACTOR_HIGH = 0x9e3779b9, FACTOR_LOW = 0x7f4a7c15; // of 64 bits: the golden ratio

// Calls `each(high, low)` with the halves of the hash of each n-gram; the higher one is signed.
function eachCharNgram(word, lengths, each) {
  const { codes } = codesOf(word);
  const marked = [0x3c, ...codes.subarray(0, LONGEST_WORD), 0x3e]; // < and >
  for (const n of lengths) {
    for (let start = 0; start + n <= marked.length; start++) {
      let high = 0, low = n;
      for (let k = 0; k < n; k++) {
        [high, low] = times(high, (low ^ marked[start + k]) >>> 0);
        low = (low ^ high) >>> 0;
      }
      each(high | 0, low);
    }
  }
}

// The lower 64 bits of a number times the factor, in pieces of 16 bits, whose products are exact.
function times(high, low) {
  const a0 = low & 0xffff, a1 = low >>> 16;
  const b0 = FACTOR_LOW & 0xffff, b1 = FACTOR_LOW >>> 16;
  const lowest = a0 * b0, middle = a0 * b1 + a1 * b0 + Math.floor(lowest / 0x10000);
  const above = a1 * b1 + Math.floor(middle / 0x10000);
  const crossed = Math.imul(low, FACTOR_HIGH) + Math.imul(high, FACTOR_LOW);
  return [(above + crossed) >>> 0, (((middle & 0xffff) << 16) | (lowest & 0xffff)) >>> 0];
}
