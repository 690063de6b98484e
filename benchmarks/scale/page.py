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
        "billion": _billion(found.get("memory")),
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


def _billion(found: dict[str, Any] | None) -> str:
    if found is None:
        return MISSING
    lines = [
        "| | hours on one process | machines of 32 processes for one hour | read | written |",
        "|---|---|---|---|---|",
    ]
    for name, title in (("predict 5000000", "predictions"), ("explain 5000000", "explanations")):
        one = found[name]
        times = BILLION / one["rows"]
        hours = times * one["seconds"] / 3600
        sizes = (f"{times * one[way] / 1e9:,.0f} GB" for way in ("bytes in", "bytes out"))
        cells = (title, f"{hours:,.1f}", f"{hours / 32:,.1f}", *sizes)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
