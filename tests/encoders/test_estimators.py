"""Classifiers and matchers on an encoder do what others do."""

import json
import shutil

import numpy as np
import pytest
import torch

import attnpool
from attnpool import InputError, TextClassifier, TextMatcher

from .conftest import LABELS, TEXTS, tiny_encoder

PAIRS = [("great film", "wonderful movie"), ("great film", "dull plot")] * 10


@pytest.fixture(scope="module")
def frozen(tiny):
    return TextClassifier(encoder=tiny, epochs=4, max_length=60).fit(TEXTS, LABELS)


def sums(explanations):
    for one in explanations:
        values = sum(side.values.sum() for side in one.sides)
        assert values + one.base + one.bias == pytest.approx(one.logit, abs=1e-4)


def test_it_answers_and_explains(frozen):
    assert set(frozen.predict(TEXTS[:4])) <= set(LABELS)
    explanations = frozen.explain(["a wonderful, lifeless film", "", "x " * 40])
    assert explanations[0].method == "contribution"
    assert [t.text for t in explanations[0].tokens[0]] == [
        "a",
        "wonderful",
        ",",
        "life",
        "less",
        "film",
    ]
    assert explanations[0].linear is not None
    sums(explanations)
    assert frozen.faithfulness(TEXTS[:4], ["contribution"])["contribution"].comprehensiveness.shape
    assert "<!doctype html>" in attnpool.report(frozen, TEXTS[:6], LABELS[:6])


def test_texts_beyond_the_limit_are_explained_in_windows(tiny):
    long = ["great " * 12 + "film " * 12 + "plot", "dull " * 50]
    model = TextClassifier(encoder=tiny, epochs=1).fit([*TEXTS, *long], [*LABELS, "good", "bad"])
    explanations = model.explain(long)
    assert [len(one.tokens[0]) for one in explanations] == [25, 50]
    sums(explanations)


@pytest.mark.parametrize("pooling", ["mean_query", "max", "average", "min_variance"])
def test_every_pooling_stands_on_an_encoder(tiny, pooling):
    model = TextClassifier(encoder=tiny, epochs=1, pooling=pooling).fit(TEXTS, LABELS)
    sums(model.explain(TEXTS[:3]))


@pytest.mark.parametrize(
    "method", ["gradient_x_input", "integrated_gradients", "leave_one_out", "attention"]
)
def test_every_method_fits(frozen, method):
    (one,) = frozen.explain(["a wonderful film"], method=method)
    assert np.isfinite(one.sides[0].values).all()
    assert len(one.tokens[0]) == 3


@pytest.mark.parametrize("architecture", ["siamese", "interaction", "alignment", "triplet"])
def test_matchers_stand_on_an_encoder(tiny, architecture, tmp_path):
    model = TextMatcher(architecture=architecture, encoder=tiny, epochs=1).fit(PAIRS, [1, 0] * 10)
    sums(model.explain(PAIRS[:2], method="contribution"))
    model.save(tmp_path / "m")
    again = attnpool.load(tmp_path / "m")
    np.testing.assert_allclose(again.predict_proba(PAIRS), model.predict_proba(PAIRS), atol=1e-6)


def test_names_of_labels_are_read_by_the_encoder(tiny):
    model = TextMatcher(architecture="label", encoder=tiny, epochs=1)
    model.fit(TEXTS, ["great film", "dull plot"] * 16)
    assert model.predict(["a movie"], candidates=["boring", "acting"])[0] in ("boring", "acting")
    sums(model.explain(TEXTS[:2]))


def test_the_same_seed_gives_the_same_model(tiny, frozen):
    again = TextClassifier(encoder=tiny, epochs=4, max_length=60).fit(TEXTS, LABELS)
    np.testing.assert_array_equal(again.predict_proba(TEXTS), frozen.predict_proba(TEXTS))


@pytest.mark.parametrize("max_length", ["auto", "median", "p50", 0.5, 3, "max"])
def test_states_are_computed_once(max_length, tiny, monkeypatch):
    """Whatever the length limit follows from: a text that is cut elsewhere has other states."""
    from attnpool.models.context import ContextEncoder

    read = []
    states = ContextEncoder.states

    def counted(self, ids, mask):
        read.append(len(ids))
        return states(self, ids, mask)

    monkeypatch.setattr(ContextEncoder, "states", counted)
    model = TextClassifier(encoder=tiny, epochs=5, max_length=max_length)
    model.fit(TEXTS, LABELS, validation=0.25)
    tokens = model.reader_(TEXTS)
    different = {ids.tobytes() for ids in np.split(tokens.ids, tokens.bounds[1:-1])}
    assert sum(read) == len(different)


@pytest.mark.parametrize("with_encoder", [False, True])
def test_a_frozen_one_is_saved_by_reference_or_whole(frozen, tmp_path, with_encoder, tiny):
    frozen.save(tmp_path / "m", with_encoder=with_encoder)
    config = json.loads((tmp_path / "m" / "config.json").read_text("utf-8"))
    assert config["model"]["encoder"]["source"] == (None if with_encoder else tiny)
    card = " ".join((tmp_path / "m" / "README.md").read_text("utf-8").split())
    where = "weights in this folder" if with_encoder else f"weights of `{tiny}`"
    assert f"a pretrained encoder (`bert`, frozen; {where})" in card
    assert "attention pooling over sub-words" in card
    again = attnpool.load(tmp_path / "m")
    np.testing.assert_array_equal(again.predict_proba(TEXTS), frozen.predict_proba(TEXTS))
    one, other = (model.explain(TEXTS[:2]) for model in (again, frozen))
    np.testing.assert_allclose(one[0].sides[0].values, other[0].sides[0].values, atol=1e-6)
    again.save(tmp_path / "again")
    assert attnpool.load(tmp_path / "again").predict(TEXTS[:1]) == frozen.predict(TEXTS[:1])


@pytest.mark.parametrize("layers", [1, "all"])
def test_a_trained_one_is_saved_whole_and_leaves_the_folder_alone(tiny, layers, tmp_path):
    model = TextClassifier(
        encoder=tiny, train_encoder=layers, epochs=2, encoder_learning_rate=1e-2, linear=False
    ).fit(TEXTS, LABELS)
    before = TextClassifier(encoder=tiny, epochs=2, linear=False).fit(TEXTS, LABELS)
    changed = {
        name
        for (name, one), other in zip(
            model.model_.encoder.model.named_parameters(),
            before.model_.encoder.model.parameters(),
            strict=True,
        )
        if not torch.equal(one, other)
    }
    assert changed
    assert layers == "all" or all(name.startswith("encoder.layer.1.") for name in changed)
    model.save(tmp_path / "m")
    copy = shutil.copytree(tmp_path / "m", tmp_path / "elsewhere")
    np.testing.assert_array_equal(
        attnpool.load(copy).predict_proba(TEXTS), model.predict_proba(TEXTS)
    )
    sums(model.explain(TEXTS[:2]))


def test_an_encoder_that_changed_or_went_is_refused(tmp_path):
    folder = tmp_path / "encoder"
    tiny_encoder(folder)
    TextClassifier(encoder=str(folder), epochs=1).fit(TEXTS, LABELS).save(tmp_path / "m")
    tiny_encoder(folder, num_hidden_layers=1)
    with pytest.raises(InputError, match="has changed since the model was trained on it"):
        attnpool.load(tmp_path / "m")
    shutil.rmtree(folder)
    with pytest.raises(InputError, match="with_encoder=True"):
        attnpool.load(tmp_path / "m")


def test_objects_are_taken_and_stay_as_they_are(tiny):
    from transformers import AutoModel, AutoTokenizer

    model, tokenizer = AutoModel.from_pretrained(tiny), AutoTokenizer.from_pretrained(tiny)
    model.train()
    before = {name: weight.clone() for name, weight in model.named_parameters()}
    taken = TextClassifier(
        encoder=(model, tokenizer), train_encoder="all", encoder_learning_rate=1e-2, epochs=1
    ).fit(TEXTS, LABELS)
    assert model.training
    assert all(weight.requires_grad for weight in model.parameters())
    assert all(torch.equal(before[name], weight) for name, weight in model.named_parameters())
    assert set(taken.predict(TEXTS[:4])) <= set(LABELS)


def test_half_precision_is_computed_in_single(tiny):
    from transformers import AutoModel, AutoTokenizer

    half = AutoModel.from_pretrained(tiny, dtype=torch.bfloat16)
    pair = (half, AutoTokenizer.from_pretrained(tiny))
    model = TextClassifier(encoder=pair, epochs=1).fit(TEXTS, LABELS)
    assert model.model_.encoder.embedding.weight.dtype == torch.float32
    sums(model.explain(TEXTS[:3]))


def test_a_sentence_transformer_is_taken(minilm):
    library = pytest.importorskip("sentence_transformers")
    model = TextClassifier(encoder=library.SentenceTransformer(minilm), epochs=1, linear=False)
    named = TextClassifier(encoder=minilm, epochs=1, linear=False).fit(TEXTS, LABELS)
    np.testing.assert_allclose(
        model.fit(TEXTS, LABELS).predict_proba(TEXTS), named.predict_proba(TEXTS), atol=1e-4
    )


def test_it_has_no_compact_form(frozen, tmp_path):
    with pytest.raises(InputError, match="pretrained encoder has no compact form"):
        frozen.export(tmp_path / "m.safetensors")


BAD = {
    "a missing folder": ({"encoder": "./none/such/folder"}, "no such folder"),
    "a name that is not here": ({"encoder": "nobody/nothing"}, "allow the download"),
    "nothing": ({"encoder": ""}, "is empty"),
    "a number": ({"encoder": 7}, "is int; give the folder"),
    "three objects": ({"encoder": (1, 2, 3)}, "3 objects"),
    "objects of other kinds": ({"encoder": ("a", "b")}, "no model of transformers"),
    "more layers than there are": (
        {"train_encoder": 9},
        "has 2 layers, and 9 were to be",
    ),
    "a word": ({"train_encoder": "some"}, "give 'none', 'all' or a number"),
    "layers below zero": ({"train_encoder": -2}, "give 'none', 'all' or a number"),
    "no learning rate": ({"encoder_learning_rate": 0.0}, "encoder_learning_rate"),
    "another tokenizer": ({"tokenizer": "words"}, "has no effect with an encoder"),
    "convolutions": ({"kernel_sizes": (3,)}, "has no effect with an encoder"),
    "a width": ({"dim": 64}, "dim has no effect with an encoder"),
    "residual convolutions": ({"residual": True}, "residual has no effect with an encoder"),
    "characters": ({"char_ngrams": [2]}, "char_ngrams has no effect with an encoder"),
    "a least frequency": ({"min_frequency": 3}, "min_frequency has no effect with an encoder"),
    "a mapping": ({"encoder": {"a": 1}}, "encoder is dict; give the folder"),
    "an empty list": ({"encoder": []}, "encoder is an empty list; give the folder"),
    "no encoder to train": ({"encoder": None, "train_encoder": "all"}, "train_encoder is of an"),
    "no layers to train": ({"encoder": None, "train_encoder": 2}, "name it .encoder=., or leave"),
    "no encoder to download": ({"encoder": None, "download": True}, "download is of an encoder"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_parameters_are_refused_in_a_line(case, tiny):
    params, message = BAD[case]
    with pytest.raises(InputError, match=message) as caught:
        TextClassifier(**{"encoder": tiny, "epochs": 1, **params}).fit(TEXTS, LABELS)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "params",
    [{"dim": 64}, {"residual": True}, {"kernel_sizes": (3,)}, {"encoder": None, "download": True}],
)
def test_a_matcher_refuses_the_same(params, tiny):
    with pytest.raises(InputError, match=r"has no effect with an encoder|is of an encoder"):
        TextMatcher(**{"encoder": tiny, **params}).fit(PAIRS, [1, 0] * 10)


def test_usual_values_may_be_given(tiny):
    """Those of a search over parameters, which names every one."""
    usual = {"dim": 128, "char_ngrams": [3, 4, 5], "min_frequency": 1, "residual": False}
    TextClassifier(encoder=tiny, epochs=1, **usual).fit(TEXTS, LABELS)
    TextClassifier(encoder=tiny, epochs=1, char_ngrams=()).fit(TEXTS, LABELS)
    TextClassifier(train_encoder="none", epochs=1).fit(TEXTS, LABELS)


def test_a_device_that_is_not_here_is_not_advised(tiny, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(InputError, match=r"does not have here; give None or 'cpu'$"):
        TextClassifier(encoder=tiny, device="cuda:99").fit(TEXTS, LABELS)


def test_a_tokenizer_without_offsets_is_refused(tiny):
    from transformers import AutoModel

    class Slow:
        is_fast = False

        def __call__(self, text, **options):
            return {"input_ids": [2, 5, 3]}

    model = AutoModel.from_pretrained(tiny)
    with pytest.raises(InputError, match="gives no offsets"):
        TextClassifier(encoder=(model, Slow()), epochs=1).fit(TEXTS, LABELS)


def test_no_room_for_the_states_is_said_before_anything_is_computed(tiny, monkeypatch):
    from collections import namedtuple

    from attnpool.encoders import states

    monkeypatch.setattr(states, "_IN_MEMORY", 10)
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(states.shutil, "disk_usage", lambda _: usage(0))
    with pytest.raises(InputError, match=r"the states of the encoder take .* GB"):
        TextClassifier(encoder=tiny, epochs=1).fit(TEXTS, LABELS)


def test_states_beyond_memory_are_kept_in_a_file(tiny, frozen, monkeypatch, tmp_path):
    from attnpool.encoders import states

    monkeypatch.setattr(states, "_IN_MEMORY", 10)
    monkeypatch.setattr(states.tempfile, "tempdir", str(tmp_path))
    again = TextClassifier(encoder=tiny, epochs=4, max_length=60).fit(TEXTS, LABELS)
    np.testing.assert_array_equal(again.predict_proba(TEXTS), frozen.predict_proba(TEXTS))
    assert not list(tmp_path.iterdir())


DAMAGE = {
    "another width": lambda encoder: encoder.update(dim=8),
    "another architecture": lambda encoder: encoder["form"].update(model_type="t5"),
    "no architecture": lambda encoder: encoder["form"].pop("model_type"),
    "an unknown architecture": lambda encoder: encoder["form"].update(model_type="evil"),
    "a size that somebody made up": lambda encoder: encoder["form"].update(hidden_size=10**9),
    "a form that is none": lambda encoder: encoder.update(form=[]),
    "a million layers": lambda encoder: encoder["form"].update(num_hidden_layers=10**6),
    "a window beyond its positions": lambda encoder: encoder.update(window=10**9),
    "no window": lambda encoder: encoder.update(window=0),
    "special tokens beyond the vocabulary": lambda encoder: encoder.update(prefix=[10**6]),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_config_is_refused(damage, frozen, tmp_path):
    frozen.save(tmp_path / "m", with_encoder=True)
    path = tmp_path / "m" / "config.json"
    config = json.loads(path.read_text("utf-8"))
    del config["sha256"]["config.json"]
    DAMAGE[damage](config["model"]["encoder"])
    path.write_text(json.dumps(config), "utf-8")
    with pytest.raises(InputError, match=r"config\.json is damaged"):
        attnpool.load(tmp_path / "m")


def test_an_object_that_was_changed_is_saved_whole(tiny, tmp_path):
    from transformers import AutoModel, AutoTokenizer

    model, tokenizer = AutoModel.from_pretrained(tiny), AutoTokenizer.from_pretrained(tiny)
    with torch.no_grad():
        model.embeddings.word_embeddings.weight.mul_(1.5)
    fitted = TextClassifier(encoder=(model, tokenizer), epochs=1).fit(TEXTS, LABELS)
    before = fitted.predict_proba(TEXTS)
    fitted.save(tmp_path / "m")
    again = attnpool.load(tmp_path / "m")
    np.testing.assert_array_equal(again.predict_proba(TEXTS), before)
    with torch.no_grad():
        model.embeddings.word_embeddings.weight.zero_()
    np.testing.assert_array_equal(fitted.predict_proba(TEXTS), before)
    with pytest.raises(InputError, match="was saved with the model; to train again"):
        again.fit(TEXTS, LABELS)


def test_a_pooler_that_a_folder_lacks_changes_no_digest(tmp_path):
    from transformers import AutoConfig, AutoModelForMaskedLM

    folder = tiny_encoder(tmp_path / "encoder")
    AutoModelForMaskedLM.from_config(AutoConfig.from_pretrained(folder)).save_pretrained(folder)
    torch.manual_seed(1)
    model = TextClassifier(encoder=folder, epochs=1).fit(TEXTS, LABELS)
    model.save(tmp_path / "m")
    torch.manual_seed(2)
    np.testing.assert_allclose(
        attnpool.load(tmp_path / "m").predict_proba(TEXTS), model.predict_proba(TEXTS), atol=1e-6
    )


def test_training_an_encoder_follows_from_the_seed_alone(tiny):
    found = []
    for other in (1, 2):
        torch.manual_seed(other)
        model = TextClassifier(encoder=tiny, train_encoder="all", epochs=2, linear=False)
        found.append(model.fit(TEXTS, LABELS).predict_proba(TEXTS))
        assert torch.initial_seed() == other
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize("layers", ["none", "all"])
def test_hidden_tokens_are_not_looked_up(tiny, layers):
    """With masks at random the states of what is left are others than those that are kept."""
    options = {"epochs": 2, "linear": False, "train_encoder": layers}
    plain, masked = (
        TextClassifier(encoder=tiny, mask_training=on, **options).fit(TEXTS, LABELS)
        for on in (False, True)
    )
    assert not np.array_equal(plain.predict_proba(TEXTS), masked.predict_proba(TEXTS))


def test_encoders_that_need_ids_or_read_padding_are_refused(tmp_path):
    folder = tiny_encoder(tmp_path / "fnet", "fnet", type_vocab_size=2)
    with pytest.raises(InputError, match=r"gives other states|does not read token embeddings"):
        TextClassifier(encoder=folder, epochs=1).fit(TEXTS, LABELS)


def test_more_tokens_than_embeddings_are_refused(tiny):
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny)
    tokenizer.add_tokens(["zzz"])
    with pytest.raises(InputError, match="more tokens than its table of embeddings"):
        TextClassifier(encoder=(AutoModel.from_pretrained(tiny), tokenizer)).fit(TEXTS, LABELS)


@pytest.mark.parametrize("name", ["evil/kernel", "flash_attention_2"])
def test_code_from_elsewhere_is_refused(name, tmp_path):
    folder = tiny_encoder(tmp_path / "encoder")
    path = tmp_path / "encoder" / "config.json"
    config = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**config, "attn_implementation": name}), "utf-8")
    with pytest.raises(InputError, match="asks for code from elsewhere"):
        TextClassifier(encoder=folder, epochs=1).fit(TEXTS, LABELS)
