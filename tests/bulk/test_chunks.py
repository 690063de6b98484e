"""However many rows are read at a time, they are the rows of the file."""

import os
import sys

import numpy as np
import polars as pl
import pytest
from tests.bulk.cases import split, write

from attnpool.data import Limit, read, stream
from attnpool.data.apart import ReaderApart
from attnpool.data.formats import parquet
from attnpool.data.item_keys import item_keys
from attnpool.errors import InputError
from attnpool.estimators.streaming import survey

FILES = ("r.csv", "r16.csv", "r-gb.csv", "r.tsv", "r.jsonl", "r.jsonl.gz", "r.csv.zst", "r.parquet")


def frames(rows):
    return (
        rows.originals if isinstance(rows.originals, pl.DataFrame) else rows.originals.to_polars()
    )


@pytest.mark.parametrize("limit", [Limit(1, 10**9), Limit(7, 10**9), Limit(10**9, 50)])
@pytest.mark.parametrize("name", [*FILES, "r.txt"])
def test_chunks_are_the_file(tmp_path, name, limit):
    path = write(tmp_path, name)
    whole = read(path, labelled=False, originals=True)
    chunks = list(stream(path, labelled=False, originals=True).chunks(limit))
    assert len(chunks) > 3
    assert all(len(chunk) <= limit.rows for chunk in chunks)
    assert [t for c in chunks for t in c.texts[0]] == whole.texts[0]
    assert [p for c in chunks for p in c.places] == list(whole.places)
    if name != "r.jsonl" and name != "r.jsonl.gz":
        assert pl.concat(map(frames, chunks)).equals(frames(whole))


def test_a_chunk_ends_where_its_texts_are_long(tmp_path):
    (tmp_path / "r.txt").write_text("".join("好" * n + "\n" for n in (1, 99, 1, 1, 100, 3)))
    chunks = stream(tmp_path / "r.txt", labelled=False).chunks(Limit(4, 100))
    assert [[len(t) for t in chunk.texts[0]] for chunk in chunks] == [[1, 99], [1, 1, 100], [3]]


def test_bad_rows_come_with_the_rows_they_stood_among(tmp_path):
    (tmp_path / "r.csv").write_text("review,id\na,1\nb\nc,3\nd,4\ne\n")
    chunks = list(
        stream(tmp_path / "r.csv", labelled=False, skip_bad_rows=True).chunks(Limit(2, 99))
    )
    assert [c.texts[0] for c in chunks] == [["a"], ["c", "d"], []]
    assert [[row.place for row in c.bad_rows] for c in chunks] == [[2], [], [5]]


MALFORMED = {
    "r.csv": ("review,id\n", "a,1\n", "b\n"),
    "r.tsv": ("review\tid\n", "a\t1\n", "b\n"),
    "r.jsonl": ("", '{"review": "a"}\n', "nonsense\n"),
    "r.txt": ("", "a\tb\n", "a\n"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_run_of_malformed_rows_is_cut_as_rows_are(tmp_path, name):
    """However many stand one behind the other, only so many are in memory at a time."""
    header, good, bad = MALFORMED[name]
    (tmp_path / name).write_text(header + good + bad * 8 + good * 2)
    more = {"texts_per_line": 2} if name == "r.txt" else {}
    rows = stream(tmp_path / name, labelled=False, skip_bad_rows=True, **more)
    chunks = list(rows.chunks(Limit(3, 99)))
    assert [[row.place for row in c.bad_rows] for c in chunks] == [[2, 3], [4, 5, 6], [7, 8, 9], []]
    assert [c.places for c in chunks] == [[1], [], [], [10, 11]]


def test_where_rows_are_left_more_may_be_bad(tmp_path):
    (tmp_path / "r.csv").write_text("review,id\na,1\n" + "b\n" * 8)
    for limit, told in ((4, "at least 2 more bad rows: 3, 4"), (99, "7 more bad rows: 3, 4, 5")):
        chunks = stream(tmp_path / "r.csv", labelled=False).chunks(Limit(limit, 999))
        with pytest.raises(InputError) as error:
            list(chunks)
        assert f"row 2: 1 field where 2 are expected ({told}" in str(error.value)


@pytest.mark.skipif(sys.platform == "win32", reason="no such names")
def test_parts_whose_names_are_told_alike_are_told_apart(tmp_path):
    """One has an escape character in its name, the other its escaped form."""
    for name in ("a\x1b.csv", "a\\x1b.csv"):
        (tmp_path / name).write_text("review\n好\n")
    rows = stream(tmp_path, labelled=False)
    assert len({file for _, file in rows.places}) == 2
    assert len(rows.read()) == 2


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@pytest.mark.parametrize("kept", [True, False])
def test_columns_that_are_kept_count_as_texts_do(tmp_path, kind, kept):
    table = pl.DataFrame({"review": ["a"] * 6, "page": ["好" * n for n in (60, 60, 1, 1, 150, 1)]})
    path = tmp_path / f"r.{kind}"
    (table.write_csv if kind == "csv" else table.write_ndjson)(path)
    rows = stream(path, labelled=False, originals=kept)
    expected = [2, 3, 1] if kept else [6]
    assert [len(chunk) for chunk in rows.chunks(Limit(9, 100))] == expected
    # A pass that looks at the texts alone has the same chunks.
    assert [len(c) for c in rows.chunks(Limit(9, 100), originals=False)] == expected


def test_columns_of_parquet_count_by_the_first_rows(tmp_path):
    path = tmp_path / "r.parquet"
    pl.DataFrame({"review": ["好"] * 60, "page": ["x" * 1000] * 60}).write_parquet(path)
    for kept, most in ((True, 10), (False, 60)):
        rows = stream(path, labelled=False, originals=kept)
        sizes = [len(chunk) for chunk in rows.chunks(Limit(99, 10_000))]
        assert max(sizes) == most
        assert sum(sizes) == 60
        assert [len(c) for c in rows.chunks(Limit(99, 10_000), originals=False)] == sizes


def test_long_rows_of_parquet_are_read_few_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "_FIRST", 2)
    monkeypatch.setattr(parquet, "_BYTES", 5_000)
    path = tmp_path / "r.parquet"
    texts = ["x" * 1000 + str(i) for i in range(20)]
    pl.DataFrame({"review": texts}).write_parquet(path)
    asked, right = [], ReaderApart.ask

    def ask(self, request, **arguments):
        asked.append(arguments.get("count"))
        return right(self, request, **arguments)

    monkeypatch.setattr(ReaderApart, "ask", ask)
    assert read(path, labelled=False).texts[0] == texts
    assert [count for count in asked if count] == [2, 4, 4, 4, 4, 2]


def test_nothing_holds_a_chunk_that_is_worked_on(tmp_path):
    (tmp_path / "r.csv").write_text("label,review\n" + "1,a\n0,b\n" * 9)
    rows = stream(tmp_path / "r.csv", originals=True)
    nothing = np.zeros(0, dtype=np.uint64)
    for chunks in (
        rows.chunks(Limit(5, 999)),
        survey.chunks(rows, 5),
        survey.training_chunks(rows, 5, nothing),
        survey.training_chunks(rows, 5, item_keys(["a"])),
    ):
        chunk, alone = next(chunks), object()
        held = sys.getrefcount(chunk), sys.getrefcount(alone)
        assert held[0] == held[1]
        texts = chunk[0] if isinstance(chunk, tuple) else chunk.texts
        del chunk
        held = sys.getrefcount(texts), sys.getrefcount(alone)
        assert held[0] == held[1]


def test_whether_labels_are_measurements_is_found_once(tmp_path):
    (tmp_path / "p").mkdir()
    measured = "".join(f"{i},0.{i}1\n" for i in range(10, 40))
    for name, rows in (("a", measured + "x,1\n" * 60), ("b", "y,1\n" * 9)):
        (tmp_path / "p" / f"{name}.csv").write_text("review,score\n" + rows)
    assert read(tmp_path / "p", labelled=False).labels is None
    chunks = stream(tmp_path / "p", labelled=False).chunks(Limit(20, 9999))
    assert {chunk.labels is None for chunk in chunks} == {True}
    with pytest.raises(InputError, match="score"):
        list(stream(tmp_path / "p").chunks(Limit(20, 9999)))
    (tmp_path / "p" / "0.csv").write_text("review,score\n" + "y,1\n" * 30)
    chunks = stream(tmp_path / "p").chunks(Limit(20, 9999))
    assert sum(len(chunk.labels) for chunk in chunks) == 129


def test_many_bad_rows_are_counted_and_the_first_named(tmp_path):
    (tmp_path / "r.csv").write_text("review,id\n" + "b\n" * 5000)
    with pytest.raises(InputError) as error:
        read(tmp_path / "r.csv", labelled=False)
    assert "row 1: 1 field where 2 are expected (4,999 more bad rows: 2, 3, " in str(error.value)
    assert str(error.value).count("…") == 1


def test_a_folder_of_parts_is_one_table(tmp_path):
    path = write(tmp_path, "r.jsonl")
    folder = split(path, tmp_path / "parts")
    whole, parts = (read(p, labelled=False, originals=True) for p in (path, folder))
    assert parts.texts == whole.texts
    assert parts.originals.columns == whole.originals.columns
    assert [parts.originals[name] for name in parts.originals.columns] == [
        whole.originals[name] for name in parts.originals.columns
    ]
    assert parts.places[10] == f"{folder}/part-0009.jsonl, line 2"
    chunks = stream(folder, labelled=False).chunks(Limit(5, 999))
    assert [text for chunk in chunks for text in chunk.texts[0]] == whole.texts[0]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_labels_of_parts_are_those_of_one_file(tmp_path, kind):
    parts = [(("1", "好"), ("0", "差")), (("1.0", "好"), ("0.0", "差"), ("2.0", "中"))]
    (tmp_path / "p").mkdir()
    for name, rows in zip("ab", parts, strict=True):
        label, review = zip(*rows, strict=True)
        text = pl.DataFrame({"label": label, "review": review})
        text = text.write_csv() if kind == "csv" else text.write_ndjson()
        (tmp_path / "p" / f"{name}.{kind}").write_text(text)
    whole = tmp_path / f"whole.{kind}"
    header = "" if kind == "jsonl" else "label,review\n"
    files = sorted((tmp_path / "p").iterdir())
    whole.write_text(header + "".join(p.read_text().removeprefix(header) for p in files))
    expected = read(whole).labels
    assert expected == ["1", "0", "1", "0", "2.0"]
    assert read(tmp_path / "p").labels == expected
    rows = stream(tmp_path / "p")
    for size in (1, 2, 99):
        chunks = rows.chunks(Limit(size, 99))
        assert [label for chunk in chunks for label in chunk.labels] == expected


def refused(path, **options):
    with pytest.raises(InputError) as error:
        for _ in stream(path, labelled=False, **options).chunks(Limit(2, 99)):
            pass
    assert str(error.value).isprintable()
    return str(error.value)


def test_parts_with_other_columns_are_refused(tmp_path):
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "a.csv").write_text("review,id\nok,1\n")
    (folder / "b.csv").write_text("review,number\nok,1\n")
    assert refused(folder).endswith(
        "p/b.csv: its columns are not those of "
        f"{folder}/a.csv: it has 'number' and it lacks 'id'; parts of one folder must have the "
        "same columns"
    )
    (folder / "b.csv").write_text("id,review\n1,ok\n")
    assert "its order is 'id', 'review'" in refused(folder)
    (folder / "b.csv").write_text("title,id\nok,1\n")
    assert "b.csv: " in refused(folder)


def test_parquet_parts_of_other_types_are_refused(tmp_path):
    folder = tmp_path / "p"
    folder.mkdir()
    pl.DataFrame({"review": ["a"], "n": [1]}).write_parquet(folder / "a.parquet")
    pl.DataFrame({"review": ["a"], "n": ["x"]}).write_parquet(folder / "b.parquet")
    assert "b.parquet: its columns are not those of" in refused(folder)


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "csv.zst", "parquet", "jsonl.gz"])
def test_a_part_that_ends_in_the_middle_is_named(tmp_path, kind):
    folder = tmp_path / "p"
    folder.mkdir()
    for name in ("a", "b"):
        write(folder, f"{name}.{kind}")
    whole = (folder / f"b.{kind}").read_bytes()
    cut = whole[: len(whole) // 2]
    if kind == "csv":
        cut = whole[: whole.index("第二行".encode()) + 12]  # within quotation marks
    (folder / f"b.{kind}").write_bytes(cut)
    assert f"b.{kind}" in refused(folder)


def test_folders_beside_parts_are_refused(tmp_path):
    """Rows that are not read are told."""
    write(tmp_path, "a.csv")
    (tmp_path / "day=2").mkdir()
    write(tmp_path / "day=2", "b.csv")
    assert "holds folders beside files ('day=2'), which are not read" in refused(tmp_path)
    (tmp_path / "empty").mkdir()
    assert "empty holds no file of data; give a file or a" in refused(tmp_path / "empty")


def test_files_of_unknown_suffix_beside_parts_are_told(tmp_path, caplog):
    """A part that was compressed or renamed would be lost without a word."""
    for name in ("a.csv", "b.csv.lz4", "c.orc\x1b[31m", "_SUCCESS", ".b.csv.crc"):
        write(tmp_path, name)
    alone = read(tmp_path / "a.csv", labelled=False).texts
    assert read(tmp_path, labelled=False).texts == alone
    assert caplog.messages == [
        f"{tmp_path}: left out 2 files of unknown suffix: 'b.csv.lz4', 'c.orc\\x1b[31m'"
    ]


LOST = "b.csv is a link to a file that is not there"


@pytest.mark.parametrize("only", [False, True])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.symlink_to("nowhere.csv"), LOST),
        (lambda path: path.symlink_to(path), LOST),
        (lambda path: os.mkfifo(path), "b.csv is not an ordinary file"),
    ],
    ids=["link to nothing", "link to itself", "pipe"],
)
def test_what_is_no_file_among_parts_is_refused(tmp_path, make, said, only):
    """Its rows would be missing."""
    if not only:
        write(tmp_path, "a.csv")
    make(tmp_path / "b.csv")
    assert said in refused(tmp_path)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_parts_without_rows_are_parts(tmp_path, kind):
    """Engines write them by the thousand; so are those whose rows are all left out."""
    frame = pl.DataFrame({"review": ["好", "差"], "id": [1, 2]})
    write_as = {"csv": "write_csv", "jsonl": "write_ndjson", "parquet": "write_parquet"}[kind]
    for number, rows in enumerate((frame[:0], frame, frame[:0], frame)):
        if not (kind == "jsonl" and number == 0):  # the first says which columns there are
            getattr(rows, write_as)(tmp_path / f"{number}.{kind}")
    if kind == "csv":
        (tmp_path / "9.csv").write_text("review,id\nx\ny\n")
    options = {"skip_bad_rows": True, "labelled": False}
    found = read(tmp_path, **options)
    assert found.texts[0] == ["好", "差"] * 2
    assert found.skipped == 2 * (kind == "csv")
    chunks = list(stream(tmp_path, **options).chunks(Limit(1, 99)))
    assert [text for chunk in chunks for text in chunk.texts[0]] == found.texts[0]
    for path in tmp_path.iterdir():
        if path.name[0] in "13":
            path.unlink()
    if kind == "csv":
        assert "no usable row" in refused(tmp_path, skip_bad_rows=True) or "no rows of data"


def test_a_folder_of_several_formats_or_splits_is_refused(tmp_path):
    write(tmp_path, "a.csv")
    write(tmp_path, "b.jsonl")
    assert "is a folder of '.csv', '.jsonl' files" in refused(tmp_path)
    (tmp_path / "b.jsonl").unlink()
    (tmp_path / "train-0.csv").write_text("review\na\n")
    (tmp_path / "a.csv").rename(tmp_path / "test-0.csv")
    assert "is a folder; give a file in it" in refused(tmp_path)


def test_all_rows_of_a_large_parquet_file_are_read_once(tmp_path):
    count = 150_000
    frame = pl.DataFrame({"review": [f"n{i}" for i in range(count)], "n": range(count)})
    frame.write_parquet(tmp_path / "r.parquet")
    seen = []
    for chunk in stream(tmp_path / "r.parquet", labelled=False, originals=True).chunks(
        Limit(40_000, 10**9)
    ):
        assert chunk.originals["review"].to_list() == chunk.texts[0]
        seen += chunk.originals["n"].to_list()
    assert seen == list(range(count))
