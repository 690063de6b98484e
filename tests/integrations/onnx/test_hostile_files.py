"""ONNX files that are damaged, made up, or that point elsewhere: one line, and nothing is read."""

import numpy as np
import pytest
from tests.integrations.onnx.cases import ENGLISH, refused
from tests.skips import NO_ONNX

from attnpool import InputError
from attnpool.integrations.onnx import OnnxModel

onnx = pytest.importorskip("onnx", reason=NO_ONNX)


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
