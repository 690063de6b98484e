"""A saved model opens again; a folder that names the code of others does not."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import save_file
from tests.integrations.sentence_transformers.cases import (
    HEADS,
    Router,
    SentenceTransformer,
    torch,
    whole,
)

from attnpool import InputError
from attnpool.integrations.sentence_transformers import load

TEXTS = ["a wonderful film", "", "dull !"]
OURS = "attnpool.integrations.sentence_transformers"


@pytest.fixture
def saved(tiny, tmp_path):
    model = whole(tiny, heads=2, attention_dim=7, normalizer="entmax15", include_prompt=False)
    model.prompts = {"query": "the "}
    model.save(str(tmp_path / "model"))
    return model, tmp_path / "model"


def rewrite(path, change):
    form = json.loads(path.read_text("utf-8"))
    changed = change(form)
    path.write_text(json.dumps(form if changed is None else changed), "utf-8")


def test_a_new_process_gives_the_same_vectors(saved, tmp_path):
    model, folder = saved
    code = (
        f"import sys; from {OURS} import load; import numpy as np; "
        f"model = load({str(folder)!r}, device='cpu'); "
        f"np.save({str(tmp_path / 'v.npy')!r}, model.encode({TEXTS!r})); "
        "print(model.prompts['query'], model[1], model.training)"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip().endswith("False")
    assert "entmax15" in ran.stdout
    np.testing.assert_array_equal(np.load(tmp_path / "v.npy"), model.encode(TEXTS))


@HEADS
def test_a_model_of_one_or_more_heads_opens_again(tiny, tmp_path, heads):
    model = whole(tiny, heads=heads)
    model.save(str(tmp_path), safe_serialization=False)  # the pooling is never pickled
    assert (tmp_path / "1_AttentionPooling" / "model.safetensors").exists()
    model.save(str(tmp_path))
    again = load(tmp_path)
    assert again[1].get_config_dict() == model[1].get_config_dict()
    np.testing.assert_array_equal(again.encode(TEXTS), model.encode(TEXTS))


def test_the_library_refuses_it_and_takes_it_with_trust(saved):
    """Why there is `load`; if the library takes it one day, `load` may go."""
    model, folder = saved
    with pytest.raises(ValueError, match="trust_remote_code=True"):
        SentenceTransformer(str(folder), device="cpu")
    again = SentenceTransformer(str(folder), device="cpu", trust_remote_code=True)
    np.testing.assert_array_equal(again.encode(TEXTS), model.encode(TEXTS))


def test_their_own_models_open_too(minilm):
    expected = SentenceTransformer(minilm, device="cpu").encode(TEXTS)
    np.testing.assert_allclose(load(minilm, device="cpu").encode(TEXTS), expected, atol=1e-6)


FOREIGN = [
    "evil.Module",
    "modeling_evil.Evil",
    "attnpool.integrations.sentence_transformers.loading.load",
    "attnpool.integrations.sentence_transformersx.AttentionPooling",
    "os.system",
    "",
]


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_classes_are_refused_and_not_imported(saved, monkeypatch, name):
    _, folder = saved
    mark = folder / "ran"
    for place in (folder, folder / "1_AttentionPooling"):
        for file in ("evil.py", "modeling_evil.py"):
            (place / file).write_text(
                f"open({str(mark)!r}, 'w')\nclass Evil: pass\nModule = Evil\n"
            )
    monkeypatch.syspath_prepend(str(folder))
    rewrite(folder / "modules.json", lambda form: form[1].update(type=name))
    with pytest.raises(InputError, match=f"names the class '{name}', which is neither") as error:
        load(folder)
    assert "\n" not in str(error.value)
    assert not mark.exists()
    assert "evil" not in sys.modules


THEIRS = [
    "sentence_transformers.util.misc.importlib",
    "sentence_transformers.base.modules.module.torch",
    "sentence_transformers.base.modules.module.Any",
    "sentence_transformers.base.modules.dense.nn.Linear",
    "sentence_transformers.SentenceTransformer",
    "sentence_transformers.nothing.Here",
    "sentence_transformers..Pooling",
    "sentence_transformers.",
]


@pytest.mark.parametrize("name", THEIRS)
def test_of_their_names_only_modules_are_taken(saved, name):
    _, folder = saved
    rewrite(folder / "modules.json", lambda form: form[1].update(type=name))
    with pytest.raises(InputError, match=r"which is no module of the installed|which is neither"):
        load(folder)


def test_code_of_the_folder_is_not_run(saved):
    """`auto_map` is how transformers finds code in a folder."""
    _, folder = saved
    mark = folder / "ran"
    (folder / "modeling_x.py").write_text(f"open({str(mark)!r}, 'w')\nclass X: pass\n")
    rewrite(
        folder / "config.json",
        lambda form: form.update(
            auto_map={"AutoModel": "modeling_x.X", "AutoConfig": "modeling_x.X"}, model_type="x"
        ),
    )
    rewrite(
        folder / "sentence_bert_config.json",
        lambda form: form.update(model_args={"trust_remote_code": True}),
    )
    with pytest.raises(InputError, match="cannot be read by sentence-transformers"):
        load(folder)
    assert not mark.exists()


def kernels(folder):
    rewrite(folder / "config.json", lambda form: form.update(_attn_implementation="x/y"))


def kernels_deep(folder):
    rewrite(
        folder / "sentence_bert_config.json",
        lambda form: form.update(model_args={"attn_implementation": "x/y"}),
    )


ELSEWHERE = [
    ("model_kwargs", {"use_kernels": True}),
    ("model_args", {"use_kernels": True}),
    ("model_kwargs", {"kernel_config": {"a": "x/y"}}),
    ("model_kwargs", {"allow_all_kernels": 1}),
    ("model_kwargs", {"attn_implementation": {"": "x/y"}}),
    ("model_kwargs", {"attn_implementation": "flash_attention_2"}),  # kernels where not installed
    ("model_kwargs", {"adapter_kwargs": {"_adapter_model_path": "x/y"}}),
    ("model_kwargs", {"gguf_file": "x.gguf"}),
    ("model_kwargs", {"quantization_config": {}}),
    ("model_kwargs", ["use_kernels"]),
    ("processor_kwargs", {"tokenizer_type": "x"}),
    ("tokenizer_args", {"cache_dir": "/elsewhere"}),
    ("config_kwargs", {"_attn_implementation": "x/y"}),
    ("config_args", {"cache_dir": "/elsewhere"}),
    ("tokenizer_name_or_path", "x/y"),
    ("cache_dir", "/elsewhere"),
    ("modality_config", {"text": {"method": "push_to_hub", "method_output_name": None}}),
]


@pytest.mark.parametrize(("name", "given"), ELSEWHERE)
def test_arguments_that_name_what_is_elsewhere_are_refused(saved, monkeypatch, name, given):
    _, folder = saved
    monkeypatch.setattr(SentenceTransformer, "__init__", None)  # it is not asked
    rewrite(folder / "sentence_bert_config.json", lambda form: form.update({name: given}))
    with pytest.raises(
        InputError, match=r"code from elsewhere|which may name code or files"
    ) as error:
        load(folder)
    assert "\n" not in str(error.value)


def test_arguments_that_name_nothing_elsewhere_are_taken(saved):
    model, folder = saved
    given = {
        "max_seq_length": 16,
        "do_lower_case": False,
        "model_args": {"attn_implementation": "eager", "torch_dtype": "float32"},
        "tokenizer_args": {"model_max_length": 16, "trust_remote_code": True},
        "config_args": {"hidden_dropout_prob": 0.0, "unpad_inputs": False},
    }
    rewrite(folder / "sentence_bert_config.json", lambda form: form.update(given))
    np.testing.assert_allclose(load(folder).encode(TEXTS), model.encode(TEXTS), atol=1e-4)


def adapter(folder):
    config = {"base_model_name_or_path": str(folder.parent / "other"), "peft_type": "LORA"}
    (folder / "adapter_config.json").write_text(json.dumps(config))


def adapter_of_a_part(folder):
    (folder / "1_AttentionPooling" / "adapter_config.json").write_text("{}")


def linked(folder):
    shutil.move(folder / "1_AttentionPooling", folder.parent / "x")
    (folder / "1_AttentionPooling").symlink_to(folder.parent / "x")


def activation(folder):
    config = {"in_features": 2, "out_features": 2, "activation_function": "torch.hub.load"}
    (folder / "2_Dense").mkdir()
    (folder / "2_Dense" / "config.json").write_text(json.dumps(config))


def words(folder):
    (folder / "2_Words").mkdir()
    (folder / "2_Words" / "wordembedding_config.json").write_text(
        json.dumps({"tokenizer_class": "sentence_transformers.base.modules.module.torch"})
    )


def pickled(folder):
    tensors = folder / "model.safetensors"
    tensors.rename(folder / "pytorch_model.bin")


def pickled_pooling(folder):
    (folder / "1_AttentionPooling" / "model.safetensors").rename(
        folder / "1_AttentionPooling" / "pytorch_model.bin"
    )


def no_weights(folder):
    (folder / "1_AttentionPooling" / "model.safetensors").unlink()


def cut_weights(folder):
    path = folder / "1_AttentionPooling" / "model.safetensors"
    path.write_bytes(path.read_bytes()[:100])


def nan_weights(folder):
    path = folder / "1_AttentionPooling" / "model.safetensors"
    tensors = {"pool.projection.weight": torch.full((7, 16), torch.nan)}
    save_file({**tensors, "pool.score.weight": torch.ones(2, 7)}, path)


def huge(folder):
    """An allocation of terabytes, if the sizes were believed."""
    config = folder / "1_AttentionPooling" / "config.json"
    rewrite(config, lambda form: form.update(dim=10**6, attention_dim=10**7))


def pooling_config(**change):
    def spoil(folder):
        rewrite(folder / "1_AttentionPooling" / "config.json", lambda form: form.update(change))

    return spoil


def long_config(folder):
    (folder / "1_AttentionPooling" / "config.json").write_text(" " * (1 << 20) + "{}")


def deep_json(folder):
    (folder / "modules.json").write_text("[" * 100_000)


def no_modules(folder):
    (folder / "modules.json").unlink()


def modules_of(form):
    return lambda folder: (folder / "modules.json").write_text(json.dumps(form))


def outside(folder):
    shutil.copytree(folder / "1_AttentionPooling", folder.parent / "x")
    rewrite(folder / "modules.json", lambda form: form[1].update(path="../x"))


BAD = [
    (kernels, "asks for code from elsewhere"),
    (kernels_deep, "asks for code from elsewhere"),
    (adapter, "is of an adapter, which names another model"),
    (adapter_of_a_part, "is of an adapter, which names another model"),
    (linked, "has a link to another folder"),
    (activation, "asks for code from elsewhere"),
    (words, "which is no module of the installed"),
    (pickled, "pickled weights alone"),
    (pickled_pooling, "pickled weights alone"),
    (no_weights, "is missing"),
    (cut_weights, "cannot be read"),
    (nan_weights, "no finite numbers"),
    (huge, "does not fit its config.json"),
    (pooling_config(heads=4), "does not fit its config.json"),
    (pooling_config(heads=True), "has 'True' as heads"),
    (pooling_config(dim=-1), "has '-1' as dim"),
    (pooling_config(dim=1e400), "as dim"),
    (pooling_config(normalizer="x"), "softmax"),
    (pooling_config(normalizer=["softmax"]), "of another type"),
    (pooling_config(more=1), "is not that of an AttentionPooling"),
    (long_config, "longer than 1 MiB"),
    (deep_json, "cannot be read"),
    (no_modules, "cannot be read"),
    (modules_of({}), "is no list of modules"),
    (modules_of([1]), "is no list of modules"),
    (modules_of([{"type": 3}]), "is no list of modules"),
    (modules_of([{"type": f"{OURS}.AttentionPooling"}]), "as a path"),
    (modules_of([]), "is no list of modules"),
    (outside, "as a path"),
]


@pytest.mark.parametrize(("spoil", "said"), BAD)
def test_a_damaged_folder_is_told_in_one_line(saved, spoil, said):
    _, folder = saved
    spoil(folder)
    with pytest.raises(InputError, match=said) as error:
        load(folder)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 800


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("source", [None, 3, b"model", ["model"]])
def test_what_names_no_folder_is_told(source):
    with pytest.raises(InputError, match=r"^source is \w+; give the folder that model.save wrote"):
        load(source)


def test_what_the_hub_says_is_cut_between_words(monkeypatch):
    def fail(*_, **__):
        raise OSError("it cannot be reached " * 20)

    monkeypatch.setattr("huggingface_hub.snapshot_download", fail)
    with pytest.raises(InputError, match=r"\(it .* (it|cannot|be|reached) …\); give the folder"):
        load("nobody/nothing", download=True)


def test_a_name_is_not_downloaded_unless_asked(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"no such folder.*allow the download \(download=True\)"):
        load("nobody/nothing")
    with pytest.raises(InputError, match="no such folder"):
        load("")
    with pytest.raises(InputError, match="no path can have NUL in it"):
        load("a\0b")


def test_both_names_of_our_class_open(saved):
    model, folder = saved
    rewrite(folder / "modules.json", lambda form: form[1].update(type=f"{OURS}.AttentionPooling"))
    np.testing.assert_array_equal(load(Path(folder)).encode(TEXTS), model.encode(TEXTS))


def routed(tiny, folder):
    """A model whose pooling stands within a module of theirs, which names classes on its own."""
    encoder, pooling = whole(tiny, heads=2)
    router = Router({"query": [encoder, pooling], "document": [encoder, pooling]})
    model = SentenceTransformer(modules=[router], device="cpu")
    model.save(str(folder))
    return model


def test_a_pooling_within_a_router_opens(tiny, tmp_path):
    model = routed(tiny, tmp_path)
    again = load(tmp_path, device="cpu")
    for task in ("query", "document"):
        vectors = again.encode(TEXTS, task=task)
        np.testing.assert_array_equal(vectors, model.encode(TEXTS, task=task))


def test_foreign_classes_within_a_router_are_refused(tiny, tmp_path, monkeypatch):
    routed(tiny, tmp_path)
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Module: pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    rewrite(
        tmp_path / "router_config.json",
        lambda form: form["types"].update(dict.fromkeys(form["types"], "evil.Module")),
    )
    with pytest.raises(InputError, match=r"evil\.Module") as error:
        load(tmp_path)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("file", ["router_config.json", "config.json"])  # of now, and of earlier
@pytest.mark.parametrize("name", [*THEIRS, "os.system", "", None])
def test_of_their_names_a_router_has_modules_alone(tiny, tmp_path, name, file):
    """`torch.load` would read a pickle, as the `load` of a module."""
    model = SentenceTransformer(modules=[Router({"query": [*whole(tiny)]})], device="cpu")
    model.save(str(tmp_path))
    place = tmp_path / "router_config.json"
    (part,) = (one for one in json.loads(place.read_text("utf-8"))["types"] if "Pooling" in one)
    shutil.rmtree(tmp_path / part)
    torch.save({"a": 1}, tmp_path / part)
    rewrite(place, lambda form: form["types"].update({part: name}))
    place.rename(tmp_path / file)
    with pytest.raises(InputError, match=r"which is no module of|which is neither|name of a class"):
        load(tmp_path)


def test_kernels_within_a_router_are_refused(tiny, tmp_path):
    routed(tiny, tmp_path)
    (place,) = tmp_path.glob("query_0_*/config.json")
    rewrite(place, lambda form: form.update(_attn_implementation="x/y"))
    with pytest.raises(InputError, match="asks for code from elsewhere"):
        load(tmp_path)
