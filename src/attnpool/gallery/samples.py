"""Which explanations are shown: drawn at random, errors as well as correct predictions."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from attnpool.attribution_methods import record_of
from attnpool.data import positive_groups, to_triplets
from attnpool.errors import InputError
from attnpool.explanation import Explanation
from attnpool.gallery.modelling import Trained
from attnpool.gallery.recipes import Recipe
from attnpool.gallery.sources import GalleryRows
from attnpool.sanitize import quoted
from attnpool.view.words import Words

_MOST = 500
_ANSWER = ("label", "prediction", "distribution", "score", "verdict")


def samples(
    recipe: Recipe, rows: GalleryRows, trained: Trained, words: Words
) -> tuple[list[Explanation], dict[str, str]]:
    """The explanations that an example shows, and the figures that only it has."""
    if recipe.pick == "triplets":
        return _triplets(recipe, rows, trained, words)
    right, wrong = _answers(recipe, trained.explanations, lambda e: bool(e.correct))
    if recipe.pick == "partners":
        return _partners(recipe, rows, trained, [*right, *wrong], words)
    return _by_all_methods(trained, [*right, *wrong]), {}


def _by_all_methods(trained: Trained, chosen: list[Explanation]) -> list[Explanation]:
    """Each sample explained by each method of the design; the page puts them on one card."""
    shown = [[e] for e in chosen]
    for method in trained.methods[1:] if chosen else ():
        for same, other in zip(shown, _explain(trained, chosen, method), strict=True):
            # The answer stays: among other texts its last digit may differ.
            answer = {name: getattr(same[0], name) for name in _ANSWER}
            if other.target == same[0].target:
                same.append(replace(other, **answer))
    return [explanation for same in shown for explanation in same]


def _answers(
    recipe: Recipe, explanations: Sequence[Explanation], right: Callable[[Explanation], bool]
) -> tuple[list[Explanation], list[Explanation]]:
    """Correct and wrong ones, of as many classes as possible, in an order that never changes."""
    fitting = [e for e in explanations if not recipe.truth or e.label == recipe.truth]
    short = [e for e in fitting if sum(map(len, e.texts)) <= recipe.longest]
    shuffled = [short[i] for i in _draw(recipe).permutation(len(short)).tolist()]
    found: tuple[list[Explanation], list[Explanation]] = ([], [])
    for explanation in shuffled:
        found[not right(explanation)].append(explanation)
    return mixed(found[0])[: recipe.right], mixed(found[1])[: recipe.wrong]


def _draw(recipe: Recipe) -> np.random.Generator:
    # Seeded by the id, so that examples that share a model show different samples.
    return np.random.default_rng(zlib.crc32(recipe.id.encode()))


def mixed(explanations: list[Explanation]) -> list[Explanation]:
    """The first of each true class, then the second of each: no class fills the page alone."""
    seen: dict[str | None, int] = {}
    turns = []
    for explanation in explanations:
        turns.append(seen.get(explanation.label, 0))
        seen[explanation.label] = turns[-1] + 1
    return [explanations[i] for i in np.argsort(turns, kind="stable").tolist()]


def _triplets(
    recipe: Recipe, rows: GalleryRows, trained: Trained, words: Words
) -> tuple[list[Explanation], dict[str, str]]:
    """Triplets, and wrongly predicted pairs if too few triplets are ordered wrong."""
    triplets = list(to_triplets(rows.test, rows.test_labels))
    whole = _as_triplets(trained, triplets, trained.methods[0])
    right, wrong = _answers(recipe, whole, _ordered)
    pairs = _answers(recipe, trained.explanations, lambda e: bool(e.correct))[1]
    share = float(np.mean([_ordered(e) for e in whole]))
    figures = {words("gallery.triplets", count=len(whole)): f"{share:.1%}"}
    chosen = [*right, *wrong]
    again = _as_triplets(trained, [tuple(e.texts) for e in chosen], trained.methods[-1])
    shown = [
        e
        for one, other in zip(chosen, again, strict=True)
        for e in (one, replace(other, verdict=one.verdict))
    ]
    return [*shown, *_by_all_methods(trained, pairs[: recipe.wrong - len(wrong)])], figures


def _as_triplets(
    trained: Trained, triplets: Sequence[tuple[str, ...]], method: str
) -> list[Explanation]:
    """Triplets by a method; both pairs are explained for the match, whatever is predicted."""
    explain: Any = trained.model.explain
    match = str(trained.model.classes_[1])
    near, far = (
        explain([(item[0], item[other]) for item in triplets], method=method, target=match)
        for other in (1, 2)
    )
    return [as_triplet(one, other) for one, other in zip(near, far, strict=True)]


def _explain(trained: Trained, asked: Sequence[Explanation], method: str) -> list[Explanation]:
    """The items of explanations explained again."""
    explain: Any = trained.model.explain
    # The second text of a ranked label is the label.
    alone = trained.reads == 1
    items = [e.texts[0] if alone else tuple(e.texts) for e in asked]
    answers: list[Explanation] = explain(items, method=method)
    return answers


def as_triplet(near: Explanation, far: Explanation) -> Explanation:
    """An anchor with its positive and its negative, from two pairs explained by one model.

    Each text is pooled by itself, so that attention to the anchor is the same in both. Values with
    a sign are those of the difference of the two logits: above 0 they bring the anchor nearer to
    the positive than to the negative.
    """
    positive, negative = near.score or 0.0, far.score or 0.0
    sides = (*near.sides, far.sides[1])
    logit = base = bias = linear = None
    if record_of(near.method).signed:
        anchor, other = near.sides[0], far.sides
        sides = (
            replace(anchor, values=anchor.values - other[0].values),
            near.sides[1],
            replace(other[1], values=-other[1].values),
        )
        logit, base, bias, linear = (
            None if one is None or two is None else one - two
            for one, two in zip(
                (near.logit, near.base, near.bias, near.linear),
                (far.logit, far.base, far.bias, far.linear),
                strict=True,
            )
        )
    return replace(
        near,
        sides=sides,
        labels=(),
        distribution=np.zeros(0),
        prediction="",
        target="",
        label=None,
        logit=logit,
        base=base,
        bias=bias,
        linear=linear,
        score=None,
        verdict={"ordered": positive > negative, "positive": positive, "negative": negative},
    )


def _ordered(explanation: Explanation) -> bool:
    return bool((explanation.verdict or {})["ordered"])


def _partners(
    recipe: Recipe, rows: GalleryRows, trained: Trained, chosen: list[Explanation], words: Words
) -> tuple[list[Explanation], dict[str, str]]:
    """Each pair, then its first text with a second text drawn from other rows."""
    other = partner_from(rows, _draw(recipe))
    asked = [e.texts[0] for e in chosen]
    explain: Any = trained.model.explain
    method = trained.methods[0]
    beside = explain([(first, other(first)) for first in asked], method=method)
    some = trained.explanations[:_MOST]
    moved = explain([(e.texts[0], other(e.texts[0])) for e in some], method=method)
    alike = [
        np.minimum(one.sides[0].values, two.sides[0].values).sum()
        for one, two in zip(some, moved, strict=True)
        if len(one.sides[0].values)
    ]
    figures = {words("gallery.in-place", count=len(alike)): f"{np.mean(alike):.0%}"}
    both = [e for pair in zip(chosen, beside, strict=True) for e in pair]
    return _by_all_methods(trained, both), figures


def partner_from(rows: GalleryRows, draw: np.random.Generator) -> Callable[[str], str]:
    """Draws a second text for a first one, from pairs that are neither its own nor match it.

    Args:
        rows: Pairs, of which the held-out ones are drawn from.
        draw: Where the random numbers come from.
    """
    groups = positive_groups(rows.test, rows.test_labels)
    own = {(a, b) for a, b in rows.test}
    seconds: list[str] = [b for _, b in rows.test]

    def fits(first: str, second: str) -> bool:
        return groups[second] != groups[first] and (first, second) not in own

    def other(first: str) -> str:
        if not any(fits(first, second) for second in seconds):
            raise InputError(
                f"{rows.name}: no held-out pair has a text that differs from {quoted(first)} in "
                "meaning; give more rows"
            )
        while True:
            second = seconds[draw.integers(len(seconds))]
            if fits(first, second):
                return second

    return other
