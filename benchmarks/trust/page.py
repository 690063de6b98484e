"""The figures to docs/trust.json, their tables to docs/trust.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.results import between
from benchmarks.trust import methods, models, people_tables

NOTHING = "Not measured yet."
Figures = dict[str, dict[str, Any]]


def read(docs: Path) -> Figures:
    """What was found before, by part: methods, every, models, people."""
    record = docs / "trust.json"
    before = json.loads(record.read_text("utf-8")) if record.exists() else {}
    return {part: before.get(part, {}) for part in ("methods", "every", "models", "people")}


def write(docs: Path, found: Figures) -> None:
    """Write both anew."""
    text = json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False)
    (docs / "trust.json").write_text(text + "\n", encoding="utf-8")
    page = docs / "trust.md"
    text = page.read_text("utf-8")
    for place, part in tables(found).items():
        text = between(text, place, part)
    page.write_text(text, encoding="utf-8")


def tables(found: Figures) -> dict[str, str]:
    """The parts of the page by the names of their places."""
    parts = (list(found[part].values()) for part in ("methods", "every", "models"))
    asked, every, compared = parts
    drawn = {
        "methods": methods.table(asked) if asked else NOTHING,
        "differences": methods.differences_table([*asked, *every]) if asked or every else NOTHING,
        "masking": methods.masking_table(asked) if asked else NOTHING,
        "models": models.table(compared) if compared else NOTHING,
    }
    for source in ("car-reviews", "yelp"):
        one = found["people"].get(source)
        for part in ("methods", "where_right", "differences"):
            drawn[f"{source} {part}"] = people_tables.table(one, part) if one else NOTHING
        drawn[f"{source} rows"] = _rows(one) if one else NOTHING
    drawn["rows"] = (
        "\n".join(
            f"- **{one['title']}**: {one['texts']} held rows, seeds: {one['seeds']}, mean accuracy "
            f"{one['accuracy']:.3f}, {one['predicted_per_second']:,.0f} predictions a second."
            for one in asked
        )
        or NOTHING
    )
    return drawn


def _rows(one: dict[str, Any]) -> str:
    right = f"{one['right']:.0%}" if one["right"] is not None else "none"
    return (
        f"{one['texts']:,} held texts with marks, from {one['folds']} of five folds; mean accuracy "
        f"on all held texts {one['accuracy']:.3f}; of those with marks {right} are answered right."
    )
