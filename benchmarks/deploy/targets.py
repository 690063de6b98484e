"""What is wanted of a compact file, and what it has, from the record alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from benchmarks.deploy.contenders import COMPACT, SMALL, WHOLE
from benchmarks.deploy.environments import LIGHT
from benchmarks.deploy.measuring import SPLIT
from benchmarks.speed.report import MIB

MB = 1_000_000
SIZE = 12 * MIB
ALIKE, ACCURACY = 0.995, 0.002
PROCESSOR, MEMORY = 0.35, 90 * MB
INSTALLATION = 140 * MIB
RATE = 0.7
PAGE, PAINT, KEYSTROKE = 3 * MB, 500, 16
ONE = 0.0003

Found = dict[str, Any]


class Target(NamedTuple):
    """A line of the table.

    Attributes:
        figure: What is measured.
        wanted: What is wanted, in words.
        found: What it is, in words.
        reached: Whether that is what is wanted.
    """

    figure: str
    wanted: str
    found: str
    reached: bool


def targets(found: Found) -> list[Target]:
    """Those whose figures were measured."""
    sets = found.get("sets", {})
    made = list(_hotel(sets["hotel"])) if "hotel" in sets else []
    made += [_small(one) for one in sets.values()]
    if "hotel" in found.get("live", {}):
        made += _live(found["live"]["hotel"])
    if sets:
        made += [
            _most(sets, "processor", PROCESSOR, lambda seconds: f"{seconds:.2f} s"),
            _most(sets, "memory", MEMORY, lambda size: f"{size / MB:.0f} MB"),
        ]
    if LIGHT in found.get("installed", {}):
        size = found["installed"][LIGHT]["bytes"]
        made.append(_at_most("light installation, as `du -m` counts", size, INSTALLATION))
    return made


def _hotel(one: Found) -> Iterator[Target]:
    of, rows = one["contenders"][COMPACT], one["test"]
    name = f"{one['title']}, {COMPACT}"
    yield _at_most(f"{name}: size", of["bytes"], SIZE)
    alike = f"{of['alike']:,} of {rows:,}"
    yield Target(f"{name}: answers alike", "all", alike, of["alike"] == rows)
    times = one["logits"][COMPACT]["rate"] / one["logits"][WHOLE]["rate"]
    figure = f"{name}: texts to logits, beside the folded tables in torch"
    yield Target(figure, f"at least {RATE} ×", f"{times:.2f} ×", times >= RATE)
    seconds = one[SPLIT]["seconds"]
    figure = f"{name}: one text read and split, without making its `Explanation`"
    shown = f"{1000 * seconds:.2f} ms"
    yield Target(figure, f"at most {1000 * ONE:.1f} ms", shown, seconds <= ONE)


def _live(one: Found) -> Iterator[Target]:
    name, share = f"{one['title']}, live page", one["alike"] / one["test"]
    yield Target(
        f"{name}: size", "at most 3 MB", f"{one['bytes'] / MB:.2f} MB", one["bytes"] <= PAGE
    )
    alike = f"{percent(share)} ({one['alike']:,} of {one['test']:,})"
    yield Target(f"{name}: answers alike", f"at least {percent(ALIKE)}", alike, share >= ALIKE)
    for what, key, most in (
        ("first paint", "first_paint_ms", PAINT),
        ("a keystroke in 300 characters, 95th percentile", "keystroke_ms", KEYSTROKE),
    ):
        shown = f"{one[key]:.1f} ms"
        yield Target(f"{name}: {what}", f"at most {most} ms", shown, one[key] <= most)


def _small(one: Found) -> Target:
    of, rows = one["contenders"][SMALL], one["test"]
    share, less = of["alike"] / rows, (of["right"] - one["contenders"][WHOLE]["right"]) / rows
    return Target(
        f"{one['title']}, {SMALL}: answers alike; accuracy",
        f"at least {percent(ALIKE)}; within {ACCURACY}",
        f"{percent(share)} ({of['alike']:,} of {rows:,}); {less:+.4f}",
        share >= ALIKE and abs(less) <= ACCURACY,
    )


def _at_most(figure: str, size: int, most: int) -> Target:
    shown = f"{size / MIB:.1f} MiB"
    return Target(figure, f"at most {most / MIB:.0f} MiB", shown, size <= most)


def _most(sets: dict[str, Found], what: str, most: float, show: Callable[[float], str]) -> Target:
    """The cold start of the set where a compact file costs most."""
    cost = max(one["contenders"][COMPACT]["cold"][what] for one in sets.values())
    name = {"processor": "processor time", "memory": "peak memory"}[what]
    figure = f"cold start of the {COMPACT}, the most of all sets: {name}"
    return Target(figure, f"at most {show(most)}", show(cost), cost <= most)


def percent(share: float) -> str:
    """A share in per cent, never rounded up."""
    return f"{int(10_000 * share + 1e-6) / 100:g} %"
