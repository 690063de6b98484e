"""Files of fields as programs write them: quotes between tabs, other separators, empty rows."""

import csv
import io

import pytest

from attnpool.data import read

TEXTS = ["plain", 'he said "no"', "two\nlines", "a\ttab", 'all "" of\t"it"\n', "5 inch"]


def tab_file(texts, quoting=csv.QUOTE_MINIMAL, end="\n"):
    """What pandas' `to_csv(sep="\\t")` writes: it uses the same writer."""
    file = io.StringIO()
    out = csv.writer(file, delimiter="\t", quoting=quoting, lineterminator=end)
    out.writerows([("label", "text"), *(("01"[i % 2], text) for i, text in enumerate(texts))])
    return file.getvalue()


@pytest.mark.parametrize("name", ["r.tsv", "r.txt", "r.csv"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_tab_file_that_quotes(write, name, quoting, end):
    rows = read(write(name, tab_file(TEXTS, quoting, end)))
    assert rows.texts == (TEXTS,)


@pytest.mark.parametrize("text", ['he said "no"', "two\nlines", "a\ttab"])
def test_one_quoted_field_is_evidence(write, text):
    assert read(write("r.tsv", tab_file(["a", text, "b"]))).texts == (["a", text, "b"],)


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
def test_a_column_that_is_quoted_throughout(write, quoting):
    assert read(write("r.tsv", tab_file(["a", "b", "c"], quoting))).texts == (["a", "b", "c"],)


@pytest.mark.parametrize(
    "odd",
    ['"open, never closed', '"both" he said', 'a 5" screen', '"both"', '"', 'say ""x""', '"a" "b"'],
)
def test_a_quote_out_of_place_makes_all_quotes_ordinary(write, odd):
    """One field that no writer of quotes would write, beside one that it would."""
    fields = ["plain", '"he said ""no"""' if odd != '"both"' else "b", odd, "plain"]
    text = "label\ttext\n" + "".join(f"1\t{field}\n" for field in fields)
    assert read(write("r.tsv", text)).texts == (fields,)


def test_a_quote_that_is_never_closed_is_not_looked_for_in_the_whole_file(write):
    fields = ['"open', *["x"] * 3000, 'close"']
    text = "label\ttext\n" + "".join(f"1\t{field}\n" for field in fields)
    assert read(write("r.tsv", text)).texts == (fields,)


def test_a_named_set_keeps_its_quotes(write):
    rows = read(write("train.txt", 'a\t"b ""c"""\t1\n'), dataset="lcqmc")
    assert rows.texts == (["a"], ['"b ""c"""'])


@pytest.mark.parametrize("mark", ["|", ";", "\t", "\x01", ","])
@pytest.mark.parametrize("name", ["r.csv", "r.txt", "r.tsv"])
def test_other_separators(write, mark, name):
    others = "".join(c for c in ", ; |" if c != mark)
    texts = [f"a{others} b", "c", f"d{others}{others}"]
    if mark == "," and name == "r.csv":
        texts = [text.replace(",", "") for text in texts]
    rows = read(write(name, "".join(f"{mark.join(row)}\n" for row in zip(
        ["label", "1", "0", "1"], ["text", *texts], strict=True))))  # fmt: skip
    assert rows.texts == (texts,)
    assert rows.source.separator == mark


@pytest.mark.parametrize("mark", ["|", ";"])
def test_another_mark_inside_a_comma_file_is_text(write, mark):
    write("r.csv", f"mine,said{mark}now\n1,a{mark}b\n0,c{mark}d\n")
    rows = read("r.csv", text=[f"said{mark}now"], label="mine")
    assert rows.texts == ([f"a{mark}b", f"c{mark}d"],)


def test_a_separator_that_fits_all_rows_beats_the_usual_one(write):
    rows = read(
        write("r.csv", 'mine|said\n1|"a | b"\n0|too slow, too loud, bad\n'),
        text=["said"],
        label="mine",
    )
    assert rows.texts == (["a | b", "too slow, too loud, bad"],)


@pytest.mark.parametrize("head", ["label, text", "label,text"])
@pytest.mark.parametrize("mark", [",", ";"])
def test_a_blank_before_a_quote(write, head, mark):
    rows = [head, '0, "the pump, too slow"', '1, "said ""no"", twice"', "0, fine"]
    # Only the first comma of a line separates.
    rows = read(write("r.csv", "".join(row.replace(",", mark, 1) + "\n" for row in rows)))
    assert rows.texts == (["the pump, too slow", 'said "no", twice', "fine"],)
    assert rows.labels == ["0", "1", "0"]


def test_a_blank_before_a_quote_far_down(write):
    plain = [f"text {i}" for i in range(200)]
    lines = [f"1, {text}\n" for text in plain]
    rows = read(write("r.csv", "label, text\n" + "".join(lines) + '0, "a, b"\n'))
    assert rows.texts == ([*plain, "a, b"],)


@pytest.mark.parametrize(
    ("line", "text"),
    [("1,  a ", "  a "), ('1, "x" he said', ' "x" he said'), ('1,"a, ""b"""', 'a, "b"')],
)
def test_blanks_of_a_text_stay(write, line, text):
    assert read(write("r.csv", f"label,text\n0,b\n{line}\n")).texts[0][1] == text


def test_wholly_empty_rows(write, fails):
    write("r.csv", ",,\nlabel,text,note\n1,a,\n,,\n , ,\n,,,,\n0,b,x\n,,\n")
    rows = read("r.csv")
    assert (rows.texts, rows.labels, rows.skipped) == ((["a", "b"],), ["1", "0"], 0)
    write("bad.csv", "label,text,note\n1,a,\n,,\n,,x\n")
    assert fails("bad.csv").startswith("bad.csv, row 3: no label")
    kept = read("r.csv", labelled=False)
    assert kept.texts == (["a", "", " ", "b", ""],)


def test_an_empty_object_is_an_empty_row(write):
    rows = read(write("r.jsonl", '{"text": "a", "label": 1}\n{"text": "", "label": null}\n'))
    assert rows.texts == (["a"],)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_first_line_that_tells_excel_the_separator(write, fails, mark):
    rows = [f"sep={mark}", f"label{mark}text", f"1{mark}房间，很好", f"0{mark}太吵", ""]
    read_rows = read(write("r.csv", "\r\n".join(rows)), originals=True)
    assert (read_rows.texts, read_rows.labels) == ((["房间，很好", "太吵"],), ["1", "0"])
    assert read_rows.originals.columns == ["label", "text"]
    assert read_rows.source.separator == mark
    assert list(read_rows.places) == [1, 2]
    write("r.csv", "\r\n".join([rows[0], *rows[2:]]))
    assert read("r.csv", header=False, text=["2"], label="1").labels == ["1", "0"]


@pytest.mark.parametrize("between", [0, 2, 10, 998])
@pytest.mark.parametrize("columns", [("text", "label"), ("label", "text"), ("text", "label", "x")])
def test_quotes_of_two_texts_join_no_rows(write, between, columns):
    texts = ["fine room", '"I loved it.', *["rude staff"] * between, 'I will be back."', "slow bar"]
    rows = [columns]
    rows += [tuple({"text": t, "label": "1", "x": "y"}[c] for c in columns) for t in texts]
    found = read(write("r.tsv", "".join("\t".join(row) + "\n" for row in rows)))
    assert found.texts == (texts,)


def test_a_line_of_another_width_makes_quotes_ordinary(write):
    text = 'text\tlabel\n"a ""b"" c"\t1\nplain\t0\tx\n'
    rows = read(write("r.tsv", text), skip_bad_rows=True)
    assert rows.texts == (['"a ""b"" c"'],)


@pytest.mark.parametrize("blank", ["\t", "  ", " \t "])
def test_any_blank_may_follow_a_label_of_fasttext(write, blank):
    rows = read(write("r.txt", f"__label__1{blank}the room\n__label__0{blank}a bar\n"))
    assert (rows.texts, rows.labels) == ((["the room", "a bar"],), ["1", "0"])


def test_a_comma_behind_a_label_is_no_fasttext(write, fails):
    assert "which column" in fails(write("r.csv", "__label__x,foo bar\n__label__y,a b\n"))


def test_a_comma_in_a_text_before_its_label_is_fasttext(write):
    rows = read(write("r.txt", "Great, thanks __label__1\nbad, sadly __label__0\n"))
    assert (rows.texts, rows.labels) == ((["Great, thanks", "bad, sadly"],), ["1", "0"])
