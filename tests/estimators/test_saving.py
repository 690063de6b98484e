import hashlib
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
import tokenizers
from safetensors.numpy import load_file, save_file

import attnpool
from attnpool import InputError, TextClassifier

_FRESH = """
import sys, attnpool, numpy as np
model = attnpool.load(sys.argv[1])
texts = open(sys.argv[2], encoding="utf-8").read().split("\\n")
weights = [e.sides[0].weights for e in model.explain(texts)]
np.savez(sys.argv[3], proba=model.predict_proba(texts), weights=np.concatenate(weights, axis=1))
"""


@pytest.fixture
def saved(sentiment, tmp_path):
    sentiment[0].save(tmp_path / "model")
    return tmp_path / "model"


def test_a_fresh_process_gives_the_same_bits(sentiment, saved, tmp_path):
    """On one machine: the same kernels run twice."""
    model, test = sentiment
    (tmp_path / "texts").write_text("\n".join(test.texts[0]), encoding="utf-8")
    arguments = [str(saved), str(tmp_path / "texts"), str(tmp_path / "out.npz")]
    subprocess.run([sys.executable, "-c", _FRESH, *arguments], check=True)
    found = np.load(tmp_path / "out.npz")
    weights = [e.sides[0].weights for e in model.explain(test.texts[0])]
    assert (found["proba"] == model.predict_proba(test.texts[0])).all()
    assert (found["weights"] == np.concatenate(weights, axis=1)).all()


def test_a_loaded_model_gives_the_same_bits(tmp_path):
    texts = ["好房", "差房"] * 8
    model = TextClassifier(dim=8, epochs=2, ngrams=[2]).fit(texts, [0, 1] * 8)
    model.save(tmp_path / "m")
    again = attnpool.load(tmp_path / "m")
    assert (again.predict_proba(texts) == model.predict_proba(texts)).all()
    for one, other in zip(again.explain(texts), model.explain(texts), strict=True):
        assert (one.sides[0].weights == other.sides[0].weights).all()


def test_the_folder_holds_what_is_documented_and_no_pickle(sentiment, saved):
    names = {p.name for p in saved.iterdir()}
    assert names == {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "metrics.json",
        "known_texts.safetensors",
        "README.md",
    }
    config = json.loads((saved / "config.json").read_text("utf-8"))
    assert config["format_version"] == 5
    assert config["classes"] == ["正面", "负面"]
    assert "正面" in (saved / "README.md").read_text("utf-8")
    library = tokenizers.Tokenizer.from_file(str(saved / "tokenizer.json"))
    text = "房间很干净，ＯＫ！"
    model = sentiment[0]
    assert library.encode(text).ids == model.tokenizer_.encode([text]).ids.tolist()


def test_parameters_come_back(tmp_path):
    model = TextClassifier(
        dim=8, epochs=1, kernel_sizes=[2], ngrams=[2], class_weight={0: 2.0, 1: 1.0}
    )
    model.reading_ = {"dataset": None, "text": ["review"], "label": "label", "encoding": None}
    model.fit(["好房", "差房"] * 8, [0, 1] * 8).save(tmp_path / "m")
    again = attnpool.load(tmp_path / "m")
    assert again.get_params()["kernel_sizes"] == (2,)
    assert again.reading_ == model.reading_
    assert again.metrics_ == model.metrics_
    assert again.classes_.tolist() == [0, 1]
    again.fit(["好房", "差房"] * 8, [0, 1] * 8)
    # A loaded model is saved as it was.
    attnpool.load(tmp_path / "m").save(tmp_path / "n")
    for name in ("model.safetensors", "tokenizer.json", "config.json", "README.md"):
        assert (tmp_path / "m" / name).read_bytes() == (tmp_path / "n" / name).read_bytes()


def test_a_model_of_format_2_reads_texts_as_they_are_typed(saved, tmp_path):
    shutil.copytree(saved, tmp_path / "m")
    path = tmp_path / "m" / "config.json"
    config = json.loads(path.read_text("utf-8"))
    config["format_version"] = 2
    del config["bytes"], config["sha256"]["config.json"]
    for new in ("normalizes", "dictionary"):
        config.pop(new, None)
        config["params"].pop(new, None)
    path.write_text(json.dumps(config, ensure_ascii=False, indent=2), "utf-8")
    old = attnpool.load(tmp_path / "m")
    assert (old.reader_.normalizes, attnpool.load(saved).reader_.normalizes) == (False, True)
    old.save(tmp_path / "n")
    assert attnpool.load(tmp_path / "n").reader_.normalizes is False
    text = ["房间很干净"]
    np.testing.assert_array_equal(old.predict_proba(text), attnpool.load(saved).predict_proba(text))


def change(path, **values):
    form = json.loads(path.read_text("utf-8"))
    form.get("sha256", {}).pop("config.json", None)  # past the digest, what it says is looked at
    form.update(values)
    path.write_text(json.dumps(form), encoding="utf-8")


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path):
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)


DAMAGE = {
    "weights cut": lambda m: cut(m / "model.safetensors"),
    "weights changed": lambda m: flip(m / "model.safetensors"),
    "weights gone": lambda m: (m / "model.safetensors").unlink(),
    "tokenizer cut": lambda m: cut(m / "tokenizer.json"),
    "hashes cut": lambda m: cut(m / "known_texts.safetensors"),
    "hashes gone": lambda m: (m / "known_texts.safetensors").unlink(),
    "tokenizer gone": lambda m: (m / "tokenizer.json").unlink(),
    "config cut": lambda m: cut(m / "config.json"),
    "config empty": lambda m: (m / "config.json").write_text(""),
    "config a list": lambda m: (m / "config.json").write_text('["format_version"]'),
    "config nested deep": lambda m: (m / "config.json").write_text(
        '{"format_version": 1, "kind": "TextClassifier", "x": ' + "[" * 100_000
    ),
    "metrics changed": lambda m: change(m / "metrics.json", accuracy=1.0),
    "infinite limit": lambda m: change(m / "config.json", limit=float("inf")),
    "reading a word": lambda m: change(m / "config.json", reading="hotel"),
    "another vocabulary": lambda m: change(m / "config.json", tokenizer="words"),
    "metrics cut": lambda m: cut(m / "metrics.json"),
    "newer": lambda m: change(m / "config.json", format_version=6),
    "another kind": lambda m: change(m / "config.json", kind="Clairvoyant"),
    "no limit": lambda m: change(m / "config.json", limit=None),
    "too few classes": lambda m: change(m / "config.json", classes=["正面"]),
    "odd parameter": lambda m: change(m / "config.json", params={"colour": 1}),
    "no digests": lambda m: change(m / "config.json", sha256=None),
    "huge sizes": lambda m: change(
        m / "config.json",
        model={
            **json.loads((m / "config.json").read_text("utf-8"))["model"],
            "attention_dim": 10**9,
        },
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_model_is_one_line(saved, damage, unchecked):
    DAMAGE[damage](saved)
    with pytest.raises(InputError, match=str(saved)) as caught:
        attnpool.load(saved)
    assert "\n" not in str(caught.value)
    assert ("upgrade" in str(caught.value)) == (damage == "newer")


@pytest.mark.parametrize("value", [3e38, np.inf, -np.inf, np.nan])
def test_weights_are_finite_numbers_however_large(saved, value, unchecked):
    weights = load_file(saved / "model.safetensors")
    weights["linear.bias"][:] = value  # the sum of two large ones is no finite number
    save_file(weights, saved / "model.safetensors")
    content = (saved / "model.safetensors").read_bytes()
    digests = json.loads((saved / "config.json").read_text("utf-8"))["sha256"]
    del digests["config.json"]
    digests["model.safetensors"] = hashlib.sha256(content).hexdigest()
    change(saved / "config.json", sha256=digests)
    if value == 3e38:
        assert attnpool.load(saved).model_.linear.bias.tolist() == [np.float32(value)] * 2
    else:
        with pytest.raises(InputError, match="is damaged"):
            attnpool.load(saved)


def test_no_model_there(tmp_path):
    with pytest.raises(InputError, match="no such model folder"):
        attnpool.load(tmp_path / "nothing")
    with pytest.raises(InputError, match="not a model folder"):
        attnpool.load(tmp_path)


class Mine(TextClassifier):
    """A class of a user's own."""


def test_a_subclass_comes_back_as_itself(tmp_path):
    Mine(dim=8, epochs=1).fit(["好房", "差房"] * 8, [0, 1] * 8).save(tmp_path / "mine")
    assert type(attnpool.load(tmp_path / "mine")) is Mine
