"""Micro-blog sentences: an event, sometimes one that decides nothing, and a reaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .bank import Bank, read, read_banks
from .rows import Row, collect, text_row

if TYPE_CHECKING:
    from .draw import Draw

MOODS = {"喜悦": "joy", "愤怒": "anger", "厌恶": "disgust", "低落": "low"}


def rows(seed: str) -> list[Row]:
    """Sentences of the four moods."""
    shared = read("moods/shared.toml")
    before = {name: Bank.parse(block) for name, block in shared.pop("before").items()}
    common = {name: Bank.parse(block) for name, block in shared.items()}
    banks = {name: read_banks(f"moods/{name}.toml") for name in MOODS.values()}

    def neutral_event(draw: Draw, mood: str) -> str:
        """An event that fits any mood, sometimes after another mood that it ended."""
        event = draw.phrase(common["events"])
        if draw.chance(0.3):
            passed = draw.phrase(before[draw.one([m for m in before if m != mood])])
            return f"{passed}，{draw.one(('后来', '结果', '没想到'))}{event}，"
        return f"{draw.phrase(common['open']) if draw.chance(0.6) else ''}{event}，"

    def make(draw: Draw, label: str) -> Row | None:
        bank = banks[MOODS[label]]
        shape = draw.weighted({"neutral": 0.5, "own": 0.32, "bare": 0.12, "reaction": 0.06})
        first = draw.phrase(bank["reactions"])
        second = draw.phrase(bank["reactions"])
        if first == second:
            return None
        if shape == "reaction":
            text = f"{first}，{second}。"
        elif shape == "bare":
            text = f"{draw.phrase(bank['events'])}。"
        else:
            event = f"{draw.phrase(bank['events'])}，"
            if shape == "neutral":
                event = neutral_event(draw, MOODS[label])
            text = event + (f"{first}，{second}。" if draw.chance(0.3) else f"{first}。")
        if shape == "bare" or draw.chance(0.25):
            tail = draw.phrase(common["tails"])
            text += tail if tail.endswith("？") else f"{tail}。"
        return text_row(text, label)

    counts = {"train": 700, "test": 200}
    return collect(make, tuple(MOODS), counts, seed, {"train": 0.05, "test": 0.35})
