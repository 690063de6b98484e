"""A table of Python values is written, byte by byte, as polars writes the same table."""

import json
import math
import struct

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attnpool.data.formats.frames import Frame
from attnpool.tables import TextForm, table_of, with_columns, write_table

ANY_FLOAT = st.integers(0, 2**64 - 1).map(
    lambda bits: struct.unpack("d", struct.pack("Q", bits))[0]
)
SMALL = st.builds(lambda m, e: m * 10.0**-e, st.floats(1, 10), st.integers(3, 8))
TEXT = st.text(st.sampled_from("a,;\t\"'\r\n #1\ud800\x00\u2028好")) | st.text()
FLOATS = st.floats() | SMALL | ANY_FLOAT
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FLOATS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
NAME = st.text(st.sampled_from('ab,;\t"\n '))
KINDS = (TEXT, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.integers(), FLOATS, JSON)


@st.composite
def frames(draw):
    names = draw(st.lists(NAME, min_size=1, max_size=5, unique=True))
    rows = draw(st.integers(0, 5))
    columns = {}
    for name in names:
        kind = draw(st.sampled_from(KINDS))
        columns[name] = draw(st.lists(st.none() | kind, min_size=rows, max_size=rows))
    return Frame(columns)


@given(frames(), st.sampled_from(",;\t"))
@example(Frame({"": ["", None]}), ",")
@example(Frame({"n": [2**63, 1], "m": [1, 2.0], "b": [True, 1]}), ",")
def test_every_form_is_that_of_polars(frame, separator):
    plain, polars = table_of(frame), table_of(frame.to_polars())
    assert plain.names == polars.names
    assert "".join(plain.csv_pieces(separator)) == "".join(polars.csv_pieces(separator))
    assert list(map(repr, plain.json_rows())) == list(map(repr, polars.json_rows()))
    assert [repr(tuple(r)) for r in plain.cell_rows()] == [repr(r) for r in polars.cell_rows()]


@pytest.mark.parametrize("number", [1e-5, 9.99e-5, 1e-4, 9.9e-6, 1e16, 1e15, 5e-324, -0.0, 1e22])
def test_numbers_at_the_edges_of_their_notations(number):
    frame = Frame({"x": [number, None, -number, math.nan, math.inf, -math.inf]})
    plain, polars = table_of(frame), table_of(frame.to_polars())
    assert list(plain.csv_pieces(",")) != []
    assert "".join(plain.csv_pieces(",")) == "".join(polars.csv_pieces(","))


def test_a_long_table_is_written_in_pieces_with_one_header():
    frame = Frame({"text": [f"好{i}" for i in range(25_000)], "n": list(range(25_000))})
    pieces = list(table_of(frame).csv_pieces(","))
    assert len(pieces) > 3
    assert "".join(pieces) == frame.to_polars().write_csv()


def test_the_kind_of_a_column_is_that_of_all_its_rows(tmp_path):
    """A number is written alike in the first ten thousand rows and behind them."""
    values = [1e-7] * 20_000 + [1]
    frame = Frame({"x": values})
    write_table(frame, tmp_path / "x.csv", tmp_path / "x.csv", TextForm())
    lines = (tmp_path / "x.csv").read_text().splitlines()
    assert {*lines[1:-1]} == {json.dumps(1e-7)}


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "xlsx", "parquet"])
def test_columns_of_several_types_with_lone_surrogates_are_written(tmp_path, suffix):
    out = tmp_path / f"o.{suffix}"
    frame = with_columns(Frame({"mark": ["\ud800", 1]}), {"value": [[0.5], []]}, out.suffix)
    write_table(frame, out, out, TextForm())
    if suffix == "parquet":
        found = pl.read_parquet(out)
        assert found["mark"].to_list() == ["\ufffd", "1"]
        assert found["value"].to_list() == [[0.5], []]
    elif suffix != "xlsx":
        assert "\ufffd" in out.read_text("utf-8")
