"""Pairs: questions with the same meaning or not, and sentences that entail each other or not."""

from __future__ import annotations

from functools import partial

from attnpool.data.datasets.languages import open_language
from attnpool.data.datasets.spec import TRAIN_DEV_TEST, NamedDataset

MATCH = {"1": "匹配", "0": "不匹配"}
ORDER = ("text", "text", "label")
ROW = "text<TAB>text<TAB>label; 1 匹配, 0 不匹配"

LCQMC = NamedDataset(
    name="lcqmc",
    task="match",
    files="train.txt, dev.txt, test.txt",
    row=ROW,
    size="238,766 pairs to train on, 8,802 and 12,500 to test",
    source="https://aclanthology.org/C18-1166/; http://icrc.hitsz.edu.cn/Article/show/171.html",
    order=ORDER,
    labels=MATCH,
)

AFQMC = NamedDataset(
    name="afqmc",
    task="match",
    files="train.txt, dev.txt, test.txt; or CLUE's train.json, dev.json",
    row=ROW,
    size="34,334 pairs of questions about money to train on, 4,316 to test",
    source="https://github.com/CLUEbenchmark/CLUE",
    order=ORDER,
    labels=MATCH,
)

ATEC_CCKS = NamedDataset(
    name="atec-ccks",
    task="match",
    files="totals.txt, or ATEC's atec_nlp_sim_train.csv",
    row=f"{ROW}; ATEC's own files have an id in front",
    size="about 100,000 pairs each from ATEC and CCKS 2018",
    source="https://github.com/IceFlameWorm/NLP_Datasets, ATEC and CCKS_2018_3",
    parts={
        **TRAIN_DEV_TEST,
        "train": ("totals.txt", "atec_nlp_sim_train.csv", *TRAIN_DEV_TEST["train"]),
    },
    order=ORDER,
    other_orders=(("id", *ORDER),),
    labels=MATCH,
)

XNLI = NamedDataset(
    name="xnli",
    task="match",
    files="multinli.train.zh.tsv of XNLI-MT-1.0; xnli.dev.tsv, xnli.test.tsv of XNLI-1.0",
    row="with a header: premise, hypo, label; or language, gold_label, sentence1, sentence2 "
    "among others; of 15 languages only the rows in Chinese (zh)",
    size="392,702 pairs, translated by machine, to train on, 2,490 and 5,010 to test; "
    "entailment, neutral, contradiction",
    source="https://github.com/facebookresearch/XNLI",
    parts={
        "train": (
            *("multinli.train.zh.tsv", "multinli/multinli.train.zh.tsv"),
            *TRAIN_DEV_TEST["train"],
        ),
        "validation": ("xnli.dev.tsv", *TRAIN_DEV_TEST["validation"]),
        "test": ("xnli.test.tsv", *TRAIN_DEV_TEST["test"]),
    },
    order=ORDER,
    labels={
        "entailment": "entailment",
        "neutral": "neutral",
        "contradictory": "contradiction",  # its name in the training file only
        "contradiction": "contradiction",
    },
    reader=partial(open_language, language="zh"),
)

PAIR_SETS = (LCQMC, AFQMC, ATEC_CCKS, XNLI)
