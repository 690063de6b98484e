"""Files without a header, and plain text."""

import pytest

from attnpool.data import Reading, read

CSV = '"1","慢，吵","很慢"\n"2","快","很快"\n'


@pytest.mark.parametrize("name", ["r.csv", "r.tsv", "r.txt"])
@pytest.mark.parametrize(("text", "label"), [("2", "1"), ("column_2", "column_1"), (" 2", "01")])
def test_columns_are_named_by_number(write, name, text, label):
    content = CSV if name == "r.csv" else CSV.replace(",", "\t").replace('"', "")
    rows = read(write(name, content), text=[text], label=label, header=False, originals=True)
    assert (rows.texts, rows.labels) == ((["慢，吵", "快"],), ["1", "2"])
    assert rows.originals.columns == ["column_1", "column_2", "column_3"]
    assert rows.source.header is False
    assert rows.reading == Reading(None, ("column_2",), "column_1", header=False)
    again = read(name, reading=Reading.from_dict(rows.reading.to_dict()))
    assert (again.texts, again.labels) == (rows.texts, rows.labels)


def test_pairs_without_a_header(write):
    rows = read(write("p.tsv", "a\tb\t1\nc\td\t0\n"), text=["1", "2"], label="3", header=False)
    assert (rows.texts, rows.labels) == ((["a", "c"], ["b", "d"]), ["1", "0"])


def test_bad_rows_count_from_the_first(write, fails):
    options = {"text": ["2"], "label": "1", "header": False}
    write("r.csv", "1,a\n,b\n")
    assert fails("r.csv", **options).startswith("r.csv, row 2: no label")
    write("r.csv", '1,a\n2,"open\n')
    assert fails("r.csv", **options).startswith("r.csv, row 2: a quotation mark opens")


@pytest.mark.parametrize(
    ("content", "offer"),
    [
        (CSV, "--no-header --text 2 --label 1"),
        ("这家酒店的房间\t体育\n那家\t体育\n", "--no-header --text 1 --label 2"),
        ("1\ta very slow pump\n2\ta quick one\n", "--no-header --text 2 --label 1"),
    ],
)
@pytest.mark.parametrize("named", [{}, {"text": ["1"]}, {"text": ["1"], "label": "2"}])
def test_the_error_offers_it(write, fails, content, offer, named):
    told = fails(write("r.csv", content), **named)
    assert told.endswith(f"; if the first row is data, use {offer}")


def test_a_header_is_not_taken_for_data(write, fails):
    told = fails(write("r.csv", "said,seen,mine\na,b,1\nc,d,2\n"))
    assert "which column is the text?" in told
    assert "--no-header" not in told
    assert "numbers name columns only with --no-header" in fails("r.csv", text=["2"])


def test_numbers_that_are_not_there(write, fails):
    write("r.csv", "1,a\n2,b\n")
    assert "no column 'column_9'; its columns are 'column_2', 'column_1'" in fails(
        "r.csv", text=["9"], label="1", header=False
    )
    assert "no column 'column_0'" in fails("r.csv", text=["0"], label="1", header=False)
    assert fails("r.csv", header=False) == (
        "r.csv: which column is the text? The first row is '1', 'a'; "
        "name columns by number, such as --text 2 --label 1"
    )
    assert read("r.csv", label="1", header=False).texts == (["a", "b"],)


@pytest.mark.parametrize("name", ["r.jsonl", "r.json"])
def test_other_formats_have_names(write, fails, name):
    write(name, '{"text": "a", "label": 1}\n')
    told = fails(name, text=["1"], label="2", header=False)
    assert told == f"{name}: --no-header is for CSV, tab-separated and Excel files; leave it out"


@pytest.mark.parametrize(
    ("name", "content"),
    [("r.csv", "label,text\n1,a\n"), ("r.jsonl", '{"text": "a", "label": 1}\n')],
)
def test_a_file_with_a_header_after_one_without(write, name, content):
    reading = Reading(None, ("column_2",), "column_1", header=False)
    rows = read(write(name, content), reading=reading)
    assert (rows.texts, rows.labels) == ((["a"],), ["1"])
    assert "has no column 'column_2', 'column_1'; reading 'text' as the text" in rows.notes[0]


def test_a_file_without_a_header_after_one_with(write):
    reading = read(write("a.csv", "label,review\n1,a\n")).reading
    rows = read(write("b.csv", "b,2\nc,3\n"), reading=reading, text=["1"], label="2", header=False)
    assert (rows.texts, rows.labels) == ((["b", "c"],), ["2", "3"])


TRAINED = [
    None,
    Reading(None, ("review",), "label"),
    Reading(None, ("column_2",), "column_1", header=False),
    Reading("hotel"),
    Reading("lcqmc"),
    Reading("thucnews-titles"),
]


@pytest.mark.parametrize("reading", TRAINED)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("last", ["\n", ""])
def test_plain_text_is_one_text_a_line(write, reading, encoding, last):
    lines = [
        "房间很干净，但是隔音太差",
        '他说"好',
        "",
        "没有 | 标签, 的; 文字",
        "中间\t有制表符",
        "完",
    ]
    write("new.txt", "\n".join(lines) + last, encoding)
    rows = read("new.txt", reading=reading, labelled=False, originals=True)
    assert rows.texts == (lines,)
    assert rows.labels is None
    assert rows.originals.columns == ["text"]
    assert rows.notes == (
        "new.txt has no header that names a text column; reading one text per line",
    )


PAIRS = [None, Reading("lcqmc"), Reading(None, ("s1", "s2"), "label")]


@pytest.mark.parametrize("reading", PAIRS)
def test_plain_pairs(write, reading):
    options = {"reading": reading, "labelled": False, "texts_per_line": 2}
    rows = read(write("new.txt", "甲,乙\t乙\n丙\t丁\n"), **options)
    assert rows.texts == (["甲,乙", "丙"], ["乙", "丁"])


def test_a_plain_pair_needs_two(write, fails):
    write("new.txt", "甲\t乙\n丙\n\n")
    told = fails("new.txt", labelled=False, texts_per_line=2)
    assert told.startswith("new.txt, line 2: 1 text; a pair is two texts with a tab between")
    rows = read("new.txt", labelled=False, texts_per_line=2, skip_bad_rows=True)
    assert rows.texts == (["甲", ""], ["乙", ""])


def test_a_header_in_plain_text_is_one(write):
    assert read(write("new.txt", "text\na\nb\n"), labelled=False).texts == (["a", "b"],)


def test_columns_are_no_plain_text(write, fails):
    write("new.txt", "房间很干净，但是隔音太差啊\t体育\n好\t财经\n")
    told = fails("new.txt", labelled=False)
    assert told.endswith("; if the first row is data, use --no-header --text 1 --label 2")


@pytest.mark.parametrize("name", ["new.txt", "new.csv"])
def test_training_needs_labels(write, fails, name):
    told = fails(write(name, "a slow pump\na quick pump\n"))
    assert told == f"{name}: one column, so no labels; add a label to each text"


def test_a_row_without_its_tab_makes_no_text_of_the_labels(write, fails):
    write("t.txt", "债券牛皮市\t财经\n中国队\t体育\n只有标题\n新电影\t娱乐\n")
    assert "which column is the text?" in fails("t.txt", labelled=False)
    stray = write("p.txt", "一句话\n两句\t话\n三句话\n")
    assert read(stray, labelled=False).texts == (["一句话", "两句\t话", "三句话"],)


def test_a_sentence_with_commas_is_no_header_of_plain_text(write):
    texts = ["Service top, class", "nice, good", "bad, ugly"]
    write("p.txt", "\n".join([*texts, ""]))
    assert read("p.txt", labelled=False).texts == (texts,)
    assert read(write("f.txt", "label,text\n1,a\n0,b\n")).labels == ["1", "0"]
