"""Compressed files are read as what is in them."""

import bz2
import gzip
import io
import lzma
import tracemalloc
from functools import partial

import pytest
from backports import zstd

from attnpool.data import read
from attnpool.data.formats import compressed

CSV = "label,text\n1,房间很好\n0,隔音太差\n"
JSON = '[{"label": 1, "text": "房间很好"}, {"label": 0, "text": "隔音太差"}]'
KINDS = [
    (".gz", gzip.compress),
    (".bz2", bz2.compress),
    (".xz", lzma.compress),
    # With a checksum, as the command `zstd` has it.
    (".zst", partial(zstd.compress, options={zstd.CompressionParameter.checksum_flag: 1})),
]


@pytest.mark.parametrize(("suffix", "compress"), KINDS)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.csv", CSV),
        ("R.CSV", CSV),
        ("r.tsv", CSV.replace(",", "\t")),
        ("r.jsonl", JSON[1:-1].replace(", {", "\n{")),
        ("r.json", JSON),
        ("r.txt", "__label__1 房间很好\n__label__0 隔音太差\n"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_is_in_it_is_read(write, suffix, compress, name, content, encoding):
    if name == "R.CSV":
        suffix = suffix.upper()
    rows = read(write(name + suffix, compress(content.encode(encoding))))
    assert (rows.texts, rows.labels) == ((["房间很好", "隔音太差"],), ["1", "0"])


@pytest.mark.parametrize(("suffix", "compress"), KINDS)
def test_damage_is_one_line(write, fails, suffix, compress):
    content = compress((CSV * 200).encode())
    middle = len(content) // 2
    for damaged in (content[:middle], content[:middle] + b"\xff\x00" + content[middle + 2 :]):
        told = fails(write("r.csv" + suffix, damaged))
        assert told.startswith(f"r.csv{suffix}: damaged ")
        assert told.endswith("; compress or download it again")


@pytest.mark.parametrize("suffix", [suffix for suffix, _ in KINDS])
def test_a_file_that_is_not_compressed(write, fails, suffix):
    told = fails(write("r.csv" + suffix, CSV))
    assert told.endswith("if it is not compressed, rename it to 'r.csv'")


def test_the_name_must_tell_the_format(write, fails):
    write("rows.gz", gzip.compress(CSV.encode()))
    assert "its name must tell the format of the file in it, such as rows.csv.gz" in fails(
        "rows.gz"
    )
    assert "unpack it first" in fails(write("r.parquet.gz", gzip.compress(b"PAR1")))


@pytest.mark.parametrize("name", ["r.zip", "r.csv", "r.jsonl", "r.csv.zip", "r.csv.gz"])
def test_archives_are_unpacked_by_the_user(write, fails, name):
    told = fails(write(name, b"PK\x03\x04" + bytes(40)))
    assert "; unpack it and give the file in it" in told


@pytest.mark.parametrize("name", ["r.csv.gz", "r.jsonl.gz", "r.txt.gz"])
def test_a_bomb_fills_no_memory(write, fails, name):
    bomb = io.BytesIO()
    with gzip.open(bomb, "wb", compresslevel=1) as file:
        file.write(b"label,text\n1,")
        for _ in range(160):
            file.write(bytes(1 << 20))
    write(name, bomb.getvalue())
    tracemalloc.start()
    told = fails(name)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "unpacks to more than the larger of 200 times its size and 100 MiB" in told
    assert peak < 50 << 20


@pytest.mark.parametrize("row", [b"1,a\n", b"1,a\r", b"\n", b'{"label":1}\n', b"1\ta\r\n"])
@pytest.mark.parametrize("compress", [compress for _, compress in KINDS])
def test_more_rows_than_bytes_are_refused(write, fails, monkeypatch, row, compress):
    """A few kilobytes of rows of a few bytes would take gigabytes."""
    monkeypatch.setattr(compressed, "MOST_ROWS", 50_000)
    head = b'{"label":1,"text":"a"}\n' if row.startswith(b"{") else b"label,text\n1,a\n"
    name = "r.jsonl.gz" if row.startswith(b"{") else "r.csv.gz"
    told = fails(write(name, compress(head + row * 200_000)))
    assert "unpacks to more than 50,000 rows, which is more than it has bytes" in told


def test_a_million_rows_are_the_most_that_are_held(write, fails):
    name = write("r.csv.gz", gzip.compress(b"label,text\n" + b"1,a\n" * 20_000_000, 1))
    tracemalloc.start()
    told = fails(name)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "unpacks to more than 1,000,000 rows" in told
    assert peak < 500 << 20


def test_a_document_of_tiny_objects(write, fails):
    told = fails(write("r.json.gz", gzip.compress(b"[" + b"{}," * 2_000_000 + b"{}]")))
    assert "unpacks to more than 1,000,000 rows" in told


def test_so_many_rows_are_read_from_a_file_that_has_as_many_bytes(write, monkeypatch):
    """However often it is rewound: rows are counted once."""
    monkeypatch.setattr(compressed, "MOST_ROWS", 10)
    rows = b"".join(b"%d,%d\n" % (i % 2, i * i) for i in range(500))
    name = write("r.csv.gz", gzip.compress(b"label,text\n" + rows))
    assert len(read(name)) == 500
