"""The other end of `worker.py`."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import weakref
from contextlib import suppress
from multiprocessing.spawn import get_executable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from attnpool.data.apart.faults import fault_of_parquet, fault_of_workbook
from attnpool.errors import InputError
from attnpool.sanitize import quoted

if TYPE_CHECKING:
    import polars as pl

# Repeated values take next to nothing in a file, so it may unpack to far more than one of text.
MOST_TIMES = 1000
MOST_BYTES = 1 << 30
_MEMORY = 4 << 30  # what the process needs for any file, and more than enough
_MEMORY_TIMES = 200
_TOO_LARGE, _NO_MEMORY = 3, 4  # the exit statuses of worker.py for these
_RAISED = 1


# What is wrong with a file of the kind, and how one is made.
_KINDS = {"parquet": (fault_of_parquet, "write"), "excel": (fault_of_workbook, "save")}


class ReaderApart:
    """A process that has one file open, as long as this object lives.

    Args:
        kind: What the file is: `"parquet"` or `"excel"`.
        path: The file.
        file: The file as the user named it.

    Raises:
        OSError: The file cannot be opened.
        InputError: The process cannot be started.
    """

    def __init__(self, kind: str, path: Path, file: str) -> None:
        with path.open("rb") as opened:  # what may not be opened is told here
            size = os.fstat(opened.fileno()).st_size
        self._path, self._file = path, file
        self._fault, self._make = _KINDS[kind]
        most = max(MOST_BYTES, MOST_TIMES * size)
        self._memory = _MEMORY + _MEMORY_TIMES * size
        python = os.fsdecode(get_executable() or "")
        script = str(Path(__file__).with_name("worker.py"))
        entries = [entry for entry in sys.path if isinstance(entry, str) and entry]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own script
                [python, "-P", script, kind, path.resolve(), str(most), str(self._memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a panic prints a hundred lines
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(entries),
                    "RUST_BACKTRACE": "0",
                },
                # Ctrl-C is for this process, which then ends the other.
                start_new_session=True,
            )
        except (OSError, ValueError):
            raise _not_started(file, python) from None
        weakref.finalize(self, _end, self._process)
        if self._out.readline() != b"begun\n":
            raise _not_started(file, python)

    @property
    def _out(self) -> IO[bytes]:
        assert self._process.stdout is not None  # noqa: S101 - a pipe
        return self._process.stdout

    def ask(self, request: str, **arguments: Any) -> tuple[Any, list[pl.DataFrame]]:
        """A request to the file.

        Args:
            request: A method of the class in `worker.py`.
            arguments: Its arguments.

        Raises:
            InputError: The file cannot be read: the process ended.
        """
        import polars as pl

        assert self._process.stdin is not None  # noqa: S101 - a pipe
        try:
            self._process.stdin.write(json.dumps([request, arguments]).encode() + b"\n")
            self._process.stdin.flush()
            head = json.loads(self._out.readline())
            packed = [self._whole(size) for size in head["sizes"]]
        except (OSError, ValueError, EOFError):
            # It ended, or ends: nothing else closes its pipe.
            raise self._unreadable(self._process.wait()) from None
        return head["value"], [pl.read_ipc(io.BytesIO(one)) for one in packed]

    def _unreadable(self, status: int) -> InputError:
        if status == _TOO_LARGE:
            return InputError(
                f"{self._file} unpacks to more than the larger of {MOST_TIMES:,} times its size "
                f"and 1 GiB; if that is right, {self._make} it as CSV"
            )
        memory = f"reading it takes more than {self._memory / 2**30:.0f} GiB"
        why = {_RAISED: "damaged", _NO_MEMORY: memory}.get(status, f"damaged, or {memory}")
        return InputError(f"{self._file}{self._fault(self._path, why)}")

    def _whole(self, size: int) -> bytes:
        read = self._out.read(size)
        if len(read) < size:
            raise EOFError
        return read


def _not_started(file: str, python: str) -> InputError:
    return InputError(
        f"{file} is read in a process of its own, which {quoted(python, 200)} could not start; "
        "name Python's own program with multiprocessing.set_executable"
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # of a request that it never read
            if pipe is not None:
                pipe.close()
    process.kill()
    process.wait()
