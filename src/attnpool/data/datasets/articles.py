"""A folder for each class, and in it a file for each article."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from attnpool.data.formats.encodings import find_encoding
from attnpool.data.source import Source
from attnpool.errors import InputError
from attnpool.sanitize import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from attnpool.data.datasets.spec import NamedDataset
    from attnpool.data.source import Request


def read_articles(request: Request, dataset: NamedDataset) -> Source:
    """All articles of a folder in the order of their names, or one article given as a file.

    The folder of an article is its label. Its first line, the title, is no part of the text.

    Raises:
        InputError: If there are no articles, or one cannot be decoded.
    """
    if request.path.is_file():
        files = [request.path]
        # A relative path may begin below the class's folder.
        labels = [request.path.resolve().parent.name]
    else:
        files = _files(request.path)
        labels = [file.parent.name for file in files]
    if not files:
        raise InputError(
            f"{request.file}: no CLASS/*.txt in this folder; "
            f"give {dataset.files.partition('/')[0]}, which holds a folder for each class"
        )
    return Source(("",), "", _rows(files, labels, request), dataset.labels)


def _files(folder: Path) -> list[Path]:
    inner = folder / "THUCNews"
    root = inner if inner.is_dir() else folder
    classes = sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] not in "._")
    return [
        file
        for path in classes
        for file in sorted(path.glob("*.txt"))
        if not file.name.startswith(".") and file.is_file()
    ]


def _rows(
    files: list[Path], labels: list[str], request: Request
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for file, label in zip(files, labels, strict=True):
        whole = file == request.path
        name = request.file if whole else _below(file, request)
        article = _decoded(file, name, request.reading.encoding)
        yield name, (article.partition("\n")[2].strip("\n"), label)


def _below(file: Path, request: Request) -> str:
    return f"{request.file.rstrip('/')}/{escaped(file.relative_to(request.path).as_posix())}"


def _decoded(path: Path, name: str, encoding: str | None) -> str:
    data = path.read_bytes()
    try:
        text = data.decode(encoding or "utf-8")
    except (UnicodeError, LookupError):
        text = data.decode(find_encoding(path, name, encoding))
    # Line ends of every kind become "\n", as in any text file opened by Python.
    return io.StringIO(text.removeprefix("\ufeff"), newline=None).read()
