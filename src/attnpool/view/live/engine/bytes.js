// The model in the page: base64 of gzip to the bytes of a compact file. gzip's own checksum finds
// a page that was cut short or changed.

function refuse(what) {
  failWith("damaged", `the model in this page is damaged (${what})`);
}

// What the page says is by its code, in the reader's language.
function failWith(code, what) {
  throw Object.assign(new Error(`${what}; export the page again`), { code });
}

async function unpacked(base64) {
  let text;
  try {
    text = atob(base64);
  } catch {
    refuse("no base64");
  }
  const zipped = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) zipped[i] = text.charCodeAt(i);
  if (typeof DecompressionStream === "undefined") {
    failWith("browser", "this browser cannot unpack the model");
  }
  try {
    const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return refuse("cut short");
  }
}
