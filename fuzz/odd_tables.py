"""Parquet files of odd types, by polars: `python fuzz/odd_tables.py FOLDER COUNT`.

It is run as a script: polars leaves threads behind, and a process that is forked after that must
not read by it.
"""

import sys
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

_NAMES = ("text", "label", "", " ", "a\nb", "\u202ex", "x" * 3000, "text.label", "1", "n", "好")
_TEXTS = (
    "房间干净",
    "",
    " ",
    "ok",
    "=1+1",
    "\x1b[31m",
    "a\r\nb",
    "\u2028",
    "null",
    "\ufeff",
    "x" * 20_000,
)
_NUMBERS = (0, 1, -1, 127, 255, 2**31, -(2**63), 2**63 - 1)
_REALS = (0.0, -0.0, 0.1, 1e300, 5e-324, float("nan"), float("inf"), float("-inf"))
_WHEN = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31), datetime(1970, 1, 1, tzinfo=UTC))
_PLAIN: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    *((pl.String, _TEXTS), (pl.String, _TEXTS), (pl.Categorical, _TEXTS)),
    (pl.Enum([*_TEXTS, "unused"]), _TEXTS),
    *((pl.Binary, (b"", b"\xff\xfe", b"\0" * 5000, b"ok")), (pl.Boolean, (True, False))),
    *((pl.Null, (None,)), (pl.Float32, _REALS), (pl.Float64, _REALS), (pl.Int64, _NUMBERS)),
    *((kind, _NUMBERS[:3]) for kind in (pl.Int8, pl.Int16, pl.Int128)),
    *((kind, (0, 1, 200)) for kind in (pl.UInt8, pl.UInt32, pl.UInt64)),
    (pl.Decimal(38, 2), (Decimal("0.01"), Decimal("-1"), Decimal(10) ** 35)),
    (pl.Date, (date(1, 1, 1), date(9999, 12, 31), date(2000, 2, 29))),
    (pl.Time, (time(0), time(23, 59, 59, 999999))),
    (pl.Duration("ms"), (timedelta(0), timedelta(days=-100_000), timedelta(microseconds=1))),
    *((pl.Datetime(unit), [w.replace(tzinfo=None) for w in _WHEN]) for unit in ("us", "ms")),
    (pl.Datetime("us", "Asia/Kathmandu"), [datetime(2000, 1, 1, tzinfo=UTC)]),
)


def _column(random: Random, rows: int, depth: int = 0) -> tuple[Any, list[Any]]:
    """A type, and values of it."""
    if depth < 3 and random.random() < 0.25:
        if random.random() < 0.4:
            parts = {
                f"f{i}": _column(random, rows, depth + 1) for i in range(random.randrange(1, 4))
            }
            kind: Any = pl.Struct({name: part[0] for name, part in parts.items()})
            values = [{name: part[1][i] for name, part in parts.items()} for i in range(rows)]
            return kind, _holed(random, values)
        width = random.randrange(4)
        inner, flat = _column(random, rows * width, depth + 1)
        lists = [flat[i * width : (i + 1) * width] for i in range(rows)]
        if random.random() < 0.5 and width:
            return pl.Array(inner, width), _holed(random, lists)
        cut = [one[: random.randrange(len(one) + 1)] for one in lists]
        return pl.List(inner), _holed(random, cut)
    kind, known = random.choice(_PLAIN)
    used = random.sample(list(known), random.randrange(1, len(known) + 1))
    return kind, _holed(random, [random.choice(used) for _ in range(rows)])


def _holed(random: Random, values: list[Any]) -> list[Any]:
    share = random.choice((0, 0, 0.1, 0.5, 1))
    return [None if random.random() < share else value for value in values]


def _table(random: Random) -> pl.DataFrame:
    rows = random.choice((0, 1, 2, 16, 16, 16, 300))
    names = random.sample(_NAMES, random.randrange(len(_NAMES)))
    columns = {}
    if random.random() < 0.8:  # what can be read
        columns["text"] = pl.Series(
            [random.choice(_TEXTS[:-1]) for _ in range(rows)], dtype=pl.String
        )
        columns["label"] = pl.Series([random.choice("ab") for _ in range(rows)], dtype=pl.String)
    for name in names:
        kind, values = _column(random, rows)
        columns.setdefault(name, pl.Series(values, dtype=kind, strict=False))
    return pl.DataFrame(columns)


def main() -> None:
    """Write so many tables; the same each time."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir()
    random, number = Random(0), 0
    while number < count:
        table = _table(random)
        how: Any = random.choice(("uncompressed", "snappy", "gzip", "lz4", "zstd"))
        try:
            table.write_parquet(
                folder / f"{number}.parquet",
                compression=how,
                row_group_size=random.choice((1, 5, 100, None)),
                statistics=random.choice((True, False, "full")),
                data_page_size=random.choice((1, 100, None)),
            )
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
            continue  # polars writes no such table
        number += 1


if __name__ == "__main__":
    main()
