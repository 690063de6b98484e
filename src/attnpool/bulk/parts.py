"""Parts of an output that are finished, in a folder: a run that was stopped goes on behind them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
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
_OURS = (RUN, PARTS, SUCCESS)
NEW = ".new"


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

    Each part is written under another name, brought to the disk and then renamed; a journal has
    its digest. What the run was (model, data, options) stands beside them, so that no other goes on
    with them.

    Args:
        folder: The folder.
        run: What the run is: values of JSON by name.
        suffix: What the names of parts end in, a format.
        resume: Whether to go on with the parts that are there.
        overwrite: Whether to remove those of another run.

    Raises:
        InputError: The folder holds something else, or parts that are neither to be gone on with
            nor replaced; or another run is writing to it, or it cannot be written.
    """

    def __init__(
        self, folder: Path, run: Mapping[str, Any], suffix: str, *, resume: bool, overwrite: bool
    ) -> None:
        self.folder, self._suffix = folder, suffix
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
        part = self._done.get(self.name(number))
        if part is None:
            return False
        path = self.folder / part.part
        with suppress(OSError):
            return path.stat().st_size == part.bytes and _digest(path) == part.sha256
        return False

    def write(self, number: int, fill: Callable[[Path], object]) -> None:
        """Let `fill` write a part.

        Args:
            number: Its number, from 0.
            fill: Writes the file that it is given.

        Raises:
            InputError: It cannot be written.
        """
        self.add(write_part(self.folder / self.name(number), fill))

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
        return [self.folder / self.name(number) for number in range(count)]

    def succeed(self) -> None:
        """Mark that all parts are there."""
        try:
            self._remove_unfinished()
            (self.folder / SUCCESS).touch()
        except OSError as error:
            raise not_written(self.folder, error) from None

    def remove(self) -> None:
        """Remove the folder and all parts, of which something else has been made.

        Raises:
            InputError: The folder cannot be written.
        """
        self.succeed()
        clear(self.folder)

    def close(self) -> None:
        """Let others write to the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def name(self, number: int) -> str:
        """What the file of a part is called."""
        return f"part-{number:05}{self._suffix}"

    def _prepare(self, run: dict[str, Any], *, resume: bool, overwrite: bool) -> None:
        check_parts(self.folder, resume=resume, overwrite=overwrite)
        there = _names(self.folder)
        resume = resume and RUN in there
        differs = self._differs(run) if resume else []
        if differs and not overwrite:
            raise InputError(
                f"{self.folder} holds parts of another run, with other {' and '.join(differs)}; "
                "--overwrite begins anew"
            )
        if resume and not differs:
            self._done = self._read()
        else:
            for name in there:
                (self.folder / name).unlink()
            self._begin(run)
        self._remove_unfinished()

    def _remove_unfinished(self) -> None:
        """What processes left that were killed as they wrote."""
        for path in self.folder.glob(f"{NEW}-*"):
            path.unlink(missing_ok=True)

    def _begin(self, run: dict[str, Any]) -> None:
        (self.folder / PARTS).write_bytes(b"")
        new = self.folder / f"{NEW}-{RUN}"
        new.write_text(f"{json.dumps(run, ensure_ascii=False, indent=2)}\n", "utf-8")
        sync(self.folder)
        new.replace(self.folder / RUN)  # the last: where it is, the journal is
        sync(self.folder, within=False)

    def _differs(self, run: dict[str, Any]) -> list[str]:
        """What a run differs in from the one that wrote the parts."""
        try:
            before = json.loads((self.folder / RUN).read_text("utf-8"))
            return [name for name in run if run[name] != before.get(name)]
        except (ValueError, AttributeError):
            return ["record"]

    def _read(self) -> dict[str, Part]:
        """The journal; a line that was cut short as the run was killed counts for nothing."""
        found = {}
        journal = self.folder / PARTS
        for line in journal.read_bytes().split(b"\n") if journal.exists() else ():
            with suppress(ValueError, TypeError):
                part = Part(**json.loads(line))
                if part.part == self.name(int(part.part[5:10])):
                    found[part.part] = part
        return found

    def _note(self, part: Part) -> None:
        with (self.folder / PARTS).open("ab") as journal:
            # On a line of its own, whatever was cut short before it.
            journal.write(b"\n" + json.dumps(part._asdict()).encode() + b"\n")
            journal.flush()
            _sync_file(Path(journal.name))


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
    except OSError as error:
        with suppress(OSError):
            new.unlink()
        raise not_written(path, error) from None
    return part


def clear(folder: Path) -> None:
    """Remove a folder of parts of which something else has been made; any other stays.

    Args:
        folder: The folder; it need not exist.
    """
    if (folder / SUCCESS).exists():
        for name in _names(folder):
            if name != SUCCESS:  # the last, for whoever has to go on with this
                (folder / name).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # there is none, or it holds something
        folder.rmdir()


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
    # A run that was killed as it began has left a journal alone.
    ours = [*_OURS, *(name for name in there if name.startswith("part-") and RUN in there)]
    if others := [name for name in there if name not in ours]:
        raise InputError(
            f"{folder} holds other files ({quoted_list(others, 3)}); name a new folder"
        )
    if RUN not in there or overwrite or resume:
        return
    if SUCCESS in there:
        raise InputError(f"{folder} exists; pass --overwrite to replace it")
    count = sum(name.startswith("part-") for name in there)
    raise InputError(
        f"{folder} holds {counted(count, 'finished part')} of a run that was stopped; --resume "
        "goes on with it, --overwrite begins anew"
    )


def begun(folder: Path) -> bool:
    """Whether a folder holds parts that a run can go on with."""
    return (folder / RUN).exists()


def _names(folder: Path) -> list[str]:
    """What is in a folder, but for what is hidden."""
    try:
        return sorted(path.name for path in folder.iterdir() if path.name[:1] != ".")
    except FileNotFoundError:
        return []


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
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
    except BlockingIOError:
        os.close(lock)
        raise InputError(
            f"{folder}: another run is writing to it; wait for it, or name another output"
        ) from None
    except OSError:  # a file system without locks
        os.close(lock)
        return None
    return lock
