"""The legends: what each kind of colour in a rendering means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attnpool.attribution_methods import METHODS, AttributionMethod, record_of
from attnpool.view.drawing.captions import number
from attnpool.view.drawing.colour import Scale
from attnpool.view.drawing.draw import Drawing


@dataclass(frozen=True, slots=True)
class Legend:
    """One kind of colour.

    Attributes:
        scale: A scale that was used for it.
        record: The method whose words explain it.
    """

    scale: Scale
    record: AttributionMethod

    @property
    def meaning(self) -> str:
        """What the colours mean, and what they do not."""
        return self.record.legend

    @property
    def marks(self) -> bool:
        """Whether the colour marks characters, so that there are no shades of it."""
        return bool(self.record.marks)

    @property
    def ends(self) -> tuple[str, str]:
        """What stands at the low and at the high end of the scale."""
        return self.record.ends

    @property
    def scope(self) -> str:
        """What full colour means."""
        if self.scale.scope == "absolute":
            return f"full colour: {number(self.scale.full)}"
        if self.scale.scope == "page":
            largest = number(self.scale.full)
            return f"full colour: the largest {self.record.noun} on the page, {largest}"
        return f"full colour: each text's largest {self.record.noun}"


def legend(scale: Scale, method: str) -> Legend:
    """The legend of the values of a method.

    Methods without a legend of their own share one: that of attention, or, where values are
    signed, that of contributions.
    """
    record = record_of(method)
    if not record.own_legend:
        record = METHODS["contribution" if scale.signed else "attention"]
    return Legend(scale, record)


def legends(drawings: Sequence[Drawing]) -> list[Legend]:
    """One legend for each kind of colour drawn, unsigned before signed ones."""
    by_kind: dict[tuple[bool, str], Legend] = {}
    for drawing in drawings:
        method = drawing.explanation.method
        for side in drawing.sides:
            rows = [(side.row, method), *((head, "attention") for head in side.heads)]
            for row, name in rows:
                entry = legend(row.scale, name)
                kind = (row.scale.signed, entry.record.name if entry.record.own_legend else "")
                by_kind.setdefault(kind, entry)
    return [by_kind[kind] for kind in sorted(by_kind)]
