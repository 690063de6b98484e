"""The legends: what each kind of colour in a rendering means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from attnpool.attribution_methods import METHODS, AttributionMethod, record_of
from attnpool.view.drawing.captions import number
from attnpool.view.drawing.colour import Scale
from attnpool.view.drawing.draw import Drawing
from attnpool.view.words import Words


@dataclass(frozen=True, slots=True)
class Legend:
    """One kind of colour.

    Attributes:
        scale: A scale that was used for it.
        record: The method whose words explain it.
        words: The words of the language.
        beside: Whether only rows beside the explanations' own values have it.
    """

    scale: Scale
    record: AttributionMethod
    words: Words
    beside: bool = False

    @property
    def meaning(self) -> str:
        """What the colours mean, and what they do not."""
        return self.words.method(self.record).legend

    @property
    def marks(self) -> bool:
        """Whether the colour marks characters, so that there are no shades of it."""
        return bool(self.record.marks)

    @property
    def ends(self) -> tuple[str, str]:
        """What stands at the low and at the high end of the scale."""
        return self.words.method(self.record).ends

    @property
    def scope(self) -> str:
        """What full colour means."""
        return self.words("full-colour", largest=self.largest)

    @property
    def largest(self) -> str:
        """The value of full colour, in words."""
        words, noun = self.words, self.words.method(self.record).noun
        least = words("scope.least") if self.shares else ""
        value = number(self.scale.asked)
        return words(f"scope.{self.scale.scope}", noun=noun, value=value, least=least)

    @property
    def shares(self) -> bool:
        """Whether the values are shares of a whole, whose colours begin at the uniform share."""
        return self.record.shares and not self.scale.signed


def legend(scale: Scale, method: str, words: Words) -> Legend:
    """The legend of the values of a method.

    Methods without a legend of their own share one: that of attention, or, where values are
    signed, that of contributions.
    """
    record = record_of(method)
    if not record.own_legend:
        record = METHODS["contribution" if scale.signed else "attention"]
    return Legend(scale, record, words)


class Legends:
    """Collects one legend for each kind of colour, of drawings that come one after the other."""

    def __init__(self) -> None:
        self._by_kind: dict[tuple[bool, bool, str], Legend] = {}
        self._given: set[tuple[bool, str]] = set()

    def add(self, drawings: Sequence[Drawing]) -> None:
        """Note the colours of drawings."""
        own = [(side.row, d.explanation.method, d.words) for d in drawings for side in d.sides]
        heads = [
            (row, "attention", d.words) for d in drawings for side in d.sides for row in side.heads
        ]
        for rows, beside in ((own, False), (heads, True)):
            for row, method, words in rows:
                entry = replace(legend(row.scale, method, words), beside=beside)
                kind = (row.scale.signed, entry.record.name if entry.record.own_legend else "")
                self._by_kind.setdefault((beside, *kind), entry)

    def new(self) -> list[Legend]:
        """The legends that were not given yet.

        Unsigned ones come before signed ones, and those of rows beside the explanations' own
        values (attention, each head) last.
        """
        found = []
        for beside, signed, name in sorted(self._by_kind):
            if (signed, name) not in self._given:
                self._given.add((signed, name))
                found.append(self._by_kind[beside, signed, name])
        return found


def legends(drawings: Sequence[Drawing]) -> list[Legend]:
    """One legend for each kind of colour drawn, in the order of `Legends.new`."""
    found = Legends()
    found.add(drawings)
    return found.new()
