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
