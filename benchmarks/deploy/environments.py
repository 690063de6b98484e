"""The environments that contenders answer in: made by `make deploy`, each with a library alone."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

LIGHT, FULL = "light", "full"
INSTALLED = {
    LIGHT: "`attnpool`",
    FULL: "`attnpool[train]`",
    "fasttext": "`fasttext-numpy2`",
    "scikit-learn": "`scikit-learn`",
    "model2vec": "`model2vec[inference]`",
}
"""What `make deploy` installs into each."""


@dataclass(frozen=True)
class Environments:
    """Virtual environments side by side.

    Attributes:
        folder: Where they are.
    """

    folder: Path

    def program(self, name: str, program: str = "python") -> Path:
        """A program of an environment."""
        return self.folder / name / ("Scripts" if sys.platform == "win32" else "bin") / program

    def installed(self) -> dict[str, dict[str, int]]:
        """The bytes of each environment on disk, and the number of its distributions."""
        found = {}
        for name in INSTALLED:
            if (folder := self.folder / name).exists():
                distributions = len(list(folder.rglob("*.dist-info")))
                found[name] = {"bytes": disk_usage(folder), "distributions": distributions}
        return found


def disk_usage(folder: Path) -> int:
    """The bytes that a folder takes on disk, as `du` counts: whole blocks, each file once."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        of = path.lstat()
        found[of.st_dev, of.st_ino] = of.st_blocks * 512
    return sum(found.values())


def file_size(path: Path) -> int:
    """The bytes of a file, or of all files in a folder."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return sum(one.stat().st_size for one in files)
