"""Trained models on disk: what is cut short goes on, and what is the same is not trained again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Store:
    """A folder of models.

    Attributes:
        folder: Where they are kept.
    """

    folder: Path

    def make(self, name: str, depends: list[Any], write: Callable[[Path], None]) -> Path:
        """The folder of a model; it is made now unless it is there.

        Args:
            name: What it is.
            depends: All that it depends on, as JSON takes it.
            write: Trains and writes it into a folder.
        """
        place = self.folder / name / digest(depends)
        if place.exists():
            return place
        print(f"making {name}", flush=True)
        # Moved in whole: half a model would be taken for one.
        new = place.with_suffix(".new")
        shutil.rmtree(place.parent, ignore_errors=True)
        new.mkdir(parents=True)
        write(new)
        new.rename(place)
        return place


def digest(depends: Any) -> str:
    return blake2b(json.dumps(depends).encode(), digest_size=8).hexdigest()


def code(*patterns: str) -> str:
    """A digest of source files of this checkout."""
    files = sorted({file for pattern in patterns for file in ROOT.glob(pattern)})
    return digest([[str(file.relative_to(ROOT)), file.read_text("utf-8")] for file in files])


def versions(*libraries: str) -> dict[str, str]:
    return {name: version(name) for name in libraries}
