"""All training rows to token ids on disk, and what a network must know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from attnpool._shapes import Int, Integer
from attnpool.data import RowStream
from attnpool.errors import InputError
from attnpool.estimators.networks import Found
from attnpool.estimators.settings import ClassifierSettings
from attnpool.estimators.streaming.store import TokenStore
from attnpool.estimators.streaming.survey import training_chunks
from attnpool.models.ngrams import NgramCounts
from attnpool.progress import Progress
from attnpool.text import Cleanup, Tokens, length_limit, normal_texts
from attnpool.text.reader import MAX_VOCABULARY, TextReader
from attnpool.text.tokenizers.loading import begin_tokenizer

MOST_WORDS = 1_000_000
"""The most words that are remembered while they are counted: some 150 MB."""

MOST_NGRAMS = 4_000_000
"""The most n-grams that are remembered while they are counted: 64 MB."""


@dataclass(frozen=True, slots=True)
class Source:
    """The rows to learn from.

    Attributes:
        stream: All rows.
        window: How many are read at a time at most.
        labels: The number of each label.
        held: The hashes of the texts that are left out, ascending.
        rows: How many rows remain.
        sample: Texts of some of them.
        state: What the files were when they were first read.
    """

    stream: RowStream
    window: int
    labels: Mapping[str, int]
    held: Integer[np.ndarray, "held"]
    rows: int
    sample: list[str]
    state: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What reading all training rows made.

    Attributes:
        reader: What texts are read with.
        found: What a network must know of the texts.
        counts: How often they have each token and known n-gram, by table row.
        store: Their tokens.
        missed: How many occurrences a count of a word and one of an n-gram may lack.
    """

    reader: TextReader
    found: Found
    counts: Int[np.ndarray, "table_rows"]
    store: TokenStore
    missed: tuple[int, int]


def read_tokens(
    source: Source,
    settings: ClassifierSettings,
    folder: Path,
    windows: int,
    progress: Progress | None,
) -> Read:
    """Count the tokens, then read all texts with the tokeniser that these make.

    Args:
        source: The rows.
        settings: Which clean-up, tokeniser, length limit and n-grams.
        folder: An empty folder for the tokens.
        windows: How many windows the rows are dealt to.
        progress: Where to show how far it is.

    Raises:
        InputError: There is no such clean-up, tokeniser or length limit; the rows are others than
            before; or there is no room in the folder.
    """
    reader, missed_words = _learn_reader(source, settings, progress)
    store = TokenStore(folder, windows, settings.seed, source.window)
    ngrams = NgramCounts(settings.ngrams, MOST_NGRAMS)
    of_tokens = np.zeros(reader.tokenizer.size, dtype=np.int64)
    longest = 1
    with (progress or Progress()).bar("reading tokens", source.rows) as advance:
        for texts, labels in training_chunks(source.stream, source.window, source.held):
            tokens = reader(texts)
            longest = max(longest, int(tokens.lengths.max(initial=1)))
            ngrams.add(tokens.ids, tokens.bounds)
            of_tokens += np.bincount(tokens.ids, minlength=len(of_tokens))
            store.add(tokens, _numbers(labels, source))
            advance(len(texts))
        store.settle()
    if store.rows != source.rows or source.stream.state() != source.state:
        raise _changed(source)
    frequency = settings.ngram_min_frequency or 2
    known, of_ngrams = ngrams.known(min_frequency=frequency)
    sampled: Tokens = reader(source.sample)
    counts = np.concatenate([of_tokens, of_ngrams]) if len(known) else of_tokens
    return Read(
        replace(reader, limit=min(reader.limit, longest)),
        Found(known, tuple(dict.fromkeys(sampled.unknown))),
        counts,
        store,
        (missed_words, ngrams.missed),
    )


def _learn_reader(
    source: Source, settings: ClassifierSettings, progress: Progress | None
) -> tuple[TextReader, int]:
    """What texts are read with, and how many occurrences a count of a word may lack."""
    cleanup, kind = Cleanup(settings.cleanup), settings.tokenizer
    assert isinstance(kind, str)  # noqa: S101 - a tokeniser itself is that of an encoder
    clean = cleanup(normal_texts(source.sample).texts)
    learner = begin_tokenizer(kind, clean, settings.dictionary, MOST_WORDS)
    with (progress or Progress()).bar("counting tokens", source.rows) as advance:
        for texts, _ in training_chunks(source.stream, source.window, source.held):
            learner.add(cleanup(normal_texts(texts).texts))
            advance(len(texts))
    tokenizer = learner.tokenizer(settings.min_frequency, MAX_VOCABULARY)
    limit = _limit(TextReader(cleanup, tokenizer, _NO_LIMIT), source.sample, settings)
    return TextReader(cleanup, tokenizer, limit), learner.missed


_NO_LIMIT = 1 << 40


def _limit(reader: TextReader, sample: list[str], settings: ClassifierSettings) -> int:
    """The length limit: a statistic is that of the sample, the longest text not yet known."""
    rule = settings.max_length
    if rule == "auto":
        return settings.max_tokens
    if rule == "max":
        return _NO_LIMIT
    if isinstance(rule, int) or (isinstance(rule, str) and rule.isdecimal()):
        return length_limit(np.ones(1, dtype=np.int64), rule)
    return length_limit(reader(sample).lengths, rule, settings.max_tokens)


def _numbers(labels: list[str], source: Source) -> np.ndarray:
    try:
        return np.array([source.labels[label] for label in labels], dtype=np.int64)
    except KeyError:
        raise _changed(source) from None


def _changed(source: Source) -> InputError:
    files: list[Any] = [file for _, file in source.stream.places]
    return InputError(
        f"{files[0]}{' and others' * (len(files) > 1)}: the rows are others than when they were "
        "first read; train again when nobody writes the files"
    )
