"""Phrase banks: TOML files of phrases, one a line, evidence in [brackets]."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .draw import Draw

BANKS = Path(__file__).parent / "banks"
_MARKED = re.compile(r"\[([^\]]+)\]")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Bank:
    """Phrases of one kind; the rare ones stand below a line of three dashes."""

    common: tuple[str, ...]
    rare: tuple[str, ...] = ()

    @classmethod
    def parse(cls, block: str) -> Bank:
        # TOML drops the line end after the opening quotes, so only the rare part starts with one.
        common, _, rare = block.partition("---")
        return cls(tuple(common.split("\n")[:-1]), tuple(rare.split("\n")[1:-1]))

    def __add__(self, other: Bank) -> Bank:
        return Bank(self.common + other.common, self.rare + other.rare)


def read(path: str) -> dict[str, Any]:
    """A bank file below `banks/`, its strings still as written."""
    return tomllib.loads((BANKS / path).read_text(encoding="utf-8"))


def read_banks(path: str) -> dict[str, Bank]:
    """A bank file whose every block is a list of phrases."""
    return {name: Bank.parse(block) for name, block in read(path).items()}


def plain(marked: str) -> str:
    """The phrase without its marks."""
    return _MARKED.sub(r"\1", marked)


def evidence(marked: str) -> list[str]:
    """The marked words in order, each once."""
    return list(dict.fromkeys(_MARKED.findall(marked)))


def fill(marked: str, draw: Draw, slots: dict[str, Bank]) -> str:
    """Fills {n} with 2 to 9, {nn} with 11 to 98 and every other slot from its bank."""

    def value(match: re.Match[str]) -> str:
        slot = match[1]
        if slot == "n":
            return str(draw.number(2, 9))
        if slot == "nn":
            return str(draw.number(11, 98))
        return draw.phrase(slots[slot])

    return _SLOT.sub(value, marked)
