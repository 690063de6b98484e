"""The tables of docs/scale.md."""

from __future__ import annotations

from typing import Any

MISSING = "Not measured yet."
BILLION = 1_000_000_000
_TITLES = {
    "predict 500000": "500,000 rows",
    "predict 5000000": "5,000,000 rows",
    "explain 500000": "500,000 rows, `--explain`",
    "explain 5000000": "5,000,000 rows, `--explain`",
}


def tables(found: dict[str, Any]) -> dict[str, str]:
    """The tables by name."""
    return {
        "memory": _memory(found.get("memory")),
        "workers": _compared(found.get("workers"), "processes", "1"),
        "ray": _compared(found.get("ray"), "engine", "local"),
        "training": _training(found.get("training")),
        "billion": _billion(found.get("memory"), found.get("reading")),
    }


def _memory(found: dict[str, Any] | None) -> str:
    if found is None:
        return MISSING
    lines = ["| | most memory | rows a second |", "|---|---|---|"]
    for name, one in found.items():
        speed = one["rows"] / one["seconds"]
        lines.append(f"| {_TITLES[name]} | {one['mebibytes']:,.0f} MiB | {speed:,.0f} |")
    return "\n".join(lines)


def _compared(found: dict[str, Any] | None, what: str, base: str) -> str:
    if found is None:
        return MISSING
    lines = [f"| {what} | time, of `{base}` | most memory |", "|---|---|---|"]
    for name, one in found.items():
        share = one["seconds"] / found[base]["seconds"]
        lines.append(f"| {name} | {share:.2f} | {one['mebibytes']:,.0f} MiB |")
    return "\n".join(lines)


def _training(found: dict[str, Any] | None) -> str:
    if found is None:
        return MISSING
    titles = {"stream": "`--stream`", "memory": "in memory"}
    lines = [
        "| training | time, of that in memory | most memory | accuracy |",
        "|---|---|---|---|",
    ]
    for name, one in found.items():
        share = one["seconds"] / found["memory"]["seconds"]
        memory = f"{one['mebibytes']:,.0f} MiB"
        lines.append(f"| {titles[name]} | {share:.2f} | {memory} | {one['accuracy']:.4f} |")
    return "\n".join(lines)


def _billion(found: dict[str, Any] | None, reading: dict[str, Any] | None) -> str:
    if found is None or reading is None:
        return MISSING
    lines = [
        "| | hours of one process | processes one reader feeds | hours then | read | written |",
        "|---|---|---|---|---|---|",
    ]
    read = reading["seconds"] / reading["rows"]
    for name, title in (("predict 5000000", "predictions"), ("explain 5000000", "explanations")):
        one = found[name]
        took = one["seconds"] / one["rows"]
        busy = max(1, int((took - read) / read))
        hours = [BILLION * seconds / 3600 for seconds in (took, max(read, (took - read) / busy))]
        sizes = [BILLION * one[way] / one["rows"] / 1e9 for way in ("bytes in", "bytes out")]
        cells = (title, f"{hours[0]:,.1f}", f"{busy}", f"{hours[1]:,.1f}")
        lines.append(f"| {' | '.join(cells)} | {sizes[0]:,.0f} GB | {sizes[1]:,.0f} GB |")
    return "\n".join(lines)
