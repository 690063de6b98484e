"""What fits and is saved loads again, alike; what could not is refused before training."""

import json
from hashlib import sha256

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import attnpool
from attnpool import InputError, TextClassifier
from attnpool.encoders.opening import open_encoder

from .conftest import LABELS, SPECIAL, TEXTS, WORDS, tiny_encoder

SIZE = len(SPECIAL) + len(WORDS)
T5 = {"d_model": 16, "d_kv": 8, "d_ff": 24, "num_layers": 2, "num_heads": 2, "vocab_size": SIZE}
BERT = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "vocab_size": SIZE,
    "intermediate_size": 24,
}
KINDS = {
    "T5EncoderModel": ("T5Config", T5, {}),
    "MT5EncoderModel": ("MT5Config", T5, {}),
    "UMT5EncoderModel": ("UMT5Config", T5, {}),
    "UMT5Model": ("UMT5Config", T5, {}),
    "T5ForTokenClassification": ("T5Config", T5, {}),
    "BertModel": ("BertConfig", BERT, {"add_pooling_layer": False}),
    "BertForTokenClassification": ("BertConfig", BERT, {}),
    "Qwen3Model": ("Qwen3Config", {**BERT, "num_key_value_heads": 1, "head_dim": 8}, {}),
    "Mamba2Model": (
        "Mamba2Config",
        {
            "hidden_size": 16,
            "num_hidden_layers": 1,
            "state_size": 4,
            "vocab_size": SIZE,
            "num_heads": 4,
            "head_dim": 8,
            "n_groups": 1,
        },
        {},
    ),
}
"""Classes of transformers that are not what `AutoModel` makes of their configuration, or not of
it alone: an encoder without its decoder, without a pooler, with an infinite number in it."""


def strong(model):
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(8)
    return model.eval()


def model_of(name):
    import transformers

    config, shape, options = KINDS[name]
    torch.manual_seed(0)
    made = getattr(transformers, name)(getattr(transformers, config)(**shape), **options)
    return strong(made)


@pytest.fixture(scope="module")
def tokenizer(tiny):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(tiny)


@pytest.mark.parametrize("name", KINDS)
def test_a_class_of_transformers_comes_back(name, tokenizer, tmp_path):
    model = TextClassifier(encoder=(model_of(name), tokenizer), epochs=1).fit(TEXTS, LABELS)
    model.save(tmp_path / "m", with_encoder=True)
    again = attnpool.load(tmp_path / "m")
    assert type(again.model_.encoder.model) is type(model.model_.encoder.model)
    np.testing.assert_array_equal(again.predict_proba(TEXTS), model.predict_proba(TEXTS))


@pytest.mark.parametrize("name", ["T5EncoderModel", "MT5EncoderModel", "UMT5EncoderModel"])
def test_a_folder_of_an_encoder_alone_opens(name, tokenizer, tmp_path):
    given = model_of(name)
    given.save_pretrained(tmp_path / "encoder")
    tokenizer.save_pretrained(tmp_path / "encoder")
    model = TextClassifier(encoder=str(tmp_path / "encoder"), epochs=1).fit(TEXTS, LABELS)
    assert type(model.model_.encoder.model).__name__ == name
    model.save(tmp_path / "m")
    again = attnpool.load(tmp_path / "m")
    np.testing.assert_array_equal(again.predict_proba(TEXTS), model.predict_proba(TEXTS))


def test_a_sentence_transformer_on_an_encoder_alone_comes_back(tokenizer, tmp_path):
    library = pytest.importorskip("sentence_transformers")
    model_of("T5EncoderModel").save_pretrained(tmp_path / "encoder")
    tokenizer.save_pretrained(tmp_path / "encoder")
    whole = library.SentenceTransformer(str(tmp_path / "encoder"))
    assert type(whole[0].auto_model).__name__ == "T5EncoderModel"
    model = TextClassifier(encoder=whole, epochs=1).fit(TEXTS, LABELS)
    model.save(tmp_path / "m", with_encoder=True)
    again = attnpool.load(tmp_path / "m")
    np.testing.assert_array_equal(again.predict_proba(TEXTS), model.predict_proba(TEXTS))


def test_a_model_that_names_no_class_loads(tokenizer, tmp_path):
    """As models were saved before."""
    model = TextClassifier(encoder=(model_of("BertModel"), tokenizer), epochs=1).fit(TEXTS, LABELS)
    model.save(tmp_path / "m")
    path = tmp_path / "m" / "config.json"
    config = json.loads(path.read_text("utf-8"))
    del config["sha256"]["config.json"]
    assert config["model"]["encoder"]["form"].pop("architectures") == ["BertModel"]
    path.write_text(json.dumps(config), "utf-8")
    again = attnpool.load(tmp_path / "m")
    np.testing.assert_array_equal(again.predict_proba(TEXTS), model.predict_proba(TEXTS))


@pytest.mark.parametrize(
    "named", [["Trainer"], ["os"], ["GPT2Model"], ["__class__"], [7], "BertModel", {"a": 1}, [[]]]
)
def test_only_a_class_of_the_same_kind_is_made(named, tokenizer, tmp_path):
    """Whatever else is named, the model is what `AutoModel` makes, or the file is damaged."""
    model = TextClassifier(encoder=(model_of("BertModel"), tokenizer), epochs=1).fit(TEXTS, LABELS)
    model.save(tmp_path / "m")
    path = tmp_path / "m" / "config.json"
    config = json.loads(path.read_text("utf-8"))
    del config["sha256"]["config.json"]
    config["model"]["encoder"]["form"]["architectures"] = named
    path.write_text(json.dumps(config), "utf-8")
    assert type(attnpool.load(tmp_path / "m").model_.encoder.model).__name__ == "BertModel"


@pytest.mark.parametrize("kind", [torch.float64, torch.float16, torch.int8])
def test_weights_of_another_type_are_refused(kind, tokenizer, tmp_path):
    """Made up with digests that fit; a product of two types would fail at the first answer."""
    model = TextClassifier(encoder=(model_of("BertModel"), tokenizer), epochs=1).fit(TEXTS, LABELS)
    model.save(tmp_path / "m", with_encoder=True)
    weights, path = tmp_path / "m" / "model.safetensors", tmp_path / "m" / "config.json"
    tensors = load_file(weights)
    name = "encoder.model.encoder.layer.1.attention.output.dense.weight"
    save_file({**tensors, name: tensors[name].to(kind)}, weights)
    config = json.loads(path.read_text("utf-8"))
    del config["sha256"]["config.json"]
    config["sha256"][weights.name] = sha256(weights.read_bytes()).hexdigest()
    config["bytes"][weights.name] = weights.stat().st_size
    path.write_text(json.dumps(config), "utf-8")
    with pytest.raises(InputError, match=rf"does not fit .*\({name} is of another size or type"):
        attnpool.load(tmp_path / "m")


class Adapter(torch.nn.Module):
    """A linear layer with a low-rank one beside it."""

    def __init__(self, plain):
        super().__init__()
        self.plain = plain
        self.down = torch.nn.Linear(plain.in_features, 2, bias=False)
        self.up = torch.nn.Linear(2, plain.out_features, bias=False)

    def forward(self, x):
        return self.plain(x) + self.up(self.down(x))


def wrapped(model):
    for layer in model.encoder.layer:
        layer.attention.self.query = Adapter(layer.attention.self.query)


def cut(model):
    model.encoder.layer = model.encoder.layer[:1]


def activated(model):
    model.encoder.layer[0].intermediate.intermediate_act_fn = torch.nn.Tanh()


def hooked(model):
    model.embeddings.register_forward_hook(lambda _, __, output: output.flip(2))


def normed(model):
    torch.nn.utils.parametrizations.weight_norm(model.encoder.layer[0].output.dense)


CHANGED = {
    wrapped: r"'encoder\.layer\.0\.attention\.self\.query'.*merge adapters into the weights",
    cut: r"not as its configuration says",
    activated: r"'encoder\.layer\.0\.intermediate\.intermediate_act_fn'",
    normed: r"'encoder\.layer\.0\.output\.dense",
    hooked: "gives other states than its weights do in a fresh model, such as by a hook",
}


@pytest.mark.parametrize("change", CHANGED)
@pytest.mark.parametrize("trained", ["none", "all"])
def test_what_could_not_be_restored_is_refused_before_training(change, trained, tokenizer):
    model = model_of("BertModel")
    change(model)
    with pytest.raises(InputError, match=CHANGED[change]) as caught:
        TextClassifier(encoder=(model, tokenizer), train_encoder=trained).fit(TEXTS, LABELS)
    assert "\n" not in str(caught.value)


LONG = " ".join(TEXTS)
CHANGING = {
    "BigBirdModel": ("BigBirdConfig", {**BERT, "block_size": 4, "num_random_blocks": 1}),
    "BigBirdPegasusModel": (
        "BigBirdPegasusConfig",
        {
            "d_model": 16,
            "encoder_layers": 2,
            "decoder_layers": 1,
            "vocab_size": SIZE,
            "encoder_attention_heads": 2,
            "decoder_attention_heads": 2,
            "block_size": 4,
            "encoder_ffn_dim": 24,
            "decoder_ffn_dim": 24,
            "num_random_blocks": 1,
        },
    ),
    "RecurrentGemmaModel": (
        "RecurrentGemmaConfig",
        {
            **BERT,
            "num_key_value_heads": 1,
            "lru_width": 16,
            "attention_window_size": 8,
            "block_types": ["recurrent", "attention"],
        },
    ),
}


@pytest.mark.parametrize("name", CHANGING)
def test_answers_do_not_depend_on_what_was_read_before(name, tokenizer, tmp_path):
    import transformers

    config, shape = CHANGING[name]
    torch.manual_seed(0)
    given = strong(getattr(transformers, name)(getattr(transformers, config)(**shape)))
    wide = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer.backend_tokenizer, model_max_length=400, pad_token="[PAD]"
    )
    options = {"epochs": 1, "linear": False, "max_length": 400}
    model = TextClassifier(encoder=(given, wide), **options).fit([*TEXTS, LONG], [*LABELS, "good"])
    model.save(tmp_path / "m")
    first = attnpool.load(tmp_path / "m").predict_proba([LONG])
    again = attnpool.load(tmp_path / "m")
    again.predict_proba(TEXTS[:1])
    np.testing.assert_array_equal(again.predict_proba([LONG]), first)
    np.testing.assert_allclose(model.predict_proba([LONG]), first, atol=1e-6)


class Counting(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.read = 0

    def forward(self, x):
        self.read += 1
        return x * self.read


def test_an_encoder_that_changes_itself_is_refused(tiny):
    from attnpool.encoders.trying import state_width

    model = open_encoder(tiny).model
    model.encoder.layer[1].output.dense = torch.nn.Sequential(
        model.encoder.layer[1].output.dense, Counting()
    )
    with pytest.raises(InputError, match="gives other states"):
        state_width(model, "it", 16)


def spoilt(value):
    def spoil(model):
        with torch.no_grad():
            model.embeddings.word_embeddings.weight[9] = value

    return spoil


def huge(model):
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(1e30)


@pytest.mark.parametrize("spoil", [spoilt(float("nan")), spoilt(float("inf")), huge])
@pytest.mark.parametrize("saved", [False, True])
def test_weights_that_are_no_numbers_are_refused(spoil, saved, tokenizer, tmp_path):
    model = model_of("BertModel")
    spoil(model)
    if saved:
        model.save_pretrained(tmp_path)
        tokenizer.save_pretrained(tmp_path)
    encoder = str(tmp_path) if saved else (model, tokenizer)
    with pytest.raises(InputError, match="not finite") as caught:
        TextClassifier(encoder=encoder).fit(TEXTS, LABELS)
    assert "\n" not in str(caught.value)


FUNNEL = {"vocab_size": SIZE, "d_model": 16, "n_head": 2, "d_head": 8, "d_inner": 24}
OTHERS = {
    "ViTModel": ("ViTConfig", BERT, "no table of token embeddings"),
    "CanineModel": ("CanineConfig", BERT, "no table of token embeddings"),
    "CLIPTextModel": ("CLIPTextConfig", BERT, "cannot read .* tokens as embeddings"),
    "ReformerModel": ("ReformerConfig", {"vocab_size": SIZE}, "cannot read .* as embeddings"),
    "FunnelBaseModel": (
        "FunnelConfig",
        {
            "vocab_size": SIZE,
            "d_model": 16,
            "n_head": 2,
            "d_head": 8,
            "d_inner": 24,
            "block_sizes": [1, 1],
        },
        "does not give a state for each token",
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_reads_no_tokens_is_refused(name, tokenizer):
    import transformers

    config, shape, message = OTHERS[name]
    shape = {k: v for k, v in shape.items() if k != "vocab_size" or "ViT" not in name}
    model = getattr(transformers, name)(getattr(transformers, config)(**shape)).eval()
    with pytest.raises(InputError, match=message) as caught:
        TextClassifier(encoder=(model, tokenizer)).fit(TEXTS, LABELS)
    assert "\n" not in str(caught.value)


def test_positions_that_are_too_few_are_said(tmp_path):
    folder = tiny_encoder(tmp_path / "few", max_position_embeddings=3)
    model = TextClassifier(encoder=folder, epochs=1, linear=False).fit(TEXTS, LABELS)
    assert model.model_.encoder.content == 1
    # It reads whole windows of attention: 16 tokens, which begin behind the padding.
    folder = tiny_encoder(tmp_path / "windows", "longformer", attention_window=4, pad_token_id=0)
    with pytest.raises(InputError, match="its table of positions is too short"):
        TextClassifier(encoder=folder).fit(TEXTS, LABELS)


@pytest.mark.parametrize("family", ["CTRL", "RWKV"])
def test_what_changes_in_place_what_gradients_need_is_taken(family):
    """Explanations have rules for it."""
    from benchmarks.encoders.families import FAMILIES
    from benchmarks.encoders.tiny import build

    from attnpool.encoders.trying import state_width

    model = build(FAMILIES[family]).model
    assert state_width(getattr(model, "base_model", model), "it", 9) > 0
