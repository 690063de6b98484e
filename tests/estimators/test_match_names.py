"""Which of two labels is the match: by name, in any spelling, before the alphabet decides."""

import itertools
import json

import pytest
from tests.estimators.test_matcher import LABELS, PAIRS, small

from attnpool import load
from attnpool.estimators.tasks.match_names import named_match

NAMES = [
    ("no match", "match"),
    ("mismatch", "match"),
    ("not entailment", "entailment"),
    ("neutral", "entailment"),
    ("not duplicate", "duplicate"),
    ("is not duplicate", "is duplicate"),
    ("non paraphrase", "paraphrase"),
    ("not equivalent", "equivalent"),
    ("different", "same"),
    ("dissimilar", "similar"),
    ("unrelated", "related"),
    ("irrelevant", "relevant"),
    ("negative", "positive"),
    ("no", "yes"),
    ("false", "true"),
    ("unacceptable", "acceptable"),
    ("invalid", "valid"),
    ("inconsistent", "consistent"),
    ("incorrect", "correct"),
    ("不匹配", "匹配"),
    ("不相似", "相似"),
    ("否", "是"),
    ("不是", "是"),
    ("非重复", "重复"),
]
SPELLINGS = [
    str,
    str.upper,
    str.title,
    lambda name: name.replace(" ", "_"),
    lambda name: name.replace(" ", "-"),
    lambda name: name.replace(" ", ""),
    lambda name: f" {name} ",
]


@pytest.mark.parametrize("names", NAMES)
def test_the_match_is_known_by_its_name_in_any_spelling(names):
    for one, other in itertools.product(SPELLINGS, SPELLINGS):
        no, match = one(names[0]), other(names[1])
        assert named_match([no, match]) == named_match([match, no]) == match


OTHERS = [
    *(("a", "b"), ("0", "1"), (0, 1), ("match", "same"), ("好", "差"), ("come", "income")),
    *(
        ("a", "una"),
        ("port", "import"),
        ("cover", "discover"),
        ("table", "notable"),
        ("on", "iron"),
    ),
    *(("der", "under"), ("sense", "nonsense"), ("take", "mistake"), ("press", "impress")),
]


@pytest.mark.parametrize("names", OTHERS)
def test_other_names_say_nothing(names):
    assert named_match(names) is None


@pytest.mark.parametrize("name", ["non chat", "no_chat", "Not-chat", "un-chat", " no  chat"])
def test_a_not_that_is_a_word_negates_any_name(name):
    assert named_match([name, "chat"]) == named_match(["chat", name]) == "chat"


@pytest.mark.parametrize("architecture", ["siamese", "triplet"])
def test_a_matcher_has_the_match_last(architecture):
    labels = ["match" if label else "no_match" for label in LABELS]
    model = small(architecture).fit(PAIRS, labels)
    assert model.classes_.tolist() == ["no_match", "match"]
    explained = model.explain(PAIRS[:1])[0]
    assert explained.verdict["match"] == (explained.prediction == "match")
    odds = model.decision_function(PAIRS)
    assert ((odds > 0) == (model.predict(PAIRS) == "match")).all() or architecture == "triplet"


def test_the_alphabet_decides_between_other_names_and_of_ranked_labels():
    assert small("siamese").fit(PAIRS, ["b", "a"] * 12).classes_.tolist() == ["a", "b"]
    model = small("label").fit([left for left, _ in PAIRS], ["match", "no_match"] * 12)
    assert model.classes_.tolist() == ["match", "no_match"]


def test_a_saved_model_keeps_its_order(tmp_path):
    small("siamese").fit(PAIRS, ["a", "b"] * 12).save(tmp_path / "m")
    path = tmp_path / "m" / "config.json"
    config = json.loads(path.read_text("utf-8"))
    config["classes"] = ["match", "no_match"]
    del config["sha256"]["config.json"]  # as an earlier version wrote it
    path.write_text(json.dumps(config), "utf-8")
    assert load(tmp_path / "m").classes_.tolist() == ["match", "no_match"]
