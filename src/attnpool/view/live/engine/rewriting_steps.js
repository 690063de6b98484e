// What is rewritten, in this order: each step is a pair of functions for `Rewriting.replace`. The
// patterns of attnpool.text.look_alikes, spelt out: browsers have no possessive quantifiers.

function stepsOf(flags, nfc, single, several) {
  const is = (flag, codes, i) => i >= 0 && i < codes.length && (flags[codes[i]] & flag) !== 0;
  const isJoiner = (code) => code === NON_JOINER || code === JOINER;
  // At an end of the text nothing is joined either.
  const isUnjoined = (codes, i) => i < 0 || i >= codes.length || is(UNJOINED, codes, i);

  function runEnd(codes, i, belongs) {
    while (i < codes.length && belongs(codes[i])) i++;
    return i;
  }
  const runOf = (codes, i, wanted) => runEnd(codes, i, (code) => code === wanted);

  function invisible(codes, i) {
    const end = runEnd(codes, i, (code) => (flags[code] & INVISIBLE) !== 0);
    return end > i ? end : 0;
  }

  function spaceBetweenLetters(codes, i) {
    if (codes[i] !== SPACE || !is(SPACELESS, codes, i - 1)) return 0;
    const end = runOf(codes, i, SPACE);
    return is(SPACELESS, codes, end) ? end : 0;
  }

  function unseenJoiner(codes, i) {
    if (codes[i] === SPACE) return runOf(codes, i, SPACE);
    if (!isJoiner(codes[i])) return 0;
    const end = runEnd(codes, i, isJoiner);
    if (isUnjoined(codes, i - 1)) return end;
    const apart = !isJoiner(codes[i - 1]) && !is(VIRAMA, codes, i - 1);
    if (apart && isUnjoined(codes, end)) return end;
    return codes[i - 1] === codes[i] ? runOf(codes, i, codes[i]) : 0;
  }

  const isHalfKana = (code) => code >= 0xff66 && code <= 0xff9d;
  const isVoicing = (code) => code === 0xff9e || code === 0xff9f;
  function readAsOthers(codes, i) {
    if (isHalfKana(codes[i]) && i + 1 < codes.length && isVoicing(codes[i + 1])) return i + 2;
    return several.has(codes[i]) || single(codes[i]) !== codes[i] ? i + 1 : 0;
  }
  function others([code, voicing]) {
    if (voicing) return nfc([single(code), voicing - 0xff9e + 0x3099]);
    return several.get(code) ?? [single(code)];
  }

  function withMarks(codes, i) {
    const end = runEnd(codes, i + 1, (code) => (flags[code] & MARK) !== 0);
    return end > i + 1 || is(MARK | CHANGED, codes, i) ? end : 0;
  }

  // Vowels of Thai and Lao in two parts: NIKHAHIT, a tone mark before or behind it, SARA AA.
  function typedInParts(codes, i) {
    for (const block of [THAI, LAO]) {
      const at = (k) => (i + k < codes.length ? codes[i + k] - block : -1);
      const isTone = (k) => at(k) >= 0x48 && at(k) <= 0x4b;
      if (at(0) === 0x40 && at(1) === 0x40) return i + 2;
      if (at(0) === 0x4d && at(1) === 0x32) return i + 2;
      if (at(0) === 0x4d && isTone(1) && at(2) === 0x32) return i + 3;
      if (isTone(0) && at(1) === 0x4d && at(2) === 0x32) return i + 3;
    }
    return 0;
  }
  function retyped(codes) {
    const block = codes[0] < LAO ? THAI : LAO;
    if (codes[0] === block + 0x40) return [block + 0x41];
    const tone = Array.from(codes).filter((c) => c >= block + 0x48 && c <= block + 0x4b);
    return [...tone, block + 0x33];
  }

  const nothing = () => [];
  const steps = [
    [invisible, nothing],
    [spaceBetweenLetters, () => [0x20]],
    [unseenJoiner, nothing],
    [readAsOthers, others],
    [withMarks, nfc],
    [typedInParts, retyped],
  ];
  return { steps };
}
