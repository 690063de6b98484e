"""A command: how long it takes, and how much memory all of its processes hold together."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

PAGE = 4096
_MOMENT = 0.1  # seconds


def measured(module: str, *words: object, python: str | None = None) -> dict[str, float]:
    """Run a module as a program.

    Args:
        module: Its name, `attnpool` for the command.
        words: The words behind it.
        python: The Python that runs it; default: this one.

    Returns:
        Seconds, and the most MiB that it and its processes held together.

    Raises:
        SystemExit: If it fails.
    """
    command = [python or sys.executable, "-m", module, *map(str, words)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    most = [0.0]
    watch = threading.Thread(target=_watch, args=(process, most))
    watch.start()
    status = process.wait()
    seconds = time.perf_counter() - began
    watch.join()
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {status}")
    return {"seconds": seconds, "mebibytes": most[0]}


def _watch(process: subprocess.Popen[bytes], most: list[float]) -> None:
    while process.poll() is None:
        most[0] = max(most[0], _resident(process.pid) / 2**20)
        time.sleep(_MOMENT)


def _resident(root: int) -> int:
    """The memory of a process and all below it, in bytes; pages that they share count for each."""
    children: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            sizes[int(folder.name)] = int((folder / "statm").read_text().split()[1]) * PAGE
        except (OSError, ValueError, IndexError):
            continue  # it has just ended
        children.setdefault(parent, []).append(int(folder.name))
    total, waiting = 0, [root]
    while waiting:
        one = waiting.pop()
        total += sizes.get(one, 0)
        waiting += children.get(one, [])
    return total
