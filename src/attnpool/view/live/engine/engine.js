// The whole model: `openModel(base64, tables)` unpacks and checks it. `tables` are what
// attnpool.view.live.tables makes for it: what Python knows of Unicode, and the names of classes.

const FORMAT = "attnpool_compact", FORMAT_VERSION = 1;

async function openModel(base64, tables) {
  const { arrays, metadata } = safetensors(await unpacked(base64));
  let whole, tokenizer, network;
  try {
    whole = JSON.parse(metadata[FORMAT]);
    tokenizer = JSON.parse(whole.tokenizer);
    network = networkOf(whole.network, arrays);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) refuse("its description");
    throw error;
  }
  if (whole.format_version !== FORMAT_VERSION) {
    throw new Error("another version of attnpool made this model; export the page again");
  }
  const { config } = whole, read = readerOf(config, tokenizer, tables);
  if (tables.classes.length !== network.classes) refuse("classes");
  if (1 + largest(Object.values(tokenizer.model.vocab)) !== network.ngrams.first) refuse("vocabulary");

  function answered(tokens) {
    const run = network.run(tokens), { logits, weights } = run;
    return { run, answer: { logits, probabilities: NORMALIZERS.softmax(logits), weights } };
  }
  return {
    classes: tables.classes,
    config,
    limit: config.limit,
    heads: network.heads,
    read,
    without: withoutTokens,
    // `weights` has the attention weights of the tokens, head by head.
    answer: (tokens) => answered(tokens).answer,
    explain(tokens, target) {
      const { run, answer } = answered(tokens);
      const chosen = target ?? answer.logits.indexOf(largest(answer.logits));
      return { ...answer, ...contributionOf(network, run, chosen), target: chosen };
    },
  };
}
