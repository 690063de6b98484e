"""JSON lines."""

import pytest

from attnpool.data import read


@pytest.mark.parametrize("name", ["r.jsonl", "r.ndjson", "r.json"])
def test_objects_one_a_line(write, name):
    write(name, '{"text": "好\\n的", "label": 1, "id": [1]}\r\n\n{"label": "0", "text": "差"}')
    rows = read(name)
    assert rows.texts == (["好\n的", "差"],)
    assert rows.labels == ["1", "0"]
    assert rows.reading.text == ("text",)


def test_values_that_are_not_texts(write):
    lines = ["1", "1.0", "1.5", "true", '"x"']
    write("r.jsonl", "".join(f'{{"text": {v}, "label": {v}}}\n' for v in lines))
    rows = read("r.jsonl")
    assert rows.labels == ["1", "1", "1.5", "true", "x"]
    assert rows.texts[0] == rows.labels


def test_lone_surrogates_pass(write):
    rows = read(write("r.jsonl", '{"text": "a\\ud800b", "label": "x"}\n'))
    assert rows.texts == (["a\ud800b"],)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{'text': 1}", "not valid JSON"),
        ('{"text": "a", "label": "b"', "not valid JSON"),
        ("[" * 200_000, "not valid JSON, or nested too deep"),
        ('{"label": "b", "text": ' + "1" * 5000 + "}", "a number of more than 4,300 digits"),
        ('["a", "b"]', "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"label": "b"}', "no text in 'text'"),
        ('{"text": "a", "label": null}', "no label"),
        ('{"text": "a", "label": NaN}', "no label"),
        ('{"text": ["a"], "label": "b"}', "'text' holds a list or an object, not a text"),
    ],
)
def test_bad_lines_are_named(write, fails, line, why):
    write("r.jsonl", f'{{"text": "a", "label": "b"}}\n\n{line}\n')
    assert fails("r.jsonl") == (f"r.jsonl, line 3: {why}; fix the file, or use --skip-bad-rows")
    rows = read("r.jsonl", skip_bad_rows=True)
    assert (len(rows), rows.skipped) == (1, 1)


def test_a_malformed_first_line(write, fails):
    write("r.jsonl", 'oops\n{"text": "a", "label": "b"}\n')
    assert "r.jsonl, line 1: not valid JSON" in fails("r.jsonl")


LONG = '{"text": "a", "label": ' + "1" * 5000 + "}"


@pytest.mark.parametrize("content", [LONG, f"[{LONG}]", f"[\n{LONG},\n{LONG}\n]", f"\n{LONG}\n"])
@pytest.mark.parametrize("name", ["r.jsonl", "r.json"])
def test_a_number_that_is_too_long_is_no_fault_of_the_syntax(write, fails, content, name):
    told = fails(write(name, content))
    assert "a number of more than 4,300 digits; write it as a text, in quotes" in told
    assert "not valid JSON" not in told


def test_nothing_in_it(write, fails):
    write("r.jsonl", "\n")
    assert fails("r.jsonl") == "r.jsonl is empty; give a file with data"


def test_missing_keys(write, fails):
    write("r.jsonl", '{"body": "a", "label": "b"}\n')
    assert fails("r.jsonl", text=["text"]).startswith(
        "r.jsonl: no column 'text'; its columns are 'body', 'label'"
    )


def test_lines_behind_a_broken_first_one_are_still_lines(write):
    write("r.jsonl", '{"text": "cut\n{"text": "b", "label": "1"}\n{"text": "c", "label": "0"}\n')
    rows = read("r.jsonl", skip_bad_rows=True)
    assert (rows.texts, rows.labels) == ((["b", "c"],), ["1", "0"])
    assert [row.place for row in rows.bad_rows] == [1]
