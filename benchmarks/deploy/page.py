"""The figures to docs/deploy.json, their tables to docs/deploy.md."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.deploy.contenders import COMPACT
from benchmarks.deploy.environments import INSTALLED
from benchmarks.deploy.measuring import SPLIT
from benchmarks.deploy.targets import MB, Found, percent, targets
from benchmarks.few_labels.page import NOTHING
from benchmarks.few_labels.record import swap
from benchmarks.results import between
from benchmarks.speed.report import MIB, grid, machine_line, number

SETS = ("hotel", "thucnews-titles", "weibo-senti-100k", "sst2")


def read(docs: Path) -> Found:
    """What was found before; nothing is lost that is not measured anew."""
    record = docs / "deploy.json"
    return json.loads(record.read_text("utf-8")) if record.exists() else {"sets": {}}


def write(docs: Path, found: Found) -> None:
    """Write both anew."""
    found["sets"] = {name: found["sets"][name] for name in SETS if name in found["sets"]}
    swap(docs / "deploy.json", json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    page = docs / "deploy.md"
    text = page.read_text("utf-8")
    for place, part in tables(found).items():
        text = between(text, place, part)
    swap(page, text)


def tables(found: Found) -> dict[str, str]:
    """The parts of the page by the names of their places."""
    sets = found.get("sets", {})
    return {
        "targets": _targets(found),
        **{name: _contenders(sets[name]) if name in sets else NOTHING for name in SETS},
        "explaining": _explaining(sets),
        "live": _live(found.get("live", {})),
        "installed": _installed(found),
        "rows": _rows(sets),
        "machine": _machines(sets),
    }


def _targets(found: Found) -> str:
    lines = [
        [of.figure, of.wanted, of.found, "yes" if of.reached else "**no**"] for of in targets(found)
    ]
    return grid(["figure", "target", "measured", "reached"], lines) if lines else NOTHING


def _contenders(one: Found) -> str:
    """A line for each contender on a set."""
    rate = one["contenders"][COMPACT]["batch"]["rate"]
    lines = []
    for name, of in one["contenders"].items():
        cold, alike = of["cold"], of.get("alike")
        lines.append(
            [
                name,
                _size(of["bytes"]),
                f"{cold['processor']:.2f} s",
                f"{cold['wall']:.2f} s",
                _size(cold["memory"]),
                number(of["batch"]["rate"]),
                f"{rate / of['batch']['rate']:.2f}",
                _milliseconds(of["one"]["seconds"]),
                f"{of['right'] / one['test']:.4f}",
                "" if alike is None else percent(alike / one["test"]),
            ]
        )
    head = "|on disk|cold start, processor|by the clock|memory|texts/s|ratio|one text"
    return grid([*head.split("|"), "accuracy", "alike"], lines)


def _explaining(sets: dict[str, Found]) -> str:
    """What explanations cost with each of attnpool's own."""
    lines = []
    for one in sets.values():
        for name, of in one["explaining"].items():
            split = _milliseconds(one[SPLIT]["seconds"]) if name == COMPACT else ""
            cells = [number(of["batch"]["rate"]), _milliseconds(of["one"]["seconds"]), split]
            lines.append([one["title"], name, *cells])
    head = ["data", "", "explanations/s", "one text", "of it reading and splitting"]
    return grid(head, lines) if lines else NOTHING


def _live(sets: dict[str, Found]) -> str:
    lines = [
        [
            one["title"],
            _size(one["bytes"]),
            f"{percent(one['alike'] / one['test'])} ({one['alike']:,} of {one['test']:,})",
            f"{one['first_paint_ms']:.0f} ms",
            f"{one['keystroke_median_ms']:.1f} ms, {one['keystroke_ms']:.1f} ms",
            f"{one['keystroke_tokens']:,}",
        ]
        for one in sets.values()
    ]
    head = [
        "data",
        "page",
        "answers alike, in Chromium",
        "first paint",
        "a keystroke: median, 95th percentile",
        "tokens drawn",
    ]
    return grid(head, lines) if lines else NOTHING


def _installed(found: Found) -> str:
    lines = [
        [shown, f"{of['bytes'] / MIB:,.0f} MiB", str(of["distributions"])]
        for name, shown in INSTALLED.items()
        if (of := found.get("installed", {}).get(name))
    ]
    head = ["`pip install` of", "on disk", "distributions"]
    return grid(head, lines) if lines else NOTHING


def _rows(sets: dict[str, Found]) -> str:
    lines = [
        [
            one["title"],
            f"{one['train']:,}",
            f"{one['test']:,}",
            f"{one['mean_length']:.0f}",
            str(one["cold_length"]),
        ]
        for one in sets.values()
    ]
    head = ["data", "training rows", "test rows", "mean characters", "of the cold start's text"]
    return grid(head, lines) if lines else NOTHING


def _machines(sets: dict[str, Found]) -> str:
    """A line, or a line for each set where not all were measured alike."""
    lines = {name: machine_line(one["machine"]) for name, one in sets.items()}
    if len(set(lines.values())) > 1:
        return "\n".join(f"- {sets[name]['title']}: {line}" for name, line in lines.items())
    return next(iter(lines.values()), NOTHING)


def _size(size: float) -> str:
    return f"{number(size / MB)} MB"


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.2f} ms"
