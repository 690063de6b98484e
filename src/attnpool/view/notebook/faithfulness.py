"""The faithfulness of several methods as a table with a sentence on each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from attnpool.sanitize import one_line
from attnpool.view.drawing.faithfulness import compared

if TYPE_CHECKING:
    from attnpool.explain.faithfulness.bootstrap import Mean
    from attnpool.explain.faithfulness.measures import Faithfulness

    Base = dict[str, Faithfulness]
else:
    Base = dict  # measures need torch, which no picture imports

_RANDOM = "random"
_HEAD = ("method", "comprehensiveness", "sufficiency")
_NOTE = (
    "By how much the probability of the explained class falls: comprehensiveness, when the tokens "
    "with the highest values are removed (higher is better); sufficiency, when only they are kept "
    "(lower is better)."
)


class FaithfulnessByMethod(Base):
    """The `Faithfulness` of each method, by name; a notebook shows it as a table.

    It is a dict in all else. `"random"` is the mean of many random orders.
    """

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        if not self:
            return {"text/plain": "{}"}
        return {"text/html": self._html(), "text/plain": self._plain()}

    def _repr_html_(self) -> str | None:
        return self._repr_mimebundle_().get("text/html")

    def _html(self) -> str:
        from attnpool.view.page.notebook import to_plain_fragment  # here: it loads the templates

        return to_plain_fragment(
            "faithfulness.html.j2",
            title=self._title(),
            head=_HEAD,
            rows=self._rows(),
            verdicts=verdicts(self),
            note=_NOTE,
        )

    def _plain(self) -> str:
        rows = [_HEAD, *self._rows()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
        table = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        return "\n".join([self._title(), *table, *verdicts(self), _NOTE])

    def _title(self) -> str:
        texts = _texts(next(iter(self.values())))
        return "Faithfulness on 1 text" if texts == 1 else f"Faithfulness on {texts:,} texts"

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            (
                one_line(name),
                _interval(of.aopc_comprehensiveness, _texts(of)),
                _interval(of.aopc_sufficiency, _texts(of)),
            )
            for name, of in self.items()
        ]


def verdicts(measured: FaithfulnessByMethod) -> list[str]:
    """A sentence on each method: whether removing its tokens does more than removing any.

    A method is better than random where the 95 % interval of the difference, text by text, is
    above 0. One text has no interval and gets the two figures alone.
    """
    random = measured.get(_RANDOM)
    if random is None:
        return []
    return [
        _verdict(one_line(name), of, random) for name, of in measured.items() if name != _RANDOM
    ]


def _verdict(name: str, of: Faithfulness, random: Faithfulness) -> str:
    from attnpool.explain.faithfulness.bootstrap import bootstrap

    own, chance = of.aopc_comprehensiveness.mean, random.aopc_comprehensiveness.mean
    if np.isnan(own):
        return f"{name}: not measured; no text has tokens."
    said = compared("removing its tokens", own, "removing random ones", chance)
    figures = f"{name}: {said}"
    gain = bootstrap(of.comprehensiveness.mean(axis=1) - random.comprehensiveness.mean(axis=1))
    if _texts(of) == 1:
        return f"{figures}. One text is not enough to judge the method."
    if gain.low > 0:
        return f"{figures}. Better than random on these texts."
    return f"{figures}. No better than random on these texts: do not read it as a reason."


def _texts(of: Faithfulness) -> int:
    """The number of texts that count."""
    return int((~np.isnan(of.comprehensiveness).any(axis=1)).sum())


def _interval(mean: Mean, texts: int) -> str:
    if np.isnan(mean.mean):
        return "-"
    if texts == 1:
        return _number(mean.mean)
    return f"{_number(mean.mean)} ({_number(mean.low)} to {_number(mean.high)})"


def _number(value: float) -> str:
    return f"{round(value, 3) + 0.0:.3f}"  # no -0.000
