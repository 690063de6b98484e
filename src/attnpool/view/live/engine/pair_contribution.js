// The part of each token of a pair in a class's margin: a product is split equally between its
// factors, an activation and attention are constant shares. Σ values + bias = margin.

const ALIKE = 1e-5; // what differs by less differs by rounding

function contributionOfPair(network, { item, sides, open, logits }, target) {
  const ofSides = slopesOfPair(network, sides, open, target);
  const values = sides.map((side, number) => partsOfTokens(network, side, ofSides[number]));
  const bias = marginOf(logits, 0, network.classes, target) - sum(values.map(sum));
  balanceShared(item, values);
  return { values, bias, linear: null };
}

// What the margin gains per unit of each number of the two pooled texts.
function slopesOfPair({ width, classes, hidden, last }, sides, open, target) {
  const ofHidden = open.map((share, k) => share * marginOf(last.weight, k * classes, classes, target));
  const slopes = backward(hidden, ofHidden), [u, v] = sides.map(({ pooled }) => pooled);
  const ofU = new Float64Array(width), ofV = new Float64Array(width);
  for (let k = 0; k < width; k++) {
    const difference = u[k] - v[k], sign = Math.abs(difference) > ALIKE ? Math.sign(difference) : 0;
    const product = slopes[2 * width + k] / 2, apart = slopes[3 * width + k] * sign;
    ofU[k] = slopes[k] + product * v[k] + apart;
    ofV[k] = slopes[width + k] + product * u[k] - apart;
  }
  return [ofU, ofV];
}

// What each token of a text gives. N-grams share with all their tokens, less what shorter ones give.
function partsOfTokens({ dim, ngrams, ofNgrams, convolutions, residual }, { own, opens, byLength, weights }, ofPooled) {
  const count = byLength[0].length, parts = new Float64Array(count);
  let slopes = new Float64Array(count * dim);
  weights.forEach((ofHead, head) => ofHead.forEach((weight, t) => {
    for (let k = 0; k < dim; k++) slopes[t * dim + k] += weight * ofPooled[head * dim + k];
  }));
  const along = (vector, t) => {
    let total = 0;
    for (let k = 0; k < dim; k++) total += vector[k] * slopes[t * dim + k];
    return total;
  };
  for (let n = byLength.length - 1; n > 0; n--) {
    const length = ngrams.lengths[n - 1];
    for (let t = 0; t < count; t++) {
      if (byLength[n][t] === byLength[n - 1][t]) continue;
      const vector = new Float64Array(dim);
      ofNgrams.add(byLength[n][t] - ngrams.first, vector);
      if (byLength[n - 1][t] >= ngrams.first) ofNgrams.add(byLength[n - 1][t] - ngrams.first, vector, 0, -1);
      for (let k = 0, part = along(vector, t) / length; k < length; k++) parts[t + k] += part;
    }
  }
  for (let i = convolutions.length - 1; i >= 0; i--) {
    slopes = convolveBack(convolutions[i], residual, opens[i], slopes);
  }
  for (let t = 0; t < count; t++) parts[t] += along(own.subarray(t * dim, (t + 1) * dim), t);
  return parts;
}

const SHARED = 0.1;

// Equal tokens on both sides get nearly their mean: the difference of the sides gives them large
// shares of opposite signs, which mean something together alone.
function balanceShared(item, values) {
  const groups = new Map();
  item.forEach(({ ids }, side) => ids.forEach((id, t) => {
    if (id === UNKNOWN) return;
    if (!groups.has(id)) groups.set(id, []);
    groups.get(id).push([side, t]);
  }));
  for (const group of groups.values()) {
    if (new Set(group.map(([side]) => side)).size < 2) continue;
    const mean = sum(group.map(([side, t]) => values[side][t])) / group.length;
    for (const [side, t] of group) values[side][t] = mean + SHARED * (values[side][t] - mean);
  }
}
