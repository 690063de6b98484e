/* The one mapping from value to colour: as attnpool.view.drawing.colour has it. `drawn` are the
   values of blocks; `shares` those of tokens, where they are shares of a whole. */
function fullColour(drawn, shares = null) {
  const peak = drawn.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!shares) return { full: peak, uniform: 0 };
  const whole = shares.reduce((sum, value) => sum + value, 0);
  const uniform = whole / Math.max(1, shares.length);
  return { full: Math.min(Math.max(peak, page.scale.times * uniform), whole), uniform };
}

function place(value, { full, uniform }) {
  const { levels, palest, same, least } = page.scale;
  if (!(full > 0)) return 0;
  if (!(uniform > 0)) return Math.max(-1, Math.min(1, value / full)) * levels;
  if (full > uniform * same && value > uniform * same) {
    const above = Math.max(0, Math.min(1, (value - uniform) / (full - uniform)));
    return least + (levels - least) * above;
  }
  const times = Math.max(0, Math.min(1, value / uniform));
  return value > 0 ? palest[0] + (palest[1] - palest[0]) * times : 0;
}

/* Rounded as numpy does it: what lies in the middle goes to the even one. */
function level(value, scale) {
  const at = place(value, scale), low = Math.floor(at);
  if (at - low !== 0.5) return Math.round(at);
  return low % 2 ? low + 1 : low;
}

/* `l7` (looked), `f7` (for) or `a7` (against); nothing for level 0. */
function hue(at, signed) {
  if (!at) return "";
  return `${signed ? (at > 0 ? "f" : "a") : "l"}${Math.abs(at)}`;
}
