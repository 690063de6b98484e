"""News titles of ten classes: whole ones with names and numbers, and halves put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .bank import Bank, fill, read, read_banks
from .rows import Row, collect, text_row

if TYPE_CHECKING:
    from .draw import Draw

CLASSES = ("finance", "property", "stocks", "education", "tech")
CLASSES += ("society", "politics", "sports", "games", "entertainment")
LENGTH = range(10, 26)


@dataclass(frozen=True)
class Class:
    """The phrases of one class; halves are joined within their group alone."""

    whole: Bank
    groups: tuple[tuple[Bank, Bank], ...]
    slots: dict[str, Bank]


def _read(name: str, shared: dict[str, Bank]) -> tuple[str, Class]:
    raw = read(f"titles/{name}.toml")
    groups = tuple((Bank.parse(g["left"]), Bank.parse(g["right"])) for g in raw.pop("group"))
    label = raw.pop("label")
    banks = {key: Bank.parse(block) for key, block in raw.items()}
    return label, Class(banks["whole"], groups, shared | banks)


def rows(seed: str) -> list[Row]:
    """Titles, ten classes in turn."""
    shared = read_banks("titles/shared.toml")
    classes = dict(_read(name, shared) for name in CLASSES)

    def make(draw: Draw, label: str) -> Row | None:
        this = classes[label]
        left, right = draw.one(this.groups)
        shape = draw.weighted({"whole": 0.4, "halves": 0.4, "shared": 0.2})
        if shape == "whole":
            title = draw.phrase(this.whole)
        elif shape == "halves":
            title = f"{draw.phrase(left)} {draw.phrase(right)}"
        else:
            title = f"{draw.phrase(left)} {draw.phrase(shared['right'])}"
        row = text_row(fill(title, draw, this.slots), label)
        return row if len(row["text"]) in LENGTH else None

    counts = {"train": 800, "test": 200}
    return collect(make, tuple(classes), counts, seed, {"train": 0.04, "test": 0.32})
