"""Texts in which people marked what made them give a label: Chinese car reviews, English Yelp."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl


@dataclass(frozen=True, eq=False)
class Marked:
    """A text with its label.

    Attributes:
        text: The text.
        label: Its label.
        units: Code-point offsets of what could be marked; None where that is the model's tokens.
        people: Which characters each person marked; none where nobody did.
    """

    text: str
    label: str
    units: np.ndarray | None
    people: tuple[np.ndarray, ...]


def car_reviews(folder: Path) -> list[Marked]:
    """Car reviews (BDCI 2018) with the word that carries their sentiment, where one is named.

    Rows of the same content are one text; contents with several sentiments are left out. A word
    is marked wherever it stands in the content.
    """
    table = pl.read_csv(folder / "rationale_zh" / "car_reviews.csv", infer_schema=False)
    by_content: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in table.iter_rows(named=True):
        by_content[row["content"]].append(row)
    return [
        Marked(content, labels.pop(), None, _occurrences(content, rows))
        for content, rows in by_content.items()
        if len(labels := {row["sentiment_value"] for row in rows}) == 1
    ]


def _occurrences(content: str, rows: Sequence[Mapping[str, Any]]) -> tuple[np.ndarray, ...]:
    marks = np.zeros(len(content), dtype=np.bool_)
    for word in {(row["sentiment_word"] or "").strip() for row in rows} - {""}:
        at = content.find(word)
        while at >= 0:
            marks[at : at + len(word)] = True
            at = content.find(word, at + 1)
    return (marks,) if marks.any() else ()


_ANSWERS = {"1": "yes", "0": "no"}


def yelp(folder: Path) -> list[Marked]:
    """Yelp reviews of about 50 and 100 words in which two or three people marked words.

    The marks of people whose answer is not the review's label are left out, and so are those
    that mark nothing or everything; reviews with fewer than two people left have no marks.
    """
    by_text: dict[tuple[str, str], list[np.ndarray]] = defaultdict(list)
    for words in (50, 100):
        file = folder / "rationale_en" / f"yelp_{words}words.csv"
        for row in pl.read_csv(file, infer_schema=False).iter_rows(named=True):
            text, label = row["Input.text"], row["Input.label"]
            people = by_text[text, label]
            marks = word_marks(row["Answer.html_output"] or "")
            right = row["Answer.Q1Answer"] == _ANSWERS[label]
            if right and len(marks) == len(text.split()) and 0 < sum(marks) < len(marks):
                people.append(_characters(text, marks))
    return [
        Marked(text, label, word_spans(text), tuple(people) if len(people) > 1 else ())
        for (text, label), people in by_text.items()
    ]


def word_marks(html: str) -> list[bool]:
    """Which of the words, each a `span`, have the class `active`; empty ones are no words."""
    parser = _Spans()
    parser.feed(html)
    parser.close()
    return [active for active, word in parser.found if word.strip()]


class _Spans(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[bool, str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "span"
        if self._inside:
            self.found.append(("active" in (dict(attrs).get("class") or "").split(), ""))

    def handle_data(self, data: str) -> None:
        if self._inside:
            active, before = self.found[-1]
            self.found[-1] = active, before + data

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "span"


def word_spans(text: str) -> np.ndarray:
    """Where each word between white space stands, in code points."""
    spans, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        spans.append((at, at + len(word)))
        at += len(word)
    return np.array(spans, dtype=np.int64).reshape(-1, 2)


def _characters(text: str, marks: Sequence[bool]) -> np.ndarray:
    found = np.zeros(len(text), dtype=np.bool_)
    for (start, end), active in zip(word_spans(text).tolist(), marks, strict=True):
        found[start:end] = active
    return found


SOURCES = {"car-reviews": ("car reviews", car_reviews), "yelp": ("Yelp, words", yelp)}
"""The title on the page, and how to read it."""
