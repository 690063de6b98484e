"""Data frames of the original columns of a file, to write them again beside predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attnpool.data.formats.forks import check_polars
from attnpool.sanitize import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

_INT64 = range(-(2**63), 2**63)


def frame_of(columns: Iterable[tuple[str, Sequence[Any]]]) -> pl.DataFrame:
    """Columns of Python values, in their order.

    Strings, booleans and numbers become columns of their own type; lists, objects and values of
    several types stay Python objects, so that nothing is lost. A repeated name gets a number:
    `note`, `note_2`.

    Args:
        columns: The name and the values of each column; None for a missing value.
    """
    import polars as pl

    check_polars()
    # A list: a name can only be made unique when all names are known.
    named = list(columns)
    names = distinct([name for name, _ in named])
    # A mapping: in a list, polars takes "" for a missing name.
    return pl.DataFrame(
        {name: _series(name, values) for name, (_, values) in zip(names, named, strict=True)}
    )


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


def _series(name: str, values: Sequence[Any]) -> pl.Series:
    import polars as pl

    kinds = {type(value) for value in values} - {type(None)}
    if kinds <= {str}:
        # As bytes: from a string, polars takes its UTF-8 form, which Python then keeps with it.
        texts = [None if value is None else printable(value).encode() for value in values]
        return pl.Series(name, texts, dtype=pl.Binary).cast(pl.String)
    if kinds == {bool}:
        return pl.Series(name, values, dtype=pl.Boolean)
    if kinds == {int} and all(value is None or value in _INT64 for value in values):
        return pl.Series(name, values, dtype=pl.Int64)
    if kinds == {float}:
        return pl.Series(name, values, dtype=pl.Float64)
    return pl.Series(name, values, dtype=pl.Object)
