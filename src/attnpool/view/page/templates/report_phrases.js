/* A letter of a script that writes spaces between words. */
const LETTER = `(?!${["Han", "Hira", "Kana", "Thai", "Laoo", "Khmr", "Mymr"]
  .map((script) => `\\p{scx=${script}}`).join("|")})[\\p{L}\\p{N}\\p{M}]`;

/* What finds a phrase; where whole words are asked for, "it" is not in "with". */
function pattern(phrase, gap, whole) {
  const plain = phrase.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&").replace(/\s+/g, gap);
  if (!whole) return new RegExp(plain, "g");
  const before = new RegExp(`^${LETTER}`, "u").test(phrase) ? `(?<!${LETTER})` : "";
  const behind = new RegExp(`${LETTER}$`, "u").test(phrase) ? `(?!${LETTER})` : "";
  return new RegExp(before + plain + behind, "gu");
}

/* Phrases in another order, and as a table to take away. */
function offerPhrases(tools) {
  const lists = [...root.querySelectorAll(".phrases")], first = lists.map((one) => [...one.children]);
  const value = (item) => Math.abs(Number(item.dataset.value)), times = (item) => Number(item.dataset.count);
  const by = { value, count: times, total: (item) => value(item) * times(item) };
  const order = find("sorted");
  order.value = "";
  order.addEventListener("input", () => lists.forEach((one, at) => {
    const items = first[at].slice(), key = by[order.value];
    if (key) items.sort((a, b) => key(b) - key(a));
    one.append(...items);
  }));
  find("csv").addEventListener("click", () => {
    const lines = ["class,side,phrase,value,count,rows,total"];
    for (const one of lists) {
      for (const item of one.children) {
        const { value: size, count: often, rows } = item.dataset, phrase = item.querySelector(".word").dataset.word;
        lines.push([cell(one.dataset.name), one.dataset.side, cell(phrase), size, often, rows, size * often].join(","));
      }
    }
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv" }));
    link.download = "phrases.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
  for (const live of [tools, root.querySelector("[data-live]")]) live.hidden = false;
}
