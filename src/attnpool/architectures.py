"""The architectures of a matcher: one record each, from which everything else reads.

Command help and checks, the model card, the defaults of `TextMatcher` and its length limit ask
these records. The models stand in `attnpool.models`, see `attnpool.models.registry`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from attnpool.errors import InputError

__all__ = [
    "ARCHITECTURES",
    "Architecture",
    "answer_names",
    "find_architecture",
    "tells_matches",
    "texts_per_item",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """What is known of an architecture without computing anything.

    Attributes:
        name: Its name, as `TextMatcher(architecture=…)` and `--architecture` have it.
        summary: What it does, in one sentence, as the model card says it; may name fields of
            `MatcherConfig` in braces.
        texts: The number of texts that a prediction takes.
        text_columns: The numbers of text columns that training takes.
        attention_only: Whether it pools with attention alone, not with another pooling.
        one_head: Whether its attention has one head.
        embeds: Whether it can pool a text without a second one.
        max_tokens: What the length limit `"auto"` is at most, where that is less than elsewhere.
        defaults: The parameters that it chooses where they are None.
    """

    name: str
    summary: str
    texts: int = 2
    text_columns: tuple[int, ...] = (2,)
    attention_only: bool = False
    one_head: bool = False
    embeds: bool = True
    max_tokens: int | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def check_attention(self, pooling: str, heads: int | None) -> None:
        """Refuse a pooling, or a number of heads, that it cannot have.

        Raises:
            InputError: It cannot.
        """
        if pooling != "attention" and self.attention_only:
            raise InputError(f"architecture {self.name!r} pools with attention; leave pooling out")
        if self.one_head and (heads or 1) != 1:
            raise InputError(f"architecture {self.name!r} has one head; leave heads out")


# Chosen on splits of LCQMC's training rows that hold out whole topics (docs/results.md); `label`
# has the classifier's shape. Dropout of embeddings would make equal tokens of the two texts
# unequal: pairs go without.
_DEEP: Mapping[str, Any] = {
    "dim": 128, "head_dim": 128, "kernel_sizes": (2, 3, 4), "residual": True, "ngrams": (),
    "dropout": 0.3, "embedding_dropout": 0.0, "heads": 1,
}  # fmt: skip
_FLAT: Mapping[str, Any] = {
    "dim": 128, "head_dim": 128, "kernel_sizes": (), "residual": False, "ngrams": (2, 3),
    "dropout": 0.3, "embedding_dropout": 0.0, "heads": 1,
}  # fmt: skip

_RECORDS = (
    Architecture(
        name="siamese",
        summary="Each text of a pair is pooled by itself, and a head compares the two.",
        defaults={**_DEEP, "heads": 4},
    ),
    Architecture(
        name="interaction",
        summary="Each text of a pair is pooled by attention whose query is the other text.",
        attention_only=True,
        one_head=True,
        embeds=False,
        defaults=_DEEP,
    ),
    Architecture(
        name="alignment",
        summary="Each token of a pair finds its counterpart in the other text.",
        attention_only=True,
        embeds=False,
        max_tokens=1_000,  # a matrix of the tokens of both texts for every pair
        defaults={**_DEEP, "heads": 4, "dropout": 0.1},
    ),
    Architecture(
        name="triplet",
        summary="Texts become vectors; those that match are near, by {distance} distance.",
        text_columns=(2, 3),
        defaults={**_FLAT, "heads": 4},
    ),
    Architecture(
        name="label",
        summary="The names of the classes are texts too, and any list of them can be ranked.",
        texts=1,
        text_columns=(1,),
        defaults={**_FLAT, "embedding_dropout": 0.2, "heads": 4},
    ),
)

ARCHITECTURES: Mapping[str, Architecture] = MappingProxyType({one.name: one for one in _RECORDS})
"""The architectures by name, in the order in which they are listed."""


def find_architecture(name: str) -> Architecture:
    """The record of the architecture of this name.

    Raises:
        InputError: There is none.
    """
    if name not in ARCHITECTURES:
        raise InputError(f"architecture is {name!r}; choose from {', '.join(ARCHITECTURES)}")
    return ARCHITECTURES[name]


def texts_per_item(model: Any) -> int:
    """How many texts a model reads at once: two where it compares, else one.

    Args:
        model: A model; a matcher has an `architecture`.
    """
    record = ARCHITECTURES.get(getattr(model, "architecture", ""))
    return 1 if record is None else record.texts


def tells_matches(model: Any) -> bool:
    """Whether a model says yes or no of a pair, with a score."""
    return texts_per_item(model) == 2 and len(model.classes_) == 2


def answer_names(model: Any, candidates: Sequence[str] | None = None) -> list[str]:
    """The names of the classes that a model answers with.

    Args:
        model: The model.
        candidates: The labels that are ranked in place of its classes.
    """
    return list(candidates) if candidates else [str(name) for name in model.classes_.tolist()]
