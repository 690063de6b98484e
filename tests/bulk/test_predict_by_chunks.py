"""`predict` writes the same file, however many rows it answers at a time, and by how many."""

import io
import json
import sys

import polars as pl
import pytest
from tests.bulk.cases import TEXTS, split, write

from attnpool.cli import run

FILES = ("r.csv", "r16.csv", "r-gb.csv", "r.tsv", "r.jsonl", "r.jsonl.gz", "r.parquet")


def both(predict, by_chunks, data, out, *options):
    """What is written at once and by chunks."""
    whole, chunked = out.with_name(f"whole-{out.name}"), out.with_name(f"chunks-{out.name}")
    by_chunks(10**6)
    status, _, err = predict(data, "-o", whole, *options)
    assert (status, err) == (0, ""), err
    by_chunks(7)
    status, told, err = predict(data, "-o", chunked, *options)
    assert (status, err) == (0, ""), err
    assert told == f"wrote {chunked}: {len(TEXTS)} rows\n"
    assert not [*out.parent.glob("*.parts")]
    return whole, chunked


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl"])
@pytest.mark.parametrize("name", FILES)
def test_the_file_is_the_same_to_the_byte(predict, by_chunks, tmp_path, name, suffix):
    data = write(tmp_path, name)
    for options in ((), ("--explain",), ("--explain", "--safe-csv")):
        if "--safe-csv" in options and suffix == ".jsonl":
            continue
        whole, chunked = both(predict, by_chunks, data, tmp_path / f"out{suffix}", *options)
        assert chunked.read_bytes() == whole.read_bytes()
        whole.unlink(), chunked.unlink()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030", "utf-7", "utf-32-le"])
def test_so_it_is_in_every_encoding(predict, by_chunks, tmp_path, encoding):
    data = write(tmp_path, "r.csv")
    out = tmp_path / "out.csv"
    whole, chunked = both(predict, by_chunks, data, out, "--output-encoding", encoding)
    assert chunked.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("name", ["r.csv", "r.jsonl", "r.parquet"])
def test_parquet_holds_the_same_columns(predict, by_chunks, tmp_path, name):
    data = write(tmp_path, name)
    whole, chunked = map(
        pl.read_parquet, both(predict, by_chunks, data, tmp_path / "o.parquet", "--explain")
    )
    assert chunked.equals(whole)
    assert whole.schema["start"] == pl.List(pl.UInt32)
    assert whole.schema["value"] == pl.List(pl.Float16)
    assert whole.schema["probability"] == pl.Float64


def test_values_of_parquet_are_those_of_other_files(predict, tmp_path):
    data = write(tmp_path, "r.csv")
    assert predict(data, "-o", tmp_path / "o.parquet", "--explain")[0] == 0
    assert predict(data, "-o", tmp_path / "o.jsonl", "--explain")[0] == 0
    rows = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text("utf-8").splitlines()]
    for found, row in zip(pl.read_parquet(tmp_path / "o.parquet").to_dicts(), rows, strict=True):
        assert found["prediction"] == row["prediction"]
        assert found["start"] == row["start"]
        assert found["value"] == pytest.approx(row["value"], rel=1e-3, abs=1e-6)


def test_workbooks_are_written_at_once(predict, by_chunks, tmp_path):
    by_chunks(7)
    assert predict(write(tmp_path, "r.csv"), "-o", tmp_path / "o.xlsx")[0] == 0
    assert pl.read_excel(tmp_path / "o.xlsx").height == len(TEXTS)


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet"])
def test_a_folder_of_parts_has_the_same_rows(predict, by_chunks, tmp_path, suffix):
    data = write(tmp_path, "r.jsonl")
    by_chunks(7)
    options = ("-o", f"{tmp_path}/parts/", "--output-format", suffix)
    status, told, err = predict(data, *options)
    assert (status, err) == (0, "")
    assert told == f"wrote {tmp_path}/parts: {len(TEXTS)} rows\n"
    names = sorted(path.name for path in (tmp_path / "parts").iterdir())
    assert names[:3] == ["_SUCCESS", "_parts.jsonl", "_run.json"]
    assert names[3:] == [f"part-{i:08}.{suffix}" for i in range(-(-len(TEXTS) // 7))]
    # They are rows to predict again, in one table.
    assert predict(tmp_path / "parts", "-o", tmp_path / "again.csv")[0] == 2
    status, _, err = predict(tmp_path / "parts", "-o", tmp_path / "again.csv")
    assert "has a column 'prediction', which predict adds" in err


def test_a_folder_in_and_a_folder_out(predict, by_chunks, tmp_path):
    data = split(write(tmp_path, "r.jsonl"), tmp_path / "in")
    by_chunks(4)
    assert predict(data, "-o", f"{tmp_path}/out/")[0] == 0
    found = [
        json.loads(line)["review"]
        for part in sorted((tmp_path / "out").glob("part-*.jsonl"))
        for line in part.read_text("utf-8").splitlines()
    ]
    assert found == TEXTS


@pytest.mark.parametrize("name", ["r.csv", "r.tsv", "r.jsonl", "r.txt"])
def test_from_stdin_to_stdout(predict, by_chunks, tmp_path, monkeypatch, capsys, compact, name):
    data = write(tmp_path, name)
    by_chunks(10**6)
    assert predict(data, "-o", tmp_path / "o.jsonl")[0] == 0
    for rows in (10**6, 7):
        by_chunks(rows)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.read_bytes())))
        printed = tmp_path / "printed"
        with printed.open("w") as out, monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", out)
            kind = name.partition(".")[2]
            status = run(["predict", str(compact), "-", "-o", "-", "--input-format", kind])
        assert status == 0
        told = f"attnpool: wrote standard output: {len(TEXTS)} rows\n"
        note = "attnpool: stdin has no header that names a text column; reading one text per line\n"
        assert capsys.readouterr().err == note * (kind == "txt") + told
        assert printed.read_bytes() == (tmp_path / "o.jsonl").read_bytes()


def test_bad_rows_go_to_a_file_of_their_own(predict, by_chunks, tmp_path):
    lines = [f"好{i},{i}" if i % 4 else f"差{i}" for i in range(40)]
    (tmp_path / "r.csv").write_text("\n".join(["review,id", *lines]), "utf-8")
    by_chunks(6)
    status, told, err = predict(
        tmp_path / "r.csv", "-o", tmp_path / "o.csv", "--bad-rows", tmp_path / "bad.csv"
    )
    assert (status, err) == (0, "")
    assert told.endswith(
        "30 rows, 10 bad rows left out: rows 1, 5, 9, 13, 17, 21, 25, 29, 33, 37\n"
    )
    bad = pl.read_csv(tmp_path / "bad.csv")
    assert bad["row"].to_list() == list(range(1, 41, 4))
    assert pl.read_csv(tmp_path / "o.csv")["id"].to_list() == [i for i in range(40) if i % 4]


def test_what_an_encoding_lacks_is_told_before_anything_is_answered(
    predict, by_chunks, tmp_path, monkeypatch
):
    """In a list too, which is written as JSON."""
    monkeypatch.setattr("attnpool.bulk.answers.answers", pytest.fail)
    lines = [{"review": f"好{i}", "tags": ["a" if i < 9 else "😀"]} for i in range(10)]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (tmp_path / "r.jsonl").write_text(text, "utf-8")
    by_chunks(1)
    out = tmp_path / "o.csv"
    status, _, err = predict(tmp_path / "r.jsonl", "-o", out, "--output-encoding", "gb2312")
    assert status == 2
    assert "the character '😀' does not exist in gb2312" in err
    assert "finished" not in err


def test_parts_of_stdin_have_its_format(predict, tmp_path, monkeypatch):
    rows = io.BytesIO('{"review": "好"}\n'.encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(rows))
    out = tmp_path / "out"
    assert predict("-", "--input-format", "jsonl", "-o", f"{out}/")[0] == 0
    assert [path.name for path in out.glob("part-*")] == ["part-00000000.jsonl"]


def test_bad_rows_are_told_before_anything_is_answered(predict, by_chunks, tmp_path):
    lines = [f"好{i},{i}" for i in range(40)]
    (tmp_path / "r.csv").write_text("\n".join(["review,id", *lines, "x", "y,1,2"]), "utf-8")
    by_chunks(5)
    status, _, err = predict(tmp_path / "r.csv", "-o", tmp_path / "o.csv")
    assert status == 2
    assert "row 41: 1 field where 2 are expected (1 more bad row: 42); fix the file" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.csv"]


@pytest.mark.parametrize("name", ["r.csv", "r.parquet"])
def test_several_processes_write_the_same(predict, by_chunks, tmp_path, name):
    data = write(tmp_path, name)
    by_chunks(10**6)
    assert predict(data, "-o", tmp_path / "one.csv", "--explain")[0] == 0
    by_chunks(5)
    status, _, err = predict(data, "-o", tmp_path / "two.csv", "--explain", "--workers", 2)
    assert (status, err) == (0, "")
    assert (tmp_path / "two.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()


def test_the_input_folder_is_not_written_to(predict, by_chunks, tmp_path):
    folder = split(write(tmp_path, "r.jsonl"), tmp_path / "in")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    by_chunks(7)
    for options in (
        ("-o", folder / "part-0000.jsonl"),
        ("-o", folder / "answers.csv"),
        ("-o", f"{folder}/"),
        ("-o", f"{folder}/out/"),
        ("-o", tmp_path / "o.csv", "--bad-rows", folder / "bad.csv"),
    ):
        assert predict(folder, *options, "--overwrite")[0] == 2
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("out", [".", "./", "/", ".."])
def test_odd_folders_are_one_line(predict, tmp_path, monkeypatch, out):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "r.csv")
    status, _, err = predict("r.csv", "-o", out)
    assert status == 2
    assert err.count("\n") == 1


def test_stdin_cannot_be_resumed(predict, tmp_path):
    status, _, err = predict("-", "-o", tmp_path / "o.csv", "--resume")
    assert status == 2
    assert "--resume reads its rows again, which stdin cannot" in err


def test_bad_rows_of_parts_are_told_with_their_file(predict, by_chunks, tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.csv").write_text("review,id\nx\n好,1\n")
    for rows in (1, 10):
        by_chunks(rows)
        status, told, _ = predict(
            *(tmp_path / "in", "-o", tmp_path / "o.csv", "--overwrite"),
            *("--bad-rows", tmp_path / "bad.csv"),
        )
        assert status == 0
        assert f"left out: {tmp_path}/in/a.csv, row 1; {tmp_path}/in/b.csv, row 1\n" in told
        bad = pl.read_csv(tmp_path / "bad.csv")
        assert bad["file"].to_list() == [f"{tmp_path}/in/{name}.csv" for name in ("a", "b")]


def test_the_column_of_labels_may_be_the_text(predict, tmp_path):
    """The label of other files is what is asked about here."""
    (tmp_path / "r.csv").write_text("label,id\n房间很干净,1\n", "utf-8")
    status, _, err = predict(tmp_path / "r.csv", "-o", tmp_path / "o.jsonl", "--text", "label")
    assert (status, err) == (0, "")
    assert json.loads((tmp_path / "o.jsonl").read_text("utf-8"))["label"] == "房间很干净"
