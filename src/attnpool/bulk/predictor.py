"""`Predictor`: a model by its path, which answers batches of columns wherever it is sent."""

# No library is imported before a process has been told how many threads it has: see `workers`.
from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnpool.errors import InputError
from attnpool.files.paths import checked_path
from attnpool.sanitize import counted, quoted, quoted_list

if TYPE_CHECKING:
    from attnpool.bulk.answers import Answers

_lock = threading.Lock()
_loaded: dict[str, tuple[Any, str | None, Any]] = {}
"""The models that this process used last, by path: what changes when it is written anew, digest."""

_KEPT = 4


class Predictor:
    """A trained model that turns a batch of columns into a batch of columns.

    It holds and pickles the path of the model, not the model: each process loads it once, when it
    is first asked. `predictor(batch)` fits `map_batches` of Ray Data and of `datasets`.

    Args:
        model: The folder of a trained model, the file that `export` made of it, or the address of
            either on the Hugging Face hub. All processes must be able to read it.
        text: The column of the text; two for pairs.
        explain: Whether the tokens' offsets, weights and values are added.
        method: What the values are; default: contributions. See `TextClassifier.explain`.
        candidates: The labels to rank, for models of the architecture `"label"`.
        threads: How many threads the process may use; default: as many as its libraries take.

    Raises:
        InputError: No text column is named, or `method` is given without `explain`.
    """

    def __init__(
        self,
        model: str | os.PathLike[str],
        *,
        text: str | Sequence[str] = "text",
        explain: bool = False,
        method: str | None = None,
        candidates: Sequence[str] | None = None,
        threads: int | None = None,
    ) -> None:
        checked_path(model, "model")
        self.path = os.fspath(model)
        self.text = (text,) if isinstance(text, str) else tuple(text)
        if not self.text:
            raise InputError("text names no column; give the name of one, or of two for pairs")
        if method is not None and not explain:
            raise InputError("method does nothing without explain=True; leave it out")
        self.explain = explain
        self.method = method
        self.candidates = None if candidates is None else list(candidates)
        self.threads = threads
        self._digest: str | None = None

    def pin(self) -> None:
        """Answer by the model that is there now, and by no other that may stand there later.

        Raises:
            InputError: There is none.
        """
        self._digest = model_digest(Path(self.path))

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, Any]:
        """The batch with the answers behind its columns.

        Args:
            batch: The columns: sequences of equal length. They are not changed.

        Returns:
            The same columns, and `prediction`, `probability`, one `probability_<class>` for each
            class, for pairs with two classes `score`, and where it explains `start` and `end`
            (uint32), `weights` and `value` (float16): arrays of one value a token for each row,
            with `_1` and `_2` behind the names for the texts of a pair. Offsets are in code
            points.

        Raises:
            InputError: There is no model, it takes more or fewer texts, a column is missing, has
                another length than others or a name that is added, or an argument is not what the
                model takes.
        """
        _check_columns(batch)
        return {**batch, **self.added(batch)}

    def added(self, batch: Mapping[str, Any]) -> dict[str, Any]:
        """The columns that are added to a batch.

        Args:
            batch: The columns; of those that are no texts the names are enough.

        Raises:
            InputError: As of a call, but for the lengths of other columns.
        """
        from attnpool.architectures import texts_per_item
        from attnpool.bulk.answers import compact, names

        self.model  # noqa: B018 (what is wrong with it is told first)
        items = self._items(batch)
        if len(self.text) != (needed := texts_per_item(self.model)):
            raise InputError(
                f"text names {counted(len(self.text), 'column')}; this model takes {needed}"
            )
        self._check_candidates()
        added = names(self.model, self.candidates, explain=self.explain)
        if taken := next((name for name in added if name in batch), None):
            raise InputError(f"the batch has a column {quoted(taken)}, which is added; rename it")
        return compact(self.answers(items))

    def answers(self, items: Sequence[Any]) -> Answers:
        """The columns that are added, in full precision.

        Args:
            items: The texts, or pairs of them.

        Raises:
            InputError: There is no model, or items are not what it takes.
        """
        from attnpool.bulk.answers import answers

        self._check_candidates()
        return answers(self.model, items, self.candidates, explain=self.explain, method=self.method)

    @property
    def model(self) -> Any:
        """The model, loaded once a process.

        Raises:
            InputError: There is none, or another than when it was pinned.
        """
        path = Path(self.path)
        stamp = _stamp(path)
        with _lock:
            before, digest, model = _loaded.pop(self.path, (None, None, None))
            if model is None or before != stamp:
                if self.threads is not None:
                    use_threads(self.threads)
                from attnpool.loading import load

                model = load(self.path)
                if self.threads is not None:
                    use_threads(self.threads)
                digest = None if stamp is None else model_digest(path)
            _loaded[self.path] = stamp, digest, model
            for unused in list(_loaded)[:-_KEPT]:
                del _loaded[unused]
        if self._digest not in (None, digest):
            raise InputError(f"{self.path} has changed meanwhile; begin anew")
        return model

    def _check_candidates(self) -> None:
        if self.candidates is not None and getattr(self.model, "architecture", None) != "label":
            raise InputError('candidates is for models of architecture "label"; leave it out')

    def _items(self, batch: Mapping[str, Any]) -> list[Any]:
        for name in self.text:
            if name not in batch:
                raise InputError(
                    f"the batch has no column {quoted(name)}; its columns are "
                    f"{quoted_list(batch, near=name)}; name the text with text="
                )
        columns = [_texts(name, batch[name]) for name in self.text]
        if len({*map(len, columns)}) > 1:
            raise InputError(f"the columns {quoted_list(self.text)} have different numbers of rows")
        return columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))


def _check_columns(batch: Any) -> None:
    """Refuse what is no table by columns."""
    if not isinstance(batch, Mapping):
        raise InputError(
            f"the batch is {type(batch).__name__}; give its columns by name, such as a dict"
        )
    for name, column in batch.items():
        if isinstance(column, str | bytes) or not hasattr(column, "__len__"):
            raise InputError(
                f"the column {quoted(str(name))} is {type(column).__name__}; give a sequence"
            )
    counts = {name: len(column) for name, column in batch.items()}
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{quoted(str(name))} has {n:,}" for name, n in [*counts.items()][:10])
        raise InputError(f"the columns of the batch have different numbers of rows: {told}")


def _texts(name: str, column: Any) -> list[str]:
    """The values of a column as texts, as files of them are read."""
    from attnpool.data.formats.jsonlines import as_text

    values = column.tolist() if hasattr(column, "tolist") else list(column)
    for row, value in enumerate(values):
        if not isinstance(value, str) and isinstance(value, bytes | bytearray | dict | Sequence):
            raise InputError(
                f"the column {quoted(name)} holds {type(value).__name__} in row {row:,}, not text"
            )
    return [as_text(value) for value in values]


def model_digest(path: Path) -> str:
    """The digest of what tells a model from all others: its file, or the config of its folder.

    Args:
        path: The folder or the compact file.

    Raises:
        InputError: It cannot be read.
    """
    try:
        with (path / "config.json" if path.is_dir() else path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}; check the path") from None


def use_threads(threads: int) -> None:
    """Let the libraries of this process use so many threads; those not yet imported too."""
    import sys

    for library in ("OMP_NUM", "OPENBLAS_NUM", "MKL_NUM", "POLARS_MAX"):
        os.environ.setdefault(f"{library}_THREADS", str(threads))
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(threads)


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes when a model is written anew; None for an address."""
    try:
        found = (path / "config.json" if path.is_dir() else path).stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_ino
