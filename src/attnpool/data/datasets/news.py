"""News: titles and articles of THUCNews and sets made from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from attnpool.data.datasets.articles import read_articles
from attnpool.data.datasets.spec import TRAIN_DEV_TEST, NamedDataset
from attnpool.data.formats.encodings import find_encoding, open_lines
from attnpool.data.table import read_named_table
from attnpool.errors import InputError

if TYPE_CHECKING:
    from attnpool.data.source import Request, Source


def read_titles_by_index(request: Request, dataset: NamedDataset) -> Source:
    """Titles whose label is a line of `class.txt`, which lies beside the file.

    Raises:
        InputError: If labels are needed and there is no `class.txt`, or the file is not what is
            needed.
    """
    source = read_named_table(request, dataset)
    classes = request.path.parent / "class.txt"
    if source.label is None:
        return source
    if not classes.is_file():
        if request.labelled:
            raise InputError(
                f"{request.file}: no class.txt beside it, which names the classes line by line; "
                "put it there"
            )
        # Without their names indices say nothing: the labels are not passed on.
        rows = ((place, values[:-1]) for place, values in source.rows)
        return replace(source, label=None, rows=rows)
    with open_lines(classes, find_encoding(classes, str(classes))) as lines:
        names = [line.strip() for line in lines if line.strip()]
    return replace(source, names={str(index): name for index, name in enumerate(names)})


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
    reader=read_titles_by_index,
)

THUCNEWS_ARTICLES = NamedDataset(
    name="thucnews-articles",
    files="THUCNews/CLASS/*.txt",
    row="one file an article: the first line is its title, the rest the text; its folder the label",
    size="836,075 articles, 14 classes",
    source="http://thuctc.thunlp.org/",
    parts={"train": ()},
    reader=read_articles,
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
