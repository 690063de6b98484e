// The bytes of a .safetensors file to arrays: the length of a JSON header in 8 bytes, the header,
// the arrays. Every number is checked before it is used.

const KINDS_OF_ARRAYS = {
  I8: Int8Array,
  I16: Int16Array,
  F16: Uint16Array,
  F32: Float32Array,
  I64: Int32Array, // as two halves, the lower first: a key takes more than the 53 bits of a number
};

function safetensors(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || view.getUint32(4, true) !== 0) refuse("no header");
  const start = 8 + view.getUint32(0, true);
  if (start > bytes.length) refuse("no header");
  let header;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, start)));
  } catch {
    refuse("no header");
  }
  const { __metadata__: metadata, ...described } = header ?? {};
  const arrays = new Map();
  for (const [name, one] of Object.entries(described)) {
    arrays.set(name, arrayOf(bytes.subarray(start), name, one));
  }
  return { arrays, metadata: metadata ?? {} };
}

function arrayOf(data, name, { dtype, shape, data_offsets: offsets } = {}) {
  const Kind = Object.hasOwn(KINDS_OF_ARRAYS, dtype) ? KINDS_OF_ARRAYS[dtype] : null;
  const sizes = Array.isArray(shape) && Array.isArray(offsets) ? [...shape, ...offsets] : [-1];
  if (!Kind || !sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) refuse(name);
  const count = shape.reduce((all, size) => all * size, 1);
  const width = dtype === "I64" ? 8 : Kind.BYTES_PER_ELEMENT;
  const [first, last] = offsets;
  if (last > data.length || last - first !== count * width) refuse(name);
  // A copy begins where its numbers may begin. Browsers run on little-endian machines alone.
  const numbers = new Kind(data.slice(first, last).buffer);
  return { dtype, shape, numbers: dtype === "F16" ? fromHalves(numbers) : numbers };
}

// Numbers of half precision as float32: all 65,536 of them, looked up.
function fromHalves(halves) {
  const known = new Float32Array(0x10000);
  for (let bits = 0; bits < known.length; bits++) {
    const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, part = bits & 1023;
    if (exponent === 31) known[bits] = part ? NaN : sign * Infinity;
    else if (exponent) known[bits] = sign * (1 + part / 1024) * 2 ** (exponent - 15);
    else known[bits] = (sign * part) / 2 ** 24;
  }
  return Float32Array.from(halves, (bits) => known[bits]);
}
