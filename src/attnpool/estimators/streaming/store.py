"""The token ids of training rows in files, dealt at random into windows that fit in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import NamedTuple

import numpy as np

from attnpool._shapes import Int
from attnpool.errors import InputError
from attnpool.persistence.unfinished import clear_leftovers, unfinished
from attnpool.sanitize import escaped
from attnpool.text.batches import places
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokens import Tokens


@contextmanager
def token_folder(cache: str | Path | None) -> Iterator[Path]:
    """A new folder for the tokens of a training, which is removed in the end.

    Args:
        cache: The folder in which it is made, where what killed runs left is cleared; None: the
            system's for temporary files.

    Raises:
        InputError: It cannot be made.
    """
    with ExitStack() as stack:
        try:
            if cache is None:
                made = Path(stack.enter_context(TemporaryDirectory(prefix="attnpool-")))
            else:
                place = Path(cache).resolve() / "tokens"
                clear_leftovers(place)
                made = stack.enter_context(unfinished(place))
        except OSError as error:
            where = escaped(str(cache or gettempdir()))
            raise InputError(
                f"{where}: no folder for tokens can be made: {error.strerror or error}; "
                "name another as cache"
            ) from error
        yield made


class Window(NamedTuple):
    """Some rows.

    Attributes:
        tokens: Their tokens, without offsets.
        y: The classes.
    """

    tokens: Tokens
    y: Int[np.ndarray, "rows"]


_MOST_TOKENS = 1 << 21
"""So many tokens wait until they are dealt, and no more rows than `waiting`."""


class TokenStore:
    """Rows in windows: each row is dealt to one of them, so that all windows are alike.

    Whatever the order of the rows was, that of their classes for example, a window is a random
    part of all rows.

    Args:
        folder: An empty folder for the files.
        windows: How many windows there are.
        seed: Decides which row goes where.
        waiting: So many rows wait until they are dealt, unless they are long: where there are
            thousands of windows, each gets but a few rows at a time.

    Attributes:
        rows: How many rows were added.
    """

    def __init__(self, folder: Path, windows: int, seed: int, waiting: int) -> None:
        self.rows = 0
        self._folder = folder
        self._windows = windows
        self._rng = np.random.default_rng([seed, 0, 3])
        self._most = waiting
        self._waiting: list[tuple[Tokens, Int[np.ndarray, "rows"]]] = []

    def __len__(self) -> int:
        """The number of windows."""
        return self._windows

    def add(self, tokens: Tokens, y: Int[np.ndarray, "rows"]) -> None:
        """Deal some rows; a few wait for others until `settle`.

        Args:
            tokens: Their tokens.
            y: Their classes.

        Raises:
            InputError: There is no room for the files.
        """
        self.rows += len(tokens)
        self._waiting.append((tokens, y))
        tokens_waiting = sum(len(some.ids) for some, _ in self._waiting)
        rows_waiting = sum(len(some) for some, _ in self._waiting)
        if rows_waiting >= self._most or tokens_waiting >= _MOST_TOKENS:
            self.settle()

    def settle(self) -> None:
        """Deal the rows that wait; all have come.

        Raises:
            InputError: There is no room for the files.
        """
        if not self._waiting:
            return
        tokens = Tokens.concatenate([some for some, _ in self._waiting])
        y = np.concatenate([some for _, some in self._waiting])
        self._waiting = []
        dealt = self._rng.integers(self._windows, size=len(tokens))
        order = np.argsort(dealt, kind="stable")
        ids = tokens.ids[places(tokens, order).tokens]
        lengths, y = tokens.lengths[order].astype(np.int32), y[order].astype(np.int32)
        unknown = _reordered(tokens, order) if tokens.unknown else []
        stops = np.searchsorted(dealt[order], np.arange(self._windows + 1)).tolist()
        ends = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        for number, (start, stop) in enumerate(pairwise(stops)):
            if start == stop:
                continue
            self._append(number, "ids", ids[ends[start] : ends[stop]].astype(np.int32).tobytes())
            self._append(number, "lengths", lengths[start:stop].tobytes())
            self._append(number, "classes", y[start:stop].tobytes())
            if unknown:
                words = [word for of_text in unknown[start:stop] for word in of_text]
                self._append(number, "words", f"{json.dumps(words)}\n".encode())

    def lengths(self, number: int) -> Int[np.ndarray, "rows"]:
        """The number of tokens of each row of a window, once all are settled."""
        return self._read(number, "lengths").astype(np.int64)

    def window(self, number: int) -> Window:
        """A window, once all are settled; its numbers are from 0.

        Args:
            number: Which.
        """
        ids = self._read(number, "ids")
        bounds = np.concatenate([[0], np.cumsum(self.lengths(number))])
        words = self._file(number, "words")
        unknown: list[str] = []
        if words.exists():
            with words.open(encoding="utf-8") as lines:
                for line in lines:
                    unknown += json.loads(line)
        # Training needs no offsets: one stands for all.
        spans = np.broadcast_to(np.zeros((1, 2), np.int32), (len(ids), 2))
        read_until = np.zeros(len(bounds) - 1, dtype=np.int64)
        tokens = Tokens(ids, bounds, spans, read_until, tuple(unknown))
        return Window(tokens, self._read(number, "classes").astype(np.int64))

    def _file(self, number: int, kind: str) -> Path:
        return self._folder / f"{number}.{kind}"

    def _append(self, number: int, kind: str, content: bytes) -> None:
        file = self._file(number, kind)
        try:
            with file.open("ab") as out:
                out.write(content)
        except OSError as error:
            folder = escaped(str(self._folder.parent))
            raise InputError(
                f"{folder}: the tokens of the rows cannot be written: {error.strerror or error}; "
                "name a folder with more room as cache"
            ) from error

    def _read(self, number: int, kind: str) -> np.ndarray:
        file = self._file(number, kind)
        if not file.exists():
            return np.zeros(0, dtype=np.int32)
        return np.fromfile(file, dtype=np.int32)


def _reordered(tokens: Tokens, order: Int[np.ndarray, "texts"]) -> list[tuple[str, ...]]:
    """The unknown words of each text, the texts in another order."""
    before = np.concatenate([[0], np.cumsum(tokens.ids == UNKNOWN)])[tokens.bounds]
    starts, stops = before[:-1][order].tolist(), before[1:][order].tolist()
    return [tokens.unknown[a:b] for a, b in zip(starts, stops, strict=True)]
