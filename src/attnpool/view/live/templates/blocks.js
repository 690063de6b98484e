/* What can be drawn and struck out by itself: tokens that share a grapheme cluster share a block,
   so that no emoji and no accent is torn. */
const clusters = Intl.Segmenter ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;
const MOST_BLOCKS = 5000;

function blocksOf(text, tokens, side = 0) {
  const edges = edgesOf(text), blocks = [];
  for (let token = 0; token < tokens.ids.length && blocks.length <= MOST_BLOCKS; token += 1) {
    const start = edges ? edges.before[tokens.starts[token]] : tokens.starts[token];
    const end = edges ? edges.behind[tokens.ends[token]] : tokens.ends[token];
    const last = blocks[blocks.length - 1];
    if (last && start < last.end) {
      last.end = Math.max(last.end, end);
      last.tokens.push(token);
    } else {
      blocks.push({ side, start, end, tokens: [token] });
    }
  }
  return blocks;
}

/* The clusters of a text; in a browser that does not know them, its code points. */
function clustersOf(text) {
  return clusters ? Array.from(clusters.segment(text), ({ segment }) => segment) : [...text];
}

/* For each offset the edge of a cluster before it and behind it; null where all are single letters,
   as in ordinary Chinese and English. */
function edgesOf(text) {
  if (/^[\0-\x0c\x0e-\x7f\u3000-\u3029\u4e00-\u9fff\uff01-\uff5e]*$/.test(text)) return null;
  const before = new Uint32Array(text.length + 1), behind = new Uint32Array(text.length + 1);
  let index = 0;
  for (const { length } of clustersOf(text)) {
    for (let at = 0; at < length; at += 1) before[index + at] = index;
    for (let at = 1; at <= length; at += 1) behind[index + at] = index + length;
    index += length;
  }
  before[text.length] = text.length;
  return { before, behind };
}

/* The value of a block: that of the largest magnitude in it. */
function valueOf(block, values) {
  let found = 0;
  for (const token of block.tokens) {
    if (Math.abs(values[token]) > Math.abs(found)) found = values[token];
  }
  return found;
}

/* Text that shows what cannot be seen: control characters as their pictures. */
function visible(text) {
  return text
    .replace(/[\0-\x08\x0b-\x1f]/g, (one) => String.fromCharCode(0x2400 + one.charCodeAt(0)))
    .replace(/\x7f/g, "\u2421")
    .replace(/[\x80-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
