"""Tables of numbers, stored small and looked up as float32."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from attnpool._shapes import Float, Int

DTYPES = ("float32", "float16", "int16", "int8")
"""What a table can be stored as."""

_LARGEST = 1e6  # no number of a model that was trained comes near it


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows of numbers, as integers with a scale per column or as floating-point numbers.

    Attributes:
        stored: The rows as they are stored.
        scale: What each column of integers is multiplied by; None for floating-point numbers.
        expand: What stored rows are multiplied by if they are of lower rank than the table's;
            None: they are whole.
    """

    stored: np.ndarray
    scale: Float[np.ndarray, "rank"] | None = None
    expand: Float[np.ndarray, "rank columns"] | None = None

    @classmethod
    def of(cls, rows: Float[np.ndarray, "rows columns"], dtype: str) -> Table:
        """The table that holds these rows in this form.

        Args:
            rows: The rows.
            dtype: One of `DTYPES`. Integers are rounded to the nearest of as many steps as
                there are up to the largest magnitude of the column. Where half precision cannot
                hold the largest number, single precision is taken.
        """
        if dtype.startswith("float"):
            held = np.abs(rows).max(initial=0) <= np.finfo(dtype).max
            return cls(rows.astype(dtype if held else np.float32))
        most = np.iinfo(dtype).max
        scale = (np.abs(rows).max(axis=0, initial=0) / most).astype(np.float32)
        steps = np.where(scale > 0, scale, 1)
        return cls(np.rint(rows / steps).clip(-most, most).astype(dtype), scale)

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.stored)

    @property
    def columns(self) -> int:
        """The number of columns."""
        return int((self.stored if self.expand is None else self.expand).shape[1])

    @property
    def row_bytes(self) -> int:
        """The bytes that a row takes."""
        return int(self.stored.itemsize * self.stored.shape[1])

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """Its arrays by the names that they have in a file.

        Args:
            name: Its own name there.
        """
        arrays = {name: self.stored, f"{name}.scale": self.scale, f"{name}.expand": self.expand}
        return {name: array for name, array in arrays.items() if array is not None}

    def take(self, rows: Int[np.ndarray, "taken"]) -> Float[np.ndarray, "taken columns"]:
        """The rows of these numbers."""
        return self._plain(self.stored.take(rows, axis=0))

    def all(self) -> Float[np.ndarray, "rows columns"]:
        """All rows."""
        return self._plain(self.stored)

    def kept(self, rows: Int[np.ndarray, "kept"]) -> Table:
        """The table of these rows alone."""
        return Table(self.stored[rows], self.scale, self.expand)

    def of_rank(self, rank: int) -> Table:
        """The nearest table of this rank, whose rows are stored in as many columns.

        Args:
            rank: The rank.

        Source:
            Eckart & Young 1936, "The approximation of one matrix by another of lower rank".
        """
        if rank >= self.stored.shape[1]:
            return self
        rows = self.all().astype(np.float64)
        # The singular vectors of a tall matrix, from the small matrix of its columns' products.
        _, vectors = np.linalg.eigh(rows.T @ rows)
        right = vectors[:, ::-1][:, :rank]
        narrow = Table.of((rows @ right).astype(np.float32), self.stored.dtype.name)
        return Table(narrow.stored, narrow.scale, np.ascontiguousarray(right.T, dtype=np.float32))

    def _plain(self, stored: np.ndarray) -> np.ndarray:
        if self.scale is None:
            rows: np.ndarray = stored.astype(np.float32, copy=False)
        else:
            rows = np.multiply(stored, self.scale, dtype=np.float32)
        return rows if self.expand is None else rows @ self.expand


def read_table(
    arrays: Mapping[str, np.ndarray], name: str, rows: int | None = None, columns: int | None = None
) -> Table:
    """The table of this name in a file that somebody may have made up.

    Args:
        arrays: The arrays of the file.
        name: The name.
        rows: How many rows it must have; None: any number.
        columns: The same of columns.

    Raises:
        ValueError: Its arrays do not fit each other, or are of another size.
        KeyError: There is none.
    """
    stored, scale = arrays[name], arrays.get(f"{name}.scale")
    check(stored.ndim == 2 and stored.dtype.name in DTYPES, f"{name} is no table")
    check((stored.dtype.kind == "i") == (scale is not None), f"{name} and its scale")
    if scale is not None:
        check_plain(scale, (stored.shape[1],), f"{name}.scale")
        check(bool((scale >= 0).all()), f"{name}.scale below zero")
    expand = arrays.get(f"{name}.expand")
    if expand is not None:
        check_plain(expand, (stored.shape[1], None), f"{name}.expand")
        narrow = name != "linear" and 1 <= stored.shape[1] <= expand.shape[1]
        check(narrow, f"rank of {name}")
    table = Table(stored, scale, expand)
    check(rows in (None, len(table)) and columns in (None, table.columns), f"size of {name}")
    return table


def check_plain(array: np.ndarray, shape: tuple[int | None, ...], name: str) -> None:
    """Refuse an array that is not of this shape and in single precision.

    Args:
        array: The array.
        shape: The shape; None for any size.
        name: Its name.

    Raises:
        ValueError: It is another.
    """
    fits = array.ndim == len(shape) and all(
        wanted in (None, size) for wanted, size in zip(shape, array.shape, strict=True)
    )
    check(fits and array.dtype == np.float32, f"{name} of another size or type")


def check_numbers(arrays: Mapping[str, np.ndarray]) -> None:
    """Refuse arrays with numbers that are not finite, or far too large.

    Args:
        arrays: The arrays of a file.

    Raises:
        ValueError: There is such a number.
    """
    for name, array in arrays.items():
        if array.dtype.kind == "f":
            most = min(_LARGEST, float(np.finfo(array.dtype).max))  # half precision holds less
            fits = bool((np.abs(array) <= most).all())  # NaN is not
            check(fits, f"{name} holds numbers that are not finite, or too large")


def check(holds: bool, what: str) -> None:
    """Refuse a file of which something does not hold.

    Args:
        holds: Whether it does.
        what: What it is of.

    Raises:
        ValueError: It does not.
    """
    if not holds:
        raise ValueError(what)
