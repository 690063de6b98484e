"""Parts of an output that are finished, in a folder: a run that was stopped goes on behind them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

from attnpool.errors import InputError
from attnpool.persistence.atomic import not_written, share, sync
from attnpool.sanitize import counted, quoted_list

RUN, PARTS, SUCCESS = "_run.json", "_parts.jsonl", "_SUCCESS"
JOINED = "_joined"  # in a folder whose parts are being made one file, or have been
NEW = ".attnpool-new"
REPLACES = "replaces"  # in a record: whether the output was there and is to be replaced
LISTED = "bad_rows"  # in a record: the file in which bad rows are listed
_PROGRAM = "attnpool predict"
_PART = re.compile(r"part-(\d{8,})\.(csv|tsv|jsonl|parquet)")
_MOST_BYTES = 1 << 30  # of a record or a journal


class Part(NamedTuple):
    """A part that is finished.

    Attributes:
        part: The name of its file.
        bytes: Its size.
        sha256: The digest of its content.
    """

    part: str
    bytes: int
    sha256: str


class Parts:
    """The folder of the parts of one run; it is locked as long as this object is open.

    A journal has the digest of each part that is finished. What the run was (model, data, options)
    stands beside them, so that no other goes on with them.

    Args:
        folder: The folder.
        run: What the run is: values of JSON by name.
        suffix: What the names of parts end in, a format.
        resume: Whether to go on with the parts that are there.
        overwrite: Whether to remove those of another run.

    Attributes:
        folder: The same.
        suffix: The same.

    Raises:
        InputError: The folder holds something else, or parts that are neither to be gone on with
            nor replaced; or another run is writing to it, or it cannot be written.
    """

    def __init__(
        self, folder: Path, run: Mapping[str, Any], suffix: str, *, resume: bool, overwrite: bool
    ) -> None:
        self.folder, self.suffix = folder, suffix
        self._done: dict[str, Part] = {}
        try:
            folder.mkdir(exist_ok=True)
            self._lock = _locked(folder)
        except OSError as error:
            raise not_written(folder, error) from None
        try:
            self._prepare(json.loads(json.dumps(run)), resume=resume, overwrite=overwrite)
        except BaseException as error:
            self.close()
            if isinstance(error, OSError):
                raise not_written(folder, error) from None
            raise

    def __len__(self) -> int:
        return len(self._done)

    def has(self, number: int) -> bool:
        """Whether a part is finished and on the disk as it was written."""
        part = self._done.get(part_name(number, self.suffix))
        if part is None:
            return False
        path = self.folder / part.part
        with suppress(OSError):
            return path.stat().st_size == part.bytes and _digest(path) == part.sha256
        return False

    def add(self, part: Part) -> None:
        """Note a part that `write_part` has written, here or elsewhere.

        Args:
            part: The part.

        Raises:
            InputError: It cannot be noted.
        """
        try:
            self._note(part)
        except OSError as error:
            raise not_written(self.folder, error) from None
        self._done[part.part] = part

    def paths(self, count: int) -> list[Path]:
        """The files of so many parts, in order."""
        return [self.folder / part_name(number, self.suffix) for number in range(count)]

    def succeed(self) -> None:
        """Mark that all parts are there."""
        self._mark(SUCCESS)

    def join(self) -> None:
        """Mark that the parts are being made one file."""
        self._mark(JOINED)

    def remove(self) -> None:
        """Remove the parts, and the folder if nothing else is in it."""
        try:
            self._remove_unfinished()
            _remove(self.folder)
        except OSError as error:
            raise not_written(self.folder, error) from None
        with suppress(OSError):
            self.folder.rmdir()

    def close(self) -> None:
        """Let others write to the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _mark(self, name: str) -> None:
        try:
            self._remove_unfinished()
            (self.folder / name).touch()
            sync(self.folder, within=False)
        except OSError as error:
            raise not_written(self.folder, error) from None

    def _prepare(self, run: dict[str, Any], *, resume: bool, overwrite: bool) -> None:
        check_parts(self.folder, resume=resume, overwrite=overwrite)
        before = record(self.folder)
        compared = [name for name in run if name not in (REPLACES, LISTED)]
        differs = [name for name in compared if run[name] != before.get(name)] if before else []
        if before and resume and differs and not overwrite:
            told = " and ".join(_difference(name, run[name], before.get(name)) for name in differs)
            raise InputError(
                f"{self.folder} holds parts of another run, with {told}; --overwrite begins anew"
            )
        if before and resume and not differs:
            (self.folder / SUCCESS).unlink(missing_ok=True)
            self._done = self._read()
        else:
            _remove(self.folder)
            self._begin(run)
        self._remove_unfinished()

    def _remove_unfinished(self) -> None:
        """What processes left that were killed as they wrote."""
        for path in self.folder.glob(f"{NEW}-*"):
            path.unlink(missing_ok=True)

    def _begin(self, run: dict[str, Any]) -> None:
        (self.folder / PARTS).write_bytes(b"")
        new = self.folder / f"{NEW}-{RUN}"
        form = {"program": _PROGRAM, **run}
        new.write_text(f"{json.dumps(form, ensure_ascii=False, indent=2)}\n", "utf-8")
        sync(self.folder)
        new.replace(self.folder / RUN)  # the last: where it is, the journal is
        sync(self.folder, within=False)

    def _read(self) -> dict[str, Part]:
        """The journal; a line that was cut short as the run was killed counts for nothing."""
        found = {}
        for line in _content(self.folder / PARTS).split(b"\n"):
            with suppress(ValueError, TypeError, RecursionError):
                part = Part(**json.loads(line))
                if _PART.fullmatch(part.part):
                    found[part.part] = part
        return found

    def _note(self, part: Part) -> None:
        with (self.folder / PARTS).open("ab") as journal:
            # On a line of its own, whatever was cut short before it.
            journal.write(b"\n" + json.dumps(part._asdict()).encode() + b"\n")
            journal.flush()
            os.fsync(journal.fileno())


def part_name(number: int, suffix: str) -> str:
    """What the file of a part is called.

    Args:
        number: Its number, from 0.
        suffix: What its name ends in, a format.
    """
    return f"part-{number:08}{suffix}"


def write_part(path: Path, fill: Callable[[Path], object]) -> Part:
    """Let `fill` write a part under another name, bring it to the disk and rename it.

    Args:
        path: The file of the part.
        fill: Writes the file that it is given.

    Raises:
        InputError: It cannot be written.
    """
    # Where several machines write, one that was given up for lost may still be at it.
    new = path.with_name(f"{NEW}-{token_hex(4)}-{path.name}")
    try:
        fill(new)
        share(new)
        _sync_file(new)
        part = Part(path.name, new.stat().st_size, _digest(new))
        new.replace(path)
        sync(path.parent, within=False)
    except BaseException as error:
        with suppress(OSError):
            new.unlink()
        if isinstance(error, OSError):
            raise not_written(path, error) from None
        raise
    return part


def check_parts(folder: Path, *, resume: bool, overwrite: bool) -> None:
    """Refuse a folder that holds something else, or parts that nobody said what to do with.

    Args:
        folder: The folder; it need not exist.
        resume: Whether to go on with the parts that are there.
        overwrite: Whether to remove those of another run.

    Raises:
        InputError: It does.
    """
    there = _names(folder)
    run = record(folder)
    # A run that was killed as it began, or as it ended, has left an empty file.
    begun = {*there} <= {PARTS, JOINED} and not any((folder / n).stat().st_size for n in there)
    others = [name for name in there if not _is_ours(name)] or ([] if run or begun else there)
    if others:
        raise InputError(
            f"{folder} holds other files ({quoted_list(others, 3)}); name a new folder"
        )
    if begun or overwrite or resume:
        return
    if SUCCESS in there:
        raise InputError(f"{folder} exists; pass --overwrite to replace it")
    count = sum(map(bool, map(_PART.fullmatch, there)))
    raise InputError(
        f"{folder} holds {counted(count, 'finished part')} of a run that was stopped; --resume "
        "goes on with it, --overwrite begins anew"
    )


def record(folder: Path) -> dict[str, Any]:
    """What the run was whose parts a folder holds; nothing if it holds none of ours."""
    try:
        found = json.loads(_content(folder / RUN))
    except (OSError, ValueError, RecursionError):
        return {}
    ours = isinstance(found, dict) and found.get("program") == _PROGRAM
    return found if ours else {}


def begun_at(folder: Path) -> int | None:
    """When the run began whose parts a folder holds, in nanoseconds; None if it holds none.

    A run that goes on with the parts of another began when that one did.
    """
    try:
        return (folder / RUN).stat().st_mtime_ns
    except OSError:
        return None


def is_joined(folder: Path) -> bool:
    """Whether parts are being made one file, or have been."""
    return bool(record(folder)) and (folder / JOINED).exists()


def _difference(name: str, now: Any, before: Any) -> str:
    """What differs, as it is told."""
    if isinstance(now, dict) and isinstance(before, dict):
        names = [key for key in now if now[key] != before.get(key)]
        return f"other {name} ({', '.join(names)})"
    return {"model": "another model", "version": "another version of attnpool"}.get(
        name, f"other {name}"
    )


def _is_ours(name: str) -> bool:
    return name in (RUN, PARTS, SUCCESS, JOINED) or _PART.fullmatch(name) is not None


def _remove(folder: Path) -> None:
    """Remove what is ours; the record is the last, so that what is left is still known for ours."""
    ours = [name for name in _names(folder) if _is_ours(name)]
    for name in sorted(ours, key=lambda name: (name == JOINED, name == RUN, name != SUCCESS)):
        (folder / name).unlink(missing_ok=True)


def _content(path: Path) -> bytes:
    """The content of a small ordinary file; nothing if there is none."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST_BYTES:
        return b""
    return path.read_bytes()


def _names(folder: Path) -> list[str]:
    """What is in a folder, but for what is hidden."""
    try:
        return sorted(path.name for path in folder.iterdir() if path.name[:1] != ".")
    except FileNotFoundError:
        return []


def _sync_file(path: Path) -> None:
    with path.open("r+b") as file:  # Windows syncs only what may be written
        os.fsync(file.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _locked(folder: Path) -> int | None:
    """What holds a lock on a folder until it is closed; None where there are no locks.

    Raises:
        InputError: Another process holds it.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(lock), folder.stat()):
            raise BlockingIOError  # another has just removed it
    except BlockingIOError:
        os.close(lock)
        raise InputError(
            f"{folder}: another run is writing to it; wait for it, or name another output"
        ) from None
    except OSError:  # a file system without locks
        os.close(lock)
        return None
    return lock
