// The scores of one head to its attention weights.

const NORMALIZERS = {
  softmax(scores) {
    const highest = largest(scores);
    const powers = scores.map((score) => Math.exp(score - highest)), total = sum(powers);
    return powers.map((power) => power / total);
  },

  // Martins & Astudillo 2016, algorithm 1.
  sparsemax(scores) {
    const z = belowZero(scores), ordered = z.slice().sort().reverse();
    let total = 0, size = 0;
    ordered.forEach((number, i) => {
      total += number;
      if (1 + (i + 1) * number > total) size++;
    });
    const least = ordered[Math.max(size, 1) - 1], support = z.filter((number) => number >= least);
    const before = (sum(support) - 1) / support.length;
    return z.map((number) => (number >= least ? Math.max(number - before, 0) : 0));
  },

  // Peters, Niculae & Martins 2019, algorithm 2.
  entmax15(scores) {
    const z = belowZero(scores).map((number) => number / 2), ordered = z.slice().sort().reverse();
    let total = 0, squares = 0, size = 0;
    ordered.forEach((number, i) => {
      const rank = i + 1;
      total += number;
      squares += number * number;
      const mean = total / rank, spread = squares - rank * mean * mean;
      if (mean - Math.sqrt(Math.max((1 - spread) / rank, 0)) <= number) size++;
    });
    const least = ordered[Math.max(size, 1) - 1], support = z.filter((number) => number >= least);
    const mean = sum(support) / support.length;
    const spread = sum(support.map((number) => (number - mean) ** 2));
    const before = mean - Math.sqrt(Math.max((1 - spread) / support.length, 0));
    return z.map((number) => (number >= least ? Math.max(number - before, 0) ** 2 : 0));
  },
};

function sum(numbers) {
  return numbers.reduce((all, number) => all + number, 0);
}

function largest(numbers) {
  return numbers.reduce((most, number) => Math.max(most, number), -Infinity);
}

// A token far below the best one has no weight; cut off, the sums stay small.
function belowZero(scores) {
  const highest = largest(scores);
  return scores.map((score) => Math.max(score - highest, -4));
}
