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

/* A cell of a CSV file. A spreadsheet would take for a formula what begins like one. */
function cell(text) {
  return `"${text.replace(/^\s*[=+\-@＝＋－＠]/, "'$&").replaceAll('"', '""')}"`;
}
