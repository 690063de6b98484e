"""Real rows in every form in which a file may come: the same rows each time."""

import csv
import io
import json

import polars as pl
import pytest

from attnpool.data import read

pytestmark = pytest.mark.real

COUNT = 300
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk")


@pytest.fixture(scope="module", params=["hotel", "titles"])
def real(request, real_data):
    """Texts without line ends, and their labels."""
    if request.param == "hotel":
        rows = read(real_data / "ChnSentiCorp_htl_all.csv", dataset="hotel")
    else:
        rows = read(real_data / "THUCNews-title-label.txt", dataset="thucnews-titles")
    step = len(rows) // COUNT
    return rows.texts[0][::step][:COUNT], rows.labels[::step][:COUNT]


def separated(rows, separator):
    out = io.StringIO()
    quoting = csv.QUOTE_NONE if separator == "\t" else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=separator, quoting=quoting, quotechar=None if separator ==
                        "\t" else '"', lineterminator="\n")  # fmt: skip
    writer.writerow(("label", "text"))
    writer.writerows(zip(rows[1], rows[0], strict=True))
    return out.getvalue()


def without(rows, encoding):
    """The rows that an encoding can hold."""
    kept = [
        (text, label)
        for text, label in zip(*rows, strict=True)
        if "?" not in (text + label).replace("?", "").encode(encoding, "replace").decode(encoding)
    ]
    return tuple(map(list, zip(*kept, strict=True)))


def same(path, rows, encoding=None):
    got = read(path)
    assert (got.texts[0], got.labels) == (list(rows[0]), list(rows[1]))
    assert not got.source.assumed
    if encoding:
        assert got.source.mark == (encoding in ("utf-8-sig", "utf-16", "utf-32"))


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_separated(real, write, encoding, separator):
    real = without(real, encoding)
    assert len(real[0]) > 0.9 * COUNT
    suffix = "tsv" if separator == "\t" else "csv"
    same(write(f"r.{suffix}", separated(real, separator).encode(encoding)), real, encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_lines(real, write, encoding):
    real = without(real, encoding)
    lines = [
        json.dumps({"label": label, "text": text}, ensure_ascii=False) + "\n"
        for text, label in zip(*real, strict=True)
    ]
    same(write("r.jsonl", "".join(lines).encode(encoding)), real, encoding)


def test_parquet(real, tmp_path):
    pl.DataFrame({"label": real[1], "text": real[0]}).write_parquet(tmp_path / "r.parquet")
    same(tmp_path / "r.parquet", real)


@pytest.mark.parametrize("encoding", ["big5", "cp950", "big5hkscs"])
def test_big5_where_its_characters_allow(real_data, write, encoding):
    rows = read(real_data / "weibo_senti_100k.csv", dataset="weibo-senti-100k")
    some = without((rows.texts[0], ["好" for _ in rows.labels]), encoding)
    assert len(some[0]) > 100
    got = read(write("r.tsv", separated(some, "\t").encode(encoding)))
    assert got.texts[0] == some[0]
