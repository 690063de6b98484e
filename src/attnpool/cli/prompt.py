"""`attnpool explain MODEL` on a terminal: asks for a text, answers it, and asks for the next."""

from __future__ import annotations

import codecs
import io
import locale
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from attnpool.architectures import texts_per_item
from attnpool.cli import interrupt
from attnpool.cli.stdin import say_encoding
from attnpool.cli.streams import say
from attnpool.errors import InputError

if TYPE_CHECKING:
    from attnpool.cli.arguments import Estimator
    from attnpool.data.formats.encodings import Encoding


def on_terminal() -> bool:
    """Whether somebody can be asked: texts are typed, and answers are seen."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def answer_typed(model: Estimator, show: Callable[[list[Any]], None], encoding: str | None) -> None:
    """Ask for texts or pairs until Ctrl-D, or Ctrl-C twice on an empty line.

    What is wrong with one of them is said, and the next one asked for. Ctrl-C drops what is typed
    or being answered.

    Args:
        model: The model that answers.
        show: Shows the answers to texts or pairs.
        encoding: The encoding of what is typed; default: UTF-8, and of what is none the most
            probable one.
    """
    typed = _Typed(encoding)
    pairs = texts_per_item(model) == 2
    what = "two texts, one after the other or with a tab between" if pairs else "a text"
    say(f"type {what}; Ctrl-D leaves")
    warned = asking = False
    while True:
        try:
            asking = True
            item = typed.pair() if pairs else typed.text("> ")
            warned = asking = False
            show([item])
        except EOFError:
            sys.stdout.write("\n")
            return
        except (InputError, interrupt.Stopped) as error:
            # A library may have made an error of an interruption.
            if isinstance(error, InputError) and not interrupt.interrupted():
                say(str(error))
                warned = False
                continue
            interrupt.go_on()
            sys.stdout.write("\n")
            empty = asking and typed.is_empty()
            if empty and warned:
                return
            if empty:
                say("Ctrl-C again leaves, as Ctrl-D does")
            warned = empty


class _Typed:
    """Lines that somebody types, with the editing and the history of `readline`.

    The history is kept in memory alone: texts may be private.
    """

    def __init__(self, encoding: str | None) -> None:
        self._named = encoding
        self._said: Encoding | None = None
        self._read: Callable[[str], str] = _unedited
        self._typed: Callable[[], str] = str  # in this line so far, where that can be known
        self._half = False  # of a pair
        if isinstance(sys.stdin, io.TextIOWrapper):
            # Bytes that are no UTF-8 are kept until it is known what they are.
            sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
        if encoding is None or codecs.lookup(encoding).name == "utf-8":
            self._edit()

    def _edit(self) -> None:
        if locale.setlocale(locale.LC_CTYPE) in ("C", "POSIX"):
            # `readline` would take the bytes of a Chinese character for keys that command.
            os.environ["LC_ALL"] = "C.UTF-8"
        self._read = input
        try:
            import readline  # by which `input` edits from now on
        except ImportError:  # pragma: no cover - Windows, where the console edits
            return
        self._typed = readline.get_line_buffer
        readline.parse_and_bind("tab: self-insert")  # it stands between the texts of a pair

    def text(self, prompt: str) -> str:
        """The next text that is not blank.

        Raises:
            EOFError: Ctrl-D was pressed.
            InputError: It is in no encoding.
        """
        line = ""
        while not line.strip():
            # No colours in it: `readline` would have to be told of each code.
            line = self._decoded(self._read(prompt))
        return line

    def pair(self) -> tuple[str, str]:
        """Two texts: of a line with a tab between, or else of two lines.

        Raises:
            EOFError: Ctrl-D was pressed.
            InputError: They are in no encoding, or more than two.
        """
        self._half = False
        texts = self.text("A> ").split("\t")
        if len(texts) == 1:
            self._half = True
            texts += self.text("B> ").split("\t")
        if len(texts) > 2:
            raise InputError(
                f"{len(texts):,} texts; this model compares two: type one after the other, or both "
                "with a tab between"
            )
        return texts[0], texts[1]

    def is_empty(self) -> bool:
        """Whether nothing was typed yet, of a pair either, when an interruption came."""
        return not (self._half or self._typed())

    def _decoded(self, line: str) -> str:
        """What was typed, read as a line of `-` is; in UTF-8 it is all there."""
        from attnpool.data.formats.encodings import find_encoding

        typed = line.encode("utf-8", "surrogateescape")
        if self._named is None and typed == line.encode("utf-8", "replace"):
            return line
        found = find_encoding(io.BytesIO(typed), "stdin", self._named)
        if found != self._said:
            self._said = found
            say_encoding(found)
        return typed.decode(found.name).removeprefix("\ufeff")


def _unedited(prompt: str) -> str:
    """A line as the terminal gives it: `readline` edits no encoding but that of the locale."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.removesuffix("\n")
