"""`Frame`: the original columns of a file, to write them again beside predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from attnpool.data.formats.forks import check_polars
from attnpool.errors import require
from attnpool.sanitize import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

    Originals: TypeAlias = "Frame | pl.DataFrame"
    """All columns of the rows of a file: what polars reads stays in its own types."""

_INT64 = range(-(2**63), 2**63)


class Frame:
    """Columns of Python values in their order, as they stand in a text file; it needs no polars.

    Strings, booleans and numbers stay what they are; so do lists, objects and values of several
    types in one column. Only lone surrogates, which no file can hold, become U+FFFD.
    `frame["review"]` is the list of a column.

    Args:
        columns: The values of each column by its name, all of one length; None for a missing
            value.

    Attributes:
        kinds: What each column holds beside None: `str`, `bool`, `int` (of 64 bits) or `float`;
            `object` for anything else.
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        self.kinds = {name: _kind(values) for name, values in columns.items()}
        self._columns = {
            name: _printable(values) if self.kinds[name] is str else list(values)
            for name, values in columns.items()
        }

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self._columns)

    def __getitem__(self, name: str) -> list[Any]:
        return self._columns[name]

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()), ()))

    def take(self, places: Sequence[int]) -> Frame:
        """The rows at these places, from 0."""
        return Frame({name: [of[i] for i in places] for name, of in self._columns.items()})

    def beside(self, columns: Mapping[str, Sequence[Any]]) -> Frame:
        """The same with further columns behind its own."""
        frame = Frame(columns)
        frame.kinds = {**self.kinds, **frame.kinds}
        frame._columns = {**self._columns, **frame._columns}
        return frame

    def like(self, kinds: Mapping[str, type]) -> Frame:
        """The same rows as a part of a larger table: with its columns, and their kinds.

        Args:
            kinds: What each column of the table holds; see `Kinds`.
        """
        frame = Frame({})
        frame.kinds = dict(kinds)
        missing = [None] * len(self)
        frame._columns = {name: self._columns.get(name, missing) for name in kinds}
        return frame

    def to_polars(self) -> pl.DataFrame:
        """The same as a data frame; columns of the kind `object` stay Python objects.

        Raises:
            InputError: polars is not installed, or would hang in this forked process.
        """
        require("a data frame", "polars")
        import polars as pl

        check_polars()
        # A mapping: in a list, polars takes "" for a missing name.
        return pl.DataFrame(
            {name: _series(name, of, self.kinds[name]) for name, of in self._columns.items()}
        )


def frame_of(columns: Iterable[tuple[str, Sequence[Any]]]) -> Frame:
    """The columns of a file; a repeated name gets a number: `note`, `note_2`.

    Args:
        columns: The name and the values of each column.
    """
    # A list: a name can only be made unique when all names are known.
    named = list(columns)
    names = distinct([name for name, _ in named])
    return Frame({name: values for name, (_, values) in zip(names, named, strict=True)})


def distinct(names: Sequence[str]) -> list[str]:
    """The names made unique: a repeated name gets the first number that is free."""
    taken = {printable(name) for name in names}
    seen: set[str] = set()
    result = []
    for name in map(printable, names):
        new, number = name, 2
        while new in seen or (new != name and new in taken):
            new, number = f"{name}_{number}", number + 1
        seen.add(new)
        result.append(new)
    return result


def _kind(values: Sequence[Any]) -> type:
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {str}:
        return str
    if kinds == {int}:
        return int if all(value is None or value in _INT64 for value in values) else object
    return kinds.pop() if kinds in ({bool}, {float}) else object


class Kinds(dict[str, type]):
    """What the columns of a table hold that is read some rows at a time: as `Frame.kinds`."""

    def __init__(self) -> None:
        super().__init__()
        self._empty: set[str] = set()  # columns in which nothing was found so far

    def add(self, frame: Frame) -> None:
        """Take in some rows."""
        for name, kind in frame.kinds.items():
            empty = all(value is None for value in frame[name])
            if name not in self or name in self._empty:
                self[name] = kind
                self._empty.discard(name)
                if empty:
                    self._empty.add(name)
            elif not empty and kind is not self[name]:
                self[name] = object


def _printable(values: Sequence[Any]) -> list[Any]:
    return [None if value is None else printable(value) for value in values]


def _series(name: str, values: list[Any], kind: type) -> pl.Series:
    import polars as pl

    if kind is str:
        # As bytes: from a string, polars takes its UTF-8 form, which Python then keeps with it.
        texts = [None if value is None else value.encode() for value in values]
        return pl.Series(name, texts, dtype=pl.Binary).cast(pl.String)
    kinds = {bool: pl.Boolean, int: pl.Int64, float: pl.Float64}
    return pl.Series(name, values, dtype=kinds.get(kind, pl.Object))
