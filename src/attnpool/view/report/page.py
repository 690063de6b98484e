"""The corpus page put together: figures, phrases and rows; one file that loads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from markupsafe import Markup

from attnpool._renamed import renamed_parameters
from attnpool._shapes import Int
from attnpool.attribution_methods import record_of
from attnpool.errors import InputError
from attnpool.explain.phrases import ClassPhrases, phrase_minimum, phrases
from attnpool.explanation import Explanation
from attnpool.metrics import CLASSES_SHOWN, most_frequent
from attnpool.sanitize import one_line, visible
from attnpool.view.drawing.captions import words_for
from attnpool.view.drawing.colour import LEVELS, Scale, hue_class, is_signed
from attnpool.view.drawing.draw import Drawing, draw
from attnpool.view.drawing.legends import Legend, legend
from attnpool.view.page.markup import environment
from attnpool.view.page.style import report_script, report_sheet, style_hash
from attnpool.view.report import charts
from attnpool.view.report.corpus import Classes, Corpus, columns, first_to_read
from attnpool.view.report.figures import Figures, figures_of
from attnpool.view.report.lookups import minimum_count, most_looked_at, occurrences, token_name
from attnpool.view.report.notes import evaluation_notes
from attnpool.view.report.pack import Colouring, pack
from attnpool.view.report.rows import DIGITS, report_rows
from attnpool.view.report.sums import CorpusSums
from attnpool.view.words import Words

STATIC = 50
"""The most rows shown without scripts."""

STATIC_CHARACTERS = 50_000
"""About how many characters these rows have at most, all together."""

MOST_ROWS, MOST_CHARACTERS = 20_000, 100_000_000
"""The most rows a page holds; its figures are those of all."""

MOST_BYTES = 13_500_000
"""The most bytes of packed rows; longer texts are cut to fit."""

_WHOLE = 4_000  # characters of a text, where there is room
_ROOM = 12_000_000  # characters of all texts that are worth trying to pack


@renamed_parameters(trust="faithfulness")
def to_report(
    explanations: Sequence[Explanation],
    beside: Sequence[Explanation] = (),
    *,
    faithfulness: Mapping[str, str] | None = None,
    title: str | None = None,
    notes: Sequence[str] = (),
    minimum: int | None = None,
    most_bytes: int = MOST_BYTES,
    lang: str | None = None,
) -> str:
    """Draw a corpus as one HTML page.

    Figures need true classes (`Explanation.label`); without any the page has none. The first rows
    are part of the page, wrong answers first; all are packed into it for its script. Texts are cut
    to the length for which there is room, and the page says so.

    Args:
        explanations: One for each row, all by one method.
        beside: The same rows by another method, a click away.
        faithfulness: For each method how faithful its colours are, in words.
        title: The title of the page; by default it says what the page shows.
        notes: Short paragraphs under the title.
        minimum: How often a phrase or a token must occur to be listed; default: by the number of
            rows.
        most_bytes: The room for packed rows.
        lang: The language of what stands around the texts, `"en"` or `"zh"`; None takes Chinese
            where most texts are Chinese, else English.

    Returns:
        The page. Write it as UTF-8.

    Raises:
        InputError: `beside` is not the same rows by another method.
    """
    about = About(title, notes, faithfulness or {}, minimum, most_bytes)
    sums = CorpusSums()
    sums.explained(explanations)
    rows = np.arange(len(explanations))
    return draw_report((explanations, beside), rows, sums, about, words_for(explanations, lang))


@dataclass(frozen=True, slots=True)
class About:
    """What a page says besides its rows and their figures, as `to_report` takes it.

    Attributes:
        title: Its title.
        notes: Short paragraphs under it.
        faithfulness: How faithful the colours of each method are.
        minimum: How often a phrase or a token must occur to be listed.
        most_bytes: The room for packed rows.
    """

    title: str | None = None
    notes: Sequence[str] = ()
    faithfulness: Mapping[str, str] = field(default_factory=dict)
    minimum: int | None = None
    most_bytes: int = MOST_BYTES


def draw_report(
    explained: tuple[Sequence[Explanation], Sequence[Explanation]],
    numbers: Int[np.ndarray, "rows"],
    sums: CorpusSums,
    about: About,
    words: Words,
) -> str:
    """The page of all rows, or of figures of all rows and some of them.

    Args:
        explained: The rows by one method, and by another, if there is another.
        numbers: The number of each row in the data, from 0.
        sums: What the figures are made of.
        about: What else the page says.
        words: The words of its language.

    Raises:
        InputError: The rows by the other method are not the same.
    """
    explanations, beside = explained
    given = _colourings(explanations, beside, words)
    classes = sums.classes()
    corpus = columns(explanations, classes, numbers)
    order = first_to_read(corpus)[:MOST_ROWS]
    _, signed, marks = given[0][0]
    minimum = about.minimum
    often = minimum_count(len(corpus)) if minimum is None else minimum
    least = phrase_minimum(len(corpus), len(corpus.classes)) if minimum is None else minimum
    driving = _driving([rows for _, rows in given])
    driven, left_out = _strongest(driving, least)
    packed, drawings = _packed(given, words, corpus, order, about.most_bytes)
    shown = _shown_without_script(drawings)
    measured = figures_of(sums, classes)
    sheet, script = report_sheet(), report_script(words)
    return environment().get_template("report.html.j2").render(
        words=words,
        title=one_line(words("report.title") if about.title is None else about.title),
        notes=[visible(note) for note in about.notes],
        corpus=corpus,
        total=sums.rows,
        wrong=sums.wrong,
        classes=[one_line(label) for label in corpus.classes],
        figures=measured,
        warnings=evaluation_notes(measured, corpus, words) if measured else [],
        tabled=most_frequent(measured.per_class, CLASSES_SHOWN) if measured else [],
        answered=_answered(sums, classes),
        predictions=sums.answered.total(),
        matrix=_matrix(measured),
        bars=charts.bars(measured.calibration, words) if measured else [],
        chart=charts,
        phrases=driven,
        phrases_left_out=left_out,
        phrase_method=words.method_name(driving[0].method) if driving else "",
        least=least,
        looked=most_looked_at(occurrences(explanations), often),
        often=often,
        legends=_legends(given, about.faithfulness, words),
        rows=report_rows(drawings[:shown], corpus, order[:shown], signed=signed),
        marks=marks,
        digits=DIGITS,
        held=len(drawings),
        packed=packed,
        token_name=token_name,
        style=Markup(sheet),  # noqa: S704 (our own style sheet)
        style_hash=style_hash(sheet),
        script=Markup(script),  # noqa: S704 (our own script)
        script_hash=style_hash(script),
    )  # fmt: skip


def _colourings(
    explanations: Sequence[Explanation], beside: Sequence[Explanation], words: Words
) -> list[tuple[Colouring, Sequence[Explanation]]]:
    """The rows by each method, checked."""
    given = [
        (_colouring(rows, words), rows)
        for rows in ([explanations, beside] if beside else [explanations])
    ]
    if beside and (
        [item.texts for item in explanations] != [item.texts for item in beside]
        or given[0][0].method == given[1][0].method
    ):
        raise InputError("beside is not the same rows by another method; explain them again")
    return given


def _colouring(rows: Sequence[Explanation], words: Words) -> Colouring:
    method = rows[0].method if rows else ""
    marks = words.method(record_of(method)).marks
    return Colouring(words.method_name(method), any(map(is_signed, rows)), marks)


def _legends(
    given: Sequence[tuple[Colouring, Sequence[Explanation]]],
    faithfulness: Mapping[str, str],
    words: Words,
) -> list[tuple[str, Legend, str]]:
    """For each method its name, its legend, and how faithful its colours are."""
    found = []
    for colouring, rows in given:
        method = rows[0].method if rows else ""
        entry = legend(Scale(colouring.signed, "text", 1.0), method, words)
        found.append((colouring.method, entry, visible(faithfulness.get(method, ""))))
    return found


def _packed(
    given: Sequence[tuple[Colouring, Sequence[Explanation]]],
    words: Words,
    corpus: Corpus,
    order: Int[np.ndarray, "rows"],
    room: int,
) -> tuple[str, list[Drawing]]:
    """The rows packed into the room there is, and the drawings of those that fit."""
    explanations = given[0][1]
    lengths = np.array([max(len(text) for text in explanations[i].texts) for i in order.tolist()])
    limit = _WHOLE
    while limit > 1 and int(np.minimum(lengths, limit).sum()) > _ROOM:
        limit = limit * 3 // 4
    while True:
        drawn = [
            (colouring, draw([rows[i] for i in order.tolist()], words, limit=limit))
            for colouring, rows in given
        ]
        packed = pack(drawn, corpus, order)
        if len(packed) <= room or not len(order):
            return packed, drawn[0][1]
        if limit > 200:
            limit = max(100, int(limit * 0.9 * room / len(packed)))
        else:
            order = order[: int(len(order) * 0.9 * room / len(packed))]


def _shown_without_script(drawings: Sequence[Drawing]) -> int:
    """How many of the first rows the page shows itself: all of their text, so fewer if long."""
    sizes = [
        sum(len(run.text) for side in drawing.sides for run in side.row.runs)
        for drawing in drawings[:STATIC]
    ]
    fit = int(np.searchsorted(np.cumsum(sizes), STATIC_CHARACTERS, side="right"))
    return max(fit, min(1, len(sizes)))


def _driving(colourings: Sequence[Sequence[Explanation]]) -> Sequence[Explanation] | None:
    """The rows by the first method whose values speak for a class, if any does."""
    for rows in colourings:
        if rows and all(record_of(method).for_class for method in {one.method for one in rows}):
            return rows
    return None


def _strongest(
    rows: Sequence[Explanation] | None, least: int
) -> tuple[list[ClassPhrases] | None, int]:
    """The phrases of the classes there is room for, and how many classes are left out."""
    if rows is None:
        return None, 0
    found = phrases(rows, minimum=least)
    if len(found) <= CLASSES_SHOWN:
        return found, 0
    # Those without a phrase last, then those of few rows.
    order = sorted(found, key=lambda one: (not one.supporting and not one.opposing, -one.rows))
    kept = {one.name for one in order[:CLASSES_SHOWN] if one.supporting or one.opposing}
    return [one for one in found if one.name in kept], len(found) - len(kept)


def _answered(sums: CorpusSums, classes: Classes) -> list[tuple[int, int]]:
    """How often each class is predicted, by its number: all of few, the first of many."""
    counts = np.array([sums.answered[name] for name in classes.names], dtype=np.int64)
    kept = np.sort(np.argsort(-counts, kind="stable")[:CLASSES_SHOWN])
    return list(zip(kept.tolist(), counts[kept].tolist(), strict=True))


def _matrix(measured: Figures | None) -> list[list[tuple[int, str]]]:
    """The confusion matrix, each count with the class of its colour: the share of its row."""
    if measured is None or measured.confusion is None:
        return []
    rows = []
    for true, counts in enumerate(measured.confusion.tolist()):
        row = []
        for answered, count in enumerate(counts):
            level = int(np.ceil(LEVELS * count / max(sum(counts), 1)))
            hue = level if answered != true else -level
            row.append((count, hue_class(hue, True) if level else ""))
        rows.append(row)
    return rows
