"""The table of how far each method can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attnpool.cli.options import Estimator

MOST_ROWS = 300
"""Leaving out every token in turn takes long: so many rows tell enough."""


def measure(estimator: Estimator, asked: list[Any]) -> dict[str, Any]:
    """The figures of each method, on at most `MOST_ROWS` of the items, drawn at random."""
    import numpy as np

    from attnpool.training.progress import TerminalProgress

    drawn = np.sort(np.random.default_rng(0).permutation(len(asked))[:MOST_ROWS])
    some = [asked[i] for i in drawn.tolist()]
    found = estimator.faithfulness(some, progress=TerminalProgress())
    return {"n": len(some), "methods": {name: of.to_dict() for name, of in found.items()}}


def print_table(figures: dict[str, Any]) -> None:
    """Show them."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    # One row says nothing of others.
    told = "1 row" if figures["n"] == 1 else f"{figures['n']:,} rows (95 % interval)"
    console.print(
        f"How far the probability of the predicted class falls, on {told}: "
        "comprehensiveness when the tokens with the highest values are taken away, "
        "higher is better; sufficiency when they alone are left, lower is better. tau: agreement "
        "with leaving out each token in turn.",
        highlight=False,
    )
    table = Table("method", "comprehensiveness", "sufficiency", "tau", box=None)
    for name, of in figures["methods"].items():
        table.add_row(
            name,
            *(_estimate(of[k], figures["n"]) for k in ("comprehensiveness", "sufficiency")),
            _number((of["tau"] or {}).get("mean")),
        )
    console.print(table)


def _estimate(of: dict[str, float | None], rows: int) -> str:
    if of["mean"] is None or rows == 1:
        return _number(of["mean"])
    return f"{of['mean']:.3f} ({_number(of['low'])} to {_number(of['high'])})"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
