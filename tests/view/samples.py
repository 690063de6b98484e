"""Explanations built by hand: what the renderings are tested on and what the golden files show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from attnpool.explanation import Explanation, Side


def by_character(
    text: str, hot: Mapping[str, float], *, heads: int = 1, until: int | None = None
) -> Side:
    """A token a character; the words in `hot` weigh more, each head prefers another of them."""
    until = len(text) if until is None else until
    spans = [(i, i + 1) for i in range(until) if not text[i].isspace()]
    return _side(text, spans, hot, heads, until)


def by_word(
    text: str, hot: Mapping[str, float], *, heads: int = 1, until: int | None = None
) -> Side:
    """A token a word, white space outside."""
    until = len(text) if until is None else until
    spans = [match.span() for match in re.finditer(r"\w+|[^\w\s]", text[:until])]
    return _side(text, spans, hot, heads, until)


def _side(
    text: str, spans: Sequence[tuple[int, int]], hot: Mapping[str, float], heads: int, until: int
) -> Side:
    rows = np.full((heads, len(spans)), 0.02)
    starts, ends = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    for order, (word, weight) in enumerate(hot.items()):
        inside = np.zeros(len(text) + 1, dtype=bool)
        for match in re.finditer(re.escape(word), text):
            inside[match.start() : match.end()] = True
        found = inside[starts] & inside[np.maximum(ends - 1, 0)]
        rows[:, found] += weight / 3
        rows[order % heads, found] += weight
    weights = rows / rows.sum(axis=1, keepdims=True)
    return Side(text, np.array(spans, dtype=np.int64).reshape(-1, 2), weights,
                weights.mean(axis=0), until)  # fmt: skip


def explain(
    *sides: Side, probability: float = 0.982, label: str | None = None, **more: object
) -> Explanation:
    """A two-way classifier's answer: 正面."""
    return Explanation(
        **{
            "task": "classify",
            "sides": sides,
            "labels": ("负面", "正面"),
            "distribution": np.array([1 - probability, probability]),
            "prediction": "正面",
            "target": "正面",
            "method": "attention",
            "label": label,
            **more,
        }
    )


def hotel() -> Explanation:
    """Chinese, four heads, right."""
    text = "房间很干净，早餐的豆浆特别好喝；可惜隔音太差，半夜能听见隔壁打鼾。下次还会再来的。"
    hot = {"干净": 1.0, "好喝": 0.7, "太差": 0.4, "再来": 0.8}
    return explain(by_character(text, hot, heads=4), label="正面")


def review() -> Explanation:
    """English, wrong, and longer than what was read."""
    text = (
        "The view from the balcony was lovely and breakfast was generous, but nobody "
        "answered the phone at reception for two days. We moved to another hotel."
    )
    hot = {"lovely": 1.0, "generous": 0.9, "nobody": 0.3, "but": 0.2}
    return explain(
        by_word(text, hot, until=text.index(" We")),
        label="negative",
        labels=("negative", "positive"),
        prediction="positive",
        target="positive",
        probability=0.634,
    )


def megabytes() -> Explanation:
    """Chinese, four heads that differ at every token: 400 of 5,000,000 characters read."""
    text = "房间很干净" * 1_000_000
    weights = np.random.default_rng(0).dirichlet(np.ones(400), size=4)
    spans = np.stack([np.arange(400), np.arange(1, 401)], axis=1)
    return explain(Side(text, spans, weights, weights.mean(axis=0), 400), label="正面")


def moods() -> Explanation:
    """Four classes, signed values."""
    text = "等了两个小时才上菜，服务员还翻白眼，气死我了！不过甜点真的很治愈。"
    side = by_character(text, {"气死": 1.0, "白眼": 0.6, "两个小时": 0.3})
    pull = by_character(text, {"治愈": 0.9, "甜点": 0.5}).weights[0]
    values = (side.weights[0] - 1.2 * pull) * 4
    side = Side(side.text, side.spans, side.weights, values, side.read_until)
    return explain(
        side,
        label="愤怒",
        labels=("喜悦", "愤怒", "厌恶", "低落"),
        distribution=np.array([0.08, 0.71, 0.18, 0.03]),
        prediction="愤怒",
        target="愤怒",
        method="contribution",
    )


def pair() -> Explanation:
    """Two questions that mean the same."""
    return explain(
        by_character("怎么把手机里的照片备份到电脑上？", {"照片": 0.9, "备份": 1.0, "电脑": 0.4}),
        by_character("手机照片如何导入电脑保存", {"照片": 1.0, "保存": 0.8, "导入": 0.5}),
        label="1",
        task="match",
        labels=("0", "1"),
        distribution=np.array([0.14, 0.86]),
        prediction="1",
        target="1",
        score=0.86,
        verdict={"match": True, "threshold": 0.53, "score": "probability"},
    )  # fmt: skip


def matrix(rows: int, columns: int, seed: int = 0, focus: float = 6.0) -> np.ndarray:
    """An alignment in which token i of the left meets mostly one place of the right."""
    noise = np.random.default_rng(seed).normal(size=(rows, columns))
    place = np.arange(rows)[:, None] / rows - np.arange(columns) / columns
    scores = noise + focus * np.exp(-((place * 9) ** 2))
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


def aligned() -> Explanation:
    """The pair with an alignment, two heads and faithfulness; wrong."""
    sides = (
        by_character("怎么把手机里的照片备份到电脑上？", {"照片": 0.9, "备份": 1.0}, heads=2),
        by_character("手机照片如何导入电脑保存", {"照片": 1.0, "保存": 0.8}, heads=2),
    )
    return replace(
        pair(),
        sides=sides,
        label="0",
        alignment=matrix(16, 12),
        faithfulness={
            "comprehensiveness": 0.61,
            "sufficiency": -0.02,
            "random": {"comprehensiveness": 0.04, "sufficiency": 0.2},
        },
    )


def aligned_words() -> Explanation:
    """An English pair that does not match, with the cosine near the threshold."""
    sides = (
        by_word("How do I copy the photos from my phone to a computer?", {"copy": 1.0}),
        by_word("Which phone takes the best photos at night?", {"best": 1.0, "night": 0.7}),
    )
    shape = [len(side.spans) for side in sides]
    return replace(
        pair(),
        sides=sides,
        prediction="0",
        target="0",
        label="0",
        distribution=np.array([0.58, 0.42]),
        score=0.52991,
        verdict={"match": False, "threshold": 0.53, "score": "cosine"},
        alignment=matrix(*shape, seed=1),
    )


def triplet() -> Explanation:
    """A question with one that means the same and one that does not."""
    return explain(
        by_character("怎么把照片备份到电脑？", {"照片": 0.9, "备份": 1.0}),
        by_character("手机照片如何导入电脑", {"照片": 1.0, "导入": 0.5}),
        by_character("电脑开不了机怎么办", {"开不了机": 1.0}),
        task="match",
        labels=(),
        distribution=np.zeros(0),
        prediction="",
        target="",
        verdict={"ordered": True, "positive": 0.71, "negative": 0.284},
    )


def targets() -> list[Explanation]:
    """One text explained for three of its four classes."""
    first = moods()
    side = first.sides[0]
    return [
        first,
        replace(first, target="喜悦", sides=(replace(side, values=-side.values),)),
        replace(first, target="厌恶", sides=(replace(side, values=side.values[::-1].copy()),)),
    ]


def labels() -> list[Explanation]:
    """A title matched with its labels, which are texts too."""
    names = ("体育", "财经", "娱乐")
    return [
        explain(
            by_character("央行宣布下调存款准备金率", {hot: 1.0}),
            by_character(name, {}),
            task="match",
            labels=names,
            distribution=np.array([0.02, 0.95, 0.03]),
            prediction="财经",
            target=name,
            label="财经",
            score=score,
        )
        for name, hot, score in zip(names, ("下调", "央行", "宣布"), (0.1, 0.9, 0.2), strict=True)
    ]


def common() -> Explanation:
    """The characters both questions have in the same order."""
    sides = []
    for text, shared in (("手机照片怎么备份", "0123"), ("怎么把手机里的照片导出", "3478")):
        values = np.array([float(str(i) in shared) for i in range(len(text))])
        spans = np.stack([np.arange(len(text)), np.arange(1, len(text) + 1)], axis=1)
        sides.append(Side(text, spans, np.full((1, len(text)), 1 / len(text)), values, len(text)))
    return replace(pair(), sides=tuple(sides), method="lcs")


def one_word(length: int = 5_000_000) -> Explanation:
    """A word of megabytes is one token; four heads look at it."""
    text = f"see {'x' * length} and go"
    return explain(by_word(text, {"x" * length: 1.0}, heads=4))


def emoji() -> Explanation:
    """Byte-level tokens: three share one character, four one family of several code points."""
    text = "👍🏽 great 👩‍👩‍👧 cafe\u0301!"
    spans = [(0, 1), (0, 1), (1, 2), (3, 8), (9, 10), (10, 11), (11, 12), (13, 14), (15, 19),
             (19, 20), (20, 21)]  # fmt: skip
    weights = np.array([[0.1, 0.1, 0.2, 0.15, 0.05, 0.02, 0.08, 0.2, 0.02, 0.06, 0.02]])
    side = Side(text, np.array(spans), weights, weights[0], len(text))
    return explain(side, labels=("bad", "good"), prediction="good", target="good")


ATTACKS = {
    "script": "<script>alert('1')</script>&amp;<!-- {{ 7*7 }} {% raw %} -->",
    "attribute": 'x" onmouseover="alert(1)" \'><img src=x onerror=alert(1)>',
    "style": "</style></p></span></mark><style>*{display:none}</style>",
    "cdata": "]]><script>alert(1)</script><![CDATA[",
    "bidi": "pay \u202e100\u202c to \u2066me\u2069 \u2067עברית\u200f شكرا",
    "escape": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b31m \x08\x7f \x1b]8;;http://a.example\x1b\\",
    "nul": "a\x00b\x01c\ufffe\ufeffd",
    "surrogate": "half \ud83d and half \ude00 of one",
    "lines": "one\r\ntwo\rthree\n\n\tfour\u2028five\x0bsix\x85seven",
    "markup": "[bold red]not bold[/] [link=http://a.example]x[/link] :smile:",
    "marks": "z" + "\u0351" * 40 + "algo",
}


def attack(text: str) -> Explanation:
    """The text as text and as every name there is."""
    side = by_character(text, {text[:3]: 1.0}, heads=2)
    return explain(
        side, labels=(text, "b"), prediction=text, target="b", label=text + "!", method=text
    )


def all_kinds() -> list[Explanation]:
    """One of each kind."""
    attacked = attack(ATTACKS["script"])
    return [hotel(), review(), moods(), pair(), emoji(), attacked, *matches()]


def shares(kind: str, count: int) -> Explanation:
    """Attention over so many tokens: `"uniform"`, `"nearly"` so, or `"peaked"` at the third."""
    around = {
        "uniform": np.ones(count),
        "nearly": np.where(np.arange(count) < count / 2, 1.1, 0.9),
        "peaked": np.where(np.arange(count) == min(2, count - 1), 0.5 * count + 1, 0.5),
    }[kind]
    text = "字" * count  # which keeps golden images small
    spans = np.stack([np.arange(count), np.arange(1, count + 1)], axis=1)
    weights = (around / around.sum())[None]
    return explain(Side(text, spans, weights, weights[0], count), label="正面")


SHARE_KINDS = ("uniform", "nearly", "peaked")
SHARE_COUNTS = (1, 2, 3, 30, 3000)


def all_shares(counts: Sequence[int] = SHARE_COUNTS) -> list[Explanation]:
    """Every kind of attention over texts of so many tokens."""
    return [shares(kind, count) for count in counts for kind in SHARE_KINDS]


def matches() -> list[Explanation]:
    """One of each kind that a matcher makes, beside the plain pair."""
    return [aligned(), aligned_words(), triplet(), *labels(), common()]
