"""What compiled libraries read is read in a process of its own: files that kill it are one line."""

import datetime
import gc
import io
import os
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

import attnpool
from attnpool.data import read
from attnpool.data.apart import reader
from attnpool.data.formats.parquet import Parquet

FILES = Path(__file__).parent / "files"
DAMAGED = {
    "abort.parquet": "damaged, or reading it takes more than 4 GiB; write it again",
    "panic.parquet": "damaged; write it again",
}


def processes():
    """The workers that live."""
    listed = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True, check=True)
    rows = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
    return [args for parent, args in rows if parent == str(os.getpid()) and "worker.py" in args]


@pytest.mark.parametrize("name", ["abort.parquet", "panic.parquet"])
def test_a_file_that_kills_its_reader_is_one_line(name, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "attnpool", "train", FILES / name, "-o", tmp_path / "m"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"attnpool: {FILES / name}: {DAMAGED[name]}\n"


@pytest.mark.parametrize("name", ["abort.parquet", "panic.parquet"])
def test_nothing_is_left_of_the_process(name):
    with pytest.raises(attnpool.InputError, match=": damaged"):
        read(FILES / name)
    gc.collect()
    assert not processes()


def test_nothing_is_left_of_the_process_of_a_good_file(tmp_path):
    pl.DataFrame({"text": ["好", "差"], "label": ["a", "b"]}).write_parquet(tmp_path / "r.parquet")
    read(tmp_path / "r.parquet")
    gc.collect()
    assert not processes()


def test_types_stay_what_they_were(tmp_path):
    frame = pl.DataFrame(
        {
            "text": ["房间", None, "ok\x00"],
            "number": pl.Series([1, None, 3], dtype=pl.Int8),
            "large": pl.Series([2**63, 1, 0], dtype=pl.UInt64),
            "huge": pl.Series([2**100, 1, None], dtype=pl.Int128),
            "half": pl.Series([0.5, float("nan"), None], dtype=pl.Float32),
            "yes": [True, None, False],
            "bytes": [b"\xff", None, b""],
            "day": [datetime.date(2026, 1, 1), None, datetime.date(1, 1, 1)],
            "time": [datetime.time(1, 2), None, datetime.time(0)],
            "when": pl.Series([0, None, 1], dtype=pl.Datetime("ns", "Asia/Shanghai")),
            "long": pl.Series([0, None, 1], dtype=pl.Duration("ms")),
            "price": pl.Series([Decimal("1.20"), None, Decimal("-3")], dtype=pl.Decimal(10, 2)),
            "kind": pl.Series(["a", None, "b"], dtype=pl.Categorical),
            "level": pl.Series(["low", None, "high"], dtype=pl.Enum(["low", "high"])),
            "list": [["a"], None, []],
            "pair": pl.Series([[1, 2], None, [3, 4]], dtype=pl.Array(pl.Int64, 2)),
            "both": [{"a": 1, "b": "x"}, {"a": None, "b": None}, {"a": 2, "b": "y"}],
            "none": pl.Series([None, None, None], dtype=pl.Null),
        }
    )
    many = pl.concat([frame] * 22_000)  # more rows than are read at a time
    many.write_parquet(tmp_path / "r.parquet")
    found = Parquet(tmp_path / "r.parquet", "r.parquet", None)
    assert many.height > 65536
    read = found.frame(range(1, many.height + 1))
    assert read.schema == many.schema
    assert read.equals(many)
    assert found.frame([3, 1]).equals(frame[[2, 0]])
    [texts] = zip(*[row for _, row, _ in found.rows([0], labelled=True)], strict=True)
    assert list(texts) == ["房间", "", "ok\x00"] * 22_000


def test_a_file_without_rows_keeps_its_columns(tmp_path):
    frame = pl.DataFrame(schema={"text": pl.String, "n": pl.Int32})
    frame.write_parquet(tmp_path / "r.parquet")
    assert Parquet(tmp_path / "r.parquet", "r.parquet", None).frame([]).equals(frame)


def test_what_unpacks_to_too_much_is_one_line(tmp_path, monkeypatch):
    # Many rows of one long text: three kilobytes, and 120 MB as strings.
    text = "很" * 400
    monkeypatch.setattr(reader, "MOST_BYTES", 40 << 20)
    frame = pl.DataFrame({"text": [text], "label": ["a"]}).select(pl.all().repeat_by(100_000))
    frame.explode("text", "label").write_parquet(tmp_path / "r.parquet")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(attnpool.InputError) as error:
        read("r.parquet")
    assert str(error.value) == (
        "r.parquet unpacks to more than the larger of 1,000 times its size and 1 GiB; if that is "
        "right, write it as CSV"
    )


LONG = "很" * 400


@pytest.mark.parametrize(
    "column",
    [
        pl.Series([LONG], dtype=pl.Categorical),
        pl.Series([LONG], dtype=pl.Enum([LONG])),
        pl.Series([[LONG]], dtype=pl.List(pl.Categorical)),
        pl.Series([[LONG]], dtype=pl.List(pl.String)),
        pl.Series([[LONG]], dtype=pl.Array(pl.String, 1)),
        pl.Series([{"a": LONG}]),
        pl.Series([LONG.encode()]),
    ],
    ids=lambda column: str(column.dtype)[:20],
)
def test_a_value_counts_in_each_row_whatever_its_type(column, tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "MOST_BYTES", 40 << 20)
    monkeypatch.setattr(reader, "MOST_TIMES", 100)
    pl.DataFrame({"text": column.new_from_index(0, 100_000)}).write_parquet(tmp_path / "r.parquet")
    found = Parquet(tmp_path / "r.parquet", "r.parquet", None)
    with pytest.raises(attnpool.InputError, match="unpacks to more than the larger of"):
        found.frame([1, 100_000])


def test_a_sheet_of_one_long_cell_many_times(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "MOST_BYTES", 10 << 20)
    pl.DataFrame({"text": [LONG] * 10_000, "label": ["a"] * 10_000}).write_excel(
        tmp_path / "r.xlsx"
    )
    monkeypatch.setattr(reader, "MOST_TIMES", 100)
    with pytest.raises(attnpool.InputError, match="unpacks to more than"):
        read(tmp_path / "r.xlsx")


@pytest.mark.parametrize("program", ["/bin/true", "/no/such/python", None])
def test_a_process_that_does_not_start_is_one_line(program, tmp_path, monkeypatch):
    pl.DataFrame({"text": ["好", "差"], "label": ["a", "b"]}).write_parquet(tmp_path / "r.parquet")
    monkeypatch.setattr(reader, "get_executable", lambda: program)
    with pytest.raises(
        attnpool.InputError, match=r"is read in a process of its own, which .* could"
    ):
        read(tmp_path / "r.parquet")


def test_a_process_that_dies_while_it_answers_is_one_line(tmp_path, monkeypatch):
    texts = [f"{i}" * 100 for i in range(60_000)]
    pl.DataFrame({"text": texts, "label": texts}).write_parquet(tmp_path / "r.parquet")
    found = Parquet(tmp_path / "r.parquet", "r.parquet", None)
    whole = reader.ReaderApart._whole

    def killed(self, size):
        self._process.kill()
        return whole(self, size)

    monkeypatch.setattr(reader.ReaderApart, "_whole", killed)
    with pytest.raises(attnpool.InputError, match=": damaged"):
        found.frame([1, 100_000])


def test_paths_of_any_kind_are_handed_on(tmp_path, monkeypatch):
    pl.DataFrame({"text": ["好", "差"], "label": ["a", "b"]}).write_parquet(tmp_path / "r.parquet")
    monkeypatch.setattr(sys, "path", [*sys.path, tmp_path])
    assert len(read(tmp_path / "r.parquet").labels) == 2


def test_a_sheet_that_says_it_is_huge_is_one_line(tmp_path, monkeypatch):
    pl.DataFrame({"text": ["好", "差"], "label": ["a", "b"]}).write_excel(tmp_path / "r.xlsx")
    packed = io.BytesIO((tmp_path / "r.xlsx").read_bytes())
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(tmp_path / "h.xlsx", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                data = data.replace(b"</sheetData>", far)
            new.writestr(name, data)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        attnpool.InputError,
        match=r"^h\.xlsx: damaged, or reading it takes more than 4 GiB; save it again, or as CSV$",
    ):
        read("h.xlsx")
    assert read("r.xlsx").texts[0] == ["好", "差"]


def test_the_process_gets_no_more_memory_than_is_said(tmp_path, monkeypatch):
    texts = [f"{i}" + "很" * 1000 for i in range(60_000)]
    pl.DataFrame({"text": texts, "label": ["a"] * 60_000}).write_parquet(tmp_path / "r.parquet")
    assert len(read(tmp_path / "r.parquet").labels) == 60_000
    monkeypatch.setattr(reader, "_MEMORY", 150 << 20)
    monkeypatch.setattr(reader, "_MEMORY_TIMES", 0)
    with pytest.raises(attnpool.InputError, match=": damaged"):
        read(tmp_path / "r.parquet")


def test_modules_beside_it_are_not_imported(tmp_path, monkeypatch):
    (tmp_path / "polars.py").write_text("raise SystemExit('mine')")
    pl.DataFrame({"text": ["好", "差"], "label": ["a", "b"]}).write_parquet(tmp_path / "r.parquet")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])  # as where Python is typed to
    assert read("r.parquet").texts[0] == ["好", "差"]
