"""A compact model to a live page of a given size, on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from attnpool.errors import InputError
from attnpool.persistence.atomic import replace_file
from attnpool.runtime.file import check_place
from attnpool.runtime.model import CompactModel
from attnpool.runtime.smaller.models import of_size, packed_size, smallest_model
from attnpool.sanitize import one_line
from attnpool.view.live.page import live_page

SUFFIX = ".html"
SIZE = 2_000_000
"""The most bytes of a page, unless more are asked for: so much goes into any mail."""

_LONGEST = 24  # characters of a class's name in a heading
_TRIES = 6
_CLOSE = 0.98  # of the size; what is closer is not worth another try


def sized_page(
    model: CompactModel,
    *,
    size: int | None = None,
    counts: np.ndarray | None = None,
    title: str | None = None,
    examples: Sequence[str | Sequence[str]] = (),
) -> tuple[CompactModel, str]:
    """A live page of so many bytes at most, and the model that is in it.

    Args:
        model: The model.
        size: The most bytes; default: `SIZE`.
        counts: How often the training texts have the token or n-gram of each row, if known.
        title: The heading; default: the classes.
        examples: Texts, or pairs of them, that the page offers.

    Raises:
        InputError: It does not fit even without any n-gram, or the page cannot run the model.
    """
    most = SIZE if size is None else size
    named = one_line(title or "") or _classes(model)

    def made(candidate: CompactModel) -> tuple[CompactModel, str, int]:
        page = live_page(candidate, title=named, examples=examples)
        return candidate, page, len(page.encode())

    whole = made(model)
    if whole[2] <= most:
        return whole[:2]
    least = made(smallest_model(model))
    if least[2] > most:
        raise InputError(
            f"a page of {most:,} bytes is too small for this model, which takes {least[2]:,} bytes "
            "at its smallest; allow more"
        )
    # The page grows with the file, if not quite evenly: it is compressed.
    best, budget, floor = least, packed_size(model) * most / whole[2], packed_size(least[0])
    for _ in range(_TRIES):
        found = made(of_size(model, max(int(budget), floor), counts))
        if found[2] <= most:
            best = max(best, found, key=lambda one: one[2])
            if found[2] > most * _CLOSE:
                break
        budget *= most * (1 + _CLOSE) / 2 / found[2]
    return best[:2]


def write_page(path: Path, page: str, *, overwrite: bool) -> None:
    """Write a live page: all of it or nothing.

    Args:
        path: The file.
        page: The page.
        overwrite: Whether to replace an existing file.

    Raises:
        InputError: It exists, or cannot be written.
    """
    check_place(path, overwrite=overwrite)
    replace_file(path, lambda file: file.write_text(page, encoding="utf-8", newline=""))


def _classes(model: CompactModel) -> str:
    names = [_cut(one_line(str(name))) for name in model.classes_.tolist()]
    return " · ".join(names[:4]) + (" …" if len(names) > 4 else "")


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
