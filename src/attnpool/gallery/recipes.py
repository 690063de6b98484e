"""The examples of the gallery: what each shows, on which rows, by which model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from attnpool.gallery.modelling import Design

Pick = Literal["answers", "triplets", "partners"]
"""What the samples are: explained test rows; triplets made of them; explained pairs, each followed
by the same first text with another second text."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One example.

    Attributes:
        id: Its anchor on the page, such as `"classification-1"`.
        part: The part of the page that it belongs to.
        title: Its heading.
        short: What the index calls it.
        lead: What it shows.
        rows: The name of its rows, a key of `attnpool.gallery.sources.SOURCES`.
        design: The model.
        pick: What its samples are.
        truth: Only rows of this label are samples; empty: rows of all labels.
        right: How many correct predictions to show.
        wrong: How many errors to show, if there are so many.
        longest: The most characters that the texts of a sample have.
        of_original: Added to the lead if the rows are from a public dataset, not bundled.
    """

    id: str
    part: str
    title: str
    short: str
    lead: str
    rows: str
    design: Design
    pick: Pick = "answers"
    truth: str = ""
    right: int = 3
    wrong: int = 3
    longest: int = 200
    of_original: str = ""

    @property
    def plots(self) -> bool:
        """Whether the curves of the heads are shown for each sample."""
        return self.id.startswith("multi-head")


_ONE = Design(heads=1)
_FOUR = Design(heads=4)
_SIAMESE = Design("siamese", heads=1)
_INTERACTION = Design("interaction")
_MAX = Design(pooling="max")

_CLASSIFICATION = (
    Recipe(
        "classification-1", "Classification",
        "Classification 1: news titles · 新闻标题", "1 News titles",
        "Ten classes. One or two words of a short title give the class away. One attention head "
        "puts most of its weight on one place; Multi-head 4 has four heads on the same rows.",
        "titles", _ONE, right=4, wrong=4,
    ),
    Recipe(
        "classification-2", "Classification",
        "Classification 2: sentiment, two ways · 正负情感", "2 Sentiment",
        "正面 is praise, 负面 is a complaint. One attention head has to cover evidence for both.",
        "sentiment", _ONE,
        of_original="Bracket emoji such as [泪] almost give the label away. The model never reads "
        "them, so they have no colour.",
    ),
    Recipe(
        "classification-3", "Classification",
        "Classification 3: four moods · 四种情绪", "3 Four moods",
        "喜悦, 愤怒, 厌恶 or 低落. Anger and disgust share most of their words.",
        "moods", _ONE,
        of_original="The labels are noisy: many posts would fit another of the four as well, and "
        "no model gets far.",
    ),
    Recipe(
        "classification-4", "Classification",
        "Classification 4: long articles · 长文分类", "4 Long articles",
        "Hundreds of characters, of which few are needed. Whole paragraphs stay pale.",
        "articles", _ONE, right=2, wrong=2, longest=900,
    ),
    Recipe(
        "classification-5", "Classification",
        "Classification 5: as matching with a label · 文本与标签匹配", "5 As label matching",
        "The name of a class is a text too. The title and its label are both coloured, and the "
        "model can rank any other list of labels.",
        "titles", Design("label", heads=1),
    ),
)  # fmt: skip

_MATCHING = (
    Recipe(
        "matching-1", "Matching",
        "Matching 1: siamese, questions that ask the same · 文本匹配", "1 Siamese, a match",
        "Each question is pooled by itself, and a small head compares the two vectors. These "
        "pairs match: an error is a match that the model missed.",
        "pairs", _SIAMESE, truth="匹配",
    ),
    Recipe(
        "matching-2", "Matching",
        "Matching 2: siamese, questions that do not · 文本匹配", "2 Siamese, no match",
        "The same model on pairs that do not match, often because of one word. An error is a pair "
        "whose shared words misled the model.",
        "pairs", _SIAMESE, truth="不匹配",
    ),
    Recipe(
        "matching-3", "Matching",
        "Matching 3: triplet loss · 三元组", "3 Triplets",
        "Trained so that a question is nearer to one that asks the same (positive) than to one "
        "that does not (negative), by the cosine of their vectors. Triplets in the wrong order "
        "are shown too. If there are too few, pairs on the wrong side of the threshold follow. By "
        "contribution, orange brings the anchor nearer to its positive than to its negative.",
        "pairs", Design("triplet"), pick="triplets",
    ),
)  # fmt: skip

_INTERACTING = (
    Recipe(
        "interaction-1", "Interaction",
        "Interaction 1: each side is the other's query · 基于交互的匹配", "1 Two questions",
        "Each question is pooled by attention whose query is the other question. Where the model "
        "looks in A depends on B.",
        "pairs", _INTERACTION,
    ),
    Recipe(
        "interaction-2", "Interaction",
        "Interaction 2: one question, two partners · 同一问题，两个对象", "2 Two partners",
        "The same model and the same question A twice: with its own partner, and with a question "
        "drawn at random, for which there is no label. The figure says how much of A's colour "
        "stays in place.",
        "pairs", _INTERACTION, pick="partners", right=2, wrong=2,
    ),
)  # fmt: skip

_MULTI_HEAD = (
    Recipe(
        "multi-head-1", "Multi-head",
        "Multi-head 1: sentiment · 情感分析", "1 Sentiment",
        "Four heads, with one curve each below the text. Choose a head to see its colours alone.",
        "sentiment", _FOUR, right=2, wrong=2, longest=90,
    ),
    Recipe(
        "multi-head-2", "Multi-head",
        "Multi-head 2: hotel reviews, praise · 酒店评论一", "2 Hotel, praise",
        "Reviews that their authors marked as praise.",
        "hotel", _FOUR, truth="正面", right=2, wrong=1, longest=110,
    ),
    Recipe(
        "multi-head-3", "Multi-head",
        "Multi-head 3: hotel reviews, complaints · 酒店评论二", "3 Hotel, complaints",
        "The same model on complaints.",
        "hotel", _FOUR, truth="负面", right=2, wrong=1, longest=110,
    ),
    Recipe(
        "multi-head-4", "Multi-head",
        "Multi-head 4: news · 新闻分类", "4 News",
        "The rows of Classification 1 with four heads. Titles are short, so there is little for "
        "the heads to divide.",
        "titles", _FOUR, right=2, wrong=2,
    ),
)  # fmt: skip

_POOLS = (
    "max_share is the share of the vector's dimensions in which a token has the maximum. max_sum "
    "is the sum of these maxima, with their signs."
)
_MAX_POOLING = (
    Recipe(
        "max-pooling-1", "Max pooling",
        "Max pooling 1: news titles · 新闻标题", "1 News titles",
        f"Pooled by the maximum instead of attention. {_POOLS}",
        "titles", _MAX, right=4, wrong=4,
    ),
    Recipe(
        "max-pooling-2", "Max pooling",
        "Max pooling 2: sentiment · 正负情感", "2 Sentiment",
        f"Two classes, pooled by the maximum. {_POOLS}",
        "sentiment", Design(pooling="max", raw=True),
        of_original="Here the model reads bracket emoji such as [泪]. Compare the accuracy with "
        "Classification 2, and see where the colour goes.",
    ),
    Recipe(
        "max-pooling-3", "Max pooling",
        "Max pooling 3: hotel reviews, praise · 酒店评论一", "3 Hotel, praise",
        f"Reviews that their authors marked as praise, pooled by the maximum. {_POOLS}",
        "hotel", _MAX, truth="正面", right=2, wrong=2,
    ),
    Recipe(
        "max-pooling-4", "Max pooling",
        "Max pooling 4: hotel reviews, complaints · 酒店评论二", "4 Hotel, complaints",
        "The same model on complaints.",
        "hotel", _MAX, truth="负面", right=2, wrong=2,
    ),
)  # fmt: skip

RECIPES = (*_CLASSIFICATION, *_MATCHING, *_INTERACTING, *_MULTI_HEAD, *_MAX_POOLING)
"""All examples, in the order of the page."""
