"""The corpus page of a model: explain every row by two methods, measure both, draw the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypedDict, Unpack

import numpy as np

from attnpool.architectures import texts_per_item
from attnpool.attribution_methods import find_method
from attnpool.errors import InputError
from attnpool.explain.lists import listed
from attnpool.metrics import true_classes
from attnpool.progress import Progress
from attnpool.view.drawing.captions import words_for
from attnpool.view.drawing.faithfulness import faithfulness_note, no_better_than_chance
from attnpool.view.report.gathering import Gathered
from attnpool.view.report.notes import known_note, unknown_notes
from attnpool.view.report.page import MOST_ROWS, About, draw_report
from attnpool.view.report.sums import CorpusSums
from attnpool.view.words import Words, check_language

MEASURED_ROWS = 100
"""The rows that say how faithful the colours of a page are."""

MEASURED_CHARACTERS = 20_000
"""What these rows have at most together: nobody waits a minute for a page."""

FEWEST_ROWS = 5
"""Fewer rows say nothing of the others."""


class PageOptions(TypedDict, total=False):
    """What a user may choose of the page itself; see `report`."""

    title: str | None
    notes: Sequence[str]
    lang: str | None


def report(
    model: Any,
    texts: Iterable[Any],
    labels: Iterable[Any] | None = None,
    *,
    method: str = "contribution",
    candidates: Sequence[str] | None = None,
    progress: Progress | None = None,
    **page: Unpack[PageOptions],
) -> str:
    """The corpus page of a model on many rows: figures, phrases, and every row.

    The rows are coloured by a method, and by attention a click away (by contribution where the
    method is attention). How far either can be trusted is measured on at most 100 of the rows.

    Of more than 20,000 rows the figures are those of all, and the rows and the phrases those of a
    random sample of 20,000, always the same; the page says so.

    Args:
        model: A fitted `TextClassifier` or `TextMatcher`.
        texts: The texts, or the pairs of a matcher.
        labels: The true classes; None or "" for a row without one.
        method: How to colour, one of `attnpool.METHODS`.
        candidates: For architecture `"label"`: which labels to rank in place of `classes_`.
        progress: Where to show progress; default: nowhere.
        **page: `title`, by default one that says what the page shows; `notes`, short paragraphs
            under it; `lang`, the language of captions, `"en"` or `"zh"`, by default Chinese where
            most texts are Chinese, else English.

    Returns:
        The page, one file that loads nothing. Write it as UTF-8.

    Raises:
        InputError: The method is unknown or does not fit the model, texts are no strings, or there
            is not one label per text.

    Example:
        >>> import attnpool
        >>> rows = attnpool.load_demo("sentiment")
        >>> model = attnpool.TextClassifier(epochs=2).fit(rows.texts[0], rows.labels)
        >>> page = attnpool.report(model, rows.texts[0][:50], rows.labels[:50])
        >>> page.startswith("<!doctype html>")
        True
    """
    _check_page(page)
    sides = texts_per_item(model)
    rows = listed(texts, "texts" if sides == 1 else "pairs", sides)
    methods = colouring_methods(method)
    if not hasattr(model, "explain"):
        raise InputError(f"model is {type(model).__name__}; give a fitted estimator")
    if candidates is not None and getattr(model, "architecture", None) != "label":
        raise InputError("only architecture 'label' ranks candidates; leave them out")
    truth = None
    if labels is not None:
        ranked = model.classes_ if candidates is None else candidates
        truth = true_classes(listed(labels, "labels"), len(rows), ranked)
    gathered = Gathered(model, methods, candidates)
    for start in range(0, len(rows), MOST_ROWS):
        some = slice(start, start + MOST_ROWS)
        gathered.add(rows[some], None if truth is None else truth[some], progress)
    gathered.labelled = truth is not None
    return report_of(gathered, progress, **page)


def report_of(
    gathered: Gathered, progress: Progress | None = None, **page: Unpack[PageOptions]
) -> str:
    """The corpus page of rows that came some at a time.

    Args:
        gathered: The rows.
        progress: Where to show progress; default: nowhere.
        **page: As of `report`.

    Raises:
        InputError: A method does not fit the model.
    """
    lang = _check_page(page)
    rows, model = gathered.items, gathered.model
    first, second = (gathered.explained(name, progress) for name in gathered.methods)
    words = words_for(first, lang)
    ranks = getattr(model, "architecture", None) == "label"
    notes = [*unknown_notes(gathered.unknown, words, ranks=ranks), *page.get("notes", ())]
    if gathered.known is not None:
        measured = gathered.labelled
        sentence = known_note(gathered.known, rows, words, measured=measured)
        notes = [sentence, *notes] if sentence else notes
    # How far colours for labels of somebody's choosing can be trusted is not measured.
    methods = [] if gathered.candidates else [*gathered.methods]
    about = About(page.get("title"), notes, _faithfulness(gathered, methods, words, progress))
    sums = gathered.sums
    if sums is None:
        sums = CorpusSums()
        sums.explained(first)
    return draw_report((first, second), gathered.sample.numbers, sums, about, words)


def colouring_methods(method: str) -> tuple[str, str]:
    """The method that colours a page, and the one a click away.

    Args:
        method: How to colour.

    Raises:
        InputError: The method is unknown.
    """
    return method, "contribution" if find_method(method).attends else "attention"


def _check_page(page: PageOptions) -> str | None:
    """The language asked for; unknown options are refused before anything is computed."""
    unknown = [name for name in page if name not in PageOptions.__annotations__]
    if unknown:
        raise TypeError(f"report() got an unexpected keyword argument {unknown[0]!r}")
    lang = page.get("lang")
    return None if lang is None else check_language(lang)


def _faithfulness(
    gathered: Gathered, methods: list[str], words: Words, progress: Progress | None
) -> dict[str, str]:
    """How far the colours of each method can be trusted, in words, by some of the rows.

    Nothing of random values, which all others are held against, and nothing where too few rows
    are short enough.
    """
    rows, seen = gathered.items, gathered.sample.seen
    measured = [rows[i] for i in measured_rows(rows)]
    methods = [name for name in methods if name != "random"]
    if not methods or len(measured) < FEWEST_ROWS:
        return {}
    figures = gathered.model.faithfulness(measured, methods, curves=False, progress=progress)
    means = {
        name: {
            measure: of_method.to_dict()[measure]["mean"]
            for measure in ("comprehensiveness", "sufficiency")
        }
        for name, of_method in figures.items()
    }
    where = words("faith.rows")
    if len(measured) < seen:
        where = words("faith.some-rows", count=len(measured))
    notes = {}
    for name in methods:
        whose = words("faith.of-prediction")
        said = [faithfulness_note(means[name], means["random"], words, where=where, whose=whose)]
        if no_better_than_chance(means[name], means["random"]):
            said.append(words("faith.warning.rows"))
        notes[name] = words("between-sentences").join([*said, words("faith.measured")])
    return notes


def measured_rows(rows: Sequence[Any]) -> list[int]:
    """The numbers of rows drawn at random, as many as a page is measured on and as fit."""
    chosen: list[int] = []
    left = MEASURED_CHARACTERS
    for i in np.random.default_rng(0).permutation(len(rows)).tolist():
        if len(chosen) == MEASURED_ROWS:
            break
        size = len(rows[i]) if isinstance(rows[i], str) else sum(map(len, rows[i]))
        if size <= left:
            chosen.append(i)
            left -= size
    return sorted(chosen)
