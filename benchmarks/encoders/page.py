"""The figures to docs/encoders.json; their tables to docs/encoders.md and docs/trust.md."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.encoders.contenders import MEAN, NAMES
from benchmarks.encoders.faithful import AGAINST, METHODS, STEPS
from benchmarks.few_labels.record import swap
from benchmarks.results import between
from benchmarks.speed.report import grid, machine_line, number

Found = dict[str, Any]
NOTHING = "Not measured yet."
_ROUNDING = 1e-4  # a share; what is missing below it is the rounding of float32
_TITLES = {
    "leave_one_out": "leave-one-out",
    "integrated_gradients": f"integrated gradients, {STEPS} steps",
    "gradient_x_input": "gradient × input",
    "random": "random order",
}


def read(docs: Path) -> Found:
    """What was found before; nothing is lost that is not measured anew."""
    record = docs / "encoders.json"
    empty: Found = {"accuracy": {}, "faithfulness": {}, "families": []}
    return json.loads(record.read_text("utf-8")) if record.exists() else empty


def write(docs: Path, found: Found) -> None:
    """Write all of them anew."""
    swap(docs / "encoders.json", json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    parts = {
        "encoders.md": {
            "accuracy": _accuracy(found["accuracy"]),
            "seconds": _seconds(found.get("seconds", {})),
            "others": _others(found.get("others", {})),
            "families": _families(found["families"]),
            "machine": machine_line(found["machine"]) if "machine" in found else NOTHING,
        },
        "trust.md": {"encoder": _faithfulness(found["faithfulness"], found.get("seconds", {}))},
    }
    for name, tables in parts.items():
        page = docs / name
        text = page.read_text("utf-8")
        for place, part in tables.items():
            text = between(text, place, part)
        swap(page, text)


def _accuracy(found: Found) -> str:
    if not found:
        return NOTHING
    sizes = list(found)
    lines = []
    for name in NAMES:
        cells = [
            _mean([run["accuracy"] for run in found[size].get(name, {}).values()], 3)
            for size in sizes
        ]
        lines.append([name, *cells])
    return grid(["", *(f"{size} labels" for size in sizes)], lines)


def _seconds(found: Found) -> str:
    if not found:
        return NOTHING
    lines = []
    for name in NAMES:
        if name in found:
            of = found[name]
            explained = f"{number(of['explain_ms'])} ms" if name != MEAN else ""
            lines.append(
                [
                    name,
                    f"{number(of['train_seconds'])} s",
                    f"{number(of['predict_ms'])} ms",
                    explained,
                ]
            )
    return grid(["", "train, all labels", "predict a text", "explain a text"], lines)


def _others(found: Found) -> str:
    if not found:
        return NOTHING
    lines = [
        [
            name,
            _interval(of["comprehensiveness"]),
            f"{of['missing']:.1%}" if of["missing"] > _ROUNDING else "0",
            number(of["predictions"]),
        ]
        for name, of in found.items()
    ]
    return grid(["", "comprehensiveness", "missing of the margin", "cost in predictions"], lines)


def _families(found: Sequence[Found]) -> str:
    if not found:
        return NOTHING
    cells = ("family", "attention", "miss", "encoder", "note")
    lines = [[one.get(cell, "") for cell in cells] for one in found]
    titles = ["family", "attention", "miss", "encoder", "rules beside those that all need"]
    return grid(titles, lines)


def _faithfulness(found: Found, seconds: Found) -> str:
    if not found:
        return "To be measured by `make encoders`."
    parts = []
    for name, of in found.items():
        costs = seconds.get(name, {}).get("predictions", {})
        lines = [
            [
                _TITLES.get(method, method),
                _interval(of["methods"][method]["comprehensiveness"]),
                _interval(of["methods"][method]["sufficiency"]),
                number(costs[method]) if method in costs else "",
            ]
            for method in (*METHODS, "random")
        ]
        table = grid([name, "comprehensiveness", "sufficiency", "cost in predictions"], lines)
        own = {other: of["differences"][other]["comprehensiveness"] for other in AGAINST}
        differences = "; ".join(
            f"{_TITLES[other]} {_interval(less, sign=True)}" for other, less in own.items()
        )
        parts.append(
            f"{table}\n\nComprehensiveness of contribution less that of others, paired, on "
            f"{of['texts']} sentences: {differences}."
        )
    return "\n\n".join(parts)


def _interval(of: Found, *, sign: bool = False) -> str:
    form = "+.3f" if sign else ".3f"
    return f"{of['mean']:{form}} [{of['low']:{form}}, {of['high']:{form}}]"


def _mean(values: list[float], digits: int) -> str:
    if not values:
        return ""
    if len(values) == 1:
        return f"{values[0]:.{digits}f} (one seed)"
    return f"{np.mean(values):.{digits}f} ± {np.std(values, ddof=1):.{digits}f}"
