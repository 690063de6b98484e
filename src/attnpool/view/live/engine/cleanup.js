// Spaces over what the model does not read; the rules of attnpool.text.cleanup.

const RULES = {
  "bracket-emoji": /\[[^[\]]+\]/g,
  html: /<\/?[A-Za-z][^<>]*>|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});/g,
  parentheses: /[(\uff08][^()\uff08\uff09]*[)\uff09]/g,
};

function cleaned(codes, rules) {
  if (!rules.length) return codes;
  const clean = codes.slice();
  // One unit per code point, so that the places of matches are places of code points. What the
  // rules speak of stands in the first plane.
  const units = Array.from(codes, (code) => String.fromCharCode(code > 0xffff ? 0xfffd : code));
  let text = units.join("");
  for (const rule of rules) {
    text = text.replace(RULES[rule], (match, place) => {
      clean.fill(0x20, place, place + match.length);
      return " ".repeat(match.length);
    });
  }
  return clean;
}
