"""Contenders in processes of their own: warm ones, asked again and again, and cold starts."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any

from benchmarks.deploy.store import ROOT

COLD = Path(__file__).with_name("cold.py")


class Worker:
    """A loaded model, asked by lines of JSON; see `benchmarks.deploy.worker`.

    Args:
        python: The interpreter.
        module: The module of `answers`.
        model: The model's file or folder.
        texts: A JSON file of the texts that it will be asked about.
    """

    def __init__(self, python: Path, module: str, model: Path, texts: Path) -> None:
        said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self.said = said  # closed with the worker
        command = [str(python), "-m", "benchmarks.deploy.worker", module, str(model), str(texts)]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.communicate()
        self.said.close()

    def answers(self, job: str) -> list[Any]:
        """What a job gives for all texts, as JSON has it."""
        return self._ask("answers", job, None, None)

    def batch(self, job: str) -> float:
        """The seconds that a job takes for all texts at once."""
        return self._ask("batch", job, None, None)[0]

    def each(self, job: str, start: int, stop: int) -> list[float]:
        """The seconds that it takes for each of some texts by itself."""
        return self._ask("each", job, start, stop)

    def _ask(self, kind: str, job: str, start: int | None, stop: int | None) -> list[Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {"kind": kind, "job": job, "start": start, "stop": stop}
        try:
            print(json.dumps(asked), file=self.process.stdin, flush=True)
        except BrokenPipeError:
            line = ""
        else:
            line = self.process.stdout.readline()
        if not line:
            self.said.seek(0)
            last = self.said.read().strip().splitlines()[-1:]
            raise RuntimeError(f"{' '.join(map(str, self.process.args))}: {''.join(last)}")
        return json.loads(line)


def cold_starts(commands: dict[str, list[str]], rounds: int) -> dict[str, dict[str, float]]:
    """The median cost of each command: `processor` and `wall` seconds, bytes of `memory`.

    Args:
        commands: Commands by name.
        rounds: How often each is run, in turn.
    """
    done = subprocess.run(
        [sys.executable, "-I", str(COLD)],
        input=json.dumps({"commands": commands, "rounds": rounds}),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return {
        name: {what: median(cost[what] for cost in costs) for what in costs[0]} | {"rounds": rounds}
        for name, costs in json.loads(done.stdout).items()
    }
