"""Damaged and made-up tables: `python -m fuzz.tables --cases 10000 --seed 0`.

Each case is a small file of some format with bytes changed, or with what formats are made of put
in. It is read in a process of its own, with and without its bad rows, and with all its columns.
(Parquet files and workbooks, which take yet another process, are read in one of two ways.) A
surprise is what is neither rows nor a refusal in one line: another exception, more than ten
seconds or two gigabytes, anything printed; or rows that do not fit each other. Each is written to
a folder, and `--replay FOLDER` tries those again.
"""

import argparse
import gzip
import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import attnpool.data
from attnpool.errors import InputError
from fuzz import child
from fuzz.gentle import changed_gzip, changed_parquet, changed_workbook
from fuzz.values import changed_bytes, changed_json

_TEXTS = [
    *("房间干净，服务热情", "隔音太差。", 'say "good"', "a, b; c\td|e", "", " x ", "ünïcödé", "😀"),
    *("第二行\n还在这里", "=1+1", "-5", "null", "long " * 40, "ok", "差", "好"),
]
_LABELS = ["好", "差"] * 8
ROWS = [
    {"text": t, "label": y, "n": i} for i, (t, y) in enumerate(zip(_TEXTS, _LABELS, strict=True))
]
"""The rows of every file before it is changed."""

_PIECES = (
    *(b'"', b'""', b"'", b",", b";", b"\t", b"|", b"\r", b"\n", b"\r\n", b"\0", b"\x1a", b"\\"),
    *(b"\xff\xfe", b"\xef\xbb\xbf", b"\xfe\xff\0", b"\x80", b"\xed\xa0\x80", b"\x81\x30\x81\x30"),
    *(b"__label__", b"{", b"}", b"[", b"]", b":", b"NaN", b"1e999", b"-", b"1" * 5000, b"[" * 3000),
    *("\u2028".encode(), "\u202e".encode(), "\x85".encode(), b"\x1b[31m", b"PK\x03\x04", b"PAR1"),
)

_ODD = 200  # tables of odd types
_WAYS: tuple[dict[str, Any], ...] = (
    *({}, {"skip_bad_rows": True, "originals": True}, {"labelled": False}),
)
_APART = (".parquet", ".xlsx")

# polars leaves threads behind, and a process that is forked after that must not read by it.
_BY_POLARS = """
import json, sys
import polars as pl
rows = json.loads(sys.stdin.read())
kind = pl.col("label").cast(pl.Categorical)
frame = pl.DataFrame(rows).with_columns(kind=kind, many=[["a"], []] * 8)
for name in sys.argv[1:]:
    if name.endswith(".xlsx"):
        frame.drop("many").write_excel(name)
    else:
        how = "uncompressed" if "plain" in name else "zstd"
        frame.write_parquet(name, compression=how, row_group_size=5)
"""


def make(folder: Path) -> dict[str, Path]:
    """Write a file of each format.

    Args:
        folder: Where to.

    Returns:
        Their places by the name of the format.
    """

    def delimited(mark: str) -> str:
        quoted = ['"' + row["text"].replace('"', '""') + '"' for row in ROWS]
        lines = [f"{q}{mark}{row['label']}" for q, row in zip(quoted, ROWS, strict=True)]
        return "\n".join([f"text{mark}label", *lines, ""])

    texts = {
        "csv": delimited(","),
        "tsv": delimited("\t"),
        "jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS),
        "json": json.dumps({"rows": ROWS}),
        "txt": "".join(f"__label__{r['label']} {r['text']}\n".replace("\n还", "") for r in ROWS),
    }
    places = {kind: folder / f"rows.{kind}" for kind in (*texts, "csv.gz", "xlsx", "parquet")}
    for kind, text in texts.items():
        places[kind].write_bytes(text.encode())
    places["odd"] = folder / "odd"  # of which a case takes one
    places["gb"] = folder / "gb.csv"
    places["gb"].write_bytes(texts["csv"].encode("gb18030"))
    places["csv.gz"].write_bytes(gzip.compress(texts["csv"].encode(), mtime=0))
    places["plain"] = folder / "plain.parquet"
    by_polars = [str(places[kind]) for kind in ("xlsx", "parquet", "plain")]
    subprocess.run(
        [sys.executable, "-c", _BY_POLARS, *by_polars],
        input=json.dumps(ROWS),
        text=True,
        check=True,
        cwd=folder,
    )
    script = str(Path(__file__).with_name("odd_tables.py"))
    subprocess.run([sys.executable, script, str(places["odd"]), str(_ODD)], check=True)
    return places


def changed(place: Path, random: Random) -> tuple[bytes, str]:
    """The content of a file with something changed, and what was.

    Args:
        place: The file.
        random: What decides.
    """
    content, said = place.read_bytes(), []
    if place.suffix == ".json" and random.random() < 0.5:
        return changed_json(json.loads(content), random)
    if place.suffix == ".parquet":
        return _changed_parquet(place, content, random)
    if place.suffix == ".xlsx" and random.random() < 0.7:
        return changed_workbook(content, random)
    if place.suffix == ".gz" and random.random() < 0.7:
        return changed_gzip(content, random, _changed_text)
    for _ in range(random.choice((1, 1, 2, 5))):
        content, what = (changed_bytes if place.suffix in _APART else _changed_text)(
            content, random
        )
        said.append(what)
    return content, "; ".join(said)


def _changed_text(content: bytes, random: Random) -> tuple[bytes, str]:
    if random.random() < 0.4:
        return changed_bytes(content, random)
    at, piece = random.randrange(len(content) + 1), random.choice(_PIECES)
    return content[:at] + piece + content[at:], f"{piece[:12]!r} at {at}"


def _changed_parquet(place: Path, content: bytes, random: Random) -> tuple[bytes, str]:
    if place.parent.name == "odd" and random.random() < 0.3:
        return content, f"{place.name} as it is"
    if random.random() < 0.6:
        for _ in range(random.choice((1, 2, 4))):
            content, said = changed_parquet(content, random)
        return content, said
    if random.random() < 0.4:
        return changed_bytes(content, random)
    at = max(0, len(content) - random.randrange(1, 900))  # what it says of itself
    new, what = changed_bytes(content[at:], random)
    return content[:at] + new, what


def case(path: Path) -> child.Outcome:
    """Read a file in a process of its own.

    Args:
        path: The file.
    """
    return child.run(partial(_read, path))


def _read(path: Path) -> str:
    found: list[Any] = []
    refused: list[str] = []
    ways = _WAYS
    if path.suffix in _APART:
        # The first would end at the row without a text.
        ways = (_WAYS[1 + crc32(path.read_bytes()) % 2],)
    for options in ways:
        try:
            rows = attnpool.data.read(path, **options)
        except InputError as error:
            line = str(error)
            assert line.isprintable(), f"not one line: {line!r}"
            refused.append(line)
            continue
        found.append(rows)
        for texts in rows.texts:
            assert len(texts) == len(rows.texts[0]), "texts"
            "".join(texts).encode()  # no lone surrogates
        if options != {"labelled": False}:
            assert len(rows.labels) == len(rows.texts[0]), "labels"
            assert all(rows.labels), "a row without a label"
        if rows.originals is not None:
            width = len(rows.originals.columns)
            first = rows.originals[rows.originals.columns[0]] if width else rows.texts[0]
            assert len(first) == len(rows.texts[0]), "original rows"
    if refused and not found:
        raise InputError(refused[0])
    return f"{len(found)} readings"


def fuzz(kinds: list[str], cases: range, seed: int, out: Path) -> Counter[str]:
    """Try some cases; surprises are written to a folder.

    Args:
        kinds: The formats, names of `make`; none: all.
        cases: The numbers of the cases; each is the same whenever it is tried.
        seed: Decides, with the number, what a case is.
        out: The folder.
    """
    counts = Counter[str]()
    with tempfile.TemporaryDirectory() as temporary:
        places = make(Path(temporary))
        chosen = [places[kind] for kind in kinds or places]
        for place in chosen:
            if place.is_file():
                whole = case(place)
                assert whole.kind == child.OK, f"{place.name}: {whole}"
        for number in cases:
            random = Random(f"{seed} {number}")
            place = random.choice(chosen)
            if place.is_dir():
                place = random.choice(sorted(place.iterdir()))
            content, said = changed(place, random)
            file = Path(temporary) / f"case.{place.name.partition('.')[2]}"
            file.write_bytes(content)
            found = case(file)
            counts[found.kind] += 1
            if found.kind == child.SURPRISE:
                kept = out / f"{seed}-{number}"
                kept.mkdir(parents=True, exist_ok=True)
                (kept / file.name).write_bytes(content)
                what = {"of": place.name, "changed": said, "found": found.detail}
                (kept / "what.json").write_text(json.dumps(what, indent=2))
    return counts


def main() -> None:
    """Read the arguments, fuzz, print one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", action="append", default=[], help="a format; default: all")
    parser.add_argument("--out", type=Path, default=Path("build/fuzz/tables"))
    parser.add_argument("--replay", type=Path, help="a folder of surprises to try again")
    given = parser.parse_args()
    importlib.import_module("polars")  # each case, a fork, would import it anew
    began = time.perf_counter()
    if given.replay:
        counts = child.replay(given.replay, case, "case.*")
    else:
        cases = range(given.first, given.first + given.cases)
        counts = fuzz(given.kind, cases, given.seed, given.out)
    print(
        f"{' and '.join(given.kind) or 'tables'}: {counts.total():,} cases, "
        f"{counts[child.OK]:,} read, {counts[child.REFUSED]:,} refused, "
        f"{counts[child.SURPRISE]:,} surprises, {time.perf_counter() - began:.0f} s"
    )
    sys.exit(bool(counts[child.SURPRISE]))


if __name__ == "__main__":
    main()
