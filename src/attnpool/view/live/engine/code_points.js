// A text as code points, since offsets and look-ups speak of these; half of a surrogate pair alone
// is a code point too. `places[i]` is where code point i begins in the string.

const CODE_POINTS = 0x110000;

function codesOf(text) {
  const codes = new Int32Array(text.length), places = new Int32Array(text.length + 1);
  let n = 0;
  for (let i = 0; i < text.length; n++) {
    codes[n] = text.codePointAt(i);
    places[n] = i;
    i += codes[n] > 0xffff ? 2 : 1;
  }
  places[n] = text.length;
  return { codes: codes.subarray(0, n), places: places.subarray(0, n + 1) };
}

function stringOf(codes, start = 0, end = codes.length) {
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCodePoint(codes[i]);
  return text;
}

// Runs of equal values, [length, value, length, value …], to one value per code point.
function expanded(runs) {
  const values = new Uint8Array(CODE_POINTS);
  let at = 0;
  for (let i = 0; i < runs.length; i += 2) values.fill(runs[i + 1], at, (at += runs[i]));
  return values;
}

// Rows of numbers, each less the number above it, to the rows themselves.
function rowsOf(differences, width) {
  const rows = [];
  let row = new Array(width).fill(0);
  for (let i = 0; i < differences.length; i += width) {
    row = row.map((value, k) => value + differences[i + k]);
    rows.push(row);
  }
  return rows;
}
