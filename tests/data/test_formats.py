"""The registry of file formats, and how often a file is opened."""

from pathlib import Path

import polars as pl
import pytest

from attnpool.data import read
from attnpool.data.formats import FORMATS, Format, registry
from attnpool.data.table import Malformed, Source
from attnpool.errors import InputError


class Notes:
    """A format in as few lines as it takes: `#label text`."""

    unit = "line"
    names = ("label", "text")
    source = Source()

    def __init__(self, path, file, encoding):
        self._lines = path.read_text(encoding or "utf-8").splitlines()
        if not any(line.startswith("#") for line in self._lines):
            raise InputError(f"{file}: no line begins with #")

    def rows(self, columns, *, labelled):
        for number, line in enumerate(self._lines, 1):
            label, blank, text = line.removeprefix("#").partition(" ")
            if not blank:
                yield Malformed(number, "no blank behind the label")
                continue
            values = (label, text)
            yield number, tuple(values[column] for column in columns), values

    def frame(self, records):
        return pl.DataFrame(records, schema=list(self.names), orient="row")


def test_a_format_is_one_class_and_one_line(write, fails, monkeypatch):
    monkeypatch.setattr(registry, "FORMATS", (*FORMATS, Format((".notes",), ".notes", Notes)))
    rows = read(write("r.notes", "#good a fine day\n#bad rain\n"), originals=True)
    assert (rows.texts, rows.labels) == ((["a fine day", "rain"],), ["good", "bad"])
    assert rows.originals.rows() == [("good", "a fine day"), ("bad", "rain")]
    write("r.notes", "#good a\n#\n")
    assert fails("r.notes").startswith("r.notes, line 2: no blank behind the label; fix the file")
    write("r.notes", "a")
    assert fails("r.notes") == "r.notes: no line begins with #"
    assert fails(write("r.xyz", "a")).endswith(".xlsx or .notes")


def test_no_suffix_belongs_to_two_formats():
    suffixes = [suffix for known in FORMATS for suffix in known.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix == suffix.lower() for suffix in suffixes)


CSV = "label,text\n1,房间很好\n0,隔音太差\n"
LINES = '{"label": 1, "text": "房间很好"}\n{"label": 0, "text": "隔音太差"}\n'


@pytest.mark.parametrize("originals", [False, True])
@pytest.mark.parametrize(
    ("name", "content", "encoding", "dataset"),
    [
        ("r.csv", CSV, "utf-8", None),
        ("r.csv", CSV, "utf-8-sig", None),
        ("r.csv", CSV, "gb18030", None),
        ("r.csv", CSV.replace(",", ";"), "utf-8", None),
        ("r.csv", "\n\n" + CSV, "utf-8", None),
        ("r.csv", CSV, "utf-8", "hotel"),
        ("r.txt", "1\t房间很好\n0\t隔音太差\n", "gb18030", "sst2"),
        ("r.jsonl", LINES, "utf-8", None),
        ("r.jsonl", "[1]\n" + LINES, "utf-8", None),
    ],
)
def test_a_file_is_opened_twice(write, monkeypatch, name, content, encoding, dataset, originals):
    """Once for its encoding and header, once for its rows."""
    write(name, content, encoding)
    opened = []
    real = Path.open

    def count(path, *args, **kwargs):
        opened.append(path.name)
        return real(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", count)
    rows = read(name, dataset=dataset, skip_bad_rows=True, originals=originals)
    assert rows.texts == (["房间很好", "隔音太差"],)
    assert opened == [name, name]


@pytest.mark.parametrize("name", ["r.csv", "r.jsonl", "r.parquet"])
@pytest.mark.parametrize("dataset", [None, "hotel"])
def test_a_file_that_may_not_be_opened(write, fails, monkeypatch, name, dataset):
    def refuse(path, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(path))

    write(name, CSV)
    monkeypatch.setattr(Path, "open", refuse)
    assert fails(name, dataset=dataset) == (
        f"{name} cannot be read: Permission denied; check the path"
    )
