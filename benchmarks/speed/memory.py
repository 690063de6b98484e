"""Peak memory, each measurement in a process of its own: `python -m benchmarks.speed.memory JOB`.

The peak is the kernel's high-water mark of resident memory. `resource.getrusage` says the same,
but where a process was started by a larger one it may tell that one's peak; so Linux's own count
of this process is read where there is one.
"""

from __future__ import annotations

import ctypes
import gc
import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.speed.contender import Contender, Trained
from benchmarks.speed.measuring import WARM
from benchmarks.speed.registry import CONTENDERS
from benchmarks.speed.rows import Rows, real, synthetic
from benchmarks.speed.run import Run

ROOT = Path(__file__).parents[2]
TASKS = ("train", "answer")
FEW = 2_000
"""Synthetic rows that suffice for a model to answer many more with."""
_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Job:
    """What a process of its own is to measure.

    Attributes:
        contender: Its name.
        task: `"train"`, or `"answer"` after as little training as will do.
        data: The folder of the real rows, if any.
        train: The most rows to train on; None for all.
        test: The most rows to answer for; None for all.
        synthetic: The number and the length of synthetic texts in place of the real ones.
        params: Parameters of `TextClassifier` other than the contender's own.
    """

    contender: str
    task: str
    data: str | None = None
    train: int | None = None
    test: int | None = None
    synthetic: tuple[int, int] | None = None
    params: dict[str, Any] | None = None


def in_child(job: Job) -> dict[str, Any]:
    """The seconds and the memory of a job; what went wrong if it did."""
    command = [sys.executable, "-m", "benchmarks.speed.memory", json.dumps(asdict(job))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(f"{job.task}  {job.contender}  {job.synthetic or ''}", file=sys.stderr, flush=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        return {"failed": last[:200]}
    return json.loads(done.stdout.splitlines()[-1])


def measure(run: Run) -> dict[str, Any]:
    """Every contender's peak in training on the rows of the run, and in answering for them."""
    found: dict[str, Any] = {}
    for name in run.names:
        data = None if run.data is None else str(run.data)
        sizes = {"data": data, "train": run.scale.train, "test": run.scale.test}
        found[name] = {task: in_child(Job(name, task, **sizes)) for task in TASKS}
    return {"rows": run.rows.describe(), "contenders": found}


def work(job: Job) -> dict[str, Any]:
    """Do the job in this process."""
    rows = real(None if job.data is None else Path(job.data)).cut(job.train, job.test)
    if job.synthetic is not None:
        rows = synthetic(rows, *job.synthetic)
    contender = _contender(job)
    if job.task == "train":
        contender.warm_up(rows)
        # What is imported at the first training is no part of each.
        contender.shortened().train(rows.cut(WARM, 1))
        _settle()
        before, began = resident(), time.perf_counter()
        answers = contender.train(rows)
        texts = answers.gone_through
    else:
        trained = _trained(job, contender, rows)
        # Once over, so that what is made at the first answer is not counted as part of each.
        trained.answer(rows.test[0][:64])
        _settle()
        before, began = resident(), time.perf_counter()
        texts, answers = len(rows.test[0]), trained.answer(rows.test[0])
    seconds = time.perf_counter() - began
    del answers
    return {
        "seconds": seconds,
        "texts": texts,
        "before": before,
        "peak": peak(),
    }


def _contender(job: Job) -> Contender:
    contender = CONTENDERS[job.contender]()
    if job.params:
        contender = type(contender)(contender.name, **{**contender.given, **job.params})
    return contender


def _trained(job: Job, contender: Contender, rows: Rows) -> Trained:
    some = rows if job.synthetic is None else rows.cut(FEW, None)
    return contender.shortened().train(some)


def _settle() -> None:
    """Give back what is free, and begin the count of the peak anew, where that can be done."""
    gc.collect()
    if _RESET.exists():
        ctypes.CDLL(None).malloc_trim(0)
        _RESET.write_text("5")


def resident() -> int:
    """Bytes of memory that this process holds."""
    return _status("VmRSS") or peak()


def peak() -> int:
    """The most bytes of memory that this process held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return _status("VmHWM") or most * (1 if sys.platform == "darwin" else 1024)


def _status(name: str) -> int | None:
    if not _STATUS.exists():
        return None
    for line in _STATUS.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return None


def main() -> None:
    form = json.loads(sys.argv[1])
    form["synthetic"] = tuple(form["synthetic"]) if form["synthetic"] else None
    print(json.dumps(work(Job(**form))))


if __name__ == "__main__":
    main()
