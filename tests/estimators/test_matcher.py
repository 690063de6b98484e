import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score

import attnpool
from attnpool import InputError, TextMatcher
from attnpool.data.demo_rows import load_demo
from attnpool.text.reader import TextReader

ARCHITECTURES = ["siamese", "interaction", "alignment", "triplet"]

_FRESH = """
import sys, attnpool, numpy as np, json
pairs = json.load(open(sys.argv[1], encoding="utf-8"))
np.savez(sys.argv[2], *[attnpool.load(f).predict_proba(pairs) for f in sys.argv[3:]])
"""


@pytest.fixture(scope="session")
def demo_pairs():
    train, test = load_demo("pairs", "train"), load_demo("pairs", "test")
    as_pairs = [list(zip(*rows.texts, strict=True)) for rows in (train, test)]
    return as_pairs[0], train.labels, as_pairs[1], test.labels


@pytest.fixture(scope="session")
def folder_of(once, demo_pairs):
    """Where a model of an architecture lies, trained on the bundled pairs."""
    pairs, labels, *_ = demo_pairs

    def find(architecture):
        def fit(folder):
            model = TextMatcher(architecture=architecture, epochs=4, seed=0)
            model.fit(pairs, labels, validation=None).save(folder / "model")

        return once(f"pairs-{architecture}", fit) / "model"

    return find


@pytest.fixture(scope="session", params=ARCHITECTURES)
def trained(request, demo_pairs, folder_of):
    return attnpool.load(folder_of(request.param)), *demo_pairs[2:]


def small(architecture, **params):
    return TextMatcher(
        architecture=architecture,
        **{"dim": 8, "attention_dim": 4, "head_dim": 6, "epochs": 1, **params},
    )


PAIRS = [("怎么退款", "如何退款"), ("怎么退款", "怎么开票"), ("在哪开票", "怎么开票")] * 8
LABELS = [1, 0, 1] * 8


def test_it_generalises_on_the_bundled_pairs(trained):
    model, test, truth = trained
    majority = max(map(truth.count, set(truth))) / len(truth)
    assert model.score(test, truth) > majority + 0.1


def test_explanations_agree_with_predictions(trained):
    model, test, truth = trained
    explained = model.explain(test[:20], "attention", labels=truth[:20])
    assert [e.prediction for e in explained] == model.predict(test[:20]).tolist()
    for e, pair in zip(explained, test, strict=False):
        assert e.task == "match"
        assert tuple(e.texts) == pair
        for text, tokens in zip(pair, e.tokens, strict=True):
            assert "".join(t.text for t in tokens) == "".join(text.split())
            assert sum(t.value for t in tokens) == pytest.approx(1, abs=1e-5)
        assert e.verdict["match"] == (e.prediction == model.classes_[1])
        assert e.verdict["match"] == (e.score >= e.verdict["threshold"])
        assert attnpool.Explanation.from_dict(e.to_dict()) == e
        if model.architecture == "alignment":
            np.testing.assert_allclose(e.alignment.sum(axis=1), 1, atol=1e-5)
        else:
            assert e.alignment is None


def test_a_fresh_process_gives_the_same_bits(folder_of, demo_pairs, tmp_path):
    """On one machine: the same kernels run twice."""
    test = demo_pairs[2]
    folders = [folder_of(architecture) for architecture in ARCHITECTURES]
    (tmp_path / "pairs").write_text(json.dumps(test), encoding="utf-8")
    arguments = [tmp_path / "pairs", tmp_path / "out.npz", *folders]
    subprocess.run([sys.executable, "-c", _FRESH, *map(str, arguments)], check=True)
    for folder, found in zip(folders, np.load(tmp_path / "out.npz").values(), strict=True):
        assert (found == attnpool.load(folder).predict_proba(test)).all()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_loaded_model_gives_the_same_bits(architecture, tmp_path):
    model = small(architecture).fit(PAIRS, LABELS)
    model.save(tmp_path / "m")
    again = attnpool.load(tmp_path / "m")
    assert (again.predict_proba(PAIRS) == model.predict_proba(PAIRS)).all()


def test_parameters_stay_as_given_and_come_back(tmp_path):
    model = small("siamese", kernel_sizes=[3]).fit(PAIRS, LABELS)
    assert model.get_params()["ngrams"] is None
    model.save(tmp_path / "m")
    again = attnpool.load(tmp_path / "m")
    assert again.get_params() == {**model.get_params(), "kernel_sizes": (3,)}
    assert clone(model).get_params()["architecture"] == "siamese"


def test_works_inside_scikit_learn():
    assert cross_val_score(small("siamese"), PAIRS, LABELS, cv=2).shape == (2,)


@pytest.mark.parametrize("distance", ["cosine", "euclidean", "learned"])
@pytest.mark.parametrize("negatives", ["semi_hard", "in_batch", "given"])
def test_triplets(distance, negatives):
    triplets = [("怎么退款", "如何退款", "怎么开票"), ("在哪开票", "怎么开票", "如何退款")] * 12
    model = small("triplet", distance=distance, negatives=negatives, epochs=8)
    model.fit(triplets)
    assert model.triplet_accuracy(triplets) > 0.5
    assert np.isfinite(model.decision_function([t[:2] for t in triplets])).all()


@pytest.mark.parametrize("distance", ["cosine", "euclidean", "learned"])
def test_triplets_learn_yes_and_no_from_labelled_pairs(distance, demo_pairs):
    pairs, labels, test, truth = demo_pairs
    model = TextMatcher(architecture="triplet", distance=distance).fit(pairs, labels)
    assert model.score(test, truth) > 0.7


def test_pairs_that_do_not_match_are_learned_from():
    # No text stands in both kinds of pairs, so only stand-ins show what does not match.
    pairs = [("怎么退款", "如何退款"), ("手机怎么开机", "电脑怎么开机")] * 20
    scores = [
        small("triplet", epochs=8, anchor_as_positive=stand_in)
        .fit(pairs, [1, 0] * 20)
        .decision_function(pairs[:2])
        for stand_in in (True, False)
    ]
    assert scores[0][0] - scores[0][1] > scores[1][0] - scores[1][1]


def test_a_cosine_is_a_cosine():
    model = small("triplet").fit(PAIRS, LABELS)
    u, v = model.embed([a for a, _ in PAIRS]), model.embed([b for _, b in PAIRS])
    cosine = (u * v).sum(1) / np.linalg.norm(u, axis=1) / np.linalg.norm(v, axis=1)
    np.testing.assert_allclose(model.decision_function(PAIRS), cosine, atol=1e-4)
    score = model.explain(PAIRS[:1])[0].score
    assert score == pytest.approx(cosine[0], abs=1e-4)


def test_more_than_two_classes_and_no_verdict():
    model = small("alignment", symmetric=False).fit(PAIRS, ["entailed", "neutral", "other"] * 8)
    explained = model.explain(PAIRS[:1])[0]
    assert explained.score is None
    assert explained.verdict is None
    assert len(explained.probabilities) == 3


def test_labels_are_texts_and_new_ones_can_be_ranked():
    rows = load_demo("titles", "train")
    model = TextMatcher(architecture="label", epochs=6).fit(rows.texts[0], rows.labels)
    test = load_demo("titles", "test")
    assert model.score(test.texts[0], test.labels) > 0.6
    names = [*model.classes_.tolist(), "钓鱼"]
    probabilities = model.predict_proba(["周末去河边钓鱼"], candidates=names)
    assert probabilities.shape == (1, len(names))
    explained = model.explain(["周末去河边钓鱼"], "attention", "钓鱼", candidates=names)[0]
    assert explained.texts == ["周末去河边钓鱼", "钓鱼"]
    assert explained.target == "钓鱼"
    assert sum(t.value for t in explained.tokens[1]) == pytest.approx(1, abs=1e-5)
    split = model.explain(["周末去河边钓鱼"], method="contribution", candidates=names)[0]
    total = sum(t.value for tokens in split.tokens for t in tokens) + split.base + split.bias
    assert total == pytest.approx(split.logit, abs=1e-4)


@pytest.mark.parametrize(
    ("items", "labels", "message"),
    [
        (["一句话"] * 4, [0, 1] * 2, r"pairs\[0\] is one text where 2 are needed"),
        ([("a", "b", "c")] * 4, [0, 1] * 2, r"pairs\[0\] has 3 texts"),
        ([("a", None)] * 4, [0, 1] * 2, r"pairs\[0\] holds NoneType"),
        ([("a", "b")] * 4, [0, 0, 0, 0], "at least two classes"),
        ([("a", "b")] * 4, [0, 1], "4 texts but 2 labels"),
        ([("a", "b")] * 4, None, "labels are missing"),
    ],
)
def test_bad_pairs_are_refused_in_one_line(items, labels, message):
    with pytest.raises(InputError, match=message) as refusal:
        small("siamese").fit(items, labels)
    assert "\n" not in str(refusal.value)


def test_bad_parameters_are_refused():
    for params, message in [
        ({"architecture": "cross"}, "architecture is 'cross'; choose from siamese"),
        ({"architecture": "interaction", "heads": 2}, "has one head"),
        ({"architecture": "alignment", "pooling": "max"}, "pools with attention"),
        ({"architecture": "interaction", "pooling": "mean_query"}, "pools with attention"),
        ({"pooling": "mean_query", "heads": 2}, "has one head; leave heads out"),
        ({"margin": 0.0}, "margin is 0.0"),
        ({"distance": "taxi"}, "choose from cosine, euclidean, learned"),
    ]:
        with pytest.raises(InputError, match=message):
            TextMatcher(**params).fit(PAIRS, LABELS)


def test_triplets_without_a_positive_are_refused():
    with pytest.raises(InputError, match="all 2 pairs have the label '0'"):
        small("triplet").fit([("a", "b"), ("c", "d")], [0, 0], validation=None)


def test_given_negatives_are_kept(monkeypatch):
    triplets = [("a", "b", "c"), ("c", "d", "a")] * 4
    learned = []
    learn = TextReader.learn
    monkeypatch.setattr(
        TextReader, "learn", lambda texts, settings: learned.append(texts) or learn(texts, settings)
    )
    small("triplet").fit(triplets, validation=None)
    assert learned == [[t[side] for side in range(3) for t in triplets]]


def test_the_match_can_be_named():
    labels = ["duplicate", "not duplicate"] * 12
    model = small("siamese", match_label="not duplicate").fit(PAIRS, labels)
    assert model.classes_.tolist() == ["duplicate", "not duplicate"]
    explained = model.explain(PAIRS[:1])[0]
    assert explained.verdict["match"] == (explained.prediction == "not duplicate")
    with pytest.raises(InputError, match="match_label is 'same'"):
        small("siamese", match_label="same").fit(PAIRS, labels)


def test_what_an_architecture_cannot_do_is_said():
    model = small("alignment").fit(PAIRS, LABELS)
    with pytest.raises(InputError, match="reads no text alone"):
        model.embed(["一句话"])
    with pytest.raises(InputError, match="only architecture 'label'"):
        model.predict(PAIRS, candidates=["a", "b"])
