"""A model whose digests fit, but that says what no model says: one line, which blames the file."""

import hashlib
import json
import shutil

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import attnpool
from attnpool import InputError, TextClassifier, TextMatcher

CHINESE = (["好房", "差房"] * 8, [0, 1] * 8)
ENGLISH = (["a wonderful film", "wonderfully dull films"] * 8, ["good", "bad"] * 8)
PAIRS = [("好房", "差房"), ("好房", "好房子")] * 8


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    TextClassifier(dim=8, epochs=1).fit(*CHINESE).save(folder / "characters")
    TextClassifier(dim=8, epochs=1).fit(*ENGLISH).save(folder / "words")
    matcher = {"dim": 8, "head_dim": 4, "epochs": 1, "refit": False}
    TextMatcher(**matcher).fit(PAIRS, [0, 1] * 8).save(folder / "siamese")
    triplets = TextMatcher(**matcher, architecture="triplet")
    triplets.fit(PAIRS, [0, 1] * 8).save(folder / "triplet")
    return folder


def sealed(folder):
    """Sizes and digests as whoever made the model up would have them."""
    path = folder / "config.json"
    config = json.loads(path.read_text("utf-8"))
    del config["sha256"]["config.json"]
    for name in config["sha256"]:
        content = (folder / name).read_bytes()
        config["bytes"][name] = len(content)
        config["sha256"][name] = hashlib.sha256(content).hexdigest()
    path.write_text(json.dumps(config), "utf-8")


def copied(models, name, tmp_path):
    shutil.copytree(models / name, tmp_path / "m")
    return tmp_path / "m"


def refusal(call, place):
    with pytest.raises(InputError) as caught:
        call()
    message = str(caught.value)
    assert "\n" not in message
    assert str(place) in message
    return message


def put(form, path, value):
    *above, last = path.split("/")
    for name in above:
        form = form[name]
    if value is ...:
        del form[last]
    else:
        form[last] = value


NAN = float("nan")
CONFIG = [
    *(("limit", value) for value in (1e308, 0, -1, 2**41, True, "7", NAN, None, ...)),
    *(("classes", value) for value in ([0], [0, 0], [0, NAN], [0, "1"], [0, None], "ab", [], ...)),
    *(("classes", value) for value in ([[0], [1]], ["", "x"], ["\ud800", "x"], {"0": 1})),
    *(("cleanup", value) for value in (["all"], "html", ["html", "html"], [["html"]], None, ...)),
    *(("tokenizer", value) for value in ("words", "x", 3, None, ["words"], ...)),
    *(("normalizes", value) for value in ("yes", 1, None, [])),
    *(("reading", value) for value in ([], "x", {"text": 3}, {"label_map": [1]}, {"header": 0})),
    *(("kind", value) for value in ("Clairvoyant",)),
    *(("attnpool", value) for value in (3, "a\nb", "x" * 1000, None, ...)),
    *(("params", value) for value in (None, [], {"colour": 1}, {"subwords": [3]}, ...)),
    *(("params/dropout", value) for value in (NAN, 1.0, "x", None)),
    *(("params/ngrams", value) for value in ([1_000_000, 3], ["x", 3], 3, None)),
    *(("params/seed", value) for value in (-1, 1e308, "x", [[[[[[1]]]]]])),
    *(("model", value) for value in (None, [], {}, ...)),
    *(("model/encoder", value) for value in (None, [], {}, ...)),
    *(("model/encoder/ngrams", value) for value in ([1_000_000, 3], ["x", 3], [[2], 3], [2, 2])),
    *(("model/encoder/ngrams", value) for value in ([1.5], [True], "23", None, [4], ...)),
    *(("model/encoder/ngram_rows", value) for value in (10**9, 10**18, -1, 1.5, None)),
    *(("model/encoder/kernel_sizes", value) for value in ([0], [-1], [10**9], [1] * 10**5, 3)),
    *(("model/encoder/char_ngrams", value) for value in ([3], [99], ["x"], [3, 3])),
    *(("model/encoder/dim", value) for value in (0, -8, 10**12, 8.0, "8", None)),
    *(("model/encoder/vocabulary", value) for value in (0, 10**12, 3.5, None)),
    *(("model/encoder/positions", value) for value in (-1, 10**12, True, None)),
    *(("model/encoder/residual", value) for value in (0, "x", None)),
    *(("model/encoder/embedding_dropout", value) for value in (NAN, 1, -0.1, "x", True)),
    *(("model/dropout", value) for value in (NAN, float("inf"), 1, -1, None, ...)),
    *(("model/heads", value) for value in (0, 3, 10**9, 1.0, None)),
    *(("model/attention_dim", value) for value in (0, 10**12, "x", [64])),
    *(("model/normalizer", value) for value in ("argmax", 3, None, [])),
    *(("model/pooling", value) for value in ("max", "sum", 3, None, {})),
    *(("model/classes", value) for value in (1, 10**12, True, None)),
    *(("model/linear", value) for value in (False, 1, None)),
    *(("sha256", value) for value in ([], None, 3)),
    *(("bytes", value) for value in ([], 3, {"metrics.json": "x"})),
    *(("format_version", value) for value in (0, -1)),
]


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(("path", "value"), CONFIG, ids=lambda one: str(one)[:40])
def test_every_value_of_a_config_has_a_type_and_a_range(models, tmp_path, path, value):
    place = copied(models, "characters", tmp_path)
    config = json.loads((place / "config.json").read_text("utf-8"))
    config["sha256"].pop("config.json")
    put(config, path, value)
    (place / "config.json").write_text(json.dumps(config), "utf-8")
    message = refusal(lambda: attnpool.load(place), place)
    if path != "tokenizer" and path != "bytes":
        assert "config.json" in message


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("value", [..., None, "clairvoyant", 3, ["siamese"], "alignment", "label"])
def test_an_architecture_that_is_missing_or_another(models, tmp_path, value):
    place = copied(models, "siamese", tmp_path)
    config = json.loads((place / "config.json").read_text("utf-8"))
    config["sha256"].pop("config.json")
    put(config, "model/architecture", value)
    (place / "config.json").write_text(json.dumps(config), "utf-8")
    assert "config.json" in refusal(lambda: attnpool.load(place), place)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"dropout": 0.3', '"dropout": 0.3, "dropout": 0.3'),
        ('"seed": 0', '"seed": 1e999'),
        ('"seed": 0', f'"seed": {"1" * 5000}'),
        ('"seed": 0', '"seed": NaN'),
        ('"seed": 0', f'"seed": {"[" * 300 + "]" * 300}'),
        ('"seed": 0', f'"seed": {"[" * 50_000 + "]" * 50_000}'),
        ('"seed": 0', '"seed": [' + "[]," * 9_000_000 + "0]"),
        ('"encoder": null', '"encoder": "\\ud800"'),
    ],
)
def test_json_that_is_none_as_it_should_be(models, tmp_path, old, new):
    place = copied(models, "characters", tmp_path)
    text = (place / "config.json").read_text("utf-8")
    assert old in text
    (place / "config.json").write_text(text.replace(old, new, 1), "utf-8")
    assert "config.json is damaged" in refusal(lambda: attnpool.load(place), place)


@pytest.mark.parametrize("name", ["accuracy", "macro_f1", "n_train", "n_validation"])
def test_figures_that_are_missing(models, tmp_path, name):
    """Without them the model could not be saved again."""
    place = copied(models, "characters", tmp_path)
    figures = json.loads((place / "metrics.json").read_text("utf-8"))
    del figures[name]
    (place / "metrics.json").write_text(json.dumps(figures), "utf-8")
    sealed(place)
    message = refusal(lambda: attnpool.load(place), place / "metrics.json")
    assert name in message


def test_figures_without_warnings_are_saved_again(models, tmp_path):
    place = copied(models, "characters", tmp_path)
    figures = json.loads((place / "metrics.json").read_text("utf-8"))
    figures |= {"warnings": None, "folds": None, "odd": [{"deep": 1}]}
    (place / "metrics.json").write_text(json.dumps(figures), "utf-8")
    sealed(place)
    attnpool.load(place).save(tmp_path / "again")
    assert attnpool.load(tmp_path / "again").metrics_ == figures


TABLES = {
    "a type": ("characters", "head.weight", lambda a: a.astype(np.float64)),
    "a shape": ("characters", "head.weight", lambda a: a[:, :-1]),
    "not finite": ("characters", "head.weight", lambda a: a * np.nan),
    "keys twice": ("characters", "encoder.ngrams.keys", lambda a: np.full_like(a, 7)),
    "keys descending": ("characters", "encoder.ngrams.keys", lambda a: a[::-1]),
    "squares below zero": ("characters", "linear.squares", lambda a: a - 100),
    "counts below zero": ("characters", "counts", lambda a: a - 100),
    "rows that are none": ("words", "encoder.char_ngrams.rows", lambda a: a + 10**6),
    "rows below zero": ("words", "encoder.char_ngrams.rows", lambda a: a - 10**6),
    "bounds beyond": ("words", "encoder.char_ngrams.bounds", lambda a: a * 2),
    "bounds descending": ("words", "encoder.char_ngrams.bounds", lambda a: a[::-1]),
    "no scale": ("triplet", "scale", lambda a: a * 0),
}


@pytest.mark.parametrize("change", TABLES)
def test_tables_that_do_not_fit(models, tmp_path, change):
    name, tensor, new = TABLES[change]
    place = copied(models, name, tmp_path)
    weights = load_file(place / "model.safetensors")
    weights[tensor] = np.ascontiguousarray(new(weights[tensor]))
    save_file(weights, place / "model.safetensors")
    sealed(place)
    message = refusal(lambda: attnpool.load(place), place / "model.safetensors")
    assert tensor in message or "char_ngrams" in message


@pytest.mark.parametrize("name", ["characters", "siamese", "triplet"])
@pytest.mark.parametrize("ask", ["predict_proba", "explain"])
def test_weights_that_overflow_are_told_when_they_do(models, tmp_path, name, ask):
    place = copied(models, name, tmp_path)
    weights = load_file(place / "model.safetensors")
    for tensor, numbers in weights.items():
        if numbers.dtype == np.float32 and not tensor.startswith("linear"):
            weights[tensor] = np.full_like(numbers, 3e38)
    save_file(weights, place / "model.safetensors")
    sealed(place)
    model = attnpool.load(place)
    items = ["好房子"] if name == "characters" else [("好房子", "差房")]
    message = refusal(lambda: getattr(model, ask)(items), place / "model.safetensors")
    assert "overflows" in message


HASHES = {
    "descending": lambda form: {**form, "trained": form["trained"][::-1].copy()},
    "of two axes": lambda form: {**form, "trained": form["trained"][None]},
    "fewer than kept": lambda form: {**form, "totals": form["totals"] * 0},
    "one total": lambda form: {**form, "totals": form["totals"][:1]},
    "of another type": lambda form: {**form, "validation": form["validation"].astype(np.int64)},
    "none": lambda form: {},
    "more": lambda form: {**form, "more": form["totals"]},
}


@pytest.mark.parametrize("change", HASHES)
def test_hashes_that_make_no_sense(models, tmp_path, change):
    place = copied(models, "characters", tmp_path)
    path = place / "known_texts.safetensors"
    save_file(HASHES[change](load_file(path)), path)
    sealed(place)
    assert "is damaged" in refusal(lambda: attnpool.load(place), path)


def test_any_byte_of_a_folder_may_be_wrong(models, tmp_path):
    """It is noticed, wherever it stands, but for white space in JSON and the card."""
    place = copied(models, "words", tmp_path)
    rng = np.random.default_rng(0)
    for path in sorted(place.iterdir()):
        if path.name == "README.md":
            continue
        whole = path.read_bytes()
        for at in rng.integers(0, len(whole), size=60).tolist():
            changed = bytearray(whole)
            changed[at] ^= 1 << int(rng.integers(0, 8))
            path.write_bytes(changed)
            if path.suffix == ".json" and chr(whole[at]).isspace() and chr(changed[at]).isspace():
                continue
            refusal(lambda: attnpool.load(place), place)
        path.write_bytes(whole)
    attnpool.load(place)


def test_parameters_that_could_not_be_read_again_are_not_saved(tmp_path):
    model = TextClassifier(dim=8, epochs=1).fit(*CHINESE)
    model.set_params(heads=-3)
    with pytest.raises(InputError, match="heads is -3"):
        model.save(tmp_path / "m")
    assert not list(tmp_path.iterdir())
