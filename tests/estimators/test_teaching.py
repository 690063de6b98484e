"""A classifier with a linear part; with unlabelled texts and a teacher."""

import json

import numpy as np
import pytest

import attnpool
from attnpool import InputError, TextClassifier

GOOD, BAD = ["干净", "热情", "方便", "舒适", "美味"], ["太差", "恶劣", "偏僻", "吵闹", "难吃"]
WHAT = ["房间", "服务", "位置", "早餐", "前台", "床铺", "浴室", "大堂"]
TEXTS = [f"{what}{word}" for what in WHAT for word in (*GOOD, *BAD)]
LABELS = ["好" if text[2:] in GOOD else "差" for text in TEXTS]
FEW = list(range(0, 80, 4))
POOL = [f"{text}，下次{end}" for text in TEXTS for end in ("再说", "再看")]
SMALL = {"dim": 8, "epochs": 3}


def knows(texts):
    """A teacher that has learned which words are alike."""
    of = [[any(word in text for word in words) for words in (GOOD, BAD)] for text in texts]
    return np.array(of, dtype=np.float32)


@pytest.fixture(scope="module")
def plain():
    return TextClassifier(**SMALL).fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def taught():
    texts, labels = [TEXTS[i] for i in FEW], [LABELS[i] for i in FEW]
    return TextClassifier(**SMALL).fit(texts, labels, unlabelled=POOL, teacher=knows)


def test_shares_of_both_parts_add_up_to_the_logit(plain):
    assert plain.model_.linear is not None
    for one in plain.explain([*TEXTS[:5], "", "没见过的字：龘", TEXTS[0] * 30]):
        total = one.sides[0].values.sum() + one.base + one.bias
        assert total == pytest.approx(one.logit, abs=1e-4)
        assert one.linear is not None


def test_a_model_without_a_linear_part_is_attention_alone(plain):
    alone = TextClassifier(linear=False, **SMALL).fit(TEXTS, LABELS)
    assert alone.model_.linear is None
    assert alone.explain(TEXTS[:1])[0].linear is None
    assert "linear_accuracy" not in alone.metrics_
    assert 0 <= plain.metrics_["linear_accuracy"] <= 1


def test_a_faithful_model_has_no_linear_part():
    model = TextClassifier(faithful=True, **SMALL).fit(TEXTS, LABELS)
    assert model.model_.linear is None


@pytest.mark.parametrize("pooling", ["attention", "mean_query", "max", "average", "min_variance"])
def test_it_is_saved_with_the_linear_part(pooling, tmp_path):
    model = TextClassifier(pooling=pooling, **SMALL).fit(TEXTS, LABELS)
    model.save(tmp_path / "model")
    loaded = attnpool.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict_proba(TEXTS), model.predict_proba(TEXTS))
    assert loaded.explain(TEXTS[:2]) == model.explain(TEXTS[:2])
    shape = json.loads((tmp_path / "model" / "config.json").read_text("utf-8"))["model"]
    assert shape["linear"] is True


def test_the_same_seed_gives_the_same_model(plain):
    again = TextClassifier(**SMALL).fit(TEXTS, LABELS)
    np.testing.assert_array_equal(again.predict_proba(TEXTS), plain.predict_proba(TEXTS))


def test_a_teacher_raises_the_accuracy_on_words_no_label_has(taught):
    texts, labels = [TEXTS[i] for i in FEW], [LABELS[i] for i in FEW]
    alone = TextClassifier(**SMALL).fit(texts, labels)
    assert taught.score(TEXTS, LABELS) > alone.score(TEXTS, LABELS)
    assert taught.score(TEXTS, LABELS) >= 0.9


def test_metrics_say_who_taught_and_what_both_reach(taught, tmp_path):
    figures = taught.metrics_["teaching"]
    assert figures["teacher"].endswith("knows")
    assert figures["unlabelled"] == len(POOL)
    assert 0 <= figures["teacher_accuracy"] <= 1
    assert figures["teacher_measured_on"] == taught.metrics_["n_validation"] > 0
    assert figures["student_accuracy"] == taught.metrics_["accuracy"]
    taught.save(tmp_path / "model")
    card = (tmp_path / "model" / "README.md").read_text("utf-8")
    assert "knows` on 160 unlabelled" in card
    rows = taught.metrics_["n_validation"]
    assert f"Accuracy of the teacher on the {rows} validation rows: " in card
    assert attnpool.load(tmp_path / "model").metrics_ == taught.metrics_


def test_a_teacher_without_a_pool_answers_the_labelled_texts(plain):
    model = TextClassifier(**SMALL).fit(TEXTS, LABELS, teacher=knows)
    assert model.metrics_["teaching"]["unlabelled"] == 0
    assert not np.array_equal(model.predict_proba(TEXTS), plain.predict_proba(TEXTS))


def test_more_classes_than_dimensions_have_no_linear_part():
    labels = [text[2:] for text in TEXTS]
    assert TextClassifier(dim=8, epochs=1).fit(TEXTS, labels).model_.linear is None
    assert TextClassifier(dim=16, epochs=1).fit(TEXTS, labels).model_.linear is not None


def test_a_saved_model_and_a_fitted_one_teach(plain, tmp_path):
    plain.save(tmp_path / "teacher")
    texts, labels = [TEXTS[i] for i in FEW], [LABELS[i] for i in FEW]
    answers = []
    for teacher in (plain, tmp_path / "teacher", str(tmp_path / "teacher")):
        model = TextClassifier(**SMALL).fit(texts, labels, unlabelled=POOL, teacher=teacher)
        answers.append(model.predict_proba(TEXTS))
        # It knows these rows, so what it answers there is no measure of it.
        seen = [line for line in model.metrics_["warnings"] if "was trained on" in line]
        assert len(seen) == 1
        assert "so this accuracy is too high" in seen[0]
    np.testing.assert_array_equal(answers[0], answers[1])
    np.testing.assert_array_equal(answers[1], answers[2])


def test_a_saved_model_of_other_rows_is_not_said_to_know_these(plain):
    texts, labels = POOL[:40], [LABELS[i // 2] for i in range(40)]
    model = TextClassifier(**SMALL).fit(texts, labels, unlabelled=TEXTS, teacher=plain)
    assert not any("was trained on" in line for line in model.metrics_["warnings"])


def test_rows_set_aside_are_left_out_of_the_pool():
    held = (TEXTS[1:41:4], LABELS[1:41:4])
    model = TextClassifier(**SMALL).fit(
        [TEXTS[i] for i in FEW],
        [LABELS[i] for i in FEW],
        unlabelled=[*POOL, *held[0], " " + held[0][0], "", TEXTS[0]],
        teacher=knows,
        validation=held,
    )
    left = model.metrics_["teaching"]["left_out"]
    assert (left["held_out"], left["empty"], left["labelled"]) == (11, 1, 1)
    assert any("11 unlabelled texts left out" in line for line in model.metrics_["warnings"])


@pytest.mark.parametrize("pool", [[], ["", " "], TEXTS])
def test_a_pool_of_which_nothing_is_left_changes_nothing(plain, pool):
    model = TextClassifier(**SMALL).fit(TEXTS, LABELS, unlabelled=pool)
    assert any("no unlabelled text is left" in line for line in model.metrics_["warnings"])
    assert "teaching" not in model.metrics_
    np.testing.assert_array_equal(model.predict_proba(TEXTS), plain.predict_proba(TEXTS))


def test_texts_at_hand_are_not_used_where_nothing_tells_whether_they_help():
    model = TextClassifier(**SMALL).fit(TEXTS[:9], LABELS[:9], unlabelled=POOL)
    assert any("too few labelled rows to tell" in line for line in model.metrics_["warnings"])
    assert "teaching" not in model.metrics_


@pytest.mark.parametrize(
    "setting",
    [
        {"class_weight": "even"},
        {"class_weight": {"x": 2.0}},
        {"tokenizer": "nope"},
        {"max_length": "long"},
        {"dictionary": "/no/such"},
    ],
    ids=str,
)
def test_a_setting_that_cannot_be_is_refused_before_the_teacher_reads(setting):
    asked = []
    with pytest.raises(InputError):
        TextClassifier(**SMALL, **setting).fit(TEXTS, LABELS, unlabelled=POOL, teacher=asked.append)
    assert asked == []


@pytest.mark.parametrize(
    ("texts", "settings"),
    [
        ([""] * 40, {}),
        ([f"user{i:03}" for i in range(40)], {"ngram_min_frequency": 2}),
        (TEXTS[:40], {"ngram_min_frequency": 50}),
        (["[泪]", "[笑]"] * 20, {"cleanup": ("bracket-emoji",)}),
    ],
)
def test_texts_with_nothing_to_count_train(texts, settings):
    model = TextClassifier(**SMALL, **settings).fit(texts, ["a", "b"] * 20)
    assert np.isfinite(model.predict_proba([*texts, *TEXTS])).all()


@pytest.mark.parametrize("labels", [12, 40])
def test_held_out_texts_of_unknown_words_do_not_make_an_answer_certain(labels):
    words = [f"{'good' if i % 2 else 'bad'} room {i % 7}" for i in range(labels)]
    model = TextClassifier(**SMALL, char_ngrams=()).fit(
        words, ["gb"[i % 2] for i in range(labels)], validation=(["xyz abc", "qqq"], ["g", "b"])
    )
    assert model.predict_proba(words).min() > 0.01


def test_a_pool_of_another_language_is_said_and_does_not_choose_the_tokenizer():
    english = [f"the room number {i} was clean and the staff was friendly" for i in range(400)]
    model = TextClassifier(**SMALL).fit(TEXTS, LABELS, unlabelled=english, teacher=knows)
    assert model.reader_.tokenizer.kind == "characters"
    assert any("another language" in line for line in model.metrics_["warnings"])


def test_texts_at_hand_that_teach_nothing_are_not_used(plain):
    # By folds, n-grams alone answer every one of these rows: nothing can be better.
    model = TextClassifier(**SMALL).fit(TEXTS, LABELS, unlabelled=POOL)
    assert any("are not used" in line for line in model.metrics_["warnings"])
    assert "teaching" not in model.metrics_
    np.testing.assert_array_equal(model.predict_proba(TEXTS), plain.predict_proba(TEXTS))
    asked = TextClassifier(**SMALL).fit(TEXTS, LABELS, unlabelled=POOL, teacher="lsa")
    assert asked.metrics_["teaching"]["unlabelled"] == len(POOL)


class Wrong:
    """A classifier that answers one class alone."""

    classes_ = ("差", "好")

    def predict_proba(self, texts):
        return np.tile([0.9, 0.1], (len(texts), 1))


def test_a_teacher_that_knows_less_than_the_labels_is_said_to():
    model = TextClassifier(**SMALL).fit(TEXTS, LABELS, unlabelled=POOL, teacher=Wrong())
    assert any("so it may do harm" in line for line in model.metrics_["warnings"])
    assert model.metrics_["teaching"]["unlabelled"] == len(POOL)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"unlabelled": "房间"}, "unlabelled is one string; give a list of strings"),
        (
            {"unlabelled": np.array(["a", None], dtype=object)},
            r"unlabelled\[1\] is NoneType, not a string",
        ),
        ({"unlabelled": ["a"], "teacher": "no/such"}, "teacher 'no/such' is no folder here"),
        ({"unlabelled": ["a"], "teacher": 3}, "teacher is int; give"),
        ({"unlabelled": ["a"], "teacher": knows, "cache": ""}, "cache is no path"),
        ({"unlabelled": ["a"], "teacher": lambda texts: np.zeros((3, 2))}, "the teacher gave"),
        (
            {"unlabelled": ["a"], "teacher": lambda texts: np.ones((len(texts), 2))},
            "teacher '[^']*' gives the same vector for every text",
        ),
    ],
)
def test_bad_input_is_one_line_and_leaves_the_model_as_it_was(given, line):
    model = TextClassifier(**SMALL)
    with pytest.raises(InputError, match=rf"^{line}[^\n]*$"):
        model.fit(TEXTS, LABELS, **given)
    assert not hasattr(model, "model_")


def test_a_teacher_of_other_classes_is_refused(plain):
    with pytest.raises(InputError, match=r"^[^\n]*class[^\n]*$"):
        TextClassifier(**SMALL).fit(
            TEXTS, ["x" if label == "好" else "y" for label in LABELS], teacher=plain
        )


def test_vectors_are_kept_in_the_folder_that_is_given(tmp_path):
    asked = []

    def teacher(texts):
        asked.extend(texts)
        return knows(texts)

    given = {"unlabelled": POOL, "teacher": teacher, "cache": tmp_path / "vectors"}
    TextClassifier(**SMALL).fit(TEXTS, LABELS, **given)
    assert set(POOL) <= set(asked)
    first = len(asked)
    TextClassifier(**SMALL).fit(TEXTS, LABELS, **given)
    assert len(asked) - first <= 3  # the probes that tell teachers apart
