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
    """One example; what is said of it stands in `attnpool.view.words.recipes`, by its id.

    Attributes:
        id: Its anchor on the page, such as `"classification-1"`.
        rows: The name of its rows, a key of `attnpool.gallery.sources.SOURCES`.
        design: The model.
        pick: What its samples are.
        truth: Only rows of this label are samples; empty: rows of all labels.
        right: How many correct predictions to show.
        wrong: How many errors to show, if there are so many.
        longest: The most characters that the texts of a sample have.
    """

    id: str
    rows: str
    design: Design
    pick: Pick = "answers"
    truth: str = ""
    right: int = 3
    wrong: int = 3
    longest: int = 200

    @property
    def part(self) -> str:
        """The part of the page that it belongs to, such as `"multi-head"`."""
        return self.id.rpartition("-")[0]

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
    Recipe("classification-1", "titles", _ONE, right=4, wrong=4),
    Recipe("classification-2", "sentiment", _ONE),
    Recipe("classification-3", "moods", _ONE),
    Recipe("classification-4", "articles", _ONE, right=2, wrong=2, longest=900),
    Recipe("classification-5", "titles", Design("label", heads=1)),
)

_MATCHING = (
    Recipe("matching-1", "pairs", _SIAMESE, truth="匹配"),
    Recipe("matching-2", "pairs", _SIAMESE, truth="不匹配"),
    Recipe("matching-3", "pairs", Design("triplet"), pick="triplets"),
)

_INTERACTING = (
    Recipe("interaction-1", "pairs", _INTERACTION),
    Recipe("interaction-2", "pairs", _INTERACTION, pick="partners", right=2, wrong=2),
)

_MULTI_HEAD = (
    Recipe("multi-head-1", "sentiment", _FOUR, right=2, wrong=2, longest=90),
    Recipe("multi-head-2", "hotel", _FOUR, truth="正面", right=2, wrong=1, longest=110),
    Recipe("multi-head-3", "hotel", _FOUR, truth="负面", right=2, wrong=1, longest=110),
    Recipe("multi-head-4", "titles", _FOUR, right=2, wrong=2),
)

_MAX_POOLING = (
    Recipe("max-pooling-1", "titles", _MAX, right=4, wrong=4),
    Recipe("max-pooling-2", "sentiment", Design(pooling="max", raw=True)),
    Recipe("max-pooling-3", "hotel", _MAX, truth="正面", right=2, wrong=2),
    Recipe("max-pooling-4", "hotel", _MAX, truth="负面", right=2, wrong=2),
)

RECIPES = (*_CLASSIFICATION, *_MATCHING, *_INTERACTING, *_MULTI_HEAD, *_MAX_POOLING)
"""All examples, in the order of the page."""
