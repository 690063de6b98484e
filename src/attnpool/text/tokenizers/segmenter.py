"""Chinese words by jieba, an extra: `pip install "attnpool[words]"`."""

from __future__ import annotations

import importlib.util
import logging
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from threading import Lock
from typing import Any

from attnpool.errors import InputError, MissingLibraryError
from attnpool.text.normal_form import normal_texts
from attnpool.text.tokenizers.dictionary import Entry

# jieba processes a run of letters as a whole. Texts are cut at marks that end such a run, and
# inside a run only if it is too long, so time and memory are linear in any text.
_PIECE = re.compile(r".{1,4096}(?<=[\s，。！？；：、,!?;:])|.{1,4096}", re.DOTALL)
_COPY = "_attnpool_jieba"
_LOADING = Lock()
_MOST = 10**15  # of frequencies, and of their sum
_MOST_BEGINNINGS = 1 << 26  # characters in the beginnings of added words, which jieba looks up


def _jieba() -> Any:
    with _LOADING:  # two threads would read one module twice
        return _copy()


@cache
def _copy() -> Any:
    """A copy of the module jieba: what anybody changes in jieba itself changes no model."""
    try:
        spec = importlib.util.find_spec("jieba")
    except ValueError:
        spec = None
    if spec is None or spec.origin is None:
        raise MissingLibraryError(
            'the tokenizer "jieba" needs jieba; install it with: pip install "attnpool[words]"'
        )
    own: Any = importlib.util.spec_from_file_location(
        _COPY, spec.origin, submodule_search_locations=list(spec.submodule_search_locations or ())
    )
    module = importlib.util.module_from_spec(own)
    sys.modules[_COPY] = module
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old escapes and pkg_resources in jieba
        own.loader.exec_module(module)
    for name in (_COPY, f"{_COPY}._compat"):  # which would print its messages
        log = logging.getLogger(name)
        log.setLevel(logging.NOTSET)
        for handler in list(log.handlers):
            log.removeHandler(handler)
    return module


@cache
def _standard() -> tuple[dict[str, int], int]:
    """The words of jieba's own dictionary with their frequencies, and the sum of these.

    The dictionary is read from the package: jieba itself reads a file in the shared temporary
    folder, where anybody could have put another one, and writes messages to stderr.
    """
    segmenter = _jieba().Tokenizer()
    frequencies, total = segmenter.gen_pfdict(segmenter.get_dict_file())
    return frequencies, total


class Segmenter:
    """Splits texts into words, by jieba's dictionary and the changes to it that a model keeps.

    Args:
        changes: The words whose frequencies differ from those of jieba's own dictionary.
        total: The sum of all frequencies; None for that of jieba's own dictionary.
        standard: Whether there are the words of jieba's own dictionary besides.
        deleted: Words that are never put together, not even by the model of unknown words.

    Raises:
        InputError: jieba is not installed, or words are too long.
    """

    def __init__(
        self,
        changes: Mapping[str, int] | None = None,
        total: int | None = None,
        deleted: Iterable[str] = (),
        *,
        standard: bool = True,
    ) -> None:
        self.changes = dict(changes or {})
        _check_lengths(self.changes)
        self.standard = standard
        self.deleted = frozenset(deleted)
        words, standard_total = _standard() if standard else ({}, 1)
        self.total = standard_total if total is None else total
        self._jieba = _jieba().Tokenizer()
        self._jieba.FREQ = words | self.changes if self.changes else words
        self._jieba.total = self.total
        self._jieba.initialized = True
        for word in self.changes:
            _add_beginnings(self._jieba.FREQ, word)

    def __reduce__(self) -> tuple[Any, ...]:
        # jieba's tokeniser holds a lock, which cannot be copied.
        return Segmenter.from_dict, (self.to_dict(),)

    def __call__(self, text: str) -> Iterator[tuple[str, int, int]]:
        """The words of a text, each with its code-point offsets; white space gives none.

        Words are yielded one by one: the rest is not segmented until the caller needs it.

        Args:
            text: The text.
        """
        for piece in _PIECE.finditer(text):
            first = piece.start()
            for word, start, end in self._jieba.tokenize(piece[0]):
                if word in self.deleted and len(word) > 1:
                    yield from ((text[i], i, i + 1) for i in range(first + start, first + end))
                elif not word.isspace():
                    yield word, first + start, first + end

    def with_words(self, entries: Sequence[Entry]) -> Segmenter:
        """The same with more words, each as `jieba.add_word` adds it.

        Args:
            entries: The words; one without a frequency gets that which makes it a word.
        """
        if not entries:
            return self
        _check_lengths([*self.changes, *(word for word, _ in entries)])
        changes, deleted = dict(self.changes), set(self.deleted)
        jieba = Segmenter(changes, self.total, standard=self.standard)._jieba
        jieba.FREQ = dict(jieba.FREQ)
        for word, frequency in entries:
            count = jieba.suggest_freq(word, False) if frequency is None else frequency
            jieba.FREQ[word] = changes[word] = count
            jieba.total += count
            _add_beginnings(jieba.FREQ, word)
            (deleted.discard if count else deleted.add)(word)
        return Segmenter(changes, jieba.total, deleted, standard=self.standard)

    def to_dict(self) -> dict[str, Any] | None:
        """What a saved tokeniser keeps; None if this is jieba as it comes."""
        if self.standard and not self.changes and not self.deleted:
            return None
        form = {"total": self.total, "words": self.changes, "deleted": sorted(self.deleted)}
        return form | {"standard": self.standard}

    @classmethod
    def from_dict(cls, form: Any) -> Segmenter:
        """The segmenter that `to_dict` describes; None is jieba's own.

        Raises:
            ValueError: It describes none.
        """
        if form is None:
            return cls()
        words, total, deleted = form["words"], form["total"], form["deleted"]
        if not isinstance(words, dict) or not all(map(_counts, (total, *words.values()))):
            raise ValueError("words with frequencies")
        if total < 1 or not all(isinstance(word, str) for word in deleted):
            raise ValueError("a sum of frequencies, and deleted words")
        return cls(words, total, deleted, standard=form["standard"] is not False)

    @classmethod
    def current(cls) -> Segmenter:
        """Jieba as this process has it, with the words that `jieba.add_word` and the like added.

        Raises:
            InputError: jieba is not installed, or its main dictionary cannot be read.
        """
        theirs = sys.modules.get("jieba")
        if theirs is None:
            return cls()
        own = getattr(theirs, "dt", None)
        usual = own is None or own.dictionary is None
        if own is None or (usual and not own.initialized):
            return cls()
        frequencies, total = (own.FREQ, own.total) if own.initialized else _read_main(own)
        known = _standard()[0] if usual else {}
        changes = {w: count for w, count in list(frequencies.items()) if count != known.get(w, 0)}
        read = dict(zip(normal_texts(list(changes)).texts, changes.values(), strict=True))
        read = {word: min(max(count, 0), _MOST) for word, count in read.items() if word}
        deleted = [w for w in theirs.finalseg.Force_Split_Words if not frequencies.get(w)]
        return cls(read, min(max(total, 1), _MOST), deleted, standard=usual)


def _check_lengths(words: Iterable[str]) -> None:
    if sum(len(word) * (len(word) - 1) // 2 for word in words) > _MOST_BEGINNINGS:
        raise InputError(
            "the words added to jieba are too long to be kept in memory; leave out the longest"
        )


def _add_beginnings(frequencies: dict[str, int], word: str) -> None:
    """What jieba looks up on its way to the end of a word."""
    for end in range(1, len(word)):
        frequencies.setdefault(word[:end], 0)


def _read_main(jieba: Any) -> tuple[dict[str, int], int]:
    """The dictionary that `jieba.set_dictionary` named, without jieba's cache and messages."""
    try:
        frequencies, total = jieba.gen_pfdict(jieba.get_dict_file())
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(
            f"jieba's main dictionary cannot be read ({reason}); set another"
        ) from None
    return frequencies, total


def _counts(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _MOST
