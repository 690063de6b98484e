"""One file that says of itself all that texts are read with; whole or not at all."""

import copy
import json
import os
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import torch
from tests.integrations.onnx.cases import ENGLISH, FOLDED, ROOT, WHOLE, explained
from tests.skips import NO_ONNX

from attnpool import InputError
from attnpool.integrations.onnx import OnnxModel, OnnxReader
from attnpool.runtime.onnx.metadata import FORMAT_VERSION

onnx = pytest.importorskip("onnx", reason=NO_ONNX)


def test_the_graph_is_sound_and_of_dynamic_sizes(file):
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
    sizes = {
        one.name: [d.dim_param or d.dim_value for d in one.type.tensor_type.shape.dim]
        for one in (*model.graph.input, *model.graph.output)
    }
    assert sizes == {
        "ids": ["batch", "steps"],
        "mask": ["batch", "steps"],
        "ngrams": ["batch", 2, "steps"],
        "char_ngrams": ["words", "uses"],
        "logits": ["batch", 2],
        "weights": ["batch", 4, "steps"],
        "contributions": ["batch", 2, "steps"],
    }
    assert not any(t.data_location == t.EXTERNAL for t in model.graph.initializer)


def test_the_file_tells_nothing_of_the_machine(file):
    whole = file.read_bytes()
    for word in (b"stack_trace", b"site-packages", b".py", str(ROOT).encode()):
        assert word not in whole


def test_equal_models_have_equal_files(trained, file, tmp_path):
    trained.export(tmp_path / "again.onnx")
    assert (tmp_path / "again.onnx").read_bytes() == file.read_bytes()


def test_the_metadata_say_how_texts_are_read(trained, file):
    props = OnnxModel(file).session.get_modelmeta().custom_metadata_map
    assert props["attnpool_format_version"] == str(FORMAT_VERSION)
    assert json.loads(props["attnpool_classes"]) == ["bad", "good"]
    assert props["attnpool_tokenizer"] == trained.tokenizer_.to_json()
    assert json.loads(props["attnpool_reader"]) == trained.reader_.to_config()
    inputs = OnnxReader.of(props)(ENGLISH)
    assert inputs["ids"].shape == inputs["mask"].shape == (len(ENGLISH), trained.limit_)
    assert inputs["ids"].max() >= trained.tokenizer_.size  # an unknown word
    assert inputs["char_ngrams"].max() > 0


def test_classes_keep_their_type(tmp_path):
    case = FOLDED["three classes"]()
    case.model.export(tmp_path / "m.onnx")
    found = OnnxModel(tmp_path / "m.onnx").predict(case.items)
    assert found.tolist() == case.model.predict(case.items).tolist()
    assert isinstance(found.tolist()[0], int)


def test_no_texts(file):
    model = OnnxModel(file)
    assert model.predict([]).tolist() == []
    assert model.run([]).logits.shape == (0, 2)


def test_what_exists_is_kept_and_nothing_is_left_beside(trained, file, tmp_path):
    path = tmp_path / "m.onnx"
    path.write_text("mine")
    with pytest.raises(InputError, match=r"exists; pass --overwrite \(overwrite=True\)"):
        trained.export(path)
    assert path.read_text() == "mine"
    trained.export(path, overwrite=True)
    assert path.read_bytes() == file.read_bytes()
    assert [one.name for one in tmp_path.iterdir()] == ["m.onnx"]
    with pytest.raises(InputError, match="does not exist; make it first"):
        trained.export(tmp_path / "none" / "m.onnx")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(trained, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot write there"):
        trained.export(tmp_path / "m.onnx")


@pytest.mark.parametrize(
    "option",
    [{"dtype": "float16"}, {"size": 10}, {"min_count": 2}, {"title": "x"}, {"examples": ["x"]}],
    ids=lambda option: next(iter(option)),
)
def test_what_does_nothing_is_refused(option, trained, tmp_path):
    name = next(iter(option))
    with pytest.raises(InputError, match=f"^{name} does nothing for an .onnx file; leave it out$"):
        trained.export(tmp_path / "m.onnx", **option)
    assert not [*tmp_path.iterdir()]


def test_export_says_nothing(trained, tmp_path, capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trained.export(tmp_path / "m.onnx")
    assert capfd.readouterr() == ("", "")


class Branching(torch.nn.Module):
    """A pooling that no graph can hold: what it does depends on numbers."""

    def __init__(self, pooling):
        super().__init__()
        self.pooling = pooling

    def forward(self, x, mask):
        return self.pooling(x if x.sum() > 0 else -x, mask)


class Fixing(Branching):
    """A pooling that fixes the number of texts in a graph."""

    def forward(self, x, mask):
        return self.pooling(x.view(len(x), *x.shape[1:]), mask)


@pytest.mark.parametrize("pooling", [Branching, Fixing])
def test_what_torch_cannot_export_is_one_line(pooling, tmp_path):
    model = WHOLE["positions"]().model
    model.model_.pooling = pooling(model.model_.pooling)
    with pytest.raises(InputError) as error:
        model.export(tmp_path / "m.onnx")
    said = str(error.value)
    assert said.startswith("torch.onnx cannot export this model")
    assert said.endswith("deploy the model's folder with attnpool[train]")
    assert "\n" not in said
    assert not [*tmp_path.iterdir()]


def test_the_example_explains_without_torch(file, tmp_path):
    page = tmp_path / "page.html"
    ran = explained(file, *ENGLISH[:3], "", "--page", page)
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert len(lines) == 8
    assert lines[0].split()[0] == OnnxModel(file).predict(ENGLISH[:1])[0]
    assert lines[1].startswith("  contribution: ")
    assert lines[-1] == "  contribution: no tokens"
    assert page.read_text("utf-8").count("<mark") > 5


def test_the_example_compares_pairs(pair_folder, tmp_path):
    import attnpool

    attnpool.load(pair_folder).export(tmp_path / "m.onnx")
    ran = explained(tmp_path / "m.onnx", "great film", "", "great film", "dull plot")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[1].startswith("  attention: ")
    assert explained(tmp_path / "m.onnx", "one").stderr.count("\n") == 1


def in_a_process(make):
    """What a process that is started anew, in another folder, gives for a pickled model."""
    code = (
        "import pickle, sys; model = pickle.load(sys.stdin.buffer); "
        "print(model.session.get_providers(), model.predict_proba(['a wonderful film']).tolist())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, input=pickle.dumps(make), capture_output=True,
        check=True,
    )  # fmt: skip
    return ran.stdout.decode().strip()


def test_a_pickle_opens_the_source_again(file, monkeypatch):
    monkeypatch.chdir(file.parent)
    of_path, of_bytes = OnnxModel(file.name, providers=[]), OnnxModel(file.read_bytes())
    expected = of_path.predict_proba(["a wonderful film"]).tolist()
    for model in (of_path, Path(file.name), of_bytes):
        opened = model if isinstance(model, OnnxModel) else OnnxModel(model)
        assert in_a_process(opened) == f"['CPUExecutionProvider'] {expected}"
        assert copy.deepcopy(opened).predict_proba(["a wonderful film"]).tolist() == expected
    assert len(pickle.dumps(of_path)) < 1000


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("source", [None, 3, bytearray(b"x"), ["m.onnx"]])
def test_what_is_no_source_is_one_line(source):
    with pytest.raises(
        InputError, match=r"^source is \w+; give the path of an .onnx file, or its c"
    ):
        OnnxModel(source)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("props", [None, "x", [], 3])
def test_what_are_no_metadata_is_one_line(props):
    with pytest.raises(InputError, match=r"^the metadata are \w+; give the custom_metadata_map of"):
        OnnxReader.of(props)


def test_models_of_another_kind_say_what_opens_them(trained, tmp_path):
    trained.save(tmp_path / "model")
    trained.export(tmp_path / "m.safetensors")
    for name in ("model", "m.safetensors"):
        with pytest.raises(InputError, match=r"attnpool\.load opens") as error:
            OnnxModel(tmp_path / name)
        assert "\n" not in str(error.value)


@pytest.mark.filterwarnings("error")
def test_a_provider_that_is_not_there_is_one_line(file, capfd):
    for providers, said in (
        (["NixProvider"], "cannot run on 'NixProvider' here; give providers among .*'CPUExec"),
        (["CUDAExecutionProvider", "CPUExecutionProvider"], "cannot run on 'CUDAExecution"),
        ("CPUExecutionProvider", "providers is one string; give a list"),
    ):
        with pytest.raises(InputError, match=said) as error:
            OnnxModel(file, providers=providers)
        assert "\n" not in str(error.value)
    assert capfd.readouterr() == ("", "")
    assert OnnxModel(file, providers=[]).predict(["a"]).shape == (1,)


def test_an_address_is_downloaded_first():
    with pytest.raises(InputError, match=r"^hf://a/b@c/m\.onnx is an address .*hf download"):
        OnnxModel("hf://a/b@c/m.onnx")


def test_other_inputs_are_one_line(file):
    model = OnnxModel(file)
    for items in (["a", 3], "text", [("a", "b")], None):
        with pytest.raises(InputError):
            model.run(items)


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "attnpool", *map(str, arguments)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_writes_and_checks(pair_folder, tmp_path):
    path, rows = tmp_path / "m.onnx", tmp_path / "rows.tsv"
    rows.write_text("text_a\ttext_b\tlabel\ngreat film\tdull plot\t0\na\tb\t1\n", "utf-8")
    ran = command("export", pair_folder, "-o", path, "--check", rows)
    assert ran.returncode == 0, ran.stderr
    wrote, checked, reveals = ran.stdout.splitlines()
    assert wrote.startswith(f"wrote {path}: ")
    assert wrote.endswith("float32, logits and weights")
    assert checked.startswith("checked on 2 rows: 100 % answered alike")
    assert reveals.startswith("the file holds the vocabulary of")
    assert len(OnnxModel(path).predict([("a", "b")])) == 1
    again = command("export", pair_folder, "-o", path)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "exists; pass --overwrite" in again.stderr
    for option in (("--dtype", "float32"), ("--size", "1MB"), ("--min-count", "2")):
        ran = command("export", pair_folder, "-o", tmp_path / "o.onnx", *option)
        assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
        assert f"{option[0]} does nothing for an .onnx file" in ran.stderr
    assert {one.name for one in tmp_path.iterdir()} == {"m.onnx", "rows.tsv"}
    assert "is an ONNX file" in command("evaluate", path, rows).stderr
