"""News: titles and articles of THUCNews, and sets derived from it."""

from __future__ import annotations

from attnpool.data.datasets.articles import FOLDER, Articles
from attnpool.data.datasets.spec import TRAIN_DEV_TEST, NamedDataset

THUCNEWS_TITLES = NamedDataset(
    name="thucnews-titles",
    files="THUCNews-title-label.txt",
    row="title<TAB>label; bracketed parts such as (图) are removed unless asked not to",
    size="one title for each of the articles of THUCNews, 14 classes",
    source="made from THUCNews, http://thuctc.thunlp.org/",
    parts={"train": ("THUCNews-title-label.txt",)},
    order=("text", "label"),
    blank_texts=True,  # some articles have no title
    cleanup=("parentheses",),
)

THUCNEWS_TITLES_10 = NamedDataset(
    name="thucnews-titles-10",
    files="a folder with train.txt, dev.txt, test.txt and class.txt",
    row="title<TAB>index, counted from 0, into the lines of class.txt",
    size="180,000 titles to train on, 10,000 and 10,000 to test, 10 classes",
    source="https://github.com/649453932/Chinese-Text-Classification-Pytorch, THUCNews/data",
    parts=TRAIN_DEV_TEST,
    order=("text", "label"),
    class_file=True,
)

THUCNEWS_ARTICLES = NamedDataset(
    name="thucnews-articles",
    files=f"{FOLDER}/CLASS/*.txt",
    row="one file an article: the first line is its title, the rest the text; its folder the label",
    size="836,075 articles, 14 classes",
    source="http://thuctc.thunlp.org/",
    parts={"train": ()},
    order=("text", "label"),
    reader=Articles,
    whole_folder=True,
)

CNEWS = NamedDataset(
    name="cnews",
    files="cnews.train.txt, cnews.val.txt, cnews.test.txt, one of them or a folder of them",
    row="label<TAB>article",
    size="50,000 articles to train on, 5,000 and 10,000 to test, 10 classes",
    source="https://github.com/gaussic/text-classification-cnn-rnn",
    parts={
        "train": ("cnews.train.txt", "cnews.txt"),
        "validation": ("cnews.val.txt",),
        "test": ("cnews.test.txt",),
    },
    order=("label", "text"),
)

NEWS = (THUCNEWS_TITLES, THUCNEWS_TITLES_10, THUCNEWS_ARTICLES, CNEWS)
