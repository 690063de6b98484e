"""The `Explanation`: what a model read, where it looked and what it answered.

A leaf: numpy and the standard library alone. Models make explanations, views draw them, and
neither knows the other. The arrays are slices of whole batches; tokens are made when asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from attnpool._explanation_checks import (
    checked_alignment,
    checked_facts,
    checked_numbers,
    checked_shares,
    checked_sides,
    checked_spans,
    checked_weights,
)
from attnpool._renamed import current_value
from attnpool._shapes import Float, Int
from attnpool.errors import InputError
from attnpool.sanitize import printable

SCHEMA_VERSION = 1

_SHOWN = 40  # characters of a text in a repr


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a text.

    Attributes:
        text: The characters as in the raw text.
        start: Code-point offset of its first character in the raw text.
        end: Code-point offset behind its last character.
        weights: The pooling weight of each head; over the tokens of a text each head sums to 1.
        value: What is coloured; its meaning is the explanation's `method`.
    """

    text: str
    start: int
    end: int
    weights: tuple[float, ...]
    value: float


# Not frozen, as a `Token` is: freezing takes as long as all else that makes one of thousands.
@dataclass(slots=True, eq=False)
class Side:
    """One text of an explanation: a classifier's only one, or one of a pair or a triplet.

    Attributes:
        text: The raw text, whole.
        spans: Code-point offsets `[start, end)` of each token read.
        weights: Pooling weights by head.
        values: One value per token, what is coloured.
        read_until: The offset at which reading stopped; less than `len(text)` where the length
            limit cut the text.
    """

    text: str
    spans: Int[np.ndarray, "tokens 2"]
    weights: Float[np.ndarray, "heads tokens"]
    values: Float[np.ndarray, "tokens"]
    read_until: int

    @property
    def tokens(self) -> list[Token]:
        """The tokens, made from the arrays."""
        text = printable(self.text)
        return [
            Token(text[start:end], start, end, tuple(weights), value)
            for (start, end), weights, value in zip(
                self.spans.tolist(), self.weights.T.tolist(), self.values.tolist(), strict=True
            )
        ]

    def __eq__(self, other: object) -> bool:
        """Whether the texts and all numbers are the same, whatever the types of the arrays."""
        return _same(self, other) if isinstance(other, Side) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # arrays have none


@dataclass(slots=True, eq=False, repr=False)
class Explanation:
    """What a model answered for one input, and which tokens it looked at.

    Attributes:
        task: `"classify"` or `"match"`.
        sides: The texts with their tokens: one for a classifier, two for a pair, three for a
            triplet.
        labels: The names of the classes, in the order of `distribution`.
        distribution: The probability of each class.
        prediction: The most probable class.
        target: The class that is explained.
        method: How the values were made, such as `"attention"`.
        label: The true class, where it is known.
        logit: The target's logit less the mean of all logits.
        base: What of `logit` no token accounts for: positions. Additive methods only.
        bias: What of `logit` the biases account for. Additive methods only.
        linear: What of `logit` the linear part gives: n-grams that count wherever they occur,
            whatever attention does. It is inside the values; the rest of their sum came by
            attention. None without a linear part, and where the method is not additive.
        score: A matcher's score of the pair.
        verdict: A matcher's yes or no, with the threshold it used.
        alignment: How the tokens of two sides meet; rows sum to 1.
        faithfulness: Comprehensiveness and sufficiency, beside those of a random order.
    """

    task: str
    sides: tuple[Side, ...]
    labels: tuple[str, ...]
    distribution: Float[np.ndarray, "classes"]
    prediction: str
    target: str
    method: str
    label: str | None = None
    logit: float | None = None
    base: float | None = None
    bias: float | None = None
    score: float | None = None
    verdict: Mapping[str, Any] | None = None
    alignment: Float[np.ndarray, "left right"] | None = None
    faithfulness: Mapping[str, Any] | None = field(default=None)
    linear: float | None = None

    def __repr__(self) -> str:
        """What it says in one line; `to_dict()` has all of it."""
        share = self.probabilities.get(self.prediction)
        sure = "" if share is None else f" {share:.3f}"
        text = _short(self.sides[0].text if self.sides else "")
        return (
            f"<Explanation {_short(self.prediction)!r}{sure} by {_short(self.method)} of {text!r}>"
        )

    def __eq__(self, other: object) -> bool:
        """Whether all that they say is the same, numbers compared by value."""
        return _same(self, other) if isinstance(other, Explanation) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # arrays have none

    @property
    def texts(self) -> list[str]:
        """The raw texts."""
        return [side.text for side in self.sides]

    @property
    def tokens(self) -> list[list[Token]]:
        """The tokens of each text."""
        return [side.tokens for side in self.sides]

    @property
    def heads(self) -> int:
        """The number of pooling heads."""
        return len(self.sides[0].weights)

    @property
    def overlap(self) -> float | None:
        """How much the heads look at the same tokens: from 0, nothing shared, to 1, all alike.

        The mean over pairs of heads of `Σ_t min(a_it, a_jt)`, averaged over the texts that have
        tokens; None where there is one head or no token.
        """
        shares = [_overlap(side.weights) for side in self.sides if side.weights.shape[1]]
        return float(np.mean(shares)) if self.heads > 1 and shares else None

    @property
    def probabilities(self) -> dict[str, float]:
        """The probability of each class by name."""
        return dict(zip(self.labels, self.distribution.tolist(), strict=True))

    @property
    def correct(self) -> bool | None:
        """Whether the prediction is the true class; None where that is unknown."""
        return None if self.label is None else self.prediction == self.label

    def to_dict(self) -> dict[str, Any]:
        """The public form, ready for JSON: finite numbers, and no lone surrogates."""
        return {
            "schema_version": SCHEMA_VERSION,
            "task": self.task,
            "texts": [printable(text) for text in self.texts],
            "prediction": printable(self.prediction),
            "probabilities": {printable(k): v for k, v in self.probabilities.items()},
            "label": None if self.label is None else printable(self.label),
            "target": printable(self.target),
            "method": self.method,
            "heads": self.heads,
            "overlap": self.overlap,
            "logit": self.logit,
            "base": self.base,
            "bias": self.bias,
            "linear": self.linear,
            "score": self.score,
            "verdict": None if self.verdict is None else dict(self.verdict),
            "alignment": None if self.alignment is None else self.alignment.tolist(),
            "read_until": [side.read_until for side in self.sides],
            "tokens": [
                [
                    {
                        "text": token.text,
                        "start": token.start,
                        "end": token.end,
                        "weights": list(token.weights),
                        "value": token.value,
                    }
                    for token in tokens
                ]
                for tokens in self.tokens
            ],
            "faithfulness": None if self.faithfulness is None else dict(self.faithfulness),
        }

    def to_json(self, indent: int | None = None) -> str:
        """The public form as a JSON object.

        Raises:
            ValueError: A number is not finite, which would be a defect of this library.
        """
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False, indent=indent)

    def _repr_html_(self) -> str:
        return self._repr_mimebundle_()["text/html"]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        # A notebook's protocol. The view is imported here alone, so this module stays a leaf.
        from attnpool.view.notebook.one import mimebundle

        return mimebundle([self])

    @classmethod
    def from_values(
        cls,
        text: str,
        spans: Sequence[tuple[int, int]] | Int[np.ndarray, "tokens 2"],
        values: Sequence[float] | Float[np.ndarray, "tokens"],
        *,
        method: str = "attention",
        weights: Sequence[Any] | np.ndarray | None = None,
        probabilities: Mapping[str, float] | None = None,
        prediction: str | None = None,
        target: str | None = None,
        label: str | None = None,
    ) -> Explanation:
        """An explanation of numbers from anywhere, for `attnpool.render` to draw.

        Args:
            text: The raw text.
            spans: Code-point offsets `[start, end)` of each token, in the order of the text.
            values: What is coloured, one value per token.
            method: What made the values. The name of one of `attnpool.METHODS` gives them its
                legend; values of any other name are drawn as signed.
            weights: Pooling weights, `(tokens,)` or `(heads, tokens)`. Unless given, the values
                where the method is attention, and 0 elsewhere.
            probabilities: The probability of each class by name.
            prediction: The class answered; default: the most probable one.
            target: The class explained; default: the prediction.
            label: The true class, where it is known; needs a prediction.

        Raises:
            InputError: A part is of the wrong type or length, lies outside of the text, or is not
                finite; the message names it.

        Example:
            >>> spans = [(0, 4), (5, 9)]
            >>> explanation = Explanation.from_values("good food", spans, [0.8, 0.2])
            >>> [token.text for token in explanation.tokens[0]]
            ['good', 'food']
        """
        method = current_value(method)
        if not isinstance(text, str):
            raise InputError(f"text is {type(text).__name__}; give the raw text, one string")
        places, numbers = checked_spans(spans, text), checked_numbers("values", values)
        if len(numbers) != len(places):
            raise InputError(
                f"{len(places):,} spans but {len(numbers):,} values; give one value per span"
            )
        shares = checked_shares(probabilities or {})
        if prediction is None and not shares and label is not None:
            raise InputError("label says what is right, but there is no prediction; give it too")
        if prediction is None:
            prediction = max(shares, key=shares.__getitem__) if shares else ""
        for name, given in (("method", method), ("prediction", prediction)):
            if not isinstance(given, str):
                raise InputError(f"{name} is {type(given).__name__}; give a string")
        side = Side(text, places, checked_weights(weights, numbers, method), numbers, len(text))
        return cls(
            task="classify",
            sides=(side,),
            labels=tuple(shares),
            distribution=np.array(list(shares.values()), dtype=np.float64),
            prediction=prediction,
            target=prediction if target is None else str(target),
            method=method,
            label=None if label is None else str(label),
        )

    @classmethod
    def from_dict(cls, form: Any) -> Explanation:
        """Read the public form back; `overlap` is not read but follows from the weights.

        Raises:
            InputError: The form is of another schema version, or a part is missing or wrong.
        """
        if not isinstance(form, Mapping):
            raise InputError(f"explanation is {type(form).__name__}; give what to_dict() gave")
        version = form.get("schema_version")
        if version != SCHEMA_VERSION:
            raise InputError(
                f"explanation has schema_version {_short(repr(version))}; "
                f"this version reads {SCHEMA_VERSION}"
            )
        try:
            sides, shares = checked_sides(form), checked_shares(form["probabilities"])
            return cls(
                sides=tuple(Side(*side) for side in sides),
                labels=tuple(shares),
                distribution=np.array(list(shares.values()), dtype=np.float64),
                alignment=checked_alignment(form["alignment"], sides),
                **checked_facts(form),
            )
        except KeyError as missing:
            raise InputError(f"explanation lacks {missing}; write it with to_json()") from None


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _same(one: Any, other: Any) -> bool:
    return all(_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        # None beside an alignment is not an empty one.
        return one is not None and other is not None and np.array_equal(one, other)
    return bool(one == other)


def _overlap(weights: Float[np.ndarray, "heads tokens"]) -> float:
    heads = len(weights)
    # In falling order the k-th weight of a token is the smaller one of k pairs (k from 0).
    falling = -np.sort(-weights.astype(np.float64), axis=0)
    return float((np.arange(heads) @ falling).sum() * 2 / (heads * max(heads - 1, 1)))
