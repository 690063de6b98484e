"""Real rows, where they are, and what every tokeniser must hold to."""

import csv

import numpy as np
import pytest

HOSTILE = {
    "empty": "",
    "blank": " \t\u3000\n\x85",
    "nul": "a\0b\0",
    "surrogate": "房\ud800间\udfff a",
    "bidi": "a\u202eb\u2066c\u2069 \u200fd",
    "emoji": "👨‍👩‍👧 👍🏽 🇨🇳 e\u0301",
    "markup": "<script>[PAD] [UNK] [CLS]</script>",
    "noncharacter": "\uffff\ufffe\U0010ffff",
}


def read_reviews(file):
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [row["review"] for row in csv.DictReader(lines)]


def second_fields(file):
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.split("\t", 1)[1] for line in lines]


@pytest.fixture(scope="session")
def hotel(real_data):
    return read_reviews(real_data / "ChnSentiCorp_htl_all.csv")


@pytest.fixture(scope="session")
def weibo(real_data):
    return read_reviews(real_data / "weibo_senti_100k.csv")


@pytest.fixture(scope="session")
def cnews(real_data):
    return second_fields(real_data / "cnews" / "cnews.txt")


@pytest.fixture(scope="session")
def sst2(real_data):
    return second_fields(real_data / "SST2" / "train.tsv")


def check_tokens(tokenizer, texts, limit=None):
    """The contract of `Tokens`, for any tokeniser; gives back the tokens."""
    tokens = tokenizer.encode(texts, limit)
    assert len(tokens) == len(texts)
    assert tokens.bounds[0] == 0
    assert tokens.bounds[-1] == len(tokens.ids) == len(tokens.spans)
    assert (tokens.lengths >= 0).all()
    assert (tokens.ids > 0).all()
    assert (tokens.ids < tokenizer.size).all()
    assert len(tokens.unknown) in (0, np.count_nonzero(tokens.ids == 1))
    for index, text in enumerate(texts):
        part = slice(tokens.bounds[index], tokens.bounds[index + 1])
        spans = tokens.spans[part]
        assert (spans >= 0).all()
        assert (spans <= len(text)).all()
        assert (spans[:, 0] <= spans[:, 1]).all()
        assert (np.diff(spans[:, 0]) >= 0).all()
        if limit is not None:
            assert len(spans) <= limit
    return tokens


def rows_of(tokens, array):
    return [array[a:b].tolist() for a, b in zip(tokens.bounds, tokens.bounds[1:], strict=False)]


def check_limit(tokenizer, texts, limits):
    """With a limit come the first tokens of the whole text, and where reading stopped."""
    whole = tokenizer.encode(texts)
    ids, spans = rows_of(whole, whole.ids), rows_of(whole, whole.spans)
    assert whole.read_until.tolist() == [len(text) for text in texts]
    for limit in limits:
        tokens = check_tokens(tokenizer, texts, limit)
        assert rows_of(tokens, tokens.ids) == [row[:limit] for row in ids]
        assert rows_of(tokens, tokens.spans) == [row[:limit] for row in spans]
        assert len(tokens.unknown) <= len(whole.unknown)
        assert whole.truncated(limit).unknown == tokens.unknown
        assert tokens.read_until.tolist() == [
            len(text) if len(row) <= limit else row[limit - 1][1]
            for text, row in zip(texts, spans, strict=True)
        ]
