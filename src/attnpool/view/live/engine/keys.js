// Ascending 64-bit keys, each as two halves of 32 bits, the lower first: JavaScript's numbers have
// 53. Searched by halving, which needs nothing to be prepared.

function keysOf(arrays, name) {
  const array = arrays.get(name);
  if (array?.dtype !== "I64" || array.shape.length !== 1) refuse(name);
  const halves = array.numbers, [count] = array.shape;

  // Whether key i is below the wanted one; the higher half has the sign.
  const isBelow = (i, high, low) => {
    const other = halves[2 * i + 1];
    return other !== high ? other < high : halves[2 * i] >>> 0 < low;
  };
  // The place of the first key that is not below the wanted one.
  function place(high, low) {
    let first = 0, last = count;
    while (first < last) {
      const middle = (first + last) >>> 1;
      if (isBelow(middle, high, low)) first = middle + 1;
      else last = middle;
    }
    return first;
  }
  // Its place, -1 if it is not there.
  function find(high, low) {
    const at = place(high, low);
    return at < count && halves[2 * at] >>> 0 === low && halves[2 * at + 1] === high ? at : -1;
  }
  for (let i = 1; i < count; i++) {
    if (!isBelow(i - 1, halves[2 * i + 1], halves[2 * i] >>> 0)) refuse(`${name} out of order`);
  }
  return { count, place, find };
}
