"""Faithfulness of anybody's explanations, for any function from strings to probabilities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.errors import InputError
from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.faithfulness.cut_text import CutText
from attnpool.explain.faithfulness.measures import DRAWS, Faithfulness, measure_faithfulness
from attnpool.explain.lists import listed
from attnpool.explanation import Explanation
from attnpool.models.predictions import Predictions
from attnpool.progress import Progress
from attnpool.sanitize import counted, quoted, quoted_list
from attnpool.text.tokens import Tokens

_AT_ONCE = 256  # strings per call
_FIRST = 2  # the id of the first token: 0 and 1 are padding and unknown
_LEAST = 1e-12  # probabilities below are taken for it, as their logarithm is needed
_WANTED = "give probabilities, (texts, classes) or (texts,)"


def faithfulness_of(
    predict: Callable[[list[Any]], Any],
    explanations: Iterable[Explanation],
    *,
    labels: Sequence[Any] | np.ndarray | None = None,
    curves: bool = False,
    progress: Progress | None = None,
) -> dict[str, Faithfulness]:
    """Measure explanations by a function that answers strings, whatever model is behind it.

    The tokens with the highest values are cut out of the raw text, and the function answers what is
    left. Of the white space around a cut one piece stays; two words that only the cut kept apart
    (`well-made`) get a space. What belongs to no token, such as punctuation that a tokenizer drops,
    is never cut. Every string is asked for once; there are some 130 for each explanation.

    Args:
        predict: From a list of texts (of tuples of texts, for pairs) to probabilities: `(texts,
            classes)`, or `(texts,)` for that of one class, which all explanations explain. It is
            asked for the empty text too.
        explanations: What is measured, such as `Explanation.from_values` makes. All are of one
            method. Of each the target's probability is measured.
        labels: The classes in the order of `predict`; default: those of the explanations.
        curves: Whether to measure deletion and insertion curves too, at twice the cost.
        progress: Where to show progress; default: nowhere.

    Returns:
        The measures of the explanations, under the name of their method, and those of `"random"`
        orders, which a method has to beat.

    Raises:
        InputError: `predict` is no function, there is no explanation, none has a token, their
            methods differ, a target is no label, or
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
    if not callable(predict):
        raise InputError(
            f"predict is {type(predict).__name__}; give a function from a list of texts to "
            "probabilities"
        )
    given = _checked(explanations)
    network = _Function(predict, given)
    columns = _columns(network.ask_whole(), given, labels)
    network.columns = np.array(columns, dtype=np.int64)
    targets = np.zeros(len(given), dtype=np.int64)  # the network answers with the target alone
    request = AttributionRequest(network, network.texts, network.tokens, targets)
    values = np.concatenate([side.values for side in network.parts]).astype(np.float64)
    method = given[0].method
    with (progress or Progress()).bar("measuring", len(given) * (1 + DRAWS)) as advance:
        return measure_faithfulness(request, {method: values}, curves=curves, advance=advance)


class _Function:
    """A function of strings as a network of two classes: the target, and all others.

    Token ids are the places of tokens in all texts.
    """

    config = None

    def __init__(self, predict: Callable[[list[Any]], Any], given: list[Explanation]) -> None:
        self.sides = len(given[0].sides)
        self.columns = np.zeros(len(given), dtype=np.int64)
        self._predict = predict
        self._known: dict[bytes, np.ndarray] = {}  # by digests: the strings would fill the memory
        self._shape: tuple[int, ...] | None = None
        self.parts = [one.sides[side] for side in range(self.sides) for one in given]
        self._cuts = [CutText(part.text, part.spans) for part in self.parts]
        texts = [part.text for part in self.parts]
        self.texts = [texts[i * len(given) : (i + 1) * len(given)] for i in range(self.sides)]
        bounds = np.cumsum([0, *(len(part.values) for part in self.parts)], dtype=np.int64)
        self.tokens = Tokens(
            ids=np.arange(bounds[-1], dtype=np.int32) + np.int32(_FIRST),
            bounds=bounds,
            spans=np.concatenate([part.spans for part in self.parts]).astype(np.int32),
            # Which text it is: variants without any token could not tell otherwise.
            read_until=np.arange(len(self.parts), dtype=np.int64),
        )

    def ask_whole(self) -> int | None:
        """Ask for the texts as they are: how many classes there are; None where that is one."""
        self._answers(list(zip(*self.texts, strict=True)))
        return self._shape[0] if self._shape else None

    def run(
        self,
        tokens: Tokens,
        *,
        weights: bool = False,
        advance: Callable[[int], object] = lambda _: None,
    ) -> Predictions:
        """The logarithms of the probabilities of many variants."""
        del weights
        numbers, bounds = tokens.read_until, tokens.bounds.tolist()
        texts = [
            self._left(number, tokens.ids[start:end] - _FIRST)
            for number, start, end in zip(numbers.tolist(), bounds, bounds[1:], strict=False)
        ]
        items = len(texts) // self.sides
        sides = [texts[i * items : (i + 1) * items] for i in range(self.sides)]
        answers = self._answers(list(zip(*sides, strict=True)))
        of_target = answers[np.arange(items), self.columns[numbers[:items]]]
        advance(items)
        both = np.stack([of_target, 1 - of_target], axis=1)
        return Predictions(np.log(np.clip(both, _LEAST, None)), None)

    def _left(self, number: int, kept: Int[np.ndarray, "kept"]) -> str:
        first, last = self.tokens.bounds[number : number + 2].tolist()
        gone = np.ones(last - first, dtype=np.bool_)
        gone[kept - first] = False
        return self._cuts[number].without(gone)

    def _answers(self, items: list[tuple[str, ...]]) -> Float[np.ndarray, "items classes"]:
        """The probabilities of items, each asked for once."""
        digests = [blake2b(repr(item).encode(), digest_size=16).digest() for item in items]
        asked = dict(zip(digests, items, strict=True))
        new = [digest for digest in asked if digest not in self._known]
        for start in range(0, len(new), _AT_ONCE):
            some = new[start : start + _AT_ONCE]
            strings: list[Any] = [asked[d] if self.sides > 1 else asked[d][0] for d in some]
            answers = self._checked(self._predict(strings), len(some))
            self._known.update(zip(some, answers, strict=True))
        return np.stack([self._known[digest] for digest in digests])

    def _checked(self, given: Any, asked: int) -> Float[np.ndarray, "items classes"]:
        """The answers of the function; one column where it gives that of one class alone."""
        try:
            answers = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError, RuntimeError):  # torch's for tensors that require gradients
            kind = type(given).__name__
            raise InputError(
                f"predict gave a {kind} that is no array of numbers; {_WANTED}"
            ) from None
        if answers.ndim not in (1, 2) or len(answers) != asked or not answers.size:
            raise InputError(
                f"predict gave an array of shape {answers.shape} for {counted(asked, 'text')}; "
                f"{_WANTED}"
            )
        # Not for NaN either.
        if not ((answers >= 0) & (answers <= 1 + 1e-6)).all():
            raise InputError(
                "predict gave numbers that are no probabilities; give some from 0 to 1"
            )
        # (texts, 1) is what a model with a sigmoid gives: of one class too.
        shape = () if answers.shape[1:] == (1,) else answers.shape[1:]
        if self._shape is None:
            self._shape = shape
        if shape != self._shape:
            raise InputError("predict gave different numbers of classes; give always the same")
        return answers.reshape(asked, -1)


def _checked(explanations: Iterable[Explanation]) -> list[Explanation]:
    """The explanations as a list: of one method, and all of as many texts."""
    if isinstance(explanations, Explanation):
        raise InputError("explanations is one Explanation; give a list of them")
    given: list[Any] = listed(explanations, "explanations")
    for i, one in enumerate(given):
        if not isinstance(one, Explanation):
            kind = type(one).__name__
            raise InputError(
                f"explanations[{i}] is {kind}; give what Explanation.from_values makes"
            )
    if not given:
        raise InputError("there are no explanations to measure; give at least one")
    methods = sorted({one.method for one in given})
    if len(methods) > 1:
        raise InputError(
            f"explanations are of several methods, {quoted_list(methods)}; give those of one"
        )
    if not any(len(side.values) for one in given for side in one.sides):
        raise InputError("no explanation has a token, so that nothing can be cut; give other texts")
    if len({len(one.sides) for one in given}) > 1:
        raise InputError("explanations have different numbers of texts; give those of one task")
    return given


def _columns(
    classes: int | None, given: list[Explanation], labels: Sequence[Any] | np.ndarray | None
) -> list[int]:
    """Where among the answers that of each explanation's target stands."""
    targets = [one.target for one in given]
    names = list(given[0].labels if labels is None else map(str, listed(labels, "labels")))
    if classes is None and labels is None:
        names = targets[:1]
        if len(set(targets)) > 1:
            raise InputError(
                "predict gives one probability a text, and the explanations have the targets "
                f"{quoted_list(dict.fromkeys(targets), 5)}; give one for each class"
            )
    elif labels is None and any(list(one.labels) != names for one in given):
        raise InputError(
            "explanations name their classes in different orders; name those of predict in its "
            "order (labels=)"
        )
    if len(names) != (classes or 1) or len(set(names)) < len(names):
        number = "one probability" if classes is None else f"{classes:,} probabilities"
        raise InputError(
            f"predict gives {number} a text, and there are "
            f"{counted(len(set(names)), 'label')}; name them in its order (labels=)"
        )
    for target in targets:
        if target not in names:
            raise InputError(
                f"the target {quoted(target)} is none of the labels, {quoted_list(names, 5)}; "
                "name those of predict in its order (labels=)"
            )
    return [names.index(target) for target in targets]
