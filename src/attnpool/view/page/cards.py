"""What stands on a card of a page: one explanation, or several of one answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from attnpool.attribution_methods import record_of
from attnpool.explanation import Explanation
from attnpool.sanitize import one_line, visible
from attnpool.view.drawing import captions
from attnpool.view.drawing.draw import Drawing, Row
from attnpool.view.drawing.segments import Run
from attnpool.view.page.inline import inline_plot
from attnpool.view.words import Words

_SHOWN_CLASSES = 4
_FOLDED_CLASSES = 20
_STRONGEST = 5


@dataclass(frozen=True, slots=True)
class Card:
    """Drawings of one answer: the first stands for all.

    The others explain other classes by its method, or its class by other methods.

    Attributes:
        drawings: What is drawn.
        plot: The curves of its heads as HTML; empty for none.
        folded: Whether the curves stand with the heads' rows, to be unfolded, or in the open.
    """

    drawings: list[Drawing]
    plot: str = ""
    folded: bool = False

    @property
    def explanation(self) -> Explanation:
        """The first explanation, whose answer the card shows."""
        return self.drawings[0].explanation

    @property
    def by(self) -> str:
        """How the drawings differ: `"for"` other classes, `"by"` other methods; empty for one."""
        if len(self.drawings) == 1:
            return ""
        first, second = (drawing.explanation for drawing in self.drawings[:2])
        return "for" if first.target != second.target else "by"

    @property
    def attends(self) -> bool:
        """Whether one of the drawings is that of attention, so that no other has to offer it."""
        return any(record_of(drawing.explanation.method).attends for drawing in self.drawings)


@dataclass(frozen=True, slots=True)
class Class:
    """A class with its probability."""

    name: str
    share: float
    predicted: bool


def cards(
    drawings: Sequence[Drawing], *, group_targets: bool, plots: bool = False, folded: bool = False
) -> list[Card]:
    """The cards of a page.

    Args:
        drawings: What is drawn, in order.
        group_targets: Whether neighbours that explain the same answer for different classes,
            or by different methods, share a card.
        plots: Whether a card of several heads shows them as curves.
        folded: Whether the curves are folded away.
    """
    grouped: list[Card] = []
    for drawing in drawings:
        if group_targets and grouped and _belongs(grouped[-1], drawing.explanation):
            grouped[-1].drawings.append(drawing)
        else:
            curves = inline_plot(drawing.explanation, drawing.words) if plots else ""
            grouped.append(Card([drawing], curves, folded))
    return grouped


class ClassRows(NamedTuple):
    """The classes of a card by falling probability.

    Attributes:
        shown: Those always shown: the first ones, and the predicted, the true and the explained.
        folded: The next ones.
        left_out: The number of the others.
        share: Their probability together.
    """

    shown: list[Class]
    folded: list[Class]
    left_out: int
    share: float


def class_rows(explanation: Explanation) -> ClassRows:
    """The classes of an explanation that matter."""
    labels, shares = explanation.labels, explanation.distribution
    order = np.argsort(-shares, kind="stable").tolist()
    first = _SHOWN_CLASSES if len(labels) <= _SHOWN_CLASSES else _SHOWN_CLASSES - 1
    named = {explanation.prediction, explanation.target, explanation.label}
    always = {*order[:first], *(labels.index(name) for name in named if name in labels)}
    others = [number for number in order if number not in always]
    folded, left = others[:_FOLDED_CLASSES], others[_FOLDED_CLASSES:]

    def rows(numbers: Iterable[int]) -> list[Class]:
        return [
            Class(one_line(labels[i]), float(shares[i]), labels[i] == explanation.prediction)
            for i in numbers
        ]

    shown = rows(number for number in order if number in always)
    return ClassRows(shown, rows(folded), len(left), float(shares[left].sum()))


def value(run: Run, row: Row, words: Words, marks: str = "", digits: int = 3) -> str:
    """What pointing at a run says; the tokens of a run may differ a little.

    Nothing of a share up to the uniform one: its colour says that, as the script does.

    Args:
        run: The run.
        row: Where it stands.
        words: The words of the language.
        marks: What a method says that marks characters, see `AttributionMethod.marks`.
        digits: How many digits of the value are significant.
    """
    if marks:
        return marks
    if abs(run.level) <= _palest(row):
        return ""
    shown = captions.number(run.value or 0.0, digits, signed=row.scale.signed)
    first, behind = run.tokens or (0, 0)
    return shown if behind - first == 1 else words("up-to", value=shown, tokens=behind - first)


def strongest(row: Row, words: Words, digits: int = 3) -> list[tuple[str, str]]:
    """The runs of the largest magnitude with their values, for those who cannot point at them."""
    palest = _palest(row)
    coloured = [run for run in row.runs if abs(run.level) > palest and not _blank(run.text)]
    coloured.sort(key=lambda run: -abs(run.value or 0.0))
    return [
        (captions.short(run.text), value(run, row, words, digits=digits))
        for run in coloured[:_STRONGEST]
    ]


def _palest(row: Row) -> int:
    """The deepest level that tells nothing: of a share, that of the uniform one."""
    return 1 if row.scale.uniform > 0 else 0


def _blank(text: str) -> bool:
    """Whether nothing of a text can be seen; control characters are shown as pictures."""
    return text.isspace() and visible(text).isspace()


def _belongs(card: Card, explanation: Explanation) -> bool:
    """Whether the explanation has the card's answer and shows a class or a method it lacks."""
    known = [(d.explanation.target, d.explanation.method) for d in card.drawings]
    target, method = explanation.target, explanation.method
    other_class = all(m == method and t != target for t, m in known)
    other_method = all(m != method and t == target for t, m in known)
    return (other_class or other_method) and _same_answer(card.explanation, explanation)


def _same_answer(one: Explanation, other: Explanation) -> bool:
    alike = one.labels == other.labels and all(
        _common(one, name) == _common(other, name)
        for name in ("task", "prediction", "label", "verdict", "texts")
    )
    # Not to the last bit: another method reads other batches.
    return alike and np.allclose(one.distribution, other.distribution, rtol=1e-9, atol=1e-5)


def _common(explanation: Explanation, name: str) -> object:
    if name != "texts":
        return getattr(explanation, name)
    # Matching a text with labels, the second text is the label explained.
    first, *others = explanation.texts
    return [first, *(text for text in others if text not in explanation.labels)]
