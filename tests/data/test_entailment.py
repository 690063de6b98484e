"""Three-way entailment: XNLI's own files, and pairs of any table with any labels."""

import pytest

from attnpool.data import Reading, has_part, read

DEV = "\t".join(
    [
        *("language", "gold_label", "sentence1_binary_parse", "sentence2_binary_parse"),
        *("sentence1_parse", "sentence2_parse", "sentence1", "sentence2", "promptID", "pairID"),
        *("genre", "label1", "label2", "label3", "label4", "label5"),
        *("sentence1_tokenized", "sentence2_tokenized", "match"),
    ]
)
TRAIN = "premise\thypo\tlabel\n"


def dev(*rows):
    lines = [
        f"{language}\t{label}\t\t\t\t\t{left}\t{right}\t1\t1\tfacetoface"
        f"\t{label}\tneutral\tneutral\t{label}\tneutral\t{left} .\t{right} .\tTrue"
        for language, label, left, right in rows
    ]
    return "\n".join([DEV, *lines]) + "\n"


ROWS = dev(
    ("en", "neutral", "He said so.", "He lied."),
    ("zh", "entailment", '他说"好', "他说了"),
    ("zh", "contradiction", "下雨了", "天晴"),
    ("fr", "neutral", "Il pleut.", "Il fait beau."),
)


def test_xnli_in_its_own_files(write):
    write(
        "x/multinli.train.zh.tsv", TRAIN + "我们 家里\t家 里\tcontradictory\n他 说\t谎\tneutral\n"
    )
    write("x/xnli.dev.tsv", ROWS)
    train = read("x", dataset="xnli")
    assert train.texts == (["我们 家里", "他 说"], ["家 里", "谎"])
    assert train.labels == ["contradiction", "neutral"], "one name in both files"
    held = read("x", dataset="xnli", part="validation", reading=train.reading)
    assert held.texts == (['他说"好', "下雨了"], ["他说了", "天晴"]), "Chinese alone"
    assert held.labels == ["entailment", "contradiction"]
    assert held.reading == train.reading == Reading("xnli")
    assert not has_part("x", "xnli", "test")


def test_xnli_as_it_is_unpacked(write, fails):
    write("XNLI-MT-1.0/multinli/multinli.train.zh.tsv", TRAIN + "a\tb\tneutral\nc\td\n")
    assert fails("XNLI-MT-1.0", dataset="xnli") == (
        "XNLI-MT-1.0/multinli/multinli.train.zh.tsv, row 2: 2 fields where 3 are expected; "
        "fix the file, or use --skip-bad-rows"
    )
    assert len(read("XNLI-MT-1.0", dataset="xnli", skip_bad_rows=True)) == 1


def test_columns_of_xnli_that_the_user_names(write):
    write("xnli.dev.tsv", ROWS)
    tokenised = ["sentence1_tokenized", "sentence2_tokenized"]
    rows = read("xnli.dev.tsv", dataset="xnli", text=tokenised, label="label2")
    assert rows.texts == (['他说"好 .', "下雨了 ."], ["他说了 .", "天晴 ."])
    assert rows.labels == ["neutral", "neutral"]
    assert read("xnli.dev.tsv", reading=rows.reading).texts == rows.texts


def test_xnli_keeps_all_columns_and_needs_no_labels(write):
    write("xnli.test.tsv", ROWS)
    rows = read("xnli.test.tsv", dataset="xnli", labelled=False, originals=True)
    assert rows.originals["language"] == ["zh", "zh"]
    assert rows.originals["sentence1"] == rows.texts[0]
    write("new.tsv", "language\tsentence1\tsentence2\nzh\t甲\t乙\nen\ta\tb\n")
    rows = read("new.tsv", dataset="xnli", labelled=False)
    assert (rows.texts, rows.labels) == ((["甲"], ["乙"]), None)


def test_xnli_without_a_row_in_the_language(write, fails):
    write("xnli.dev.tsv", dev(("en", "neutral", "a", "b")))
    assert fails("xnli.dev.tsv", dataset="xnli") == (
        "xnli.dev.tsv: no row has zh in its column language; leave --dataset out to read the rows "
        "of every language"
    )
    assert read("xnli.dev.tsv").labels == ["neutral"], "every language"


def test_an_unknown_label_of_xnli(write, fails):
    write("t.tsv", TRAIN + "a\tb\t-\n")
    assert "t.tsv, row 1: the label '-' is none of 'entailment', 'neutral'" in fails(
        "t.tsv", dataset="xnli"
    )


@pytest.mark.parametrize("name", ["r.csv", "r.tsv", "r.jsonl"])
def test_any_table_may_hold_pairs_with_any_number_of_labels(write, name):
    labels = ["follows", "contradicts", "neither", "unsure"]
    lines = [("said", "meant", "how"), *((f"a{y}", f"b{y}", y) for y in labels)]
    mark = "," if name.endswith("csv") else "\t"
    if name.endswith("jsonl"):
        objects = [f'{{"said": "{a}", "meant": "{b}", "how": "{y}"}}' for a, b, y in lines[1:]]
        write(name, "\n".join(objects))
    else:
        write(name, "".join(mark.join(line) + "\n" for line in lines))
    rows = read(name, text=["said", "meant"], label="how")
    assert rows.texts == ([f"a{y}" for y in labels], [f"b{y}" for y in labels])
    assert rows.labels == labels
    assert rows.reading == Reading(None, ("said", "meant"), "how")


@pytest.mark.parametrize("pair", [("premise", "hypothesis"), ("premise", "hypo")])
def test_premise_and_hypothesis_are_recognised(write, pair):
    rows = read(write("r.csv", f"id,{','.join(pair)},gold_label\n1,a,b,neutral\n"))
    assert (rows.texts, rows.labels) == ((["a"], ["b"]), ["neutral"])


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        (
            "p.txt",
            "a\tb\t1\nc\td\n",
            {"dataset": "lcqmc"},
            "p.txt, row 2: 2 fields where 3 are expected",
        ),
        (
            "p.txt",
            "a\tb\t1\nc\t0\ne\tf\tg\t1\n",
            {"dataset": "afqmc"},
            "p.txt, row 2: 2 fields where 3 are expected (1 more bad row: 3)",
        ),
        (
            "p.csv",
            "x,y,label\na,b,1\nc,1\n",
            {"text": ["x", "y"]},
            "p.csv, row 2: 2 fields where 3 are expected",
        ),
        (
            "p.tsv",
            "text_a\ttext_b\tlabel\na\tb\tc\t1\n",
            {},
            "p.tsv, row 1: 4 fields where 3 are expected",
        ),
        (
            "p.jsonl",
            '{"text_a": "a", "text_b": "b", "label": 1}\n{"text_a": "a", "label": 1}\n',
            {},
            "p.jsonl, line 2: no text in 'text_b'",
        ),
        (
            "p.csv",
            "x,label\na,1\n",
            {"text": ["x", "y"]},
            "p.csv: no column 'y'; its columns are 'x', 'label'; name one of them with --text",
        ),
    ],
)
def test_ragged_pairs(write, fails, name, content, options, message):
    write(name, content)
    assert fails(name, **options).startswith(message)
