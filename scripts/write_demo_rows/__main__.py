"""`python -m scripts.write_demo_rows [--out DIR]`: writes the six files of demo rows."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import articles, moods, pairs, reviews, sentiment, titles
from .rows import to_jsonl

SEED = "attnpool demo"
PACKAGE = Path(__file__).parents[2] / "src" / "attnpool" / "data" / "demo"
WRITERS = {
    "sentiment": sentiment.rows,
    "reviews": reviews.rows,
    "moods": moods.rows,
    "titles": titles.rows,
    "articles": articles.rows,
    "pairs": pairs.rows,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the bundled demo rows.")
    parser.add_argument("--out", type=Path, default=PACKAGE, help="folder (default: %(default)s)")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, write in WRITERS.items():
        data = to_jsonl(write(f"{SEED} {name}"))
        (out / f"{name}.jsonl").write_bytes(data)
        print(f"{out / f'{name}.jsonl'}: {data.count(10)} rows, {len(data):,} bytes")


if __name__ == "__main__":
    main()
