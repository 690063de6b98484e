/* What can be drawn and struck out by itself: tokens that share a grapheme cluster share a block,
   so that no emoji and no accent is torn. */
const clusters = Intl.Segmenter ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;
const MOST_BLOCKS = 5000, LONGEST_CLUSTER = 1000;

function blocksOf(text, tokens, side = 0) {
  const edges = edgesOf(text.slice(0, tokens.readUntil + LONGEST_CLUSTER)), blocks = [];
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
  return blocks.slice(0, MOST_BLOCKS);
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

/* The value of a block, as attnpool.view.drawing.segments has it: a letter has the sum of its
   tokens' contributions, or the largest of their shares; a cluster that of its strongest letter. */
function valueOf(block, { starts, ends }, values, signed) {
  if (block.tokens.length === 1) return values[block.tokens[0]];
  let high = 0, low = 0;
  for (const at of new Set(block.tokens.flatMap((token) => [starts[token], ends[token]]))) {
    let value = 0;
    for (const token of block.tokens) {
      if (at < starts[token] || at >= ends[token]) continue;
      value = signed ? value + values[token] : Math.max(value, values[token]);
    }
    high = Math.max(high, value);
    low = Math.min(low, value);
  }
  return -low > high ? low : high;
}

/* Text in which nothing can act on the page: what attnpool.sanitize shows in its place. */
function visible(text) {
  return text
    .replace(/\r\n/g, "\n")
    .replace(/[\0-\x08\x0b-\x1f]/g, (one) => String.fromCharCode(0x2400 + one.charCodeAt(0)))
    .replace(/\x7f/g, "\u2421")
    .replace(/[\u2028\u2029]/g, "\u2424")
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, (one) => `‹U+${one.charCodeAt(0).toString(16).toUpperCase()}›`)
    .replace(/[\x80-\x9f]|\p{Cs}|\p{Noncharacter_Code_Point}/gu, "\ufffd");
}

/* The beginning of a text, cut between clusters. */
function beginning(text, most) {
  const found = clustersOf(text.slice(0, 20 * most));
  return found.length > most || text.length > 20 * most ? `${found.slice(0, most).join("")}…` : text;
}
