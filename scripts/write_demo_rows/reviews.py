"""Reviews in English: clauses about different aspects of one topic, some turned by a "but"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .bank import plain, read_banks
from .rows import Row, collect, text_row
from .sentiment import TEST_PATTERNS, TRAIN_PATTERNS, Review

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .draw import Draw

TOPICS = ("hotel", "restaurant", "cafe", "takeaway", "parcel", "film")
TEST_TOPICS = ("bakery", "theatre")
LENGTH = range(25, 201)


class EnglishReview(Review):
    """Draws the parts of one review in English."""

    def lead(self) -> str:
        kinds = [
            kind for kind, chance in (("open", 0.6), ("neutral", 0.35)) if self.draw.chance(chance)
        ]
        return "".join(
            sentence(self.draw.phrase(self.banks[kind]) if kind == "open" else self.clause(kind))
            for kind in kinds
        )

    def verdict(self, probability: float = 1.0) -> str:
        if not self.draw.chance(probability):
            return ""
        return sentence(self.draw.phrase(self.banks[f"{self.side}_end"]))

    def own(self, low: int, high: int) -> str:
        count = self.draw.number(low, high)
        kinds = [self.side] * count
        if not self.good and count > 1 and self.draw.chance(0.25):
            kinds[0] = "flaws"
        return joined([self.clause(kind) for kind in kinds])

    def write(self, pattern: str) -> str:
        if pattern == "short":
            parts = sentence(self.own(1, 1)), self.verdict()
        elif pattern == "verdict first":
            parts = self.verdict(), self.lead(), sentence(self.own(1, 2))
        elif pattern == "both sides":
            merit, flaw = plain(self.clause("good")), plain(self.clause("flaws"))
            both = sentence(f"on the plus side, {merit}") + sentence(f"on the minus side, {flaw}")
            parts = both, sentence(self.own(1, 1)), self.verdict()
        elif pattern == "although":
            turn = self.draw.one(("although", "though", "even though"))
            turned = sentence(f"{turn} {self.counter()}, {self.own(1, 2)}")
            parts = self.lead(), turned, self.verdict(0.4)
        elif pattern == "turn":
            luck = "fortunately" if self.good else "unfortunately"
            turn = self.draw.one((", but", ", but", ", yet", "; still,", f", but {luck}"))
            turned = sentence(f"{self.counter()}{turn} {self.own(1, 2)}")
            parts = self.lead(), turned, self.verdict(0.3)
        else:
            parts = self.lead(), sentence(self.own(1, 3)), self.verdict(0.5)
        return "".join(parts).rstrip()


def sentence(words: str) -> str:
    """The words with a capital letter, a full stop and a space; a mark may stand before both."""
    first = words.index(next(filter(str.isalpha, words)))
    return f"{words[:first]}{words[first].upper()}{words[first + 1 :]}. "


def joined(clauses: Sequence[str]) -> str:
    """Clauses as one; a comma keeps apart what has an "and" of its own."""
    comma = "," if len(clauses) > 2 or any(" and " in clause for clause in clauses) else ""
    return f"{comma} and ".join([", ".join(clauses[:-1]), clauses[-1]] if clauses[1:] else clauses)


def rows(seed: str) -> list[Row]:
    """Reviews of eight topics, two of them in the test split alone."""
    shared = read_banks("reviews/verdicts.toml")
    banks = {name: read_banks(f"reviews/{name}.toml") for name in TOPICS + TEST_TOPICS}
    for bank in banks.values():
        for end in shared:
            bank[end] += shared[end]

    def make(draw: Draw, label: str) -> Row | None:
        topic = draw.one(TEST_TOPICS if draw.test and draw.chance(0.12) else TOPICS)
        pattern = draw.weighted(TEST_PATTERNS if draw.test else TRAIN_PATTERNS)
        row = text_row(EnglishReview(draw, banks[topic], label == "positive").write(pattern), label)
        return row if len(row["text"]) in LENGTH else None

    counts = {"train": 700, "test": 200}
    return collect(make, ("positive", "negative"), counts, seed, {"train": 0.05, "test": 0.45})
