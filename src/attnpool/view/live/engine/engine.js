// The whole model: `openModel(base64, tables)` unpacks and checks it. `tables` are what
// attnpool.view.live.tables makes for it: what Python knows of Unicode, and the names of classes.

const FORMAT = "attnpool_compact", FORMAT_VERSION = 2;

async function openModel(base64, tables) {
  const { arrays, metadata } = safetensors(await unpacked(base64));
  let parts;
  try {
    parts = partsOf(arrays, JSON.parse(metadata[FORMAT]), tables);
  } catch (error) {
    // What values that somebody made up raise.
    if (error instanceof SyntaxError || error instanceof TypeError) refuse("its description");
    throw error;
  }
  const { limit, network, read } = parts;

  function answered(item) {
    const run = network.run(item), { logits, weights } = run;
    return { run, answer: { logits, probabilities: NORMALIZERS.softmax(logits), weights } };
  }
  return {
    classes: tables.classes,
    limit,
    heads: network.heads,
    sides: network.sides,
    read,
    without: withoutTokens,
    unknown: ({ ids }) => ids.reduce((count, id) => count + (id === UNKNOWN), 0),
    // An item is the tokens of each of its texts: of one, or of two that are compared. `weights` has
    // the attention weights of the tokens of each, head by head; `values` their contributions.
    answer: (item) => answered(item).answer,
    explain(item, target) {
      const { run, answer } = answered(item);
      const chosen = target ?? answer.logits.indexOf(largest(answer.logits));
      return { ...answer, ...network.split(run, chosen), target: chosen };
    },
  };
}

function partsOf(arrays, { format_version: version, config, network: form, tokenizer }, tables) {
  if (!(version >= 1 && version <= FORMAT_VERSION)) {
    failWith("version", "another version of attnpool made this model");
  }
  const splitter = JSON.parse(tokenizer);
  const network = Object.hasOwn(form, "architecture") ? pairNetworkOf(form, arrays) : networkOf(form, arrays);
  if (tables.classes.length !== network.classes) refuse("classes");
  if (!Object.values(splitter.model.vocab).every(Number.isInteger)) refuse("vocabulary");
  if (1 + largest(Object.values(splitter.model.vocab)) !== network.ngrams.first) refuse("vocabulary");
  if (!(Number.isSafeInteger(config.limit) && config.limit >= 1)) refuse("limit");
  if (!config.cleanup.every((rule) => Object.hasOwn(RULES, rule))) refuse("clean-up");
  return { limit: config.limit, network, read: readerOf(config, splitter, tables) };
}
