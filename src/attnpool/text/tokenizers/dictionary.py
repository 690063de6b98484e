"""Words that a user adds to jieba: a list, or a file in the form of jieba's user dictionaries."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attnpool.errors import InputError, cut
from attnpool.sanitize import escaped, quoted
from attnpool.text.normal_form import normal_texts

Entry = tuple[str, int | None]
"""A word and its frequency; None for the one that makes jieba find it."""

_MOST_BYTES, _MOST_WORDS = 64 << 20, 1_000_000
_LONGEST_WORD = 100
_MOST_FREQUENT = 10**9


def read_dictionary(dictionary: Any) -> list[Entry]:
    """The words of a dictionary, in the form in which texts are read.

    Args:
        dictionary: Words, or the path of a file with one word a line. A word may be followed by
            its frequency and its part of speech, which is ignored: `word [freq] [tag]`.
            The frequency 0 is for a word that jieba must not find.

    Raises:
        InputError: The file cannot be read or is too large, or an entry is no word.
    """
    if isinstance(dictionary, str | os.PathLike) and os.fspath(dictionary).strip():
        where = escaped(cut(os.fspath(dictionary)))
        numbered = enumerate(normal_texts(_lines(Path(dictionary), where)).texts, 1)
        entries = [_entry(line, f"{where} line {n}") for n, line in numbered if line.strip()]
        if not entries:
            raise InputError(f"dictionary {where}: no words in it; write one a line")
        return entries
    no_words = isinstance(dictionary, str | bytes | bytearray | Mapping)
    if no_words or not hasattr(dictionary, "__iter__"):
        given = quoted(dictionary if isinstance(dictionary, str) else repr(dictionary))
        raise InputError(f"dictionary is {given}; give a list of words or the path of a file")
    words = list(dictionary)
    if len(words) > _MOST_WORDS:
        raise InputError(f"dictionary has {len(words):,} words; give at most {_MOST_WORDS:,}")
    for number, word in enumerate(words):
        if not isinstance(word, str) or not word.strip():
            raise InputError(f"dictionary[{number}] is {quoted(repr(word))}; give words")
    numbered = enumerate(normal_texts(list(map(str, words))).texts)
    return [_entry(line, f"dictionary[{n}]") for n, line in numbered]


def _lines(path: Path, where: str) -> list[str]:
    try:
        problem = _problem(path)
        content = b"" if problem else path.read_bytes()
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        problem = "not UTF-8; save it as UTF-8"
    except (OSError, ValueError) as error:
        problem = f"{getattr(error, 'strerror', None) or 'not a path'}; name another file"
    if problem:
        raise InputError(f"dictionary {where}: {problem}")
    if len(lines) > _MOST_WORDS:
        raise InputError(f"dictionary {where}: {len(lines):,} lines; at most {_MOST_WORDS:,}")
    return lines


def _problem(path: Path) -> str:
    """Why no words can be read from a path; "" if they can."""
    if not path.exists():
        return "no such file; name one, or give a list of words"
    if not path.is_file():
        return "not a file; name a text file, one word a line"
    return "larger than 64 MiB; leave out words" if path.stat().st_size > _MOST_BYTES else ""


def _entry(line: str, where: str) -> Entry:
    word, *rest = line.split() or [""]
    frequency = None
    if rest and not (rest[0].isascii() and rest[0].isalpha() and rest[0].islower()):
        given = rest.pop(0)
        if not (given.isascii() and given.isdigit() and len(given) < 12):
            raise InputError(f"{where}: the frequency is {quoted(given)}; give a whole number")
        frequency = int(given)
    if not word or len(rest) > 1:
        raise InputError(f"{where}: {quoted(line.strip())} is not `word [frequency] [tag]`")
    if len(word) > _LONGEST_WORD or not word.isprintable():
        raise InputError(f"{where}: {quoted(word)} is no word of at most {_LONGEST_WORD} letters")
    if frequency is not None and frequency > _MOST_FREQUENT:
        raise InputError(f"{where}: the frequency is {frequency}; give at most {_MOST_FREQUENT}")
    return word, frequency
