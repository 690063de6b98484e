"""The table of how far each method can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attnpool.cli.options import Estimator

MOST_ROWS = 300
"""Leaving out every token in turn takes long: so many rows tell enough."""


ON_A_PAGE = 100
"""The rows that tell how far to trust the colours of a report."""

CHARACTERS_ON_A_PAGE = 20_000
"""What these rows have at most together: nobody waits a minute for a page."""

FEWEST_ON_A_PAGE = 5
"""Fewer rows say nothing of the others."""


def measure(estimator: Estimator, asked: list[Any]) -> dict[str, Any]:
    """The figures of each method, on at most `MOST_ROWS` of the items, drawn at random."""
    from attnpool.progress import TerminalProgress

    some = [asked[i] for i in sorted(_shuffled(asked)[:MOST_ROWS])]
    found = estimator.faithfulness(some, progress=TerminalProgress())
    methods = {name: of.to_dict() for name, of in found.items()}
    return {"n": len(some), "of": len(asked), "methods": methods}


def in_words(estimator: Estimator, asked: list[Any], methods: list[str]) -> dict[str, str]:
    """How far to trust the colours of each method, by some of the rows of a page.

    Nothing of a random order, which all others are held against, and nothing where too few rows
    are short enough.
    """
    from attnpool.progress import TerminalProgress
    from attnpool.view.drawing.captions import faithfulness_note

    some = _short(asked)
    methods = [name for name in methods if name != "random"]
    if len(some) < FEWEST_ON_A_PAGE:
        return {}
    found = estimator.faithfulness(some, methods, curves=False, progress=TerminalProgress())
    forms = {name: of.to_dict() for name, of in found.items()}  # whose figures are never NaN
    means = {
        name: {k: form[k]["mean"] for k in ("comprehensiveness", "sufficiency")}
        for name, form in forms.items()
    }
    where = f"on {len(some):,} of these rows" if len(some) < len(asked) else "on these rows"
    return {
        name: faithfulness_note(where, means[name], means["random"], " of the answer")
        for name in methods
    }


def _short(asked: list[Any]) -> list[Any]:
    """Items drawn at random, as many as a page is measured on and as fit."""
    chosen: list[int] = []
    left = CHARACTERS_ON_A_PAGE
    for i in _shuffled(asked):
        if len(chosen) == ON_A_PAGE:
            break
        size = len(asked[i]) if isinstance(asked[i], str) else sum(map(len, asked[i]))
        if size <= left:
            chosen.append(i)
            left -= size
    return [asked[i] for i in sorted(chosen)]


def _shuffled(asked: list[Any]) -> list[int]:
    import numpy as np

    order: list[int] = np.random.default_rng(0).permutation(len(asked)).tolist()
    return order


def print_table(figures: dict[str, Any]) -> None:
    """Show them."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
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
