// Rows of numbers, stored small: integers with a scale per column, or rows of lower rank with what
// they are multiplied by.

const LARGEST = 1e6; // no number of a model that was trained comes near it

function floats(arrays, name, shape) {
  const array = arrays.get(name);
  const fits = array?.dtype === "F32" && array.shape.length === shape.length;
  if (!fits || !shape.every((size, k) => size === null || size === array.shape[k])) refuse(name);
  return array;
}

// The table of a name; `rows` and `columns`: how many it must have, null for any number.
function tableOf(arrays, name, rows, columns) {
  const array = arrays.get(name);
  if (array?.shape.length !== 2 || array.dtype === "I64") refuse(name);
  const { numbers: stored, shape } = array;
  const [count, width] = shape, isInteger = array.dtype === "I8" || array.dtype === "I16";
  const scale = isInteger ? floats(arrays, `${name}.scale`, [width]).numbers : null;
  const narrow = arrays.has(`${name}.expand`);
  const expand = narrow ? floats(arrays, `${name}.expand`, [width, null]) : null;
  const wide = expand ? expand.shape[1] : width;
  if ((rows !== null && rows !== count) || (columns !== null && columns !== wide)) refuse(name);

  // Adds a row, times a factor, to the numbers from a place on.
  function add(row, into, at = 0, factor = 1) {
    const first = row * width;
    for (let k = 0; k < width; k++) {
      const number = factor * stored[first + k] * (scale ? scale[k] : 1);
      if (!expand) into[at + k] += number;
      else for (let c = 0; c < wide; c++) into[at + c] += number * expand.numbers[k * wide + c];
    }
  }
  // Many rows, one after the other.
  function take(numbers) {
    const taken = new Float64Array(numbers.length * wide);
    for (let i = 0; i < numbers.length; i++) add(numbers[i], taken, i * wide);
    return taken;
  }
  return { rows: count, columns: wide, add, take };
}

function checkNumbers(arrays) {
  for (const [name, { dtype, numbers }] of arrays) {
    if (dtype[0] !== "F") continue;
    for (let i = 0; i < numbers.length; i++) {
      if (!(Math.abs(numbers[i]) <= LARGEST)) refuse(`${name} holds no plain numbers`);
    }
  }
}
