"""The table of how faithful each method is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attnpool.cli.arguments import Estimator

MOST_ROWS = 300
"""Leaving out every token in turn takes long: so many rows tell enough."""


def measure(estimator: Estimator, asked: list[Any], rows: int) -> dict[str, Any]:
    """The figures of each method, on at most `MOST_ROWS` of the items, drawn at random.

    Args:
        estimator: The model.
        asked: The items, or some of them drawn at random.
        rows: How many items there are.
    """
    from attnpool.progress import TerminalProgress

    some = [asked[i] for i in sorted(_shuffled(asked)[:MOST_ROWS])]
    found = estimator.faithfulness(some, progress=TerminalProgress())
    methods = {name: of.to_dict() for name, of in found.items()}
    return {"n": len(some), "of": rows, "methods": methods}


def _shuffled(asked: list[Any]) -> list[int]:
    import numpy as np

    order: list[int] = np.random.default_rng(0).permutation(len(asked)).tolist()
    return order


def print_table(figures: dict[str, Any]) -> None:
    """Show them."""
    from rich.table import Table

    from attnpool.view.terminal.console import SafeConsole

    console = SafeConsole()
    of = f" of {figures['of']:,}" if figures["n"] < figures["of"] else ""
    drawn = ", drawn at random" if of else ""
    # One row says nothing of others.
    told = "1 row" if figures["n"] == 1 else f"{figures['n']:,}{of} rows{drawn} (95 % interval)"
    console.print(
        f"How far the probability of the predicted class falls, on {told}: "
        "comprehensiveness when the tokens with the highest values are taken away, "
        "higher is better; sufficiency when they alone are left, lower is better; each the mean "
        "over the strongest 1, 5, 10, 20 and 50 %. tau: from -1 to 1, agreement with the order of "
        "leaving out each token in turn, which a trustworthy method need not share.",
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
    return f"{_number(of['mean'])} ({_number(of['low'])} to {_number(of['high'])})"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{round(value, 3) + 0.0:.3f}"  # no -0.000
