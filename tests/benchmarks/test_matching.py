"""What the table of matchers rests on: rows kept apart, thresholds, triplets, the page."""

import numpy as np
import pytest
from benchmarks.matching_baselines import best_threshold, majority, tfidf_cosine, tfidf_regression
from benchmarks.matching_sets import PairSplit, components, lcqmc, order_test, without
from benchmarks.sets import Split
from hypothesis import given
from hypothesis import strategies as st

from attnpool.data.demo_rows import load_demo
from benchmarks import matching, results

PAIRS = [("怎么还款", "如何还款"), ("怎么还款", "怎么借款"), ("海带怎么做", "海带做法")]
LABELS = [1, 0, 1]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1)), min_size=1, max_size=12))
def test_the_threshold_is_the_best_there_is(rows):
    scores, truth = (np.array(column) for column in zip(*rows, strict=True))
    found = best_threshold(scores, truth)
    best = max(((scores >= t) == truth).mean() for t in scores)
    assert ((scores >= found) == truth).mean() == best


def test_no_text_of_a_test_row_is_trained_on():
    rows = [("a", "b"), ("c", "d"), ("e", "a"), ("f", "g")], [1, 0, 1, 0]
    assert without(rows, ([("x", "a"), ("d", "y")], [1, 1])) == ([("f", "g")], [0])


def test_pairs_that_share_a_text_have_one_number():
    numbers = components([("a", "b"), ("c", "d"), ("b", "e"), ("e", "d"), ("x", "y")]).tolist()
    assert len(set(numbers[:4])) == 1
    assert numbers[4] != numbers[0]


def test_the_random_negative_is_of_another_group():
    pairs = [("a", "b"), ("b", "c"), ("a", "d"), ("e", "f")] * 20
    triplets = order_test((pairs, [1, 1, 0, 1] * 20))
    assert [t[:2] for t in triplets[:3]] == [("a", "b"), ("b", "c"), ("e", "f")]
    assert {n for a, _, n in triplets if a != "e"} == {"d", "e", "f"}
    assert {n for a, _, n in triplets if a == "e"} == {"a", "b", "c", "d"}


def test_ordered_counts_a_tie_half():
    score = {("a", "p"): 1.0, ("a", "n"): 0.0, ("b", "p"): 0.5, ("b", "n"): 0.5}
    triplets = [("a", "p", "n"), ("b", "p", "n"), ("a", "n", "p"), ("a", "p", "n")]
    found = matching.ordered(lambda asked: np.array([score[pair] for pair in asked]), triplets)
    assert found == (2 + 0.5) / 4


def split():
    pairs = [(f"{a}{i}", f"{b}{i}") for i in range(20) for a, b in PAIRS]
    return PairSplit("t", (pairs, LABELS * 20), (PAIRS, LABELS), ([], []))


def test_the_majority():
    assert matching.measures(majority(*split().train, 0), split()) == {"accuracy": 2 / 3}


def test_tfidf_regression_learns_what_separates():
    found = matching.measures(tfidf_regression(*split().train, 0), split())
    assert found == {"accuracy": 1, "auc": 1, "ordered": 1}


def test_tfidf_cosine():
    fitted = tfidf_cosine([("ab", "ab"), ("ab", "ac"), ("ab", "xy")], [1, 0, 0], 0)
    np.testing.assert_allclose(fitted.score([("ab", "ab"), ("ab", "xy")]), [1, 0], atol=1e-12)
    assert fitted.predict([("ac", "ac"), ("ab", "ac"), ("ab", "xy")]).tolist() == [1, 0, 0]


@pytest.mark.parametrize("architecture", matching.ARCHITECTURES)
def test_a_matcher_answers(architecture):
    fitted = matching.matcher(architecture)(*split().train, 0)
    assert set(matching.measures(fitted, split())) == {"accuracy", "auc", "ordered"}
    assert set(fitted.predict(PAIRS).tolist()) <= {0, 1}
    assert fitted.score(PAIRS).shape == (3,)
    assert fitted.seconds > 0


def test_the_page_gets_a_line_for_each_contender():
    runs = [
        {"accuracy": 0.7, "ahead": np.array([0, 0]), "ordered": 0.9, "seconds": 3},
        {"accuracy": 0.8, "ahead": np.array([1, 1]), "ordered": 0.9, "seconds": 5},
    ]
    record = {
        "lcqmc": {
            "title": "LCQMC",
            "contenders": {
                "siamese": matching.summary(runs),
                "majority class": matching.summary([{"accuracy": 0.5, "seconds": 0.0}]),
            },
        }
    }
    lines = matching.table(record).splitlines()
    assert lines[2:] == [
        "| LCQMC | siamese | 0.750 ± 0.071 | +0.500 [+0.500, +0.500] |  | 0.900 ± 0.000 | 4 s |",
        "| LCQMC | majority class | 0.500 |  |  |  |  |",
    ]
    page = "a\n<!-- matching -->\nold\n<!-- end of matching -->\nb\n"
    drawn = results.between(page, "matching", "new")
    assert drawn == "a\n<!-- matching -->\nnew\n<!-- end of matching -->\nb\n"
    with pytest.raises(ValueError, match="no place called table"):
        results.between(page, "table", "new")


def test_contenders_not_asked_for_keep_their_figures(monkeypatch, tmp_path):
    asked = []

    def runs(name, folder):
        asked.append(name)
        return [{"accuracy": 0.5, "seconds": 1.0}]

    monkeypatch.setitem(matching.MATCHING, "lcqmc", ("LCQMC", ("one", "two", "three"), runs))
    before = {"contenders": {"two": {"accuracy": 0.1}, "gone": {"accuracy": 0.2}}}
    found = matching.measure("lcqmc", tmp_path, ["three"], before)
    assert asked == ["three"]
    assert list(found["contenders"]) == ["two", "three"]
    assert found["contenders"]["two"] == {"accuracy": 0.1}


def test_titles_are_ranked_among_their_labels(monkeypatch, tmp_path):
    rows, held = (load_demo("titles", part) for part in ("train", "test"))
    parts = ((part.texts[0][:200], part.labels[:200]) for part in (rows, held))
    small = Split("t", "titles", "", *parts, cleanup=("parentheses",))
    monkeypatch.setattr(matching.sets, "load", lambda name, folder: small)
    monkeypatch.setattr(matching, "SEEDS", 1)
    (found,) = matching.titles_runs("label", tmp_path)
    assert found["accuracy"] > 0.3
    assert found["seconds"] > 0


@pytest.mark.real
def test_the_rows_of_lcqmc(real_data):
    split = lcqmc(real_data)
    assert split.rows == "12,056 / 4,374"
    held = {text for pair in split.test[0] for text in pair}
    for pairs, labels in (split.train, split.extra):
        assert not held.intersection(text for pair in pairs for text in pair)
        assert len(pairs) == len(labels)
    assert len(order_test(split.test)) == 2180
