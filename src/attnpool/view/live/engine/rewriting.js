// A text that is rewritten step by step; `starts` and `ends` say where in the raw text each of its
// code points comes from, null while nothing moved.

class Rewriting {
  constructor(codes) {
    this.codes = codes;
    this.starts = this.ends = null;
  }

  // `match(codes, i)` is where a match that begins at i ends, 0 if there is none; `read` gives what
  // stands in its place.
  replace(match, read) {
    const found = [];
    for (let i = 0; i < this.codes.length; ) {
      const end = match(this.codes, i);
      if (!end) {
        i++;
        continue;
      }
      const old = this.codes.subarray(i, end), now = read(old);
      const most = Math.min(old.length, now.length) - 1;
      let kept = 0; // marks that stay keep their offsets
      while (kept < most && old.at(-1 - kept) === now.at(-1 - kept)) kept++;
      const same = old.length === now.length && now.every((code, k) => code === old[k]);
      if (!same) found.push([i, end - kept, now.slice(0, now.length - kept)]);
      i = end;
    }
    if (found.length) this.put(found);
  }

  put(found) {
    const codes = [], starts = [], ends = [];
    let done = 0;
    const begins = (i) => (this.starts ? this.starts[i] : i);
    const stops = (i) => (this.ends ? this.ends[i] : i + 1);
    const keep = (until) => {
      for (; done < until; done++) {
        codes.push(this.codes[done]);
        starts.push(begins(done));
        ends.push(stops(done));
      }
    };
    for (const [begin, end, now] of found) {
      keep(begin);
      for (const code of now) {
        codes.push(code);
        starts.push(begins(begin));
        ends.push(stops(end - 1));
      }
      done = end;
    }
    keep(this.codes.length);
    this.codes = Int32Array.from(codes);
    this.starts = starts;
    this.ends = ends;
  }
}
