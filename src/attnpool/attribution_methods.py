"""The attribution methods: one record each, from which everything else reads.

Command help, colours, captions, legends and reports ask these records what a method is called,
what its values mean and which models it fits. The code that computes a method stands in
`attnpool.explain.methods`, under the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from attnpool._renamed import VALUES, current_value
from attnpool.errors import InputError

__all__ = ["METHODS", "AttributionMethod", "find_method", "method_help"]

Needs = Literal["any", "max", "average", "pairs"]

_MOVED = (
    "Orange moved the model towards the class explained (the predicted one, unless another is "
    "named), blue away from it."
)
_MOVED_ENDS = ("against", "for the class")
_SHARE_ENDS = ("uniform share or less", "much more")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionMethod:
    """What is known of an attribution method without computing anything.

    Attributes:
        name: Its name, as `Explanation.method` and `--method` have it.
        meaning: What its values are, in one phrase.
        signed: Whether a value can be negative: for the class explained, or against it.
        additive: Whether `Σ values + base + bias = logit`.
        shares: Whether its values are shares of a whole: not negative, with sum 1 over a text.
        needs: Which models it fits: `"any"`, models that pool the `"max"` or the `"average"`, or
            `"pairs"` of texts.
        legend: What the colours mean, in one sentence.
        ends: What stands at the low and at the high end of the colour scale.
        noun: What one value is called.
        own_legend: Whether its legend stands beside others of the same sign on one page.
        attends: Whether its values are pooling weights: where the model looked.
        marks: For a method that marks characters and does not weigh them: what pointing at a
            marked token says. Empty for all others.
    """

    name: str
    meaning: str
    signed: bool = True
    additive: bool = False
    shares: bool = False
    needs: Needs = "any"
    legend: str = _MOVED
    ends: tuple[str, str] = _MOVED_ENDS
    noun: str = "value"
    own_legend: bool = False
    attends: bool = False
    marks: str = ""

    @property
    def for_class(self) -> bool:
        """Whether its values speak for or against the class that is explained."""
        return self.signed and not self.own_legend


_RECORDS = (
    AttributionMethod(
        name="attention",
        meaning="the pooling weight, the mean over heads: where the model looked",
        signed=False,
        shares=True,
        legend="Amber shows where the model looked, not why it decided.",
        ends=_SHARE_ENDS,
        noun="weight",
        attends=True,
    ),
    AttributionMethod(
        name="contribution",
        meaning="each token's share of the logit, exact; the shares add up to it",
        additive=True,
    ),
    AttributionMethod(
        name="gradient_x_input", meaning="the gradient of the logit times the embedding"
    ),
    AttributionMethod(
        name="integrated_gradients",
        meaning="gradients along the way from zero embeddings to these",
    ),
    AttributionMethod(
        name="leave_one_out",
        meaning="by how much the logit falls without the token; one prediction per token",
    ),
    AttributionMethod(
        name="max_share",
        meaning="the share of the dimensions whose maximum is at the token",
        signed=False,
        shares=True,
        needs="max",
        legend="Amber shows how many dimensions of the vector have their maximum at a token, not "
        "why the model decided.",
        ends=_SHARE_ENDS,
        noun="value",
        own_legend=True,
        attends=True,
    ),
    AttributionMethod(
        name="max_sum",
        meaning="the sum of the maxima at the token",
        needs="max",
        legend="The maxima at a token add up to more than zero (orange) or to less (blue); "
        "neither speaks for a class.",
        ends=("below zero", "above zero"),
        noun="value",
        own_legend=True,
    ),
    AttributionMethod(
        name="closeness",
        meaning="how near the token's vector is to the mean of the text",
        signed=False,
        shares=True,
        needs="average",
        legend="Amber shows which tokens are like the whole text, not why the model decided.",
        ends=_SHARE_ENDS,
        noun="value",
        own_legend=True,
    ),
    AttributionMethod(
        name="random",
        meaning="uniform random values: what a method has to beat",
        signed=False,
        legend="Amber is random: what a method has to beat.",
        ends=("low", "high"),
        noun="value",
        own_legend=True,
    ),
    AttributionMethod(
        name="lcs",
        meaning="the longest common subsequence of the two texts; of the texts, not of a model",
        signed=False,
        needs="pairs",
        legend="Amber: characters both texts have in the same order.",
        own_legend=True,
        marks="in both texts",
    ),
    AttributionMethod(
        name="lcs_rest",
        meaning="all but the longest common subsequence",
        signed=False,
        needs="pairs",
        legend="Amber: all but the characters both texts have in the same order.",
        own_legend=True,
        marks="not in both texts",
    ),
)

METHODS: Mapping[str, AttributionMethod] = MappingProxyType({one.name: one for one in _RECORDS})
"""The methods by name, in the order in which they are listed."""


def find_method(name: str) -> AttributionMethod:
    """The record of the method of this name; an earlier version's name works with a warning.

    Raises:
        InputError: There is none.
    """
    record = None
    if isinstance(name, str):
        record = METHODS.get(name) or METHODS.get(current_value(name))
    if record is None:
        raise InputError(f"unknown method {name!r}; choose from {', '.join(METHODS)}")
    return record


def record_of(name: str) -> AttributionMethod:
    """The record of a method, or, for values of anybody's own making, one that claims nothing.

    Unknown values are taken for signed: no sign is ever hidden.
    """
    known = METHODS.get(VALUES.get(name, name))
    return known or AttributionMethod(name=name, meaning="values of your own")


def method_help() -> str:
    """The names for command help, grouped by the models they fit."""
    groups: dict[str, list[str]] = {}
    for one in METHODS.values():
        groups.setdefault(one.needs, []).append(one.name)
    where = {
        "any": "",
        "max": "with max pooling also ",
        "average": "with average pooling also ",
        "pairs": "for pairs also ",
    }
    return "; ".join(f"{where[needs]}{_either(names)}" for needs, names in groups.items())


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
