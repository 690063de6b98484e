/* What is drawn, as Markdown, SVG or PNG; to the clipboard, or to a file where there is none. */
function colourOf(name, property = "backgroundColor") {
  const probe = document.body.appendChild(make("mark", name)), found = getComputedStyle(probe)[property];
  probe.remove();
  return found;
}

function escapeXml(text) {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

/* The texts as they are drawn, with what is struck out, cut into pieces of one colour. */
function piecesOf(element) {
  return [...element.querySelectorAll(".text")].flatMap((line, side) => [
    ...(model.sides === 2 ? [{ text: `${side ? "\n" : ""}${LETTERS[side]}  `, name: "" }] : []),
    ...line.parts.map(({ text, name }) => ({ text, name: name.replace(" hint", "") })),
  ]);
}

function asMarkdown(pieces, title, note) {
  const escape = (text) => text.replace(/[&<>"'\\`*_{}[\]#|~=^$:@]/g, (one) => `&#${one.charCodeAt(0)};`);
  const inside = pieces.map(({ text, name }) => {
    const plain = escape(text).replace(/\n/g, "<br>");
    if (name === "gone") return `<del>${plain}</del>`;
    const strength = Number((/\d+/.exec(name) || [0])[0]), third = page.scale.levels / 3;
    if (strength <= third) return plain;
    const sign = { f: "<sup>+</sup>", a: "<sup>−</sup>", l: "" }[name[0]];
    return `<mark>${sign}${strength > 2 * third ? `<strong>${plain}</strong>` : plain}</mark>`;
  });
  const lines = [`<strong>${escape(title)}</strong>`, inside.join(""), escape(note)];
  return lines.map((line) => `<p dir="auto">${line}</p>\n`).join("\n");
}

/* Where each piece of each line stands, in pixels. */
const TALLEST = 16_000, SIDE = 640, EDGE = 20, ROW = 30, SIZE = 17, FONT = `${SIZE}px system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif`;

function layOut(pieces) {
  const pen = document.createElement("canvas").getContext("2d"), boxes = [];
  pen.font = FONT;
  let x = EDGE, y = EDGE + 2 * ROW;
  for (const { text, name } of pieces) {
    for (const part of text.split(/(\n)/)) {
      for (const unit of part === "\n" ? ["\n"] : fitting(pen, part)) {
        const width = unit === "\n" ? 0 : pen.measureText(unit).width;
        if (unit === "\n" || x + width > SIDE - EDGE) {
          x = EDGE;
          y += ROW;
        }
        if (unit === "\n") continue;
        boxes.push({ text: unit, name, x, y, width });
        x += width;
      }
    }
  }
  return { boxes, height: y + EDGE };
}

/* Parts that fit into a line: whole words where there are any, else clusters. */
function fitting(pen, text) {
  return text.split(/(?<=\s)|(?=\s)/).flatMap((word) =>
    pen.measureText(word).width <= (SIDE - 2 * EDGE) / 3 ? [word] : clustersOf(word));
}

function looks() {
  const body = getComputedStyle(document.body);
  return {
    paper: body.getPropertyValue("--surface"), ink: body.getPropertyValue("--ink"),
    soft: body.getPropertyValue("--soft"), mark: colourOf("l1", "color"),
  };
}

function asSvg(pieces, title, note) {
  const { boxes, height } = layOut(pieces), { paper, ink, soft, mark } = looks(), named = new Map();
  const drawn = boxes.map(({ text, name, x, y, width }) => {
    if (name && name !== "gone" && name !== "unread" && !named.has(name)) named.set(name, colourOf(name));
    const ground = named.has(name) ? `<rect x="${x.toFixed(1)}" y="${y - 20}" width="${width.toFixed(1)}" height="26" rx="3" fill="${named.get(name)}"/>` : "";
    const struck = name === "gone" ? ' text-decoration="line-through"' : "";
    return `${ground}<text x="${x.toFixed(1)}" y="${y}" fill="${named.has(name) ? mark : name ? soft : ink}"${struck} xml:space="preserve">${escapeXml(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${height + ROW}" viewBox="0 0 ${SIDE} ${height + ROW}" font-family="system-ui, 'Noto Sans', 'Noto Sans CJK SC', sans-serif" font-size="${SIZE}">
<rect width="100%" height="100%" fill="${paper}"/>
<text x="${EDGE}" y="${EDGE + 14}" font-weight="600" fill="${ink}">${escapeXml(title)}</text>
${drawn.join("\n")}
<text x="${EDGE}" y="${height + 8}" font-size="12" fill="${soft}">${escapeXml(note)}</text>
</svg>
`;
}

/* Null where the text is longer than a picture can be. */
function asPng(pieces, title, note) {
  const { boxes, height } = layOut(pieces), { paper, ink, soft, mark } = looks();
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  const times = Math.min(2, TALLEST / (height + ROW));
  if (times < 0.5) return null;
  canvas.width = times * SIDE;
  canvas.height = times * (height + ROW);
  pen.scale(times, times);
  pen.fillStyle = paper;
  pen.fillRect(0, 0, SIDE, height + ROW);
  pen.fillStyle = ink;
  pen.font = `600 ${FONT}`;
  pen.fillText(title, EDGE, EDGE + 14, SIDE - 2 * EDGE);
  pen.font = FONT;
  for (const { text, name, x, y, width } of boxes) {
    const coloured = /^[lfa]\d+$/.test(name);
    if (coloured) {
      pen.fillStyle = colourOf(name);
      pen.fillRect(x, y - 20, width, 26);
    }
    pen.fillStyle = coloured ? mark : name ? soft : ink;
    pen.fillText(text, x, y);
    if (name === "gone") pen.fillRect(x, y - 6, width, 1);
  }
  pen.font = FONT.replace(`${SIZE}px`, "12px");
  pen.fillStyle = soft;
  pen.fillText(note, EDGE, height + 8, SIDE - 2 * EDGE);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

async function copyText(text, file, type) {
  try {
    await navigator.clipboard.writeText(text);
    return say("copied");
  } catch {
    return save(new Blob([text], { type }), file);
  }
}

async function copyPicture(blob, file) {
  try {
    await navigator.clipboard.write([new ClipboardItem({ [blob.type]: blob })]);
    return say("copied");
  } catch {
    return save(blob, file);
  }
}

function save(blob, file) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return say("saved");
}
