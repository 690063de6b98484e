"""`attnpool train --unlabelled POOL --teacher NAME`: the texts, and where vectors are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnpool.cli.rows import say_notes
from attnpool.cli.streams import say
from attnpool.errors import InputError
from attnpool.metrics import teacher_note
from attnpool.sanitize import counted, one_line

if TYPE_CHECKING:
    from attnpool.cli.arguments import Estimator, ReadOptions
    from attnpool.data import Rows


def check_teaching(unlabelled: str | None, teacher: str | None) -> None:
    """Refuse a pool that is no file, before anything is read.

    Raises:
        InputError: There is no such file, or a teacher without texts to read.
    """
    if unlabelled is not None and not unlabelled.strip():
        raise InputError("--unlabelled is empty; give a file of texts")
    if unlabelled is not None and not Path(unlabelled).exists():
        raise InputError(f"--unlabelled {unlabelled}: no such file")
    if teacher is not None and not teacher.strip():
        raise InputError("--teacher is empty; give a folder of an encoder or a model, or lsa")


def given(
    unlabelled: str | None,
    teacher: str | None,
    cache: Path | None,
    options: ReadOptions,
    rows: Rows,
    others: list[tuple[str, Rows]],
) -> dict[str, Any]:
    """What `fit` is given besides labelled rows: a progress bar, and what the options ask for.

    Args:
        unlabelled: The file of the pool; None for none.
        teacher: What `--teacher` names; None for none.
        cache: Where the teacher's vectors are kept.
        options: How files are read.
        rows: The labelled rows.
        others: Further files that were read; that of the pool is added.

    Raises:
        InputError: The file or its columns are bad.
    """
    from attnpool.progress import TerminalProgress

    more: dict[str, Any] = {"progress": TerminalProgress()}
    if teacher is not None or unlabelled is not None:
        more |= {"teacher": teacher, "cache": cache}
    if unlabelled is not None:
        pool = _read_pool(unlabelled, options, rows)
        others.append((unlabelled, pool))
        more["unlabelled"] = pool.texts[0]
    return more


def _read_pool(unlabelled: str, options: ReadOptions, rows: Rows) -> Rows:
    """The texts of the pool, read as the labelled rows were; another text column is recognised.

    Raises:
        InputError: The file or its columns are bad.
    """
    from attnpool.data import read

    found = read(
        unlabelled,
        reading=replace(rows.reading, dataset=None, label=None, label_map=None, encoding=None),
        encoding=options.encoding,
        skip_bad_rows=options.skips,
        labelled=False,
    )
    say_notes(unlabelled, found)
    if len(found.texts) != 1:
        count = f"{len(found.texts):,}"
        raise InputError(f"{unlabelled} has {count} texts per row; name one with --text")
    return found


@contextmanager
def vector_folder(output: Path, teacher: str | None) -> Iterator[Path | None]:
    """A folder beside the model for the teacher's vectors, until the model is written.

    What is cut short leaves it there, and the same command goes on from it.
    """
    if teacher is None or teacher.lower() == "lsa":
        yield None
        return
    folder = output.with_name(f"{output.name}.attnpool-vectors")
    try:
        yield folder
    except KeyboardInterrupt:
        if folder.exists():
            say(f"{folder} keeps the vectors read so far; the same command goes on from them")
        raise
    except BaseException:
        with suppress(OSError):
            folder.rmdir()  # where nothing was kept
        raise
    # What else a user keeps there stays, and with it the folder.
    with suppress(OSError):
        digest = "[0-9a-f]" * 32
        for pattern in (f"{digest}-{digest}.safetensors", ".attnpool-*"):
            for file in folder.glob(pattern):
                file.unlink()
        folder.rmdir()


def teaching_note(model: Estimator) -> str | None:
    """One line on the teacher, what it read, and what it and the model reach."""
    taught: dict[str, Any] | None = model.metrics_.get("teaching")
    if taught is None:
        return None
    texts = counted(taught["unlabelled"], "unlabelled text")
    named = {"empty": "empty", "twice": "repeated", "labelled": "labelled"}
    named["held_out"] = "validation rows"
    reasons = [f"{n:,} {named[why]}" for why, n in taught["left_out"].items() if n]
    without = f" (left out: {', '.join(reasons)})" if reasons else ""
    parts = [f"taught by {one_line(taught['teacher'])} on {texts}{without}", teacher_note(taught)]
    return "; ".join(filter(None, parts))
