// The table row at each token: that of the longest known n-gram that begins there.

const BITS = 21; // of a token id in a packed n-gram, the first one on top
const HIGH = 32 - BITS; // of the middle one's bits are in the lower half

function checkLengths(lengths, most) {
  const fits = (n, i) => Number.isInteger(n) && n > (i ? lengths[i - 1] : 1) && n <= most;
  if (!Array.isArray(lengths) || !lengths.every(fits)) refuse("lengths of n-grams");
}

// `keys` are those of the n-grams; the row of the first of them is `first`.
function ngramsOf(keys, lengths, first) {
  checkLengths(lengths, 3);
  if (!(first >= 2)) refuse("fewer rows than n-grams");

  function find(ids, i, n) {
    const top = n === 3 ? ids[i] : 0, middle = ids[i + n - 2], last = ids[i + n - 1];
    return keys.find((top << (2 * BITS - 32)) | (middle >>> HIGH), ((middle << BITS) | last) >>> 0);
  }

  // The rows of the tokens themselves, and of the longest n-grams up to each length.
  function rowsAt(ids) {
    const found = [ids];
    for (const n of lengths) {
      const longest = found.at(-1).slice();
      for (let i = 0; i + n <= ids.length; i++) {
        const at = find(ids, i, n);
        if (at >= 0) longest[i] = first + at;
      }
      found.push(longest);
    }
    return found;
  }

  // The rows that can stand at an unknown word, ascending: its own, those of n-grams from it on.
  function rowsOfUnknown() {
    const found = [UNKNOWN];
    const bounds = [
      [keys.place(0, (UNKNOWN << BITS) >>> 0), keys.place(0, ((UNKNOWN + 1) << BITS) >>> 0)],
      [keys.place(UNKNOWN << (2 * BITS - 32), 0), keys.place((UNKNOWN + 1) << (2 * BITS - 32), 0)],
    ];
    for (const [begin, end] of bounds) for (let i = begin; i < end; i++) found.push(first + i);
    return found;
  }
  return { first, lengths, rowsAt, rowsOfUnknown };
}
