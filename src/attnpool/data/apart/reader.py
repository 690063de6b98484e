"""The other end of `worker.py`."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import weakref
from multiprocessing.spawn import get_executable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

# Repeated values take next to nothing in a file, so it may unpack to far more than one of text.
MOST_TIMES = 1000
MOST_BYTES = 1 << 30
_MEMORY = 4 << 30  # what the process needs for any file, and more than enough
_MEMORY_TIMES = 200
_TOO_LARGE = 3  # the exit status of worker.py for it


class UnreadableError(Exception):
    """The file cannot be read.

    Attributes:
        too_large: Whether its values take more than they may; otherwise it is damaged.
    """

    def __init__(self, *, too_large: bool) -> None:
        super().__init__("too large" if too_large else "damaged")
        self.too_large = too_large


class ReaderApart:
    """A process that has one file open, as long as this object lives.

    Args:
        kind: What the file is: `"parquet"` or `"excel"`.
        path: The file.

    Raises:
        OSError: It cannot be opened.
    """

    def __init__(self, kind: str, path: Path) -> None:
        with path.open("rb") as file:  # what may not be opened is told here
            size = os.fstat(file.fileno()).st_size
        most = max(MOST_BYTES, MOST_TIMES * size)
        memory = _MEMORY + _MEMORY_TIMES * size
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            [
                *(get_executable(), "-P", Path(__file__).with_name("worker.py")),
                *(kind, path.resolve(), str(most), str(memory)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a panic prints a hundred lines
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "RUST_BACKTRACE": "0",
            },
            # Ctrl-C is for this process, which then ends the other.
            start_new_session=True,
        )
        weakref.finalize(self, _end, self._process)

    def ask(self, request: str, **arguments: Any) -> tuple[Any, list[pl.DataFrame]]:
        """A request to the file.

        Args:
            request: A method of the class in `worker.py`.
            arguments: Its arguments.

        Raises:
            UnreadableError: The process ended.
        """
        import polars as pl

        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # noqa: S101 - both are pipes
        assert stdout is not None  # noqa: S101
        try:
            stdin.write(json.dumps([request, arguments]).encode() + b"\n")
            stdin.flush()
            head = json.loads(stdout.readline())
            packed = [stdout.read(size) for size in head["sizes"]]
        except (OSError, ValueError):
            status = self._process.wait()  # it ended: nothing else closes its pipe
            raise UnreadableError(too_large=status == _TOO_LARGE) from None
        return head["value"], [pl.read_ipc(io.BytesIO(one)) for one in packed]


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.kill()
    process.wait()
