"""The record of all parts, and its tables in `BENCHMARKS.md`."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from benchmarks.results import between
from benchmarks.speed.explaining import ATTENTION, PREDICT
from benchmarks.speed.registry import CONTENDERS, OURS, TWIN

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "docs" / "benchmarks.json"
PAGE = ROOT / "BENCHMARKS.md"
MIB = 1 << 20
Found = Mapping[str, Any]


def machine() -> dict[str, Any]:
    """Where a part was measured."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "system": platform.system(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


def save(record: Path, page: Path, found: Found) -> None:
    """Write both; tables of parts that were never measured stay as they are."""
    record.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    text = page.read_text("utf-8")
    for name, part in tables(found).items():
        text = between(text, name, part)
    page.write_text(text, encoding="utf-8")


def tables(found: Found) -> dict[str, str]:
    """The tables of the parts that were measured, by the names of their places on the page."""
    made = {name: make(found[name]) for name, make in _TABLES.items() if name in found}
    whole = {"summary": summary(found)} if "training" in found or "prediction" in found else {}
    where = next((found[name]["machine"] for name in found if "machine" in found[name]), None)
    return whole | ({"machine": machine_line(where)} if where else {}) | made


def summary(found: Found) -> str:
    """One line per contender: the cost of training and of prediction."""
    rows = []
    for name in CONTENDERS:
        train, many = (_of(found, part, name) for part in ("training", "prediction"))
        one, memory = (_of(found, part, name) for part in ("single", "memory"))
        if not train and not many:
            continue
        epochs = train and train["units"]
        rows.append(
            [
                name,
                number(train["rate"]) if epochs else "",
                _times(found, "training", name) if epochs else "",
                f"{train['seconds']:.1f} s" if train and _whole(train) else "",
                number(many["rate"]) if many else "",
                _times(found, "prediction", name) if many else "",
                number(many["characters_per_second"]) if many else "",
                f"{1000 * one['seconds']:.2f} ms" if one else "",
                _memory(memory, "train"),
                _memory(memory, "answer"),
            ]
        )
    head = "contender|training, texts/s|ratio|to a trained model|prediction, texts/s"
    head += "|ratio|characters/s|one text|peak, training|peak, prediction"
    return grid(head.split("|"), rows)


def training(part: Found) -> str:
    """What each figure was measured on, and the accuracy of the model."""
    rows = [
        [
            name,
            number(one["rate"]) if one["units"] else "",
            f"{one['seconds']:.2f} ({one['least']:.2f}–{one['most']:.2f})",
            number(one["units"]) if one["units"] else "",
            str(one["rounds"]),
            f"{one['accuracy']:.3f}" if "accuracy" in one else "",
            one["note"],
        ]
        for name, one in part["contenders"].items()
    ]
    head = "contender|texts/s|seconds, median (least–most)|texts processed|rounds"
    return grid([*head.split("|"), "accuracy", "measured on"], rows)


def prediction(part: Found) -> str:
    """All test texts at once."""
    rows = [
        [
            name,
            "yes" if one["weights"] else "no",
            number(one["rate"]),
            number(one["characters_per_second"]),
            f"{one['seconds']:.3f} ({one['least']:.3f}–{one['most']:.3f})",
            str(one["rounds"]),
        ]
        for name, one in part["contenders"].items()
    ]
    head = "contender|weights|texts/s|characters/s|seconds, median (least–most)|rounds"
    shares = [
        f"{name} {one['seconds'] / part['contenders'][name]['seconds']:.0%}"
        for name, one in part["tokenising"].items()
    ]
    note = (
        f"Share of the time that tokenising takes: {', '.join(shares)}. The logits and weights of "
        f"the two differ by {part['difference']:.0e} at most."
    )
    return f"{grid(head.split('|'), rows)}\n\n{note}"


def single(part: Found) -> str:
    """One text at a time."""
    rows = [
        [
            name,
            f"{1000 * one['seconds']:.2f} ms",
            f"{1000 * one['ninetieth']:.2f} ms",
            str(one["rounds"]),
        ]
        for name, one in part["contenders"].items()
    ]
    return grid(["contender", "median", "90th percentile", "texts"], rows)


def explaining(part: Found) -> str:
    """The cost of explanations."""
    of = part["contenders"]
    rows = [
        [
            name,
            number(one["rate"]),
            f"{of[PREDICT]['rate'] / one['rate']:,.2f} ×",
            f"{of[ATTENTION]['rate'] / one['rate']:,.2f} ×",
            f"{one['texts']:,}",
            one["note"],
        ]
        for name, one in of.items()
    ]
    head = ["method", "texts/s", f"times `{PREDICT}`", "times `explain`", "texts", ""]
    return grid(head, rows)


def memory(part: Found) -> str:
    """The peak of each process, and what it held at the start."""
    rows = []
    for name, one in part["contenders"].items():
        cells = [name]
        for task in ("train", "answer"):
            cells += [_memory(one, task), _memory(one, task, "before")]
        rows.append(cells)
    head = "contender|peak, training|before|peak, prediction|before"
    return grid(head.split("|"), rows)


def growth(part: Found) -> str:
    """Three tables: by rows, by length, by heads."""
    made = []
    for axis in ("rows", "length", "heads"):
        head = [axis]
        for name in (OURS, TWIN):
            head += [f"{name}: training", "peak", "prediction", "peak"]
        rows = []
        for value, point in part[axis].items():
            cells = [f"{int(value):,}"]
            for name in (OURS, TWIN):
                for task in ("train", "answer"):
                    one = point.get(name, {}).get(task)
                    cells += [_rate(one), _memory(point.get(name), task)]
            rows.append(cells)
        made.append(grid(head, rows))
    return "\n\n".join(made)


def profile(part: Found) -> str:
    """Shares of the time, by line and by kind, and the share of the limit."""
    made = []
    for name, work in part["work"].items():
        share = f"{work['gflops']:.1f} of {work['limit']:.0f} GFLOP/s, {work['share']:.1%}"
        made.append(f"**{name.capitalize()}**: {share} of the matrix limit.")
        lines = [
            [
                f"{one['share']:.0%}",
                f"`{one['file']}`",
                f"`{one['line'].replace('|', chr(92) + '|')}`",
            ]
            for one in work["lines"]
        ]
        made.append(grid(["share of the time", "file", "line"], lines))
        kinds = [[f"{share:.0%}", kind] for kind, share in work["kinds"].items() if share >= 0.005]
        made.append(grid(["share of the time", "kind of work"], kinds))
    return "\n\n".join(made)


def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def number(value: float) -> str:
    """A number with three significant digits."""
    if value >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}"


def _of(found: Found, part: str, name: str) -> Found | None:
    return found.get(part, {}).get("contenders", {}).get(name)


def _times(found: Found, part: str, name: str) -> str:
    of = found[part]["contenders"]
    if OURS not in of or not of[name]["units"]:
        return ""
    return f"{of[OURS]['rate'] / of[name]['rate']:,.2f}"


def _whole(one: Found) -> bool:
    return "accuracy" in one


def _memory(of: Found | None, task: str, key: str = "peak") -> str:
    one = (of or {}).get(task)
    if not one:
        return ""
    return "failed" if "failed" in one else f"{one[key] / MIB:,.0f} MiB"


def _rate(one: Found | None) -> str:
    if not one or "failed" in one:
        return "failed" if one else ""
    return f"{one['seconds']:.2f} s, {number(one['texts'] / one['seconds'])}/s"


def machine_line(where: Found) -> str:
    """Where a part was measured, in a line."""
    return (
        f"{where['processor']}, {where['cores']} cores, {where['threads']} threads; "
        f"Python {where['python']}, torch {where['torch']}."
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


_TABLES: Mapping[str, Callable[[Found], str]] = {
    "training": training,
    "prediction": prediction,
    "single": single,
    "explaining": explaining,
    "memory": memory,
    "growth": growth,
    "profile": profile,
}
