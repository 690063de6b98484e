// The layers of a matcher's small network, forward and back to what each input gives. Vectors lie
// one after the other in one array.

// A linear layer: the numbers of a table, input by input, and what is added.
function layerOf(arrays, name, inputs, outputs) {
  const table = tableOf(arrays, name, inputs, outputs);
  const bias = floats(arrays, `${name}.bias`, [outputs]).numbers;
  return { weight: allOf(table), inputs: table.rows, outputs, bias };
}

function allOf(table) {
  return table.take(Array.from({ length: table.rows }, (_, row) => row));
}

function forward({ weight, inputs, outputs, bias }, x) {
  const count = x.length / inputs, y = new Float64Array(count * outputs);
  for (let i = 0; i < count; i++) {
    for (let o = 0; o < outputs; o++) y[i * outputs + o] = bias ? bias[o] : 0;
    for (let k = 0; k < inputs; k++) {
      const number = x[i * inputs + k];
      if (number === 0) continue;
      for (let o = 0, at = k * outputs; o < outputs; o++) y[i * outputs + o] += number * weight[at + o];
    }
  }
  return y;
}

// From the slopes by the outputs to those by the inputs.
function backward({ weight, inputs, outputs }, slopes) {
  const count = slopes.length / outputs, found = new Float64Array(count * inputs);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < inputs; k++) {
      let total = 0;
      for (let o = 0, at = k * outputs; o < outputs; o++) total += slopes[i * outputs + o] * weight[at + o];
      found[i * inputs + k] = total;
    }
  }
  return found;
}

// `relu(kernel(x))` over the tokens of a text, or with `residual` that and x. `open` tells what the
// ReLU lets through.
function convolve(layer, residual, x) {
  const dim = layer.outputs, windows = new Float64Array((x.length / dim) * layer.inputs);
  eachNeighbour(layer, x.length / dim, (token, neighbour, place) => {
    windows.set(x.subarray(neighbour * dim, (neighbour + 1) * dim), token * layer.inputs + place * dim);
  });
  const y = forward(layer, windows), open = y.map((number) => (number > 0 ? 1 : 0));
  for (let i = 0; i < y.length; i++) y[i] = y[i] * open[i] + (residual ? x[i] : 0);
  return { y, open };
}

function convolveBack(layer, residual, open, slopes) {
  const dim = layer.outputs, found = residual ? slopes.slice() : new Float64Array(slopes.length);
  const ofWindows = backward(layer, slopes.map((slope, i) => slope * open[i]));
  eachNeighbour(layer, slopes.length / dim, (token, neighbour, place) => {
    const from = token * layer.inputs + place * dim;
    for (let k = 0; k < dim; k++) found[neighbour * dim + k] += ofWindows[from + k];
  });
  return found;
}

// Each token with each of its neighbours, and the place of that in the token's window.
function eachNeighbour({ inputs, outputs }, count, each) {
  const width = inputs / outputs;
  for (let token = 0; token < count; token++) {
    for (let place = 0; place < width; place++) {
      const neighbour = token + place - Math.floor((width - 1) / 2);
      if (neighbour >= 0 && neighbour < count) each(token, neighbour, place);
    }
  }
}

// `gelu(z) / z`: the share of z that the activation lets through.
function geluSlope(z) {
  return (1 + erf(z * Math.SQRT1_2)) / 2;
}

// By a series of positive terms, so to the last digits.
function erf(x) {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  let term = size, total = size;
  for (let n = 1; term > total * 1e-17; n++) {
    term *= (2 * size * size) / (2 * n + 1);
    total += term;
  }
  return (Math.sign(x) * 2 * Math.exp(-size * size) * total) / Math.sqrt(Math.PI);
}
