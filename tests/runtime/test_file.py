"""Compact files: what is written is read back, and what makes no sense is refused in one line."""

import hashlib
import json
import os

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

import attnpool
from attnpool import InputError, TextClassifier, TextMatcher
from attnpool.runtime.file import FORMAT, FORMAT_VERSION, digest
from attnpool.text import WordTokenizer

from .conftest import ENGLISH, TEXTS

KINDS = ["characters", "words", "narrow", "queries", "pairs", "word pairs"]
PAIRS = TextMatcher(epochs=1, dim=8, head_dim=4, heads=2, ngrams=(2,), refit=False)
ENGLISH_ROWS = (ENGLISH, ["good", "bad", "good", "bad"] * 6)


def pairs_of(texts):
    """Each text with the next."""
    return list(zip(texts, [*texts[1:], texts[0]], strict=True))


def opened(path):
    with safe_open(path, framework="np") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()  # noqa: SIM118


def rewritten(path, to, change):
    """The file with its arrays and metadata changed in place by `change(arrays, metadata)`."""
    arrays, metadata = opened(path)
    change(arrays, metadata)
    metadata[FORMAT] = sealed(metadata[FORMAT], arrays)
    save_file({name: np.ascontiguousarray(a) for name, a in arrays.items()}, to, metadata=metadata)
    return to


def sealed(text, arrays):
    """The metadata with the digest that fits, as somebody who makes a file up would have it."""
    try:
        form = json.loads(text)
        form["sha256"] = digest(form, arrays)
    except (ValueError, TypeError, RecursionError):  # what is no JSON, or none that can be written
        return text
    return json.dumps(form)


def of_form(change):
    """A change of the JSON value in the metadata."""

    def changed(arrays, metadata):
        form = json.loads(metadata[FORMAT])
        change(form)
        metadata[FORMAT] = json.dumps(form)

    return changed


def of_config(change):
    return of_form(lambda form: change(form["config"]))


def of_network(**values):
    return of_form(lambda form: form["network"].update(values))


def of_array(name, change):
    def changed(arrays, metadata):
        arrays[name] = change(arrays[name])

    return changed


def put(array, place, value):
    array = array.copy()
    array[place] = value
    return array


def refusal(path):
    with pytest.raises(InputError) as caught:
        attnpool.load(path)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def of_jieba(words):
    """The tokeniser of another model, with these words for jieba."""

    def change(form):
        tokenizer = json.loads(WordTokenizer.train(["字"], 1, segmenter="jieba").to_json())
        tokenizer["pre_tokenizer"]["jieba"] = {
            "total": 9,
            "words": dict.fromkeys(words, 3),
            "deleted": [],
            "standard": True,
        }
        form["config"]["tokenizer"], form["tokenizer"] = "jieba", json.dumps(tokenizer)

    return of_form(change)


MADE_UP_FIGURES = (
    {"accuracy": "high"},
    {"accuracy": float("nan")},
    {"accuracy": 7},
    {"accuracy": True},
    {"n_validation": "many"},
    {"n_validation": -1},
    {"majority_accuracy": 0.5, "majority_class": None},
    {"majority_class": 3},
    {"warnings": "none"},
    {"warnings": [1]},
    {"teaching": "lsa"},
    {"teaching": {"teacher_accuracy": "good", "student_accuracy": None}},
    {"teaching": {}},
    {"anything": [{"deep": float("inf")}]},
)
"""Figures of training that no training gives."""


DAMAGE = {
    "no config": of_form(lambda form: form.pop("config")),
    "no tokenizer": of_form(lambda form: form.pop("tokenizer")),
    "no network": of_form(lambda form: form.pop("network")),
    "no version": of_form(lambda form: form.pop("format_version")),
    "no JSON": lambda arrays, metadata: metadata.update({FORMAT: "{"}),
    "a list": lambda arrays, metadata: metadata.update({FORMAT: "[]"}),
    "deep": lambda arrays, metadata: metadata.update({FORMAT: "[" * 100_000}),
    "config is a list": of_form(lambda form: form.update(config=[])),
    "network is a list": of_form(lambda form: form.update(network=[])),
    "network is nothing": of_form(lambda form: form.update(network=None)),
    "tokenizer is no JSON": of_form(lambda form: form.update(tokenizer="{")),
    "tokenizer is a number": of_form(lambda form: form.update(tokenizer=7)),
    **{
        f"version {version!r}": of_form(lambda form, v=version: form.update(format_version=v))
        for version in (0, -1, "1", None, 1.0, True, [1])
    },
    "tokenizer of another kind": of_config(lambda form: form.update(tokenizer="words")),
    "tokenizer of no kind": of_config(lambda form: form.update(tokenizer=3)),
    "cleanup unknown": of_config(lambda form: form.update(cleanup=["all"])),
    "limit of nothing": of_config(lambda form: form.update(limit=0)),
    "limit no number": of_config(lambda form: form.update(limit="long")),
    "limit endless": of_config(lambda form: form.update(limit=float("inf"))),
    "a class twice": of_config(lambda form: form.update(classes=["好", "好"])),
    "a class missing": of_config(lambda form: form.update(classes=["好"])),
    "classes nested": of_config(lambda form: form.update(classes=[["好"], ["差"]])),
    "metrics a list": of_config(lambda form: form.update(metrics=[])),
    **{
        f"metrics with {figures!r}": of_config(lambda form, f=figures: form["metrics"].update(f))
        for figures in MADE_UP_FIGURES
    },
    "a class of half a character": of_config(lambda form: form.update(classes=["好", "\ud800"])),
    "a reading of half a character": of_config(lambda form: form.update(reading={"a": "\udfff"})),
    "jieba words too long": of_jieba([f"{i}" + "长" * 20_000 for i in range(3)]),
    "reading a string": of_config(lambda form: form.update(reading="csv")),
    "source missing": of_config(lambda form: form.pop("source")),
    "heads of text": of_network(heads="4"),
    "heads below one": of_network(heads=0),
    "heads too many": of_network(heads=5),
    "heads enormous": of_network(heads=10**12),
    "classes a truth": of_network(classes=True),
    "pooling unknown": of_network(pooling="max"),
    "normalizer unknown": of_network(normalizer="argmax"),
    "n-grams too long": of_network(ngrams=[2, 9]),
    "n-grams not ascending": of_network(ngrams=[3, 2]),
    "n-grams of length one": of_network(ngrams=[1, 2]),
    "n-grams of fewer lengths": of_network(ngrams=[2]),
    "keys not ascending": of_array("ngrams", lambda keys: keys[::-1].copy()),
    "keys twice": of_array("ngrams", lambda keys: put(keys, 1, keys[0])),
    "keys below zero": of_array("ngrams", lambda keys: put(keys, 0, -5)),
    "keys too large": of_array("ngrams", lambda keys: put(keys, -1, 2**63 - 1)),
    "keys of another type": of_array("ngrams", lambda keys: keys.astype(np.int32)),
    "keys too few": of_array("ngrams", lambda keys: keys[1:]),
    "keys a matrix": of_array("ngrams", lambda keys: keys[None]),
    "rows too few": of_array("values", lambda table: table[1:]),
    "columns too many": of_array("values", lambda table: np.repeat(table, 2, axis=1)),
    "a table of one axis": of_array("values", np.ravel),
    "a table of doubles": of_array("values", lambda table: table.astype(np.float64)),
    "a table without scale": lambda arrays, metadata: arrays.pop("values.scale"),
    "a table missing": lambda arrays, metadata: arrays.pop("keys"),
    "a linear part of other size": of_array("linear", lambda table: table[:, 1:]),
    "squares below zero": of_array("linear", lambda table: put(table, (5, -1), -100)),
    "scale below zero": of_array("values.scale", lambda scale: -scale),
    "scale NaN": of_array("values.scale", lambda scale: put(scale, 0, np.nan)),
    "bias infinite": of_array("bias", lambda bias: put(bias, 0, np.inf)),
    "bias of another size": of_array("bias", lambda bias: np.append(bias, bias)),
    "score of another size": of_array("score", lambda score: score[:, :, None]),
    "score missing": lambda arrays, metadata: arrays.pop("score"),
    "scale enormous": of_array("values.scale", lambda scale: put(scale, 0, 3e38)),
    "rank of nothing": lambda arrays, metadata: arrays.update(
        {
            "values": arrays["values"][:, :0],
            "values.scale": arrays["values.scale"][:0],
            "values.expand": np.zeros((0, 8), np.float32),
        }
    ),
    "squares of no rank": lambda arrays, metadata: arrays.update(
        {
            "linear": arrays["linear"][:, :0],
            "linear.scale": arrays["linear.scale"][:0],
            "linear.expand": np.zeros((0, 3), np.float32),
        }
    ),
    "limit that advises": of_config(lambda form: form.update(limit="pip install evil\nrm")),
    "tokenizer that advises": of_config(lambda form: form.update(tokenizer="pip install x" * 99)),
    "expansion of other size": lambda arrays, metadata: arrays.update(
        {"values.expand": np.ones((3, 2), np.float32)}
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_makes_no_sense_is_refused(damage, compact_file, tmp_path):
    changed = rewritten(compact_file, tmp_path / "changed.safetensors", DAMAGE[damage])
    message = refusal(changed)
    assert message.endswith("copy it again or export the model again")


def test_a_file_that_is_cut_short_is_refused(compact_file, tmp_path):
    whole, cut = compact_file.read_bytes(), tmp_path / "cut.safetensors"
    for size in (0, 1, 7, 8, 9, 200, len(whole) // 2, len(whole) - 1):
        cut.write_bytes(whole[:size])
        assert "cut short" in refusal(cut)


@pytest.fixture(scope="session")
def files(compact_file, english, tmp_path_factory):
    """Compact files of all kinds of arrays."""
    folder = tmp_path_factory.mktemp("files")
    english.export(folder / "words.safetensors")
    many = TextClassifier(epochs=2).fit(TEXTS, [f"类{i % 6}" for i in range(30)])
    many.export(folder / "whole.safetensors")
    size = (folder / "whole.safetensors").stat().st_size
    many.export(folder / "narrow.safetensors", size=size * 9 // 10)
    queries = TextClassifier(epochs=2, faithful=True, char_ngrams=()).fit(*ENGLISH_ROWS)
    queries.export(folder / "queries.safetensors")
    PAIRS.fit(pairs_of(TEXTS), [0, 1] * 15).export(folder / "pairs.safetensors")
    PAIRS.fit(pairs_of(ENGLISH), [0, 1] * 12).export(folder / "word pairs.safetensors")
    return {"characters": compact_file} | {path.stem: path for path in folder.iterdir()}


def test_the_files_have_arrays_of_all_kinds(files):
    kinds = {name for path in files.values() for name in opened(path)[0]}
    assert {"char_ngrams", "char_ngrams.keys.scale", "unknown.keys", "values.expand"} <= kinds
    forms = [json.loads(opened(path)[1][FORMAT])["network"] for path in files.values()]
    assert {form.get("pooling") for form in forms} == {"attention", "mean_query", None}
    assert {form.get("architecture") for form in forms} == {"siamese", None}


WORDS_DAMAGE = {
    "no lengths of character n-grams": of_network(char_ngrams=[]),
    "lengths too great": of_network(char_ngrams=[3, 99]),
    "hashes not ascending": of_array("char_ngrams", lambda keys: keys[::-1].copy()),
    "hashes too few": of_array("char_ngrams", lambda keys: keys[1:]),
    "keys of unknown words too few": of_array("unknown.keys", lambda table: table[1:]),
    "keys of unknown words missing": lambda arrays, metadata: arrays.pop("unknown.keys"),
    "values of other size": of_array("char_ngrams.values", lambda table: table[:, 1:]),
}


@pytest.mark.parametrize("damage", WORDS_DAMAGE)
def test_damage_to_what_reads_unknown_words_is_refused(damage, files, tmp_path):
    changed = rewritten(files["words"], tmp_path / "changed.safetensors", WORDS_DAMAGE[damage])
    assert refusal(changed).endswith("copy it again or export the model again")


@pytest.mark.parametrize("kind", KINDS)
def test_any_byte_may_be_wrong(kind, files, tmp_path):
    """It is noticed, wherever it stands."""
    rng = np.random.default_rng(0)
    whole, changed = bytearray(files[kind].read_bytes()), tmp_path / "changed.safetensors"
    for place in rng.integers(0, len(whole), size=150).tolist():
        damaged = bytearray(whole)
        damaged[place] ^= 1 << int(rng.integers(0, 8))
        changed.write_bytes(damaged)
        try:
            refusal(changed)
        except pytest.fail.Exception:
            assert padding(whole, place), place


def padding(whole, place):
    """Whether a byte is white space in the header, which says nothing."""
    return place < 8 + int.from_bytes(whole[:8], "little") and whole[place] == ord(" ")


@pytest.mark.parametrize("kind", KINDS)
def test_any_number_may_be_made_up(kind, files, tmp_path):
    """No answer of a file with other numbers is a traceback or NaN."""
    rng = np.random.default_rng(0)

    def change(arrays, metadata):
        for name in rng.choice(sorted(arrays), size=2).tolist():
            flat = arrays[name].copy().reshape(-1).view(np.uint8)
            if len(flat):
                flat[rng.integers(0, len(flat), size=2)] = rng.integers(0, 256, size=2)
            arrays[name] = flat.view(arrays[name].dtype).reshape(arrays[name].shape)

    read = 0
    for _ in range(80):
        changed = rewritten(files[kind], tmp_path / "changed.safetensors", change)
        try:
            model = attnpool.load(changed)
        except InputError:
            refusal(changed)
            continue
        read += 1
        items = ["房间很好", "", "x wonderfulness"]
        items = items if model.architecture is None else pairs_of(items)
        assert np.isfinite(model.predict_proba(items)).all()
        for side in model.explain(items[:1])[0].sides:
            assert np.isfinite(side.values).all()
    assert read


def test_a_newer_version_is_said_to_be_newer(compact_file, tmp_path):
    newer = tmp_path / "newer.safetensors"
    rewritten(
        compact_file, newer, of_form(lambda form: form.update(format_version=FORMAT_VERSION + 1))
    )
    assert f"newer than {FORMAT_VERSION}" in refusal(newer)
    assert "upgrade attnpool" in refusal(newer)


def test_other_files_are_refused(tmp_path, chinese):
    chinese.save(tmp_path / "model")
    weights = refusal(tmp_path / "model" / "model.safetensors")
    assert "is not a compact model" in weights
    assert "its folder" in weights
    for name, content in {"a.txt": b"hello", "b.safetensors": b"{}" * 100}.items():
        (tmp_path / name).write_bytes(content)
        assert "cut short, or is no .safetensors file" in refusal(tmp_path / name)
    assert "no such" in refusal(tmp_path / "missing.safetensors")
    assert "no such" in refusal(tmp_path / "missing")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe.safetensors")
    refusal(tmp_path / "pipe.safetensors")


def test_it_is_written_whole_or_not_at_all(chinese, tmp_path):
    path = tmp_path / "m.safetensors"
    chinese.export(path)
    before = path.read_bytes()
    with pytest.raises(InputError, match="exists"):
        chinese.export(path)
    with pytest.raises(InputError, match=r"ends in \.safetensors"):
        chinese.export(tmp_path / "m.pt")
    with pytest.raises(InputError, match="too small"):
        chinese.export(path, size=100, overwrite=True)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["m.safetensors"]


def test_the_same_model_gives_the_same_bytes(chinese, compact_file, tmp_path):
    chinese.export(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == compact_file.read_bytes()
    attnpool.load(compact_file).save(tmp_path / "saved.safetensors")
    assert (tmp_path / "saved.safetensors").read_bytes() == compact_file.read_bytes()


@pytest.mark.parametrize("figures", MADE_UP_FIGURES, ids=str)
def test_figures_of_a_folder_are_checked_too(figures, chinese, tmp_path):
    chinese.save(tmp_path / "model")
    path = tmp_path / "model" / "metrics.json"
    form = json.loads(path.read_text("utf-8"))
    form.update(figures)
    path.write_text(json.dumps(form), "utf-8")
    with pytest.raises(InputError) as caught:
        model_folder_of(tmp_path / "model")
    assert str(path) in str(caught.value)


def model_folder_of(path):
    """The model of a folder whose digests fit what it holds."""
    config = json.loads((path / "config.json").read_text("utf-8"))
    digest = hashlib.sha256((path / "metrics.json").read_bytes()).hexdigest()
    config["sha256"]["metrics.json"] = digest
    config["bytes"]["metrics.json"] = (path / "metrics.json").stat().st_size
    del config["sha256"]["config.json"]
    (path / "config.json").write_text(json.dumps(config, ensure_ascii=False), "utf-8")
    return attnpool.load(path)
