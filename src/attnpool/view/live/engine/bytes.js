// The model in the page: base64 of gzip to the bytes of a compact file. gzip's own checksum finds
// a page that was cut short or changed.

function refuse(what) {
  throw new Error(`the model in this page is damaged (${what}); export the page again`);
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
    throw new Error("this browser cannot unpack the model; open the page in a newer one");
  }
  try {
    const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return refuse("cut short");
  }
}
