"""Long articles: a few sentences that tell the class, scattered in a report that does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .bank import Bank, evidence, fill, plain, read, read_banks
from .rows import Row, collect

if TYPE_CHECKING:
    from .draw import Draw

CLASSES = ("sports", "finance", "education", "tech", "home", "entertainment")
LENGTH = range(300, 1201)
# Most articles are short, to keep the package small; some are long, for length limits to matter.
SIZES = {"short": 0.75, "middle": 0.18, "long": 0.07}
TARGETS = {"short": (300, 340), "middle": (370, 520), "long": (600, 1150)}
ASIDES = (
    "说起来，同一天{city}还有另一件事：",
    "聊着聊着，{name}又讲起了朋友的一段经历：",
    "旁边有人插话，说的是完全不相干的事：",
    "墙上的旧报纸登着这样一条消息：",
)
WEEKDAYS = Bank(("二", "三", "四", "五", "六"))


class Article:
    """One article: its people and place stay the same throughout."""

    def __init__(self, draw: Draw, names: dict[str, Bank], filler: dict[str, Bank]) -> None:
        self.draw = draw
        who, writer = draw.several(names["name"].common, 2)
        place = draw.one(names["city"].common)
        others = tuple(n for n in names["name"].common if n not in (who, writer))
        same = {"name": Bank((who,)), "city": Bank((place,)), "week": WEEKDAYS}
        self.slots = same | {"writer": Bank((writer,))}
        self.news_slots = same | {"name": Bank(others)}
        self.left = {kind: draw.several(b.common, len(b.common)) for kind, b in filler.items()}

    def filler(self, kind: str) -> str:
        return fill(self.left[kind].pop(), self.draw, self.slots)

    def news(self, sentence: str) -> str:
        return fill(sentence, self.draw, self.news_slots)

    def write(self, telling: list[str], aside: str | None, size: str) -> str:
        """The whole text, still marked."""
        told = [self.news(sentence) for sentence in telling]
        if aside is not None:
            opening = fill(self.draw.one(ASIDES), self.draw, self.slots)
            told.append(opening + plain(self.news(aside)))
        target = self.draw.number(*TARGETS[size])
        top = [self.filler("opening"), self.filler("scene")]
        end = self.filler("closing")
        body: list[str] = []
        while sum(map(len, top + told + body)) + len(end) < target:
            kind = self.draw.weighted({"scene": 0.25, "frame": 0.45, "reflection": 0.3})
            if self.left[kind]:
                body.append(self.filler(kind))
            elif not any(self.left[k] for k in ("scene", "frame", "reflection")):
                break
        # A third of the articles come to the point only in their last part.
        first = len(body) * 2 // 3 if self.draw.chance(0.35) else 0
        for sentence in told:
            body.insert(self.draw.number(first, len(body)), sentence)
        return "".join([*top, *body, end])


def rows(seed: str) -> list[Row]:
    """Articles of six classes; the last group of each is rare in train."""
    filler = read_banks("articles/filler.toml")
    names = read_banks("titles/shared.toml")
    raw = [read(f"articles/{name}.toml") for name in CLASSES]
    groups = {r["label"]: [Bank.parse(g["sentences"]).common for g in r["group"]] for r in raw}

    def make(draw: Draw, label: str) -> Row | None:
        *usual, rare = groups[label]
        group = rare if draw.chance(draw.rare) else draw.one(usual)
        telling = draw.several(group, draw.number(2, 4))
        aside = None
        if draw.chance(0.55):
            aside = draw.one(draw.one(groups[draw.one([k for k in groups if k != label])]))
        marked = Article(draw, names, filler).write(telling, aside, draw.weighted(SIZES))
        text, words = plain(marked), evidence(marked)
        if len(text) not in LENGTH:
            return None
        return {"text": text, "label": label, "evidence": words}

    counts = {"train": 528, "test": 174}
    return collect(make, tuple(groups), counts, seed, {"train": 0.05, "test": 0.22})
