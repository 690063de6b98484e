"""The faithfulness of several methods as a table with a sentence on each of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.cells import cell_len, set_cell_size

from attnpool.view.drawing.captions import words_of_texts
from attnpool.view.drawing.faithfulness import compared
from attnpool.view.words import Words

if TYPE_CHECKING:
    from attnpool.explain.faithfulness.bootstrap import Mean
    from attnpool.explain.faithfulness.measures import Faithfulness

    Base = dict[str, Faithfulness]
else:
    Base = dict  # measures need torch, which no picture imports

_RANDOM = "random"
_HEAD = ("faith.method", "faith.comprehensiveness", "faith.sufficiency")


class FaithfulnessByMethod(Base):
    """The `Faithfulness` of each method, by name; a notebook shows it as a table.

    It is a dict in all else. `"random"` is the mean of many random orders.
    """

    words = Words("en")
    """The words in which a notebook shows it."""

    def in_language_of(self, texts: Iterable[str]) -> FaithfulnessByMethod:
        """The same measures, shown in Chinese where most of the texts are Chinese."""
        self.words = words_of_texts(texts)
        return self

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
            self.words,
            title=self._title(),
            head=self._head(),
            rows=self._rows(),
            verdicts=verdicts(self),
            note=self.words("faith.note"),
        )

    def _plain(self) -> str:
        rows = [self._head(), *self._rows()]
        widths = [max(cell_len(row[column]) for row in rows) for column in range(len(_HEAD))]
        table = ["  ".join(map(set_cell_size, row, widths)).rstrip() for row in rows]
        return "\n".join([self._title(), *table, *verdicts(self), self.words("faith.note")])

    def _title(self) -> str:
        return self.words("faith.title", count=_texts(next(iter(self.values()))))

    def _head(self) -> list[str]:
        return list(map(self.words, _HEAD))

    def _rows(self) -> list[list[str]]:
        return [
            [
                self.words.method_name(name),
                _interval(of.aopc_comprehensiveness, _texts(of), self.words),
                _interval(of.aopc_sufficiency, _texts(of), self.words),
            ]
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
    words = measured.words
    return [_verdict(name, of, random, words) for name, of in measured.items() if name != _RANDOM]


def _verdict(name: str, of: Faithfulness, random: Faithfulness, words: Words) -> str:
    from attnpool.explain.faithfulness.bootstrap import bootstrap

    own, chance = of.aopc_comprehensiveness.mean, random.aopc_comprehensiveness.mean
    name = words.method_name(name)
    if np.isnan(own):
        return words("faith.none", name=name)
    action, by_chance = words("faith.removing.its"), words("faith.removing.random")
    said = compared(action, own, by_chance, chance, words)
    gain = bootstrap(of.comprehensiveness.mean(axis=1) - random.comprehensiveness.mean(axis=1))
    key = "faith.better" if gain.low > 0 else "faith.no-better"
    return words("faith.one" if _texts(of) == 1 else key, name=name, said=said)


def _texts(of: Faithfulness) -> int:
    """The number of texts that count."""
    return int((~np.isnan(of.comprehensiveness).any(axis=1)).sum())


def _interval(mean: Mean, texts: int, words: Words) -> str:
    if np.isnan(mean.mean):
        return "-"
    if texts == 1:
        return _number(mean.mean)
    low, high = _number(mean.low), _number(mean.high)
    return words("interval", mean=_number(mean.mean), low=low, high=high)


def _number(value: float) -> str:
    return f"{round(value, 3) + 0.0:.3f}"  # no -0.000
