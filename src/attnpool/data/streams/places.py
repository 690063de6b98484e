"""Where rows are: a file, the file of a public dataset's folder, or all parts in a folder."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

from attnpool.data.datasets.registry import NAMED, part_file
from attnpool.data.formats.compressed import suffix_of
from attnpool.data.formats.frames import distinct
from attnpool.data.formats.registry import known_suffixes
from attnpool.errors import InputError
from attnpool.sanitize import counted, escaped, quoted, quoted_list

if TYPE_CHECKING:
    from attnpool.data.datasets.spec import NamedDataset

PARTS = ("train", "validation", "test")
_SPLITS = ("train", "dev", "eval", "valid", "validation", "val", "test")
_WORD = re.compile("[a-z]+")
_log = logging.getLogger(__name__)

Place = tuple[Path, str]
"""A path, and its name in messages."""


def locate(path: Path, given: str, named: NamedDataset | None, part: str) -> list[Place]:
    """The files to read, in the order of their names.

    Args:
        path: A file or a folder.
        given: Its name in messages.
        named: The public dataset that it is read as.
        part: Which part of it.

    Raises:
        InputError: There is none, it is no ordinary file, is empty or cannot be read, or the files
            of a folder are of several formats.
    """
    check_part(part)
    try:
        if not path.exists():
            raise InputError(f"{given}: no such file; check the path")
        if path.is_dir():
            return _in_folder(path, given, named, part)
        _check_ordinary(path, given)
        _check_filled(path, given)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise unreadable(given, error) from error
    return [(path, given)]


def check_part(part: str) -> None:
    """Refuse a part that no dataset has.

    Raises:
        InputError: It is none of `PARTS`.
    """
    if part not in PARTS:
        raise InputError(f"no part is called {quoted(part)}; the parts are {', '.join(PARTS)}")


def unreadable(file: str, error: Exception) -> InputError:
    """The error for a file that the system does not let one read."""
    reason = getattr(error, "strerror", None) or error
    return InputError(f"{file} cannot be read: {reason}; check the path")


def part_paths(folder: Path) -> list[Path]:
    """The files of a folder that are read as one: names that begin with `.` or `_` are not data.

    Pipes, devices and links to no file are among them, if their names are those of data.

    Args:
        folder: The folder.
    """
    known = known_suffixes()
    return [path for path in _visible(folder) if suffix_of(path) in known and not path.is_dir()]


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name[0] not in "._")


def _check_filled(path: Path, given: str) -> None:
    if not path.stat().st_size and not path.read_bytes():  # some file systems report no sizes
        raise InputError(f"{given} is empty; give a file with data")


def _check_ordinary(path: Path, given: str) -> None:
    if path.is_symlink() and not path.exists():
        raise InputError(f"{given} is a link to a file that is not there; mend or remove it")
    if not path.is_file():
        raise InputError(f"{given} is not an ordinary file; save it as one first")


def _in_folder(path: Path, given: str, named: NamedDataset | None, part: str) -> list[Place]:
    if named is None:
        return _all_parts(path, given)
    if named.whole_folder:
        return [(path, given)]
    file = part_file(path, named, part)
    if file is None:
        names = " or ".join(named.parts.get(part, ())) or f"file for {part}"
        raise InputError(f"{given}: no {names} in this folder; give a file of {named.name} itself")
    return [(file, f"{given.rstrip('/')}/{file.relative_to(path)}")]


def _all_parts(folder: Path, given: str) -> list[Place]:
    parts = part_paths(folder)
    beside = sorted({*_visible(folder)}.difference(parts))
    inner = [path.name for path in beside if path.is_dir()]
    if parts and inner:
        raise InputError(
            f"{given} holds folders beside files ({quoted_list(inner, 3)}), which are not read; "
            "give a folder that holds parts alone"
        )
    for part in parts:
        _check_ordinary(part, f"{given.rstrip('/')}/{escaped(part.name)}")
    # Engines write parts without a row, of some formats without a byte.
    parts = [part for part in parts if part.stat().st_size] or parts
    if not parts and not inner:
        raise InputError(
            f"{given} holds no file of data; give a file or a folder that holds some: "
            f"{', '.join(sorted(known_suffixes()))}"
        )
    if not parts or len({*map(_split_of, parts)}) > 1:
        sets = [d.name for d in NAMED.values() if len(d.parts) > 1 or d.whole_folder]
        raise InputError(
            f"{given} is a folder; give a file in it, "
            f"or name its dataset with --dataset ({', '.join(sets)})"
        )
    suffixes = sorted({suffix_of(part) for part in parts})
    if len(suffixes) > 1:
        raise InputError(
            f"{given} is a folder of {quoted_list(suffixes)} files; give one of the files, or a "
            "folder whose files are all parts of one table"
        )
    if beside:  # among them may be parts that somebody compressed or renamed
        count, names = counted(len(beside), "file"), quoted_list([p.name for p in beside], 3)
        _log.warning("%s: left out %s of unknown suffix: %s", given, count, names)
    told = distinct([escaped(part.name) for part in parts])
    places = [(part, f"{given.rstrip('/')}/{n}") for part, n in zip(parts, told, strict=True)]
    for place in places:
        _check_filled(*place)
    return places


def _split_of(path: Path) -> str:
    """The split that the name of a file begins with, such as `test` of `test-00000.parquet`."""
    [word] = _WORD.findall(path.name.lower())[:1] or [""]
    return word if word in _SPLITS else ""
