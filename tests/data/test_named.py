"""Named data sets in the formats they are published in."""

from pathlib import Path

import polars as pl
import pytest

from attnpool.data import NAMED, Reading, has_part, read
from attnpool.data.datasets.registry import part_file


def test_every_set_is_described_and_named_once():
    assert list(NAMED) == [
        *("hotel", "weibo-senti-100k", "simplifyweibo-4-moods", "simplifyweibo-3-moods"),
        *("thucnews-titles", "thucnews-titles-10", "thucnews-articles", "cnews"),
        *("sst2", "lcqmc", "afqmc", "atec-ccks", "xnli"),
    ]
    for name, dataset in NAMED.items():
        assert dataset.name == name
        for words in (dataset.files, dataset.row, dataset.size, dataset.source):
            assert words.strip()
            assert words.isprintable()
        assert dataset.texts == (2 if dataset.task == "match" else 1)
    assert NAMED["weibo-senti-100k"].cleanup == ("bracket-emoji",)
    assert NAMED["thucnews-titles"].cleanup == ("parentheses",)


@pytest.mark.parametrize("dataset", ["hotel", "weibo-senti-100k"])
@pytest.mark.parametrize("header", ["label,review\n", "\ufefflabel,review\n", ""])
def test_sentiment(write, dataset, header):
    rows = read(write("r.csv", f'{header}1,"好,[泪]"\n0,差\n'), dataset=dataset)
    assert rows.texts == (["好,[泪]", "差"],)
    assert rows.labels == ["正面", "负面"]
    assert rows.reading == Reading(dataset)


def test_moods(write):
    write("r.csv", "label,review\n0,a\n1,b\n2,c\n3,d\n")
    four = read("r.csv", dataset="simplifyweibo-4-moods")
    assert four.labels == ["喜悦", "愤怒", "厌恶", "低落"]
    three = read("r.csv", dataset="simplifyweibo-3-moods")
    assert three.labels == ["愤怒", "厌恶", "低落"]
    assert three.texts == (["b", "c", "d"],)
    assert three.skipped == 0, "rows that are not of the set are not bad"


def test_an_unknown_label(write, fails):
    write("r.csv", "label,review\n1,a\n5,b\n")
    assert fails("r.csv", dataset="hotel") == (
        "r.csv, row 2: the label '5' is none of '1', '0'; fix the file, or use --skip-bad-rows"
    )
    assert read("r.csv", dataset="hotel", skip_bad_rows=True).labels == ["正面"]
    assert read("r.csv", dataset="hotel", labelled=False).labels == ["正面", "5"]


def test_labels_may_be_names_already(write):
    assert read(write("r.csv", "label,review\n正面,a\n0,b\n"), dataset="hotel").labels == [
        "正面",
        "负面",
    ]


def test_the_published_hotel_file_has_a_row_without_text(write, fails):
    write("r.csv", "label,review\n1,a\n0,\n0,b\n")
    rows = read("r.csv", dataset="hotel")
    assert (rows.texts, rows.skipped) == ((["a", "b"],), 1)
    assert "row 2: no text" in fails("r.csv", dataset="weibo-senti-100k")


def test_without_its_name_a_set_is_any_file(write):
    rows = read(write("ChnSentiCorp_htl_all.csv", "label,review\n1,a\n0,b\n"))
    assert rows.labels == ["1", "0"]
    assert rows.reading == Reading(None, ("review",), "label")


def test_titles(write, fails):
    write("t.txt", '“A"(图)\t财经\n\t体育\nB(组图)\t体育\n')
    rows = read("t.txt", dataset="thucnews-titles")
    assert rows.texts == (['“A"(图)', "B(组图)"],), "rows are raw; models clean"
    assert rows.labels == ["财经", "体育"]
    assert rows.skipped == 1
    write("t.txt", "a\t财经\nb\nc\td\te\n")
    assert fails("t.txt", dataset="thucnews-titles") == (
        "t.txt, row 2: 1 field where 2 are expected (1 more bad row: 3); "
        "fix the file, or use --skip-bad-rows"
    )


def test_titles_by_index(write, fails):
    write("d/train.txt", "甲\t1\n乙\t0\n")
    assert fails("d/train.txt", dataset="thucnews-titles-10") == (
        "d/train.txt: no class.txt beside it, which names the classes line by line; put it there"
    )
    assert read("d/train.txt", dataset="thucnews-titles-10", labelled=False).labels is None
    write("d/class.txt", "finance\nrealty\n")
    write("d/dev.txt", "丙\t0\n")
    rows = read("d", dataset="thucnews-titles-10")
    assert (rows.texts, rows.labels) == ((["甲", "乙"],), ["realty", "finance"])
    dev = read("d", dataset="thucnews-titles-10", part="validation")
    assert (dev.texts, dev.labels) == ((["丙"],), ["finance"])
    assert fails("d", dataset="thucnews-titles-10", part="test").startswith("d: no test.txt or ")
    write("d/dev.txt", "丙\t2\n")
    assert "d/dev.txt, row 1: the label '2' is none of '0', '1'" in fails(
        "d", dataset="thucnews-titles-10", part="validation"
    )


def test_cnews(write):
    write("c/cnews.train.txt", '体育\t他说"好\n财经\t涨了\n', "gb18030")
    write("c/cnews.val.txt", "体育\t二\n")
    rows = read("c", dataset="cnews")
    assert (rows.texts, rows.labels) == ((['他说"好', "涨了"],), ["体育", "财经"])
    assert read("c", dataset="cnews", part="validation").texts == (["二"],)
    assert read("c/cnews.val.txt", dataset="cnews", part="test").texts == (["二"],)


@pytest.mark.parametrize("head", ["", "label\ttext\n", "Label\tsentence\n"])
def test_sst2(write, head):
    rows = read(write("t.tsv", f'{head}1\ta "stirring film\n0\tdull\n'), dataset="sst2")
    assert rows.texts == (['a "stirring film', "dull"],)
    assert rows.labels == ["positive", "negative"]


def test_sst2_with_its_columns_in_another_order(write):
    rows = read(write("t.tsv", "sentence\tlabel\na film\t1\n"), dataset="sst2")
    assert (rows.texts, rows.labels) == ((["a film"],), ["positive"])
    rows = read(write("t.tsv", "index\tsentence\n0\ta film\n"), dataset="sst2", labelled=False)
    assert (rows.texts, rows.labels) == ((["a film"],), None)


def test_a_first_row_of_one_word_is_no_header(write):
    assert len(read(write("t.tsv", "1\temotion\n0\tdull\n"), dataset="sst2")) == 2


@pytest.mark.parametrize("dataset", ["lcqmc", "afqmc", "atec-ccks"])
@pytest.mark.parametrize("name", ["p.txt", "p.csv", "p"])
@pytest.mark.parametrize("head", ["", "text_a\ttext_b\tlabel\n"])
def test_pairs(write, dataset, name, head):
    rows = read(write(name, f"{head}问, 一\t问二\t1\n问三\t问四\t0\n"), dataset=dataset)
    assert rows.texts == (["问, 一", "问三"], ["问二", "问四"])
    assert rows.labels == ["匹配", "不匹配"]


def test_pairs_separated_by_commas(write):
    write("p.csv", 'sentence1,sentence2,label\n"a, b",c,1\n')
    assert read("p.csv", dataset="lcqmc").texts == (["a, b"], ["c"])


def test_pairs_in_json_lines(write):
    write("train.json", '{"sentence1": "a", "sentence2": "b", "label": "0"}\n')
    rows = read(".", dataset="afqmc")
    assert (rows.texts, rows.labels) == ((["a"], ["b"]), ["不匹配"])


def test_atec_has_an_id_in_front(write, fails):
    write("atec_nlp_sim_train.csv", "\ufeff1\t怎么还\t如何还\t1\n2\t甲\t乙\t0\n")
    rows = read(".", dataset="atec-ccks")
    assert rows.texts == (["怎么还", "甲"], ["如何还", "乙"])
    assert rows.labels == ["匹配", "不匹配"]
    write("new.csv", "1\t怎么还\t如何还\n")
    rows = read("new.csv", dataset="atec-ccks", labelled=False)
    assert (rows.texts, rows.labels) == ((["怎么还"], ["如何还"]), None)
    assert "row 1: no text" not in fails("new.csv", dataset="atec-ccks")
    assert "row 1: the label '如何还' is none of '1', '0'" in fails("new.csv", dataset="atec-ccks")


@pytest.mark.parametrize(
    ("dataset", "line", "texts"),
    [
        ("thucnews-titles", "标题, 好", (["标题, 好"],)),
        ("cnews", "文章", (["文章"],)),
        ("sst2", "a film", (["a film"],)),
        ("lcqmc", "问一\t问二", (["问一"], ["问二"])),
        ("hotel", "只有评论", (["只有评论"],)),
    ],
)
def test_new_texts_without_labels(write, dataset, line, texts):
    rows = read(write("new.txt", line + "\n"), dataset=dataset, labelled=False)
    assert (rows.texts, rows.labels) == (texts, None)


def test_columns_put_the_layout_aside_and_keep_the_label_names(write):
    write("r.jsonl", '{"said": "a", "stars": 1}\n')
    pl.DataFrame({"said": ["a"], "stars": [1]}).write_parquet("r.parquet")
    write("r.csv", "said,stars\na,1\n")
    for name in ("r.jsonl", "r.parquet", "r.csv"):
        rows = read(name, dataset="hotel", text=["said"], label="stars")
        assert rows.labels == ["正面"]
        assert read(name, reading=rows.reading).labels == ["正面"]


def test_a_headed_csv_for_a_set_of_tabs(write):
    rows = read(write("r.csv", "title,label\na,财经\n"), dataset="thucnews-titles")
    assert (rows.texts, rows.labels) == ((["a"],), ["财经"])


def test_missing_columns_of_a_named_set(write, fails):
    write("r.csv", "id,review\n1,a\n")
    assert fails("r.csv", dataset="hotel") == (
        "r.csv: which column is the label? Columns other than the text: 'id'; name it with --label"
    )
    write("r.csv", "review,label\na,1\n")
    assert "which column is the text?" in fails("r.csv", dataset="lcqmc")


def test_unknown_names_list_the_known_and_suggest_the_nearest(write, fails):
    write("r.csv", "label,review\n1,a\n")
    assert fails("r.csv", dataset="weibo_senti_100K").startswith(
        "no dataset is called 'weibo_senti_100K' (did you mean weibo-senti-100k?); choose from "
    )
    assert "did you mean" not in fails("r.csv", dataset="q")


def test_parts(write):
    write("d/train.txt", "a\tb\t1\n")
    write("d/dev.tsv", "a\tb\t1\n")
    assert [has_part("d", "lcqmc", part) for part in ("train", "validation", "test")] == [
        True,
        True,
        False,
    ]
    assert part_file(Path("d"), NAMED["lcqmc"], "validation").name == "dev.tsv"
    assert has_part("d/train.txt", "lcqmc", "train")
    assert not has_part("d/train.txt", "lcqmc", "validation")
    assert not has_part("d", None, "train")
    assert not has_part("none", "lcqmc", "train")
    assert has_part("d", "thucnews-articles", "train")
    assert not has_part("d", "thucnews-articles", "test")
