"""Whether an output may be written: asked before anything is read or computed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.cli.streams import show_json, tell
from attnpool.errors import InputError

if TYPE_CHECKING:
    from attnpool.view.words import Words

PAGE = "index.html"
LIVE = "live.html"
_OURS = b'<meta name="generator" content="attnpool">'


def path(given: str) -> Path:
    """The path an option gives; `Path("")` would be the folder one is in."""
    if not given:
        raise typer.BadParameter("it is empty; give a path")
    return Path(given)


def _lang(given: str) -> str:
    """A language there are words in."""
    from attnpool.view.words import LANGUAGES

    if given not in LANGUAGES:
        raise typer.BadParameter(f"unknown language {given!r}; choose from {', '.join(LANGUAGES)}")
    return given


Lang = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="en|zh",
        parser=_lang,
        help="The language of captions and legends.  [default: that of most texts, Chinese or "
        "else English]",
    ),
]

Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an existing output.")]


def check_model(output: Path, *, overwrite: bool) -> None:
    """Refuse a folder that must not or cannot be written; see `check_target`."""
    from attnpool.persistence.model_folder import check_target

    check_target(output, overwrite=overwrite)


def check_file(output: Path, *, overwrite: bool, data: str | None = None) -> None:
    """Refuse a file that must not or cannot be written.

    Args:
        output: The file.
        overwrite: Whether it may be replaced.
        data: The file that is read, which is never replaced.

    Raises:
        InputError: It exists, is a folder or a device, or its place cannot be written.
    """
    from attnpool.persistence.atomic import check_writable

    check_writable(output)
    if output.is_dir():
        raise InputError(f"{output} is a folder; name a file")
    if data is not None and Path(data).is_dir() and output.parent.samefile(data):
        raise InputError(f"{output} is in the input folder; write to another place")
    if not output.exists():
        return
    if not output.is_file():
        raise InputError(f"{output} is not an ordinary file; name another")
    if not overwrite:
        raise InputError(f"{output} exists; pass --overwrite to replace it")
    if data is not None and Path(data).exists() and output.samefile(data):
        raise InputError(f"{output} is the input file; write to another file")


def check_demo(out: Path, *, overwrite: bool, what: str = "demo") -> None:
    """Refuse a folder that holds anything but an earlier demo or gallery: `index.html` tells.

    Raises:
        InputError: It is somebody's folder, an earlier demo and `overwrite` is False, or it
            cannot be written.
    """
    from attnpool.persistence.atomic import check_writable
    from attnpool.persistence.model_folder import check_target

    if out.is_symlink() and not out.exists():
        raise InputError(f"{out}: cannot write there: it is a link to nothing; name a folder")
    # Folders above it that are missing are made too.
    there = next((place for place in (out, *out.absolute().parents) if place.exists()), out)
    check_writable(there / PAGE, out)
    if not out.exists() or not any(out.iterdir()):
        return
    page = out / PAGE
    if not _is_page(page):
        raise InputError(f"{out} is not empty and holds no earlier {what}; name a new folder")
    if not overwrite:
        raise InputError(f"{page} exists; pass --overwrite to replace it")
    if (out / "sentiment").exists():
        check_target(out / "sentiment", overwrite=overwrite)


def words_of(lang: str | None, items: Iterable[Any]) -> Words:
    """The words of what is drawn of items: those asked for, else those of their texts."""
    from attnpool.view.drawing.captions import words_of_texts
    from attnpool.view.words import Words, check_language

    if lang is not None:
        return Words(check_language(lang))
    sides = ((item,) if isinstance(item, str) else item for item in items)
    return words_of_texts(chain.from_iterable(sides))


def check_pages(out: Path, pages: Iterable[str], what: str = "demo") -> None:
    """Refuse to replace files of somebody else beside `index.html`.

    Args:
        out: The folder.
        pages: The names of the pages that are written there.
        what: What writes them.

    Raises:
        InputError: One of them exists and is no page of this package.
    """
    for name in pages:
        page = out / name
        if (page.exists() or page.is_symlink()) and not _is_page(page):
            raise InputError(
                f"{page} is no page of an earlier {what}; move it, or name a new folder"
            )


def _is_page(page: Path) -> bool:
    try:
        with page.open("rb") as file:
            return _OURS in file.read(2048)
    except OSError:
        return False


def print_warnings(warnings: Iterable[str]) -> None:
    """Print each warning on a line of its own."""
    for warning in warnings:
        tell(f"warning: {warning}")


def print_json(form: Any) -> None:
    """Print one JSON value."""
    show_json(f"{json.dumps(form, ensure_ascii=False, allow_nan=False)}\n")
