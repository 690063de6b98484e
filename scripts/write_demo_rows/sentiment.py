"""Reviews: clauses about different aspects of one topic, joined and sometimes turned round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .bank import Bank, plain, read_banks
from .rows import Row, collect, text_row

if TYPE_CHECKING:
    from .draw import Draw

TOPICS = ("hotel", "restaurant", "clothes", "electronics", "film")
TOPICS += ("takeaway", "express", "scenic", "book", "app")
TEST_TOPICS = ("gym", "barber")
LENGTH = range(10, 81)
# "both sides" is next to absent from train: a test of generalising, not of recall.
PATTERNS = {"plain": 0.36, "turn": 0.25, "although": 0.2, "verdict first": 0.1, "short": 0.08}
TRAIN_PATTERNS = PATTERNS | {"both sides": 0.02}
TEST_PATTERNS = PATTERNS | {"both sides": 0.12}


class Review:
    """Draws the parts of one review; an aspect is spoken of once."""

    def __init__(self, draw: Draw, banks: dict[str, Bank], good: bool) -> None:
        self.draw, self.banks = draw, banks
        self.side, self.other = ("good", "bad") if good else ("bad", "good")
        self.good = good
        self.used: set[str] = set()

    def clause(self, kind: str) -> str:
        while True:
            aspect, clause = self.draw.phrase(self.banks[kind]).split(" ", 1)
            if aspect not in self.used:
                self.used.add(aspect)
                return clause

    def lead(self) -> str:
        parts = [self.draw.phrase(self.banks["open"])] if self.draw.chance(0.6) else []
        if self.draw.chance(0.35):
            parts.append(self.clause("neutral"))
        return "".join(f"{part}，" for part in parts)

    def counter(self) -> str:
        """What speaks for the other side: a small flaw in praise, a merit in blame."""
        return plain(self.clause("flaws" if self.good else "good"))

    def verdict(self, probability: float = 1.0) -> str:
        """The last sentence, or nothing."""
        if not self.draw.chance(probability):
            return ""
        return self.draw.phrase(self.banks[f"{self.side}_end"]) + "。"

    def own(self, low: int, high: int) -> str:
        count = self.draw.number(low, high)
        kinds = [self.side] * count
        if not self.good and count > 1 and self.draw.chance(0.25):
            kinds[0] = "flaws"
        return "，".join(self.clause(kind) for kind in kinds)

    def write(self, pattern: str) -> str:
        if pattern == "short":
            return f"{self.own(1, 1)}，{self.verdict()}"
        if pattern == "verdict first":
            return f"{self.verdict()}{self.lead()}{self.own(1, 2)}。"
        if pattern == "both sides":
            merit, flaw = plain(self.clause("good")), plain(self.clause("flaws"))
            return f"要说好的，{merit}；要说不好的，{flaw}。{self.own(1, 1)}，{self.verdict()}"
        if pattern == "although":
            but = self.draw.one(("但", "但是", "不过", "可是"))
            return f"{self.lead()}虽然{self.counter()}，{but}{self.own(1, 2)}。{self.verdict(0.4)}"
        if pattern == "turn":
            words = ("但是", "不过", "好在") if self.good else ("但是", "不过", "可惜", "结果")
            turn = self.draw.one(words)
            return f"{self.lead()}{self.counter()}，{turn}{self.own(1, 2)}。{self.verdict(0.3)}"
        return f"{self.lead()}{self.own(1, 3)}。{self.verdict(0.5)}"


def rows(seed: str) -> list[Row]:
    """Reviews of twelve topics, two of them in the test split alone."""
    shared = read_banks("sentiment/verdicts.toml")
    banks = {name: read_banks(f"sentiment/{name}.toml") for name in TOPICS + TEST_TOPICS}
    for bank in banks.values():
        for end in shared:
            bank[end] += shared[end]

    def make(draw: Draw, label: str) -> Row | None:
        topic = draw.one(TEST_TOPICS if draw.test and draw.chance(0.12) else TOPICS)
        pattern = draw.weighted(TEST_PATTERNS if draw.test else TRAIN_PATTERNS)
        row = text_row(Review(draw, banks[topic], label == "正面").write(pattern), label)
        return row if len(row["text"]) in LENGTH else None

    counts = {"train": 700, "test": 200}
    return collect(make, ("正面", "负面"), counts, seed, {"train": 0.05, "test": 0.45})
