"""`Rows`, what every reader returns, and `Reading`, how they were read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was read, so that the next file can be read the same way.

    A trained model keeps it in its `config.json`.

    Attributes:
        dataset: Name of a public data set, or None for any other file.
        text: Names of the text columns; empty where a named set's own layout says.
        label: Name of the label column; None where there is none, or the layout says.
        encoding: The encoding the user named; None means: find it for each file.
    """

    dataset: str | None = None
    text: tuple[str, ...] = ()
    label: str | None = None
    encoding: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The reading as JSON takes it."""
        return {
            "dataset": self.dataset,
            "text": list(self.text),
            "label": self.label,
            "encoding": self.encoding,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reading:
        """The reading that `to_dict` gave.

        Raises:
            InputError: If a value is of the wrong type.
        """
        text = data.get("text", [])
        words = [data.get(key) for key in ("dataset", "label", "encoding")]
        if (
            not isinstance(text, list | tuple)
            or not all(isinstance(name, str) for name in text)
            or not all(word is None or isinstance(word, str) for word in words)
        ):
            raise InputError("how the data was read is not told in names; train the model again")
        dataset, label, encoding = words
        return cls(dataset, tuple(text), label, encoding)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of a file, column by column, texts as they stand there.

    Attributes:
        texts: One list for each text column: one for classification, two for pairs.
        labels: Label names. None where the file has none and none were needed; "" at a row
            without a label in a file that has some.
        skipped: Number of rows left out because they were bad.
        reading: How the file was read.
        originals: All columns of these rows as they stand in the file; None unless asked for.
    """

    texts: tuple[list[str], ...]
    labels: list[str] | None
    skipped: int
    reading: Reading
    originals: pl.DataFrame | None = None

    def __len__(self) -> int:
        return len(self.texts[0])
