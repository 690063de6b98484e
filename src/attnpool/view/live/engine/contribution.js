// The part of each token in a class's margin, which is its logit less the mean of all logits:
// Σ values + bias = margin.

// What each number of a row of classes adds to the margin of one class.
const marginOf = (numbers, first, classes, target) => {
  let total = 0;
  for (let c = 0; c < classes; c++) total += numbers[first + c];
  return numbers[first + target] - total / classes;
};

function contributionOf(network, read, target) {
  const { heads, classes, linear } = network, { byLength, words, norm, weights: [weights] } = read;
  const longest = byLength.at(-1);

  // What a row gives to the margin at a token, and the part of the linear part in that.
  function ofLinear(row) {
    return linear ? marginOf(linear.take([row]), 0, classes, target) / norm : 0;
  }
  function ofRow(row, t) {
    const numbers = network.values.take([row]);
    if (words[t]) words[t].values.forEach((number, k) => (numbers[k] += number));
    let margin = ofLinear(row);
    for (let h = 0; h < heads; h++) {
      margin += weights[h][t] * marginOf(numbers, h * classes, classes, target);
    }
    return margin;
  }

  // What the longest rows give is shared among the tokens of their n-grams, but for what shorter
  // ones give already.
  const values = new Float64Array(longest.length);
  longest.forEach((row, t) => {
    let longer = ofRow(row, t);
    for (let n = byLength.length - 1; n > 0; n--) {
      const shorterRow = byLength[n - 1][t], length = network.ngrams.lengths[n - 1];
      if (byLength[n][t] === shorterRow) continue;
      const shorter = ofRow(shorterRow, t);
      for (let k = 0; k < length; k++) values[t + k] += (longer - shorter) / length;
      longer = shorter;
    }
    values[t] += longer;
  });
  const bias = marginOf(network.bias, 0, classes, target);
  return { values: [values], bias, linear: linear ? sum(Array.from(longest, ofLinear)) : null };
}
