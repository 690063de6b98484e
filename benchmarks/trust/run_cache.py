"""Runs that are measured once: a file each, so that what is cut short goes on."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Run = dict[str, Any]


@dataclass(frozen=True)
class Runs:
    """A folder of runs.

    Attributes:
        folder: Where they are kept.
        again: Whether to measure anew, once, what was there before `since`.
        since: Seconds since the epoch.
    """

    folder: Path
    again: bool = False
    since: float = field(default_factory=time.time)

    def get(self, name: str) -> Run | None:
        """What was measured under this name, if anything; with `again` only what is new."""
        file = self._file(name)
        if not file.exists() or (self.again and file.stat().st_mtime < self.since):
            return None
        return json.loads(file.read_text("utf-8"))

    def make(self, name: str, measure: Callable[[], Run]) -> Run:
        """The run of this name; measured now if it is not there."""
        before = self.get(name)
        if before is not None:
            print(f"{name}: kept", flush=True)
            return before
        began = time.perf_counter()
        run = measure()
        self.folder.mkdir(parents=True, exist_ok=True)
        # Swapped in whole: half a file would be taken for a run.
        new = self._file(name).with_suffix(".new")
        new.write_text(json.dumps(run), encoding="utf-8")
        new.replace(self._file(name))
        print(f"{name}: {time.perf_counter() - began:.0f} s", flush=True)
        return run

    def _file(self, name: str) -> Path:
        return self.folder / f"{name.replace(' ', '-')}.json"
