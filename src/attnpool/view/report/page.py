"""The corpus page put together: figures, tokens and rows; one file that loads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from markupsafe import Markup

from attnpool._shapes import Int
from attnpool.errors import InputError
from attnpool.explanation import Explanation
from attnpool.sanitize import one_line, visible
from attnpool.view.drawing import captions as words
from attnpool.view.drawing.colour import LEVELS, Scale, is_signed
from attnpool.view.drawing.draw import Key
from attnpool.view.page.markup import environment
from attnpool.view.page.style import hue_class, script, style_hash, style_sheet
from attnpool.view.report import charts
from attnpool.view.report.corpus import NONE, Corpus, columns, first_to_read
from attnpool.view.report.figures import Figures, figures
from attnpool.view.report.lookups import (
    by_class,
    minimum_count,
    most_looked_at,
    occurrences,
    token_name,
)
from attnpool.view.report.pack import Colouring, pack
from attnpool.view.report.samples import samples, short, strongest, value

STATIC = 50
"""The rows shown without scripts."""

MOST_ROWS = 20_000
"""The most rows a page holds; its figures are those of all."""

MOST_BYTES = 13_500_000
"""The most bytes of packed rows; longer texts are cut to fit."""

_STATIC_TEXT = 1_000
_WHOLE = 4_000  # characters of a text, where there is room
_ROOM = 12_000_000  # characters of all texts that are worth trying to pack
_MATRIX = 30  # classes of which a confusion matrix can still be read


def to_report(
    explanations: Sequence[Explanation],
    beside: Sequence[Explanation] = (),
    *,
    trust: Mapping[str, str] | None = None,
    title: str = "What the model answers, and what it looks at",
    notes: Sequence[str] = (),
    minimum: int | None = None,
    most_bytes: int = MOST_BYTES,
) -> str:
    """Draw a corpus as one HTML page.

    Figures need true classes (`Explanation.label`); without any the page goes without them. The
    first rows are part of the page, wrong answers first; the rest are packed into it for its
    script, with texts cut to the length for which there is room, which the page tells.

    Args:
        explanations: One for each row, all by one method.
        beside: The same rows by another method, a click away.
        trust: For each method how far its colours can be trusted, in words.
        title: The title of the page.
        notes: Short paragraphs under the title.
        minimum: How often a token must occur to be listed; by the number of rows unless given.
        most_bytes: The room for packed rows.

    Returns:
        The page. Write it as UTF-8.

    Raises:
        InputError: What stands beside is not the same rows by another method.
    """
    given = _colourings(explanations, beside)
    corpus = columns(explanations)
    order = first_to_read(corpus)[:MOST_ROWS]
    method, signed = given[0][0]
    found = occurrences(explanations)
    minimum = minimum_count(len(corpus)) if minimum is None else minimum
    looked, most = most_looked_at(found, minimum)
    packed, held = _packed(given, corpus, order, most_bytes)
    measured = figures(corpus)
    sheet, own, pages = f"{style_sheet()}{_part('report.css')}", _part("report.js"), script()
    return environment().get_template("report.html.j2").render(
        title=one_line(title),
        notes=[visible(note) for note in notes],
        corpus=corpus,
        classes=[one_line(label) for label in corpus.classes],
        figures=measured,
        answered=np.bincount(corpus.predicted[corpus.predicted != NONE],
                             minlength=len(corpus.classes)).tolist(),
        matrix=_matrix(measured),
        bars=charts.bars(measured.calibration) if measured else [],
        chart=charts,
        looked=looked,
        most=most,
        by_class=by_class(found, _explained(explanations, corpus), corpus.classes, minimum,
                          signed=signed),
        minimum=minimum,
        method=method,
        signed=signed,
        keys=[(of.method, _key(of), visible((trust or {}).get(of.method, ""))) for of, _ in given],
        samples=samples(explanations, corpus, order[:STATIC], most=_STATIC_TEXT),
        held=held,
        packed=packed,
        strongest=strongest,
        short=short,
        token_name=token_name,
        small_percent=_small_percent,
        language=words.language,
        said=value,
        style=Markup(sheet),  # noqa: S704 (our own style sheet)
        style_hash=style_hash(sheet),
        scripts=[Markup(pages), Markup(own)],  # noqa: S704 (our own scripts)
        script_hashes=[style_hash(pages), style_hash(own)],
    )  # fmt: skip


def _colourings(
    explanations: Sequence[Explanation], beside: Sequence[Explanation]
) -> list[tuple[Colouring, Sequence[Explanation]]]:
    given = [
        (
            Colouring(one_line(of[0].method) if of else "", any(is_signed(one) for one in of)),
            of,
        )
        for of in ([explanations, beside] if beside else [explanations])
    ]
    if beside and (
        [one.texts for one in explanations] != [one.texts for one in beside]
        or given[0][0].method == given[1][0].method
    ):
        raise InputError("beside is not the same rows by another method; explain them again")
    return given


def _key(of: Colouring) -> Key:
    return Key(Scale(of.signed, "text", 1.0), of.method if of.method in words.OWN else "")


def _packed(
    given: Sequence[tuple[Colouring, Sequence[Explanation]]],
    corpus: Corpus,
    order: Int[np.ndarray, "rows"],
    room: int,
) -> tuple[str, int]:
    """The rows packed into the room there is, and how many of them fit."""
    explanations = given[0][1]
    lengths = np.array([max(len(text) for text in explanations[i].texts) for i in order.tolist()])
    most = _WHOLE
    while most > 1 and int(np.minimum(lengths, most).sum()) > _ROOM:
        most = most * 3 // 4
    while True:
        rows = [(of, samples(ones, corpus, order, most=most)) for of, ones in given]
        packed = pack(rows, corpus, order)
        if len(packed) <= room or not len(order):
            return packed, len(order)
        if most > 200:
            most = max(100, int(most * 0.9 * room / len(packed)))
        else:
            order = order[: int(len(order) * 0.9 * room / len(packed))]


def _explained(explanations: Sequence[Explanation], corpus: Corpus) -> Int[np.ndarray, "rows"]:
    numbers = {name: number for number, name in enumerate(corpus.classes)}
    return np.array([numbers.get(one.target, NONE) for one in explanations], dtype=np.int64)


def _matrix(measured: Figures | None) -> list[list[tuple[int, str]]]:
    """The confusion matrix, each count with the class of its colour: the share of its row."""
    if measured is None or len(measured.confusion) > _MATRIX:
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


def _small_percent(share: float) -> str:
    """A share of which most are below one in a hundred."""
    return f"{share:.1%}" if share >= 0.01 else f"{share:.2%}"


@cache
def _part(name: str) -> str:
    return files("attnpool.view.page").joinpath("templates", name).read_text("utf-8")
