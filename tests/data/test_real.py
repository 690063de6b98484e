"""The public files themselves: every row arrives, under the right label, and nothing is lost."""

import csv
import gzip
import json
import lzma
from collections import Counter
from functools import partial

import polars as pl
import pytest

from attnpool.data import read

pytestmark = pytest.mark.real

TITLES = {"社会", "体育", "娱乐", "科技", "教育", "游戏", "时政", "财经", "股票", "房产"}
CNEWS = {"体育", "财经", "游戏", "房产", "教育", "娱乐", "科技", "家居", "时尚", "时政"}
SENTIMENT = {"正面", "负面"}
MATCH = {"匹配", "不匹配"}
ENGLISH = {"positive", "negative"}
MOODS = {"愤怒", "厌恶", "低落"}

FILES = [
    ("ChnSentiCorp_htl_all.csv", "hotel", 6190, SENTIMENT),
    ("weibo_senti_100k.csv", "weibo-senti-100k", 19092, SENTIMENT),
    ("simplifyweibo_4_moods.csv", "simplifyweibo-4-moods", 1591, MOODS | {"喜悦"}),
    ("simplifyweibo_4_moods.csv", "simplifyweibo-3-moods", 1191, MOODS),
    ("THUCNews-title-label.txt", "thucnews-titles", 63769, TITLES),
    ("cnews/cnews.txt", "cnews", 692, CNEWS),
    ("cnews", "cnews", 692, CNEWS),
    ("LCQMC/train.txt", "lcqmc", 12500, MATCH),
    ("LCQMC/dev.txt", "lcqmc", 4374, MATCH),
    ("AFQMC/train.txt", "afqmc", 34334, MATCH),
    ("SST2/train.tsv", "sst2", 6911, ENGLISH),
    ("SST2/dev.tsv", "sst2", 872, ENGLISH),
]


@pytest.mark.parametrize(("file", "dataset", "count", "labels"), FILES)
def test_every_row_arrives(real_data, file, dataset, count, labels):
    rows = read(real_data / file, dataset=dataset)
    assert len(rows) == len(rows.labels) == count
    assert set(rows.labels) == labels
    assert rows.skipped == 0
    assert all(text.strip() for texts in rows.texts for text in texts)


@pytest.mark.parametrize("file", [file for file, *_ in FILES if "." in file])
def test_no_character_is_lost(real_data, file):
    """Texts and labels together are the file, but for separators, quoting and line ends."""
    dataset = next(dataset for name, dataset, *_ in FILES if name == file)
    raw = (real_data / file).read_text(encoding="utf-8")
    rows = read(real_data / file, dataset=dataset)
    ignored = set('\n\t,"') | set("0123456789")
    got = Counter("".join(text for texts in rows.texts for text in texts))
    if dataset in {"thucnews-titles", "cnews"}:
        got.update("".join(rows.labels))
    else:
        raw = raw.removeprefix("label,review").removeprefix("label\ttext")
    want = Counter(raw)
    for char in ignored:
        got.pop(char, None)
        want.pop(char, None)
    assert got == want


def test_counts_of_labels(real_data):
    hotel = Counter(read(real_data / "ChnSentiCorp_htl_all.csv", dataset="hotel").labels)
    assert hotel == {"正面": 4264, "负面": 1926}
    pairs = Counter(read(real_data / "AFQMC", dataset="afqmc").labels)
    assert pairs == {"不匹配": 23761, "匹配": 10573}


def test_parts_of_a_folder(real_data):
    assert len(read(real_data / "SST2", dataset="sst2")) == 6911
    assert len(read(real_data / "SST2", dataset="sst2", part="validation")) == 872


@pytest.mark.parametrize(
    ("file", "options", "count"),
    [
        ("ChnSentiCorp_htl_all.csv", {}, 6190),
        ("SST2/dev.tsv", {}, 872),
        ("rationale_zh/car_reviews.csv", {"label": "sentiment_value"}, 6260),
        ("rationale_en/yelp_50words.csv", {"text": "Input.text", "label": "Input.label"}, 419),
        ("rationale_en/yelp_100words.csv", {"text": "Input.text", "label": "Input.label"}, 676),
    ],
)
def test_without_a_name(real_data, file, options, count):
    assert len(read(real_data / file, **options)) == count


def write_fields(path, texts, labels, mark=",", opener=open):
    with opener(path, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=mark).writerows(
            [("label", "text"), *zip(labels, texts, strict=True)]
        )


def write_json(path, texts, labels, *, lines=False):
    rows = [{"label": a, "text": b} for a, b in zip(labels, texts, strict=True)]
    forms = [json.dumps(row, ensure_ascii=False) for row in rows] if lines else [json.dumps(rows)]
    path.write_text("\n".join(forms), "utf-8")


FORMS = {
    "r.csv": write_fields,
    "r.csv.gz": partial(write_fields, opener=gzip.open),
    "r.csv.xz": partial(write_fields, opener=lzma.open),
    "r.tsv": partial(write_fields, mark="\t"),
    "tab.csv": partial(write_fields, mark="\t"),
    "pipe.csv": partial(write_fields, mark="|"),
    "r.json": write_json,
    "r.jsonl": partial(write_json, lines=True),
    "r.parquet": lambda path, texts, labels: pl.DataFrame(
        {"label": labels, "text": texts}
    ).write_parquet(path),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("file", "dataset"),
    [
        ("ChnSentiCorp_htl_all.csv", "hotel"),
        ("THUCNews-title-label.txt", "thucnews-titles"),
        ("SST2/train.tsv", "sst2"),
    ],
)
def test_every_form_of_a_file_has_the_same_rows(real_data, tmp_path, form, file, dataset):
    rows = read(real_data / file, dataset=dataset)
    texts, labels = rows.texts[0][:2000], rows.labels[:2000]
    FORMS[form](tmp_path / form, texts, labels)
    again = read(tmp_path / form)
    assert again.texts == (texts,)
    assert again.labels == labels
