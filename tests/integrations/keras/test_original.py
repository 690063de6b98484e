"""A script of the original page runs on the drop-in layers: its calls, shapes, numbers, masks."""

import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.integrations.keras.cases import (
    BACKEND,
    DIM,
    HDIMS,
    QUIET,
    RAGGED,
    every_mask,
    keras,
    numbers,
)

from attnpool import InputError
from attnpool.integrations import keras as ours
from attnpool.integrations.keras import original

theirs = import_module("tests.integrations.keras.original_layers")  # where Keras is, see cases

pytestmark = QUIET
ops = keras.ops
ROOT = Path(__file__).parents[3]
LIMIT = 1e-5
DTYPES = ["bool", "int32", "uint8", "float16", "float32"]


@dataclass(frozen=True)
class Layer:
    """One of the four names, with its arguments; what it takes and gives, of 6 steps."""

    name: str
    arguments: tuple[Any, ...] = ()
    query: bool = False
    shapes: tuple[tuple[int, ...], ...] = ()

    def pair(self) -> tuple[Any, Any]:
        """Theirs, and ours with the same weights, carried over as the documents say."""
        keras.utils.set_random_seed(3)
        old, new = (getattr(kind, self.name)(*self.arguments) for kind in (theirs, original))
        old(self.tensors())
        if old.weights:
            new.build([(None, None, DIM), (None, HDIMS)] if self.query else (None, None, DIM))
            new.set_weights(old.get_weights())
        return old, new

    def inputs(self) -> list[np.ndarray]:
        chance = np.random.default_rng(5)
        shapes = [(3, 6, DIM)] + [(3, HDIMS)] * self.query
        return [chance.normal(size=shape).astype("float32") for shape in shapes]

    def tensors(self) -> Any:
        return self.given([ops.array(part) for part in self.inputs()])

    def given(self, parts: list[Any]) -> Any:
        """As the layer takes it: two tensors are one list."""
        return parts if self.query else parts[0]


LAYERS = [
    Layer("AttentionPooling1D", (HDIMS,), shapes=((DIM,), (6, 1))),
    # The original's is right only where hdims is the size of the token vectors.
    Layer("MultiHeadAttentionPooling1D", (DIM, 3), shapes=((3 * DIM,), (6, 3))),
    Layer("AdditiveAttention1D", (HDIMS,), query=True, shapes=((HDIMS,), (6, 1))),
    Layer("MaskGlobalMaxPooling1D", shapes=((DIM,),)),
]
every_layer = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)


def parts(outputs):
    """What came back as a list; the vector alone is one tensor, not a tuple of one."""
    return numbers(outputs if isinstance(outputs, (list, tuple)) else [outputs])


# What Keras 3 says of the original's layers, not of ours.
@pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask:UserWarning")
@every_mask
@every_layer
def test_answers_are_those_of_the_original(layer, mask):
    old, new = layer.pair()
    mask = None if mask is None else ops.array(mask)
    expected, got = (kind(layer.tensors(), mask=mask) for kind in (old, new))
    assert isinstance(got, tuple) == isinstance(expected, tuple)
    for answer, wanted in zip(parts(got), parts(expected), strict=True):
        assert answer.shape == wanted.shape
        np.testing.assert_allclose(answer, wanted, atol=LIMIT)


@every_layer
def test_padding_has_weight_0_and_an_empty_row_is_zero(layer):
    mask = RAGGED.copy()
    mask[1] = False
    vector, *weights = parts(layer.pair()[1](layer.tensors(), mask=ops.array(mask)))
    assert (vector[1] == 0).all()
    for part in weights:
        assert (part[~mask] == 0).all()
        np.testing.assert_allclose(part[[0, 2]].sum(1), 1, atol=1e-6)


@pytest.mark.parametrize("dtype", DTYPES)
@every_layer
def test_a_mask_of_any_dtype_is_taken_as_keras_takes_it(layer, dtype):
    _, new = layer.pair()
    expected = parts(new(layer.tensors(), mask=ops.array(RAGGED)))
    for mask in (ops.cast(ops.array(RAGGED), dtype), RAGGED.astype(dtype)):
        for got, wanted in zip(parts(new(layer.tensors(), mask=mask)), expected, strict=True):
            np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("dtype", ["float32", "int32"])
@every_layer
def test_a_graph_with_the_mask_of_a_lambda_answers_as_a_call_does(layer, dtype):
    _, new = layer.pair()
    ids = keras.Input((6,), dtype=dtype)
    mask = keras.layers.Lambda(lambda x: ops.not_equal(x, 0))(ids)
    tensors = [keras.Input(part.shape[1:]) for part in layer.inputs()]
    outputs = new(layer.given(tensors), mask=mask)
    shapes = [part.shape[1:] for part in keras.tree.flatten(outputs)]
    assert tuple(shapes) == layer.shapes
    model = keras.Model([ids, *tensors], outputs)
    found = model.predict([RAGGED.astype(dtype), *layer.inputs()], verbose=0)
    expected = parts(new(layer.tensors(), mask=ops.array(RAGGED)))
    for got, wanted in zip(parts(found), expected, strict=True):
        np.testing.assert_allclose(got, wanted, atol=1e-6)


@every_layer
def test_the_mask_of_an_embedding_reaches_the_layer(layer):
    _, new = layer.pair()
    x = keras.layers.Masking()(ops.array(layer.inputs()[0] * RAGGED[:, :, None]))
    got = new(layer.given([x, *map(ops.array, layer.inputs()[1:])]))
    expected = new(layer.tensors(), mask=ops.array(RAGGED))
    for answer, wanted in zip(parts(got), parts(expected), strict=True):
        np.testing.assert_allclose(answer, wanted, atol=1e-6)


READ_BACK = """
import sys
import numpy as np
import attnpool.integrations.keras.original, keras
given = np.load(sys.argv[2])
found = keras.saving.load_model(sys.argv[1]).predict([given[k] for k in given.files], verbose=0)
np.savez(sys.argv[3], *found)
"""


def test_a_saved_model_answers_alike_in_a_new_process(tmp_path):
    mask, x, query = keras.Input((6,)), keras.Input((6, DIM)), keras.Input((HDIMS,))
    made = [(layer, layer.pair()[1]) for layer in LAYERS]
    outputs = [new(layer.given([x, query]), mask=mask) for layer, new in made]
    model = keras.Model([mask, x, query], keras.tree.flatten(outputs))
    model.save(tmp_path / "model.keras")
    given = [RAGGED.astype("float32"), *LAYERS[2].inputs()]
    np.savez(tmp_path / "given.npz", *given)
    paths = [str(tmp_path / name) for name in ("model.keras", "given.npz", "found.npz")]
    subprocess.run([sys.executable, "-c", READ_BACK, *paths], check=True)
    found, expected = np.load(paths[2]), model.predict(given, verbose=0)
    assert len(found.files) == len(expected) == 7
    for key, answer in zip(found.files, expected, strict=True):
        np.testing.assert_allclose(found[key], answer, atol=1e-6)


def test_the_two_kinds_of_layer_are_saved_under_names_of_their_own():
    for layer in LAYERS:
        kinds = [getattr(kind, layer.name) for kind in (original, ours)]
        names = [keras.saving.get_registered_name(kind) for kind in kinds]
        assert names == [f"attnpool.original>{layer.name}", f"attnpool>{layer.name}"]


@every_layer
def test_the_constructor_is_that_of_the_original(layer):
    new = getattr(original, layer.name)
    again = new.from_config(new(*layer.arguments, name="pool", dtype="float16").get_config())
    assert (again.name, again.compute_dtype) == ("pool", "float16")
    if layer.arguments:
        ones = new(*layer.arguments, "ones")
        ones.build([(None, None, DIM), (None, HDIMS)] if layer.query else (None, None, DIM))
        assert all((weight == 1).all() for weight in ones.get_weights())
        assert new.from_config(ones.get_config()).kernel_initializer.get_config() == {}
        names = dict(zip(("hdims", "heads"), layer.arguments, strict=False))
        assert new(**names, kernel_initializer="zeros").get_config()["hdims"] == layer.arguments[0]


@pytest.mark.parametrize("policy", ["float16", "mixed_float16"])
@every_layer
def test_half_precision(layer, policy):
    new = getattr(original, layer.name)(*layer.arguments, dtype=policy)
    for part in keras.tree.flatten(new(layer.tensors(), mask=ops.array(RAGGED))):
        assert keras.backend.standardize_dtype(part.dtype) == "float16"
        assert np.isfinite(numbers([part])[0]).all()


X, Q, REAL = np.zeros((2, 3, DIM), "f"), np.zeros((2, HDIMS), "f"), np.ones((2, 3), bool)
OURS = (
    r"^AdditiveAttention1D is called as layer\(inputs, query, inputs_mask=mask\); that of "
    r"attnpool\.integrations\.keras\.original as layer\(\[inputs, query\], mask=mask\)$"
)
THEIRS = r"^AdditiveAttention1D is called as layer\(\[inputs, query\], mask=mask\)$"
WRONG = [
    (ours, ([X, Q],), {"mask": REAL}, OURS),
    (ours, ([X, Q],), {}, OURS),
    (ours, ((X, Q), REAL), {}, OURS),
    (ours, (X, Q), {"mask": REAL}, OURS),
    (ours, (X, (Q, REAL)), {}, "query must be one tensor, such as .*; received 2 parts"),
    (original, (X, Q), {}, THEIRS),
    (original, (X,), {}, THEIRS),
    (original, ([X],), {}, THEIRS),
    (original, ([X, Q],), {"inputs_mask": REAL}, THEIRS),
]


@pytest.mark.parametrize("symbolic", [False, True])
@pytest.mark.parametrize(("kind", "args", "kwargs", "said"), WRONG)
def test_the_call_of_the_other_kind_is_told_in_one_line(kind, args, kwargs, said, symbolic):
    def tensor(part):
        return keras.KerasTensor(part.shape, part.dtype.name) if symbolic else ops.array(part)

    args, kwargs = (keras.tree.map_structure(tensor, given) for given in (args, kwargs))
    with pytest.raises(InputError, match=said):
        kind.AdditiveAttention1D(HDIMS)(*args, **kwargs)


if BACKEND == "torch":  # the script once: it trains for some seconds

    def test_one_changed_line_gives_the_same_pictures(tmp_path):
        after = (ROOT / "examples" / "keras" / "one_import.py").read_text("utf-8")
        old = "from attentionpooling import ("
        new = "from attnpool.integrations.keras.original import ("
        # The line as it was stands in the docstring, to be read; the import is what runs.
        assert f"    {old}\n" in after
        assert after.count(f"\n{new}\n") == 1
        before = after.replace(f"\n{new}\n", f"\n{old}\n")
        layers = Path(theirs.__file__).read_text("utf-8")
        (tmp_path / "attentionpooling.py").write_text(layers, encoding="utf-8")

        def printed(script, weights):
            path = tmp_path / "script.py"
            path.write_text(script, encoding="utf-8")
            ran = subprocess.run(
                [sys.executable, str(path), weights],
                cwd=tmp_path, capture_output=True, encoding="utf-8", check=True, timeout=240,
            )  # fmt: skip
            return ran.stdout

        trained = printed(before, "weights.npz")
        assert "weights: (200, 32, 1) (200, 32, 2) (200, 32, 1)\n" in trained
        assert trained.count("\033[38;5;9m") >= 12  # the highest weight of every line is red
        assert printed(after, "weights.npz") == trained
        again = printed(after, "other.npz")  # trained with the layers of the drop-in
        for shown in (trained, again):
            assert float(shown.split("rows: ")[1].split()[0]) > 0.75
