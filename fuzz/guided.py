"""Coverage-guided fuzzing by atheris: `python -m fuzz.guided tokenizers --seconds 1200`.

libFuzzer makes up inputs and keeps those that reach new code. What is asked of each target stands
in its function; an exception other than a refusal in one line, ten seconds or two gigabytes end
the run, and the input is written to a folder: `python -m fuzz.guided tokenizers --replay FILE`.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import atheris

with atheris.instrument_imports(include=["attnpool"]):
    import attnpool
    import attnpool.data
    import attnpool.data.reader
    import attnpool.text.cleanup
    import attnpool.text.reader
    import attnpool.text.tokenizers.characters
    import attnpool.text.tokenizers.loading
    import attnpool.text.tokenizers.segmenter
    import attnpool.text.tokenizers.words
    import attnpool.view.as_json
    import attnpool.view.markdown
    import attnpool.view.page.html
    import attnpool.view.picture.svg
    import attnpool.view.terminal.lines
    import attnpool.view.terminal.terminal
    from attnpool.errors import InputError
    from attnpool.text import make_tokenizer

_TRAINED = [
    "房间很干净，服务热情！",
    "A room with a view, e.g. U.S.A. 3.14",
    "ห้องสะอาด",
    "😀👨‍👩‍👧 café",
] * 2
# Under atheris a process grows by up to 2 kB an input: with more it would exceed the limit itself.
_RUNS = 250_000
_FORMATS = ("html", "svg", "markdown", "terminal", "lines", "json")
# What would act on a terminal or reorder a page; colours of our own are taken out before.
_ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ELEMENTS = {"script", "iframe", "object", "embed", "img", "link", "base", "form", "meta"}


def _text(given: Any, most: int = 400) -> str:
    """A text of the usual kind, or one with any code points."""
    if given.ConsumeBool():
        return str(given.ConsumeUnicode(given.ConsumeIntInRange(0, most)))
    raw = given.ConsumeBytes(given.ConsumeIntInRange(0, most))
    return bytes(raw).decode("utf-8", "surrogateescape")


def _check_line(error: InputError) -> None:
    assert str(error).isprintable(), "not one line"


def tokenizers() -> Callable[[bytes], None]:
    """Spans are in order, within the text and not empty; a batch is its texts; a limit cuts."""
    known = [make_tokenizer(kind, _TRAINED, 1) for kind in ("characters", "words", "jieba")]

    def one(data: bytes) -> None:
        given = atheris.FuzzedDataProvider(data)
        tokenizer = known[given.ConsumeIntInRange(0, len(known) - 1)]
        limit = given.ConsumeIntInRange(1, 60)
        texts = [_text(given), _text(given)]
        both, heads = tokenizer.encode(texts), tokenizer.encode(texts, limit)
        ends = [0, *both.lengths.cumsum().tolist()]
        head_ends = [0, *heads.lengths.cumsum().tolist()]
        for i, text in enumerate(texts):
            ids, spans = both.ids[ends[i] : ends[i + 1]], both.spans[ends[i] : ends[i + 1]]
            assert ((ids >= 0) & (ids < tokenizer.size)).all(), "ids"
            flat = spans.reshape(-1).tolist()
            assert flat == sorted(flat), "spans in order"
            assert (spans[:, 0] < spans[:, 1]).all(), "empty spans"
            assert not flat or flat[-1] <= len(text), "spans within the text"
            alone = tokenizer.encode([text])
            assert alone.ids.tolist() == ids.tolist(), "a batch is its texts"
            head = heads.ids[head_ends[i] : head_ends[i + 1]]
            assert head.tolist() == ids[:limit].tolist(), "a limit cuts"

    return one


def readers() -> Callable[[bytes], None]:
    """A file is rows that fit each other, or refused in one line."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    kinds = (".csv", ".tsv", ".txt", ".jsonl", ".json")

    def one(data: bytes) -> None:
        given = atheris.FuzzedDataProvider(data)
        kind = kinds[given.ConsumeIntInRange(0, len(kinds) - 1)]
        skip, labelled = given.ConsumeBool(), given.ConsumeBool()
        path = folder / f"case{kind}"
        path.write_bytes(given.ConsumeBytes(given.remaining_bytes()))
        try:
            rows = attnpool.data.read(path, skip_bad_rows=skip, labelled=labelled, originals=True)
        except InputError as error:
            _check_line(error)
            return
        for texts in rows.texts:
            assert len(texts) == len(rows.texts[0]), "texts"
            "".join(texts).encode()
        assert not labelled or len(rows.labels) == len(rows.texts[0]), "labels"

    return one


class _Elements(HTMLParser):
    """Counts the elements by which a page could do something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, int] = {}
        self.handlers = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ELEMENTS:
            self.found[tag] = self.found.get(tag, 0) + 1
        self.handlers += sum(name.startswith("on") for name, _ in attrs)


def _elements(page: str) -> tuple[dict[str, int], int]:
    parser = _Elements()
    parser.feed(page)
    return parser.found, parser.handlers


def renderings() -> Callable[[bytes], None]:
    """Whatever the text and the names: nothing acts, XML is XML, JSON gives the text back."""
    plain = attnpool.Explanation.from_values(
        "ab", [(0, 1)], [0.5], probabilities={"a": 0.75, "b": 0.25}
    )
    usual = _elements(attnpool.render(plain, "html", lang="en"))

    def one(data: bytes) -> None:
        given = atheris.FuzzedDataProvider(data)
        text = _text(given)
        cuts = sorted({given.ConsumeIntInRange(0, len(text)) for _ in range(8)})
        spans = list(pairwise(cuts))[:: given.ConsumeIntInRange(1, 2)]
        values = [given.ConsumeFloatInRange(-1, 1) for _ in spans]
        names = [_text(given, 30), _text(given, 30)]
        method = ("attention", "contribution", _text(given, 20))[given.ConsumeIntInRange(0, 2)]
        form = _FORMATS[given.ConsumeIntInRange(0, len(_FORMATS) - 1)]
        label = names[1] if given.ConsumeBool() else None
        shares = {names[0]: 0.75, names[1]: 0.25} if names[0] != names[1] else {names[0]: 1.0}
        try:
            explanation = attnpool.Explanation.from_values(
                text, spans, values, method=method, probabilities=shares, label=label
            )
            drawn = attnpool.render(explanation, form, **({"lang": "en"} if form == "html" else {}))
        except InputError as error:
            _check_line(error)
            return
        drawn.encode()
        if form == "json":
            [known] = json.loads(drawn)["texts"]
            assert known == text or "\ufffd" in known, "the text"
            return
        assert not _ACTS.search(_COLOUR.sub("", drawn)), "a code that acts"
        if form == "svg":
            ET.fromstring(drawn)
        elif form == "html":
            assert _elements(drawn) == usual, "elements of a text"

    return one


TARGETS = {"tokenizers": tokenizers, "readers": readers, "renderings": renderings}


def main() -> None:
    """Run a target for some time, in processes of its own, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--replay", type=Path, help="an input to try again")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    out = given.out / given.target
    if given.replay:
        TARGETS[given.target]()(given.replay.read_bytes())
        return
    if given.here:
        (out / "corpus").mkdir(parents=True, exist_ok=True)
        options = [
            *(f"-max_total_time={given.seconds}", f"-runs={_RUNS}", f"-seed={given.seed}"),
            *("-timeout=10", "-rss_limit_mb=2048", "-max_len=4096", f"-artifact_prefix={out}/"),
        ]
        atheris.Setup([sys.argv[0], *options, str(out / "corpus")], TARGETS[given.target]())
        atheris.Fuzz()
    began, tried, seed = time.perf_counter(), 0, given.seed
    while (left := given.seconds - (time.perf_counter() - began)) >= 1 or not tried:
        tried += _part(given.target, max(1, int(left)), seed, given.out)
        seed += 1
    print(f"{given.target}: {tried:,} inputs, 0 surprises, {time.perf_counter() - began:.0f} s")


def _part(target: str, seconds: int, seed: int, out: Path) -> int:
    """Run a target in a process of its own; the number of inputs. A surprise ends this one."""
    options = [f"--seconds={seconds}", f"--seed={seed}", f"--out={out}"]
    ran = subprocess.run(
        [sys.executable, "-m", "fuzz.guided", "--here", target, *options],
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    done = re.search(r"Done (\d+) runs", ran.stderr)
    if done is None:
        sys.exit(f"{target}: a surprise, see {out / target}\n{ran.stderr[-3000:]}")
    return int(done[1])


if __name__ == "__main__":
    main()
