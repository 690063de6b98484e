/* The rows as columns; attnpool.view.report.pack says how they are packed. */
async function unpack(packed) {
  const letters = atob(packed), bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = await new Response(stream).arrayBuffer();
  const head = new DataView(data).getUint32(0, true), text = new TextDecoder("utf-8", { ignoreBOM: true });
  const rows = JSON.parse(text.decode(new Uint8Array(data, 4, head)));
  const kinds = { u1: Uint8Array, i1: Int8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array };
  let at = 4 + Math.ceil(head / 4) * 4;
  for (const [name, kind, size] of rows.columns) {
    rows[name] = new kinds[kind](data, at, size);
    at += Math.ceil(rows[name].byteLength / 4) * 4;
  }
  for (const name of ["facts", "notes"]) rows[name] = text.decode(rows[name]);
  rows.factAt = starts(rows.factChars);
  rows.noteAt = starts(rows.noteChars);
  rows.colourings.forEach((colouring, number) => {
    for (const name of ["full", "uniform", "tokens", "step", "text"]) colouring[name] = rows[name + number];
    colouring.charAt = starts(rows[`chars${number}`]);
    colouring.runAt = starts(rows[`runs${number}`]);
    colouring.text = colouring.text.length || !number
      ? text.decode(colouring.text) : rows.colourings[0].text;
  });
  rows.sideAt = starts(rows.sides);
  return rows;
}

function starts(lengths) {
  const sums = new Uint32Array(lengths.length + 1);
  for (let at = 0; at < lengths.length; at += 1) sums[at + 1] = sums[at] + lengths[at];
  return sums;
}

/* The same numbers as captions.py writes, which rounds what lies in the middle to the even one. */
function percent(share) {
  if (share >= 0.9995 && share < 1) return ">99.9%";
  if (share > 0 && share < 0.0005) return "<0.1%";
  const tenths = 1000 * share;
  const whole = tenths % 1 === 0.5 ? 2 * Math.round(tenths / 2) : Math.round(tenths);
  return `${(whole / 10).toFixed(1)}%`;
}

function number(value, digits, signed) {
  const sign = signed && value > 0 ? "+" : "", size = Math.abs(Number(value.toPrecision(digits)));
  if (size === 0 || (size >= 1e-4 && size < 1e9)) return `${sign}${Number(value.toPrecision(digits))}`;
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${sign}${Number(mantissa)}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

/* The beginning of a text in one line; U+FEFF is no white space to Python. */
function short(text) {
  const line = [...text.replace(/[^\S\ufeff]+/g, " ").replace(/^ | $/g, "")];
  return line.length > 40 ? `${line.slice(0, 40).join("")}…` : line.join("");
}
