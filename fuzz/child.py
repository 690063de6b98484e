"""One case in a process of its own: a time limit, a memory limit, nothing printed."""

import json
import os
import resource
import selectors
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 10
BYTES = 2 << 30  # beyond what the process has when the case begins

_LATE = "longer than the time limit"
OK, REFUSED, SURPRISE = "ok", "refused", "surprise"


@dataclass(frozen=True)
class Outcome:
    """What came of a case.

    Attributes:
        kind: `"ok"`: it was answered; `"refused"`: in one line; `"surprise"`: anything else.
        detail: The answer, the line, or what happened.
    """

    kind: str
    detail: str


def run(work: Callable[[], str], seconds: int = SECONDS, most: int = BYTES) -> Outcome:
    """Call `work` in a copy of this process, which must have imported all it needs.

    Args:
        work: What the case does. It returns a short text; refuses by `InputError`; and fails by
            any other exception, by printing anything, by taking too much memory, or by taking too
            long twice: the first time it may be that the machine had other things to do.
        seconds: The time limit.
        most: The memory limit in bytes.
    """
    found = _run(work, seconds, most)
    return _run(work, seconds, most) if found.detail.startswith(_LATE) else found


def _run(work: Callable[[], str], seconds: int, most: int) -> Outcome:
    reading, writing = os.pipe()
    printed_from, printed_to = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.close(printed_from)
        _work(work, writing, printed_to, seconds, most)  # never returns
    os.close(writing)
    os.close(printed_to)
    try:
        said, printed, late = _read_all(reading, printed_from, seconds + 2)
    finally:
        os.close(reading)
        os.close(printed_from)
    if late:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if late or os.WIFSIGNALED(status):
        number = signal.SIGALRM if late else os.WTERMSIG(status)
        name = _LATE if number == signal.SIGALRM else f"signal {number}"
        return Outcome(SURPRISE, f"{name}: {printed[-2000:]}")
    form = json.loads(said)
    if form["kind"] != SURPRISE and printed:
        return Outcome(SURPRISE, f"printed: {printed[-2000:]}")
    return Outcome(**form)


def _work(work: Callable[[], str], writing: int, printed_to: int, seconds: int, most: int) -> None:
    # The alarm kills: a handler of Python would wait for the library that hangs.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds)
    os.dup2(printed_to, 1)
    os.dup2(printed_to, 2)
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
    warnings.resetwarnings()
    warnings.showwarning = _show  # whoever else wants to see it
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + most, used + most))
    outcome = _outcome(work)
    sys.stdout.flush()
    sys.stderr.flush()
    with open(writing, "w") as pipe:
        json.dump(vars(outcome), pipe)
    os._exit(0)


def _show(message: Any, category: Any, name: str, line: int, file: Any = None, text: Any = None):
    del file
    print(warnings.formatwarning(message, category, name, line, text), file=sys.stderr)


def _outcome(work: Callable[[], str]) -> Outcome:
    from attnpool.errors import InputError

    try:
        return Outcome(OK, work())
    except InputError as error:
        line = str(error)
        if "\n" in line or not line or len(line) > 2000:
            return Outcome(SURPRISE, f"no one line: {line[:2000]!r}")
        return Outcome(REFUSED, line)
    except BaseException:
        return Outcome(SURPRISE, traceback.format_exc()[-4000:])


def _read_all(reading: int, printed_from: int, seconds: float) -> tuple[str, str, bool]:
    """What the child says and prints, and whether it has not ended in time."""
    found: dict[int, bytes] = {reading: b"", printed_from: b""}
    end = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        for one in found:
            selector.register(one, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(max(0, end - time.monotonic()))
            if not ready and time.monotonic() >= end:
                break
            for key, _ in ready:
                piece = os.read(key.fd, 1 << 16)
                found[key.fd] += piece
                if not piece:
                    selector.unregister(key.fd)
        late = bool(selector.get_map())
    said, printed = (one.decode(errors="replace") for one in found.values())
    return said, printed, late


def replay(out: Path, case: Callable[[Path], Outcome], what: str) -> Counter[str]:
    """Try surprises again, and say of each what comes of it now.

    Args:
        out: The folder that they were written to.
        case: Tries one.
        what: The pattern of its name within its own folder.
    """
    counts = Counter[str]()
    for kept in sorted(out.iterdir()):
        found = case(next(kept.glob(what)))
        counts[found.kind] += 1
        print(f"{kept.name}: {found.kind}: {found.detail.strip().splitlines()[-1][:300]}")
    return counts
