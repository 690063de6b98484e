"""A report of more rows than a page holds: figures of all of them, rows of a sample."""

import base64
import gzip
import json
import re

import numpy as np
import pytest

import attnpool
from attnpool import TextClassifier, TextMatcher
from attnpool.view.report import gathering, of_model
from attnpool.view.report.corpus import ClassNames, columns
from attnpool.view.report.figures import by_length, figures, figures_of
from attnpool.view.report.sums import CorpusSums, Groups

GOOD, BAD = ["房间很干净", "位置很好", "服务热情周到"], ["隔音太差", "态度恶劣", "床太小"]


@pytest.fixture(scope="module")
def model():
    return TextClassifier(dim=8, epochs=3).fit([*GOOD, *BAD] * 4, [*["好"] * 3, *["差"] * 3] * 4)


@pytest.fixture
def small(monkeypatch):
    """A page of 30 rows instead of 20,000."""
    monkeypatch.setattr(gathering, "MOST_ROWS", 30)
    monkeypatch.setattr(of_model, "MOST_ROWS", 30)


def rows(count, seed=5):
    random = np.random.default_rng(seed)
    texts = ["".join(random.choice([*GOOD, *BAD], random.integers(1, 6))) for _ in range(count)]
    labels = random.choice(["好", "差", "别的", ""], count, p=[0.4, 0.4, 0.1, 0.1]).tolist()
    return texts, labels


@pytest.mark.parametrize("at_once", [1, 7, 64, 200])
def test_figures_of_chunks_are_those_of_all_rows(model, at_once):
    texts, labels = rows(200)
    explained = model.explain(texts, labels=labels)
    sums = CorpusSums()
    for start in range(0, len(texts), at_once):
        sums.explained(explained[start : start + at_once])
    found, whole = figures_of(sums, sums.classes()), figures(columns(explained))
    names = ClassNames()
    names.add(explained)
    assert sums.classes() == names.classes()
    for name in ("n", "accuracy", "macro_f1", "frequent", "majority", "per_class", "mistakes"):
        assert getattr(found, name) == getattr(whole, name)
    assert found.warnings == whole.warnings
    assert (found.confusion == whole.confusion).all()
    assert found.ece == pytest.approx(whole.ece, abs=1e-12)
    for one, other in zip(
        [*found.calibration, *found.lengths], [*whole.calibration, *whole.lengths], strict=True
    ):
        assert (one.low, one.high, one.n, one.accuracy) == (
            *(other.low, other.high),
            *(other.n, other.accuracy),
        )
        assert one.confidence == pytest.approx(other.confidence, abs=1e-12)


@pytest.mark.parametrize("count", [1, 2, 5, 6, 7, 12, 35, 36, 100, 599, 600, 601])
def test_groups_of_lengths_end_where_quantiles_are(count):
    for most in (1, 8, 300):
        lengths = np.random.default_rng(count).integers(0, most, count)
        sums = Groups()
        for part in np.array_split(lengths, 3):
            sums.add(part, np.ones(len(part), np.bool_), np.ones(len(part)))
        quantiles = np.quantile(lengths, np.arange(1, 7) / 6, method="inverted_cdf")
        assert [one.high for one in by_length(sums)] == np.unique(quantiles).tolist()
        assert sum(one.n for one in by_length(sums)) == count


def packed(page):
    """The columns of a page's packed rows that are whole numbers."""
    text = re.search(r'id="rows">([^<]*)<', page)[1]
    data = gzip.decompress(base64.b64decode(text))
    length = int.from_bytes(data[:4], "little")
    header, at = json.loads(data[4 : 4 + length]), (4 + length + 3) // 4 * 4
    found = {}
    for name, kind, count in header["columns"]:
        found[name] = np.frombuffer(data, kind, count, at)
        at += (found[name].nbytes + 3) // 4 * 4
    return header, found


def test_a_page_says_what_its_figures_and_its_rows_are(model, small):
    texts, labels = rows(200)
    page = attnpool.report(model, texts, labels, lang="en")
    said = (
        "The figures are of all 200 rows. The rows below, and the words and phrases, are those of "
        "a random sample of 30."
    )
    assert said in page
    assert "These rows are a random sample of 30 of 200." in page
    assert "<dt>rows</dt><dd>200</dd>" in page
    told = sum(map(bool, labels))
    assert f"wrong of {told} labelled rows" in page
    predicted = model.predict(texts).tolist()
    wrong = sum(bool(b) and a != b for a, b in zip(predicted, labels, strict=True))
    assert f"<dd>{wrong}</dd>" in page
    assert f"<dd>{1 - wrong / told:.1%}</dd>" in page
    unknown = labels.count("别的")
    assert f"{unknown} rows have labels the model does not know" in page
    header, columns_ = packed(page)
    assert header["rows"] == 30
    numbers = columns_["row"].tolist()
    assert len(set(numbers)) == 30
    assert max(numbers) > 100  # of the whole file
    names = header["classes"]
    for number, given in zip(numbers, columns_["predicted"].tolist(), strict=True):
        assert names[given] == predicted[number - 1]
    chinese = attnpool.report(model, texts, labels, lang="zh")
    assert "指标涵盖全部 200 条样本" in chinese
    assert "以下样本是从 200 条中随机抽取的 30 条" in chinese
    assert attnpool.report(model, texts, labels, lang="en") == page  # the sample is seeded


def test_a_page_of_all_rows_says_nothing_of_a_sample(model, small):
    page = attnpool.report(model, *rows(30), lang="en")
    assert "random sample" not in page
    assert "<dt>rows</dt><dd>30</dd>" in page


def test_rows_without_labels_are_counted_over_all(model, small):
    texts, _ = rows(90)
    page = attnpool.report(model, texts, lang="en")
    assert "The predictions are counted over all 90 rows." in page
    predicted = model.predict(texts).tolist()
    assert f"<dd>{predicted.count('好')} · " in page


def test_a_method_that_does_not_fit_is_refused_before_rows_are_counted(model, small, tmp_path):
    model.export(tmp_path / "m.safetensors")
    compact = attnpool.load(tmp_path / "m.safetensors")
    counted = []

    class Bars(attnpool.progress.Progress):
        def bar(self, what, total):
            counted.append(what)
            return super().bar(what, total)

    with pytest.raises(attnpool.InputError, match="whole model"):
        attnpool.report(compact, rows(90)[0], method="integrated_gradients", progress=Bars())
    assert counted == []


def test_pairs_and_candidates(small):
    pairs = [(a, b) for a in [*GOOD, *BAD] for b in [*GOOD, *BAD]]
    same = ["1" if (a in GOOD) == (b in GOOD) else "0" for a, b in pairs]
    matcher = TextMatcher(dim=8, epochs=1).fit(pairs * 2, same * 2)
    page = attnpool.report(matcher, pairs * 3, same * 3, lang="en")
    assert "The figures are of all 108 rows." in page
    ranker = TextMatcher(architecture="label", dim=8, epochs=1)
    ranker.fit([*GOOD, *BAD] * 4, [*["好"] * 3, *["差"] * 3] * 4)
    texts, _ = rows(70)
    page = attnpool.report(ranker, texts, ["好"] * 70, candidates=["好", "糟"], lang="en")
    right = ranker.predict(texts, candidates=["好", "糟"]).tolist().count("好")
    assert "The figures are of all 70 rows." in page
    assert f"<dd>{right / 70:.1%}</dd>" in page
