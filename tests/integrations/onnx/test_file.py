"""One file that says of itself all that texts are read with; whole or not at all."""

import copy
import json
import os
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.integrations.onnx.cases import ENGLISH, FOLDED, WHOLE
from tests.skips import NO_ONNX

from attnpool import InputError
from attnpool.integrations.onnx import OnnxModel, OnnxReader
from attnpool.runtime.onnx.metadata import FORMAT_VERSION

onnx = pytest.importorskip("onnx", reason=NO_ONNX)
ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "onnx_explain.py"


@pytest.fixture(scope="module")
def trained():
    """A classifier with n-grams, and character n-grams of unknown words."""
    return FOLDED["words"]().model


@pytest.fixture(scope="module")
def file(trained, tmp_path_factory):
    path = tmp_path_factory.mktemp("file") / "model.onnx"
    trained.export(path)
    return path


@pytest.fixture(scope="module")
def pair_folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("pairs") / "model"
    WHOLE["interaction"]().model.save(path)
    return path


def explained(*arguments, folder=None):
    """The example in a process in which torch, onnx and onnxscript cannot be imported."""
    code = (
        "import runpy, sys; sys.modules.update(dict.fromkeys(('torch', 'onnx', 'onnxscript'))); "
        "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-c", code, str(EXAMPLE), *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def refused(path):
    """The one line that the example says of a file."""
    ran = explained(path, "a film")
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert len(ran.stderr.splitlines()) == 1, ran.stderr
    assert ran.stderr.startswith("onnx_explain: ")
    return ran.stderr


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


def with_props(file, path, **props):
    """A copy of a file with other metadata; None leaves one out."""
    model = onnx.load(file)
    kept = {prop.key: prop.value for prop in model.metadata_props}
    kept |= {f"attnpool_{name}": value for name, value in props.items()}
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, {k: v for k, v in kept.items() if v is not None})
    onnx.save(model, path)
    return path


MADE_UP = {
    "format_version": ["0", "99", "true", "x", "[" * 5000],
    "classes": ["[]", '["good"]', '["good", "good"]', '["good", NaN]', "{}", "null"],
    "sides": ["2", "0", '"1"', "1.0"],
    "reader": ["{}", "[]", '{"tokenizer": "words", "limit": 0, "cleanup": []}'],
    "tokenizer": ["", "{}", None],
    "ngrams": ["!", "AAAA", None],
    "ngram_lengths": ["[2]", "[3, 2]", "[99]", '"2"', None],
    "char_ngrams": ["!", None],
    "char_ngram_lengths": ["[1]", "[]", None],
    "constant": ["[0.5]", "[0.5, NaN]", "[0.5, 1e999]", '["a", "b"]', "null", "{}"],
    "window": [
        '{"upgrade attnpool": 1}',
        '{"content": 0, "before": 0, "special": 0}',
        '{"content": 4}',
        "[]",
    ],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in MADE_UP.items() for value in values]
)
def test_metadata_that_are_made_up(name, value, file, tmp_path):
    path = with_props(file, tmp_path / "m.onnx", **{name: value})
    with pytest.raises(InputError) as error:
        OnnxModel(path).predict(ENGLISH)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300 + len(str(path))


def test_a_newer_version_is_told_apart_from_damage(file, tmp_path):
    path = with_props(file, tmp_path / "m.onnx", format_version="99", classes="x")
    with pytest.raises(
        InputError, match=r"format version 99 is newer than 1, .*; upgrade attnpool$"
    ):
        OnnxModel(path)
    path = with_props(file, path, window='{"upgrade attnpool": 1}')
    with pytest.raises(InputError, match=r" is damaged \("):
        OnnxModel(path)


def test_files_of_earlier_versions_have_a_limit_of_their_own(file, tmp_path):
    path = with_props(file, tmp_path / "m.onnx", limit="1")
    expected, found = (OnnxModel(one).run(ENGLISH) for one in (file, path))
    np.testing.assert_array_equal(found.logits, expected.logits)
    np.testing.assert_array_equal(found.lengths, expected.lengths)


def test_damaged_files_are_one_line_of_the_example(file, tmp_path):
    whole = file.read_bytes()
    path = tmp_path / "m.onnx"
    for content in (b"", b"text", whole[: len(whole) // 2], whole[:-1], whole[1:]):
        path.write_bytes(content)
        assert str(path) in refused(path)
    assert "no such file" in refused(tmp_path / "none.onnx")
    assert "is a folder; attnpool.load opens a model's" in refused(tmp_path)
    number = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1])
    other = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1])
    node = onnx.helper.make_node("Identity", ["x"], ["y"])
    graph = onnx.helper.make_graph([node], "other", [number], [other])
    opset = [onnx.helper.make_opsetid("", 18)]
    model = onnx.helper.make_model(graph, opset_imports=opset, ir_version=10)
    onnx.save(model, tmp_path / "o.onnx")
    assert "is no model of attnpool" in refused(tmp_path / "o.onnx")


def altered(file, path, change):
    """A copy of a file whose graph was changed."""
    model = onnx.load(file)
    change(model.graph)
    onnx.save(model, path)
    return path


def number_of_tables(graph, make):
    for table in graph.initializer:
        array = onnx.numpy_helper.to_array(table)
        if array.ndim == 2 and array.dtype == np.float32:
            table.CopyFrom(onnx.numpy_helper.from_array(make(array), table.name))


GRAPHS = {
    "few rows": lambda graph: number_of_tables(graph, lambda a: a[:2].copy()),
    "not finite": lambda graph: number_of_tables(graph, lambda a: np.full_like(a, np.nan)),
    "renamed output": lambda graph: setattr(graph.output[1], "name", "logits2"),
    "another order": lambda graph: graph.output.reverse(),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_graphs_that_are_made_up(name, file, tmp_path):
    path = altered(file, tmp_path / "m.onnx", GRAPHS[name])
    with pytest.raises(InputError, match=r"^[^\n]* is damaged \([^\n]*export the model again$"):
        OnnxModel(path).run(ENGLISH)


def test_a_file_without_contributions(file, tmp_path):
    path = altered(file, tmp_path / "m.onnx", lambda graph: graph.output.pop())
    found = OnnxModel(path).run(ENGLISH)
    assert found.contributions is None
    assert found.constant is None


def test_a_file_of_an_earlier_version_has_no_constant(file, tmp_path):
    found = OnnxModel(with_props(file, tmp_path / "m.onnx", constant=None)).run(ENGLISH)
    assert found.contributions is not None
    assert found.constant is None


def test_an_alignment_of_single_texts_is_one_line(file, tmp_path):
    def change(graph):
        for node in graph.node:
            node.output[:] = ["alignment" if n == "contributions" else n for n in node.output]
        graph.output[2].name = "alignment"

    with pytest.raises(InputError, match=r" is damaged \(an alignment of single texts\)"):
        OnnxModel(altered(file, tmp_path / "m.onnx", change)).run(ENGLISH)


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


def outside(where, size=1):
    """A tensor whose numbers are in another file."""
    tensor = onnx.TensorProto(name="t", data_type=1, dims=[size], data_location=1)
    for key, value in (("location", where), ("offset", "0"), ("length", str(4 * size))):
        tensor.external_data.add(key=key, value=value)
    return tensor


def in_a_table(where):
    def change(graph):
        (table,) = (table for table in graph.initializer if table.name.endswith("keys"))
        size = int(np.prod(table.dims))
        table.ClearField("raw_data")
        table.MergeFrom(onnx.TensorProto(data_location=1))
        table.external_data.extend(outside(where, size).external_data)

    return change


def in_a_node(make):
    """Of a constant that nothing needs, or that a branch or a sparse tensor has."""

    def change(where):
        return lambda graph: graph.node.insert(0, make(outside(where)))

    return change


def _branch(tensor):
    out = onnx.helper.make_tensor_value_info("o", 1, [1])
    node = onnx.helper.make_node("Identity", ["t"], ["o"])
    inner = onnx.helper.make_graph([node], "inner", [], [out], [tensor])
    return onnx.helper.make_node("If", ["c"], ["y"], then_branch=inner, else_branch=inner)


def _sparse(tensor):
    places = onnx.numpy_helper.from_array(np.array([0], np.int64), "places")
    sparse = onnx.helper.make_sparse_tensor(tensor, places, [4])
    return onnx.helper.make_node("Constant", [], ["unused"], sparse_value=sparse)


OUTSIDE = {
    "a table": in_a_table,
    "a constant": in_a_node(lambda t: onnx.helper.make_node("Constant", [], ["unused"], value=t)),
    "a branch": in_a_node(_branch),
    "a sparse tensor": in_a_node(_sparse),
    "a list of tensors": in_a_node(lambda t: onnx.helper.make_node("X", [], [], values=[t])),
    "a list of graphs": in_a_node(
        lambda t: onnx.helper.make_node(
            "X", [], [], all=[onnx.helper.make_graph([], "g", [], [], [t])]
        )
    ),
}


@pytest.mark.parametrize("place", ["secret.bin", "../{}/secret.bin", "{}/secret.bin"])
@pytest.mark.parametrize("kind", OUTSIDE)
def test_other_files_of_the_machine_are_not_read(kind, place, file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.full(10_000, 0.5, np.float32).tofile("secret.bin")
    where = place.format(tmp_path if place.startswith("{") else tmp_path.name)
    model = onnx.load(file)
    OUTSIDE[kind](where)(model.graph)
    with pytest.raises(
        InputError, match=r"damaged \(its numbers are in other files, which are not"
    ):
        OnnxModel(model.SerializeToString())


def test_other_files_of_functions_and_of_training_are_not_read(file):
    model = onnx.load(file)
    node = onnx.helper.make_node("Constant", [], ["y"], value=outside("secret.bin"))
    versions = [onnx.helper.make_opsetid("", 18)]
    function = onnx.helper.make_function("d", "F", [], ["y"], [node], versions)
    training = onnx.TrainingInfoProto(algorithm=onnx.GraphProto(initializer=[outside("x")]))
    for part, whole in (("functions", function), ("training_info", training)):
        changed = onnx.ModelProto()
        changed.CopyFrom(model)
        getattr(changed, part).append(whole)
        with pytest.raises(InputError, match="in other files"):
            OnnxModel(changed.SerializeToString())


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


def test_lack_of_memory_is_not_called_damage(file, tmp_path):
    def change(graph):
        """Terabytes for each token, of which one number is looked at."""
        make = onnx.helper.make_node
        many = onnx.numpy_helper.from_array(np.array([1 << 43], np.int64), "many")
        graph.initializer.append(many)
        for node in graph.node:
            node.output[:] = ["less" if name == "logits" else name for name in node.output]
        graph.node.extend(
            [
                make("Shape", ["ids"], ["shape"], start=0, end=1),
                make("Mul", ["shape", "many"], ["size"]),
                make("ConstantOfShape", ["size"], ["zeros"]),
                make("ReduceMax", ["zeros"], ["zero"], keepdims=0),
                make("Add", ["less", "zero"], ["logits"]),
            ]
        )

    model = OnnxModel(altered(file, tmp_path / "m.onnx", change))
    for ask in (model.run, model.predict):
        with pytest.raises(InputError, match=r"^onnxruntime cannot run .*memory") as error:
            ask(ENGLISH)
        assert "\n" not in str(error.value)
        assert "damaged" not in str(error.value)


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
