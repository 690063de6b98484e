"""The corpus page of a model: explain every row by two methods, measure both, draw the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypedDict, Unpack

import numpy as np

from attnpool.architectures import texts_per_item
from attnpool.attribution_methods import find_method
from attnpool.errors import InputError
from attnpool.explain.lists import listed
from attnpool.explanation import Explanation
from attnpool.metrics import true_classes
from attnpool.progress import Progress
from attnpool.view.drawing.captions import words_for
from attnpool.view.drawing.faithfulness import faithfulness_note, no_better_than_chance
from attnpool.view.report.notes import known_note, unknown_notes
from attnpool.view.report.page import to_report
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
    lang = _check_page(page)
    sides = texts_per_item(model)
    rows = listed(texts, "texts" if sides == 1 else "pairs", sides)
    other = "contribution" if find_method(method).attends else "attention"
    if not hasattr(model, "explain"):
        raise InputError(f"model is {type(model).__name__}; give a fitted estimator")
    if candidates is not None and getattr(model, "architecture", None) != "label":
        raise InputError("only architecture 'label' ranks candidates; leave them out")
    ranking = {} if candidates is None else {"candidates": candidates}
    truth = None
    if labels is not None:
        ranked = model.classes_ if candidates is None else candidates
        truth = true_classes(listed(labels, "labels"), len(rows), ranked)
    explanations, beside = (
        _with_labels(model.explain(rows, method=name, progress=progress, **ranking), truth)
        for name in (method, other)
    )
    words = words_for(explanations, lang)
    notes = [*_unknown(model, candidates, truth, words), *page.get("notes", ())]
    known = model.known_rows(rows) if hasattr(model, "known_rows") else None
    if known is not None:
        sentence = known_note(known, rows, words, measured=truth is not None)
        notes = [sentence, *notes] if sentence else notes
    # How far colours for labels of somebody's choosing can be trusted is not measured.
    methods = [] if candidates else [method, other]
    faithfulness = _faithfulness(model, rows, methods, words, progress)
    return to_report(
        *(explanations, beside),
        faithfulness=faithfulness,
        title=page.get("title"),
        notes=notes,
        lang=words.language,
    )


def _check_page(page: PageOptions) -> str | None:
    """The language asked for; unknown options are refused before anything is computed."""
    unknown = [name for name in page if name not in PageOptions.__annotations__]
    if unknown:
        raise TypeError(f"report() got an unexpected keyword argument {unknown[0]!r}")
    lang = page.get("lang")
    return None if lang is None else check_language(lang)


def _unknown(
    model: Any,
    candidates: Sequence[str] | None,
    truth: list[str | None] | None,
    words: Words,
) -> list[str]:
    """What to say of labels that the model does not answer with."""
    ranked: Any = candidates or getattr(model, "classes_", ())
    names = set(map(str, ranked))
    counts = Counter(name for name in truth or () if name is not None and name not in names)
    ranks = getattr(model, "architecture", None) == "label"
    return unknown_notes(counts, words, ranks=ranks) if names else []


def _with_labels(
    explanations: list[Explanation], labels: list[str | None] | None
) -> list[Explanation]:
    if labels is None:
        return explanations
    return [replace(one, label=name) for one, name in zip(explanations, labels, strict=True)]


def _faithfulness(
    model: Any, rows: list[Any], methods: list[str], words: Words, progress: Progress | None
) -> dict[str, str]:
    """How far the colours of each method can be trusted, in words, by some of the rows.

    Nothing of random values, which all others are held against, and nothing where too few rows
    are short enough.
    """
    measured = [rows[i] for i in measured_rows(rows)]
    methods = [name for name in methods if name != "random"]
    if not methods or len(measured) < FEWEST_ROWS:
        return {}
    figures = model.faithfulness(measured, methods, curves=False, progress=progress)
    means = {
        name: {
            measure: of_method.to_dict()[measure]["mean"]
            for measure in ("comprehensiveness", "sufficiency")
        }
        for name, of_method in figures.items()
    }
    where = words("faith.rows")
    if len(measured) < len(rows):
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
