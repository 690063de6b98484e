"""Faithfulness of anybody's explanations, for any function from strings to probabilities."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.errors import InputError
from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.faithfulness.measures import DRAWS, Faithfulness, measure_faithfulness
from attnpool.explanation import Explanation
from attnpool.models.predictions import Predictions
from attnpool.progress import Progress
from attnpool.sanitize import counted, quoted, quoted_list
from attnpool.text.tokens import Tokens

_AT_ONCE = 256  # strings per call
_FIRST = 2  # the id of the first token: 0 and 1 are padding and unknown
_LEAST = 1e-12  # probabilities below are taken for it, as their logarithm is needed
_SPACES = re.compile(r"\s{2,}")


def faithfulness_of(
    predict: Callable[[list[Any]], Any],
    explanations: Iterable[Explanation],
    *,
    labels: Sequence[Any] | None = None,
    curves: bool = False,
    progress: Progress | None = None,
) -> dict[str, Faithfulness]:
    """Measure explanations by a function that answers strings, whatever model is behind it.

    The tokens with the highest values are cut out of the raw text, and the function answers what is
    left; white space between two tokens that were cut shrinks to one character. Every string is
    asked for once. There are some 130 strings for each explanation.

    Args:
        predict: From a list of texts (of tuples of texts, for pairs) to probabilities: `(texts,
            classes)`, or `(texts,)` for the probability of each explanation's own target.
        explanations: What is measured, such as `Explanation.from_values` makes. All are of one
            method.
        labels: The classes in the order of `predict`; default: those of the explanations.
        curves: Whether to measure deletion and insertion curves too, at twice the cost.
        progress: Where to show progress; default: nowhere.

    Returns:
        The measures of the explanations, under the name of their method, and those of `"random"`
        orders, which a method has to beat.

    Raises:
        InputError: There is no explanation, their methods differ, a target is no label, or
            `predict` gives no probabilities.

    Source:
        DeYoung et al. 2020 (ERASER), arXiv 1911.03429.

    Example:
        >>> predict = lambda texts: [0.9 if "good" in text else 0.1 for text in texts]
        >>> one = Explanation.from_values("a good film", [(0, 1), (2, 6), (7, 11)], [0, 0.8, 0])
        >>> measured = faithfulness_of(predict, [one])["attention"]
        >>> round(float(measured.comprehensiveness[0, 0]), 3)
        0.8
    """
    given = list(explanations)
    methods = {one.method for one in given}
    if len(methods) != 1:
        raise InputError(
            "no explanations to measure"
            if not given
            else f"explanations are of several methods, {quoted_list(sorted(methods))}; give those "
            "of one"
        )
    sides = len(given[0].sides)
    if any(len(one.sides) != sides for one in given):
        raise InputError("explanations have different numbers of texts; give those of one task")
    network = _Function(predict, given, sides)
    order = [str(label) for label in (given[0].labels if labels is None else labels)]
    targets = _targets(network, given, order)
    request = AttributionRequest(network, network.texts, network.tokens, targets)
    values = np.concatenate(
        [one.sides[side].values for side in range(sides) for one in given]
    ).astype(np.float64)
    total = len(given) * (1 + DRAWS)
    with (progress or Progress()).bar("measuring", total) as advance:
        return measure_faithfulness(
            request, {methods.pop(): values}, curves=curves, advance=advance
        )


class _Function:
    """A function of strings as a network: token ids are the places of tokens in all texts."""

    config = None

    def __init__(
        self, predict: Callable[[list[Any]], Any], given: list[Explanation], sides: int
    ) -> None:
        self.sides = sides
        self._predict, self._given = predict, given
        self._known: dict[Any, np.ndarray] = {}
        parts = [one.sides[side] for side in range(sides) for one in given]
        self._texts = [part.text for part in parts]
        self._spans = np.concatenate([part.spans for part in parts]).reshape(-1, 2)
        bounds = np.cumsum([0, *(len(part.values) for part in parts)], dtype=np.int64)
        self._bounds = bounds
        self.texts = [self._texts[i * len(given) : (i + 1) * len(given)] for i in range(sides)]
        self.tokens = Tokens(
            ids=np.arange(bounds[-1], dtype=np.int32) + np.int32(_FIRST),
            bounds=bounds,
            spans=self._spans.astype(np.int32),
            # Which text it is: variants without any token could not tell otherwise.
            read_until=np.arange(len(parts), dtype=np.int64),
        )

    def run(
        self,
        tokens: Tokens,
        *,
        weights: bool = False,
        advance: Callable[[int], object] = lambda _: None,
    ) -> Predictions:
        """The logarithms of the probabilities of many variants."""
        del weights
        texts = [
            self._text(int(tokens.read_until[row]), tokens.ids[start:end] - _FIRST)
            for row, (start, end) in enumerate(
                zip(tokens.bounds[:-1].tolist(), tokens.bounds[1:].tolist(), strict=True)
            )
        ]
        items = len(texts) // self.sides
        asked: list[Any] = texts
        if self.sides > 1:
            sides = (texts[i * items : (i + 1) * items] for i in range(self.sides))
            asked = list(zip(*sides, strict=True))
        answers = self.answers(asked)
        advance(items)
        return Predictions(np.log(np.clip(answers, _LEAST, None)), None)

    def classes(self) -> int | None:
        """How many probabilities a text gets; None for that of its target alone."""
        whole: list[Any] = self.texts[0] if self.sides == 1 else list(zip(*self.texts, strict=True))
        found = np.ndim(self._predict(whole[:1]))
        return None if found == 1 else self.answers(whole[:1]).shape[1]

    def answers(self, asked: list[Any]) -> Float[np.ndarray, "items classes"]:
        """The probabilities of strings, each asked for once."""
        new = [one for one in dict.fromkeys(asked) if one not in self._known]
        for start in range(0, len(new), _AT_ONCE):
            some = new[start : start + _AT_ONCE]
            for one, answer in zip(some, _probabilities(self._predict(some), some), strict=True):
                self._known[one] = answer
        if len({len(self._known[one]) for one in asked}) > 1:
            raise InputError("predict gave different numbers of classes; give always the same")
        return np.stack([self._known[one] for one in asked])

    def _text(self, number: int, kept: Int[np.ndarray, "kept"]) -> str:
        """A text without the tokens that are not kept."""
        first, last = self._bounds[number : number + 2].tolist()
        gone = np.ones(last - first, dtype=np.bool_)
        gone[kept - first] = False
        text = self._texts[number]
        if not gone.any():
            return text
        # A character that a kept token shares stays.
        keeps = np.ones(len(text), dtype=np.bool_)
        for start, end in self._spans[first:last][gone].tolist():
            keeps[start:end] = False
        for start, end in self._spans[first:last][~gone].tolist():
            keeps[start:end] = True
        left = "".join(c for c, keep in zip(text, keeps.tolist(), strict=True) if keep)
        return _SPACES.sub(lambda found: found[0][0], left).strip()


def _probabilities(given: Any, asked: list[Any]) -> Float[np.ndarray, "items classes"]:
    """The answers of a function, checked; two columns where it gives that of the target alone."""
    try:
        answers = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        answers = np.zeros(0)
    if answers.ndim not in (1, 2) or len(answers) != len(asked) or not answers.size:
        shape = getattr(answers, "shape", ())
        raise InputError(
            f"predict gave an array of shape {shape} for {counted(len(asked), 'text')}; give "
            "probabilities, (texts, classes) or (texts,)"
        )
    if not (np.isfinite(answers).all() and (answers >= 0).all() and (answers <= 1 + 1e-6).all()):
        raise InputError("predict gave numbers that are no probabilities; give some from 0 to 1")
    return answers if answers.ndim == 2 else np.stack([answers, 1 - answers], axis=1)


def _targets(
    network: _Function, given: list[Explanation], labels: list[str]
) -> Int[np.ndarray, "items"]:
    """The column of each explanation's target; the first where `predict` gives that alone."""
    classes = network.classes()
    if classes is None:
        return np.zeros(len(given), dtype=np.int64)
    if len(labels) != classes:
        raise InputError(
            f"predict gives {classes} probabilities a text, and there are "
            f"{counted(len(labels), 'label')}; name them in its order (labels=)"
        )
    for one in given:
        if one.target not in labels:
            raise InputError(
                f"the target {quoted(one.target)} is none of the labels, {quoted_list(labels, 5)}; "
                "name those of predict in its order (labels=)"
            )
    return np.array([labels.index(one.target) for one in given], dtype=np.int64)
