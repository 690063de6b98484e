"""Question pairs: two ways to ask the same, or a near miss that shares most characters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .bank import Bank, evidence, plain, read, read_banks
from .draw import Draw
from .rows import Row, collect

if TYPE_CHECKING:
    from collections.abc import Iterable

FILES = ("digital", "kitchen", "life", "body", "study")
LABELS = ("匹配", "不匹配")
OPENINGS = ("请问", "想问一下，", "请教各位，")
ASKING = re.compile("怎|什么|吗|多|几|哪|如何|好不好|合不合适|能不能|要不要|可不可以|适不适合")
STATEMENTS = ("求", "想", "忘", "不想")


@dataclass(frozen=True)
class Family:
    """Intents about the same thing that are easily taken for one another."""

    slot: str
    intents: tuple[tuple[str, ...], ...]
    train: tuple[str, ...]
    test: tuple[str, ...]


def _families(draw: Draw) -> tuple[list[Family], list[Family]]:
    """All families, and those of the test split alone: the last of two files.

    Besides the values kept for the test split, each family holds out two usual ones of its own.
    """
    slots = read_banks("pairs/slots.toml")
    usual, held_out = [], []
    for name in FILES:
        raw = read(f"pairs/{name}.toml")["family"]
        for place, family in enumerate(raw):
            bank = slots[family["slot"]]
            held = draw.several(bank.common, 2)
            train = tuple(value for value in bank.common if value not in held)
            intents = tuple(Bank.parse(block).common for block in family["intents"])
            last = place == len(raw) - 1 and name in ("digital", "study")
            made = Family(family["slot"], intents, train, (*held, *bank.rare))
            (held_out if last else usual).append(made)
    return usual, held_out


def _ask(draw: Draw, phrasing: str, value: str) -> str:
    """The question as asked, still marked; only a true question is opened or ends in a mark."""
    asks = ASKING.search(phrasing) is not None and not phrasing.startswith(STATEMENTS)
    opening = draw.one(OPENINGS) if draw.chance(0.12) else ""
    end = "？" if draw.chance(0.4) else ""
    question = phrasing.replace("{x}", value)
    return f"{opening}{question}{end}" if asks else question


def _row(label: str, first: str, second: str, words: Iterable[str]) -> Row:
    return {
        "text_a": plain(first),
        "text_b": plain(second),
        "label": label,
        "evidence": list(dict.fromkeys(words)),
    }


def rows(seed: str) -> list[Row]:
    """Pairs; half of them match."""
    usual, held_out = _families(Draw(f"{seed} families"))

    def make(draw: Draw, label: str) -> Row | None:
        family = draw.one(held_out if draw.test and draw.chance(0.1) else usual)
        value, another = draw.several(family.test if draw.test else family.train, 2)
        intent, near = draw.several(family.intents, 2)
        one, two = draw.several(intent, 2)
        if label == "匹配":
            first, second = _ask(draw, one, value), _ask(draw, two, value)
            return _row(label, first, second, evidence(first) + evidence(second))
        if draw.chance(0.35):
            other = one if draw.chance(0.4) else two
            first, second = _ask(draw, one, value), _ask(draw, other, another)
            return _row(label, first, second, (value, another))
        first, second = _ask(draw, one, value), _ask(draw, draw.one(near), value)
        return _row(label, first, second, evidence(first) + evidence(second))

    counts = {"train": 1000, "test": 200}
    return collect(make, LABELS, counts, seed, {"train": 0.0, "test": 0.0})
