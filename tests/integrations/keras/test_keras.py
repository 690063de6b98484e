"""What Keras asks of a layer: its own harness, masks that travel, saved models, precision."""

import json
import subprocess
import sys
import warnings

import numpy as np
import pytest
from tests.integrations.keras.cases import (
    BACKEND,
    CASES,
    DIM,
    HDIMS,
    PREFIXES,
    QUERY,
    QUIET,
    every_case,
    keras,
    numbers,
)

from attnpool import InputError
from attnpool.integrations import keras as ours

testing = pytest.importorskip("keras.src.testing")
pytestmark = QUIET
ONE_INPUT = {name: case for name, case in CASES.items() if case.query is None}


class Harness(testing.TestCase):
    """Keras' own test of a layer, which is a method of its test case."""

    def runTest(self):  # noqa: N802 # the name that unittest asks for
        """Only there so that the class can be made."""


ARGUMENTS = {
    "attention": (ours.AttentionPooling1D, {"hdims": HDIMS}, 2),
    "multi-head": (ours.MultiHeadAttentionPooling1D, {"hdims": HDIMS, "heads": 3}, 2),
    "mean-query": (ours.MeanQueryAttentionPooling1D, {"hdims": HDIMS}, 2),
    "query": (ours.AdditiveAttention1D, {"hdims": HDIMS}, 2),
    "query-projected": (ours.AdditiveAttention1D, {"hdims": HDIMS, "project_query": True}, 3),
    "max": (ours.MaskGlobalMaxPooling1D, {}, 0),
    "average": (ours.MaskGlobalAveragePooling1D, {}, 0),
    "min-variance": (ours.MinVariancePooling1D, {}, 0),
}


def test_no_layer_is_left_out():
    assert ARGUMENTS.keys() == CASES.keys()
    assert {made.__name__ for made, _, _ in ARGUMENTS.values()} == set(ours.__all__)


# Its training step feeds `fit` from a generator, and trains what has no weights: both warn.
@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed:UserWarning")
@pytest.mark.filterwarnings("ignore:The model does not have any trainable weights:UserWarning")
@pytest.mark.parametrize("name", ARGUMENTS)
def test_keras_own_test_of_a_layer(name):
    made, arguments, weights = ARGUMENTS[name]
    case = CASES[name]
    shape = (3, 6, DIM)
    if case.query is not None:
        shape = {"inputs_shape": shape, "query_shape": (3, case.query)}
    Harness().run_layer_test(
        made,
        init_kwargs=arguments,
        input_shape=shape,
        expected_output_shape=((3, case.features), case.weights_shape(3, 6)),
        expected_num_trainable_weights=weights,
        expected_num_non_trainable_weights=0,
        expected_num_seed_generators=0,
        expected_num_losses=0,
        supports_masking=True,
        # Its training step calls a layer with one argument; training is tested below.
        run_training_check=case.query is None,
    )


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_layer_is_made_again_from_its_configuration(name):
    made, arguments, _ = ARGUMENTS[name]
    initializer = {"kernel_initializer": "he_normal"} if arguments else {}
    layer = made(**arguments, **initializer, name="pool", dtype="mixed_float16")
    again = made.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    config = layer.get_config()
    assert {key: config[key] for key in arguments} == arguments
    assert (config["name"], again.compute_dtype) == ("pool", "float16")
    if initializer:
        assert isinstance(again.kernel_initializer, keras.initializers.HeNormal)


def embedded(case, mask_zero=True):
    """A model from ids, 0 on padding, to both outputs of the layer; the length is not known."""
    ids = keras.Input((None,), dtype="int32", name="ids")
    x = keras.layers.Embedding(9, DIM, mask_zero=mask_zero)(ids)
    if case.query is None:
        return keras.Model(ids, case.layer()(x))
    query = keras.Input((case.query,), name="query")
    return keras.Model([ids, query], case.layer()(x, query))


def fed(case, ids):
    query = [] if case.query is None else [np.ones((len(ids), case.query), "float32")]
    return [ids, *query] if query else ids


IDS = np.array([[1, 2, 3, 4, 5, 6], [7, 8, 1, 2, 0, 0], [0, 0, 0, 0, 0, 0]])


@every_case
def test_the_mask_of_an_embedding_reaches_the_layer(case):
    model = embedded(case)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # Keras' of masks that a layer destroys
        vector, weights = model.predict(fed(case, IDS), verbose=0)
    assert (weights[1, ..., 4:] == 0).all()
    np.testing.assert_allclose(weights[:2].sum(-1), 1, atol=1e-6)
    assert (vector[2] == 0).all()
    assert (weights[2] == 0).all()
    longer = np.pad(IDS, ((0, 0), (5, 3)))
    np.testing.assert_allclose(
        model.predict(fed(case, longer), verbose=0)[0], vector, atol=2e-6, rtol=1e-5
    )


@every_case
def test_no_mask_goes_on_behind_the_layer(case):
    layer, inputs = case.layer(), case.inputs(3, 6)
    masked = keras.layers.Masking()(keras.ops.array(inputs[0]))
    assert masked._keras_mask is not None
    for part in layer(masked, *map(keras.ops.array, inputs[1:])):
        assert getattr(part, "_keras_mask", None) is None
    assert layer.compute_mask(masked) is None
    assert layer.compute_mask(masked, PREFIXES) is None
    assert layer.supports_masking


@every_case
def test_a_graph_knows_the_shapes_and_answers_as_a_call_does(case):
    layer, inputs = case.layer(), case.inputs(3, 6)
    tensors = [keras.Input(part.shape[1:]) for part in inputs]
    mask = keras.Input((6,), dtype="bool")
    outputs = layer(*tensors, **case.named(mask))
    assert outputs[0].shape == (None, case.features)
    assert outputs[1].shape == (None, *case.weights_shape(3, 6)[1:])
    model = keras.Model([*tensors, mask], outputs)
    expected = numbers(case.call(layer, inputs, PREFIXES))
    for got, numbers_of_call in zip(
        model.predict([*inputs, PREFIXES], verbose=0), expected, strict=True
    ):
        np.testing.assert_allclose(got, numbers_of_call, atol=1e-6)


READ_BACK = """
import sys
import numpy as np
import attnpool.integrations.keras, keras
given = np.load(sys.argv[2])
found = keras.saving.load_model(sys.argv[1]).predict([given[k] for k in given.files], verbose=0)
np.savez(sys.argv[3], *found)
"""


def test_saved_models_answer_alike_in_a_new_process(tmp_path):
    ids, asked = keras.Input((None,), dtype="int32"), keras.Input((QUERY,))
    x = keras.layers.Embedding(9, DIM, mask_zero=True)(ids)
    outputs = []
    for case in CASES.values():
        query = keras.layers.Dense(HDIMS)(asked) if case.query == HDIMS else asked
        outputs += case.layer()(x) if case.query is None else case.layer()(x, query)
    model = keras.Model([ids, asked], outputs)
    model.save(tmp_path / "model.keras")
    given = [IDS, np.random.default_rng(0).normal(size=(3, QUERY)).astype("float32")]
    np.savez(tmp_path / "given.npz", *given)
    paths = [str(tmp_path / name) for name in ("model.keras", "given.npz", "found.npz")]
    subprocess.run([sys.executable, "-c", READ_BACK, *paths], check=True)
    found = np.load(paths[2])
    expected = model.predict(given, verbose=0)
    assert len(found.files) == len(expected) == 2 * len(CASES)
    for key, answer in zip(found.files, expected, strict=True):
        np.testing.assert_allclose(found[key], answer, atol=1e-6)
    # Also where the model that was saved is still in memory.
    again = keras.saving.load_model(tmp_path / "model.keras").predict(given, verbose=0)
    np.testing.assert_allclose(again[0], expected[0], atol=1e-6)


@pytest.fixture
def mixed_float16():
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    yield
    keras.config.set_dtype_policy(before)


@every_case
def test_mixed_precision(case, mixed_float16):
    layer = case.make()
    layer.build(*([(None, None, DIM)] + [(None, case.query)] * (case.query is not None)))
    assert layer.compute_dtype == "float16"
    assert all(weight.dtype == "float32" for weight in layer.weights)
    empty = PREFIXES.copy()
    empty[2] = False
    vector, weights = case.call(layer, case.inputs(3, 6), empty)
    for part in (vector, weights):
        assert keras.backend.standardize_dtype(part.dtype) == "float16"
    vector, weights = numbers((vector, weights))
    np.testing.assert_allclose(weights[:2].sum(-1), 1, atol=4e-3)
    assert (weights[1, ..., 4:] == 0).all()
    assert (vector[2] == 0).all()


def marked_texts(count):
    """Ids of which one, 1 or 2, tells the class; the others and their number are by chance."""
    chance = np.random.default_rng(0)
    ids = chance.integers(3, 9, (count, 12))
    ids[np.arange(12) >= chance.integers(4, 13, (count, 1))] = 0
    labels = chance.integers(0, 2, count)
    ids[np.arange(count), chance.integers(0, 4, count)] = 1 + labels
    return ids, labels


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
@pytest.mark.parametrize("name", ["attention", "multi-head", "query"])
def test_training_finds_the_token_that_tells(name, policy):
    keras.utils.set_random_seed(0)
    case, (ids, labels) = CASES[name], marked_texts(256)
    tokens = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(9, DIM, mask_zero=True, dtype=policy)(tokens)
    layer = case.make(dtype=policy)
    query = None
    if case.query is not None:
        query = keras.layers.Dense(HDIMS)(ours.MaskGlobalAveragePooling1D()(x)[0])
    vector, weights = layer(x) if query is None else layer(x, query)
    answer = keras.layers.Dense(2, activation="softmax", dtype="float32")(vector)
    model = keras.Model(tokens, answer)
    model.compile(keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy")
    model.fit(ids, labels, batch_size=32, epochs=8, verbose=0)
    held, truth = marked_texts(300)[0][256:], marked_texts(300)[1][256:]
    assert (model.predict(held, verbose=0).argmax(1) == truth).mean() > 0.95
    looks = keras.Model(tokens, weights).predict(held, verbose=0)
    looks = looks if looks.ndim == 2 else looks.max(1)
    telling = (held == 1) | (held == 2)
    assert looks[telling].mean() > 2 * looks[~telling & (held > 0)].mean()


BAD = [
    (lambda: ours.AttentionPooling1D(0), InputError, "hdims must be a whole number"),
    (lambda: ours.AttentionPooling1D(True), InputError, "hdims must be a whole number"),
    (lambda: ours.AttentionPooling1D("8"), InputError, "at least 1; received '8'"),
    (lambda: ours.MultiHeadAttentionPooling1D(4, heads=0), InputError, "heads must be"),
    (lambda: given(np.zeros((2, 3))), InputError, r"\(batch, steps, dim\); received \(2, 3\)"),
    (lambda: given(np.zeros((2, 3, 0))), InputError, "inputs must have shape"),
    (lambda: given(np.zeros((2, 3, 4), int)), TypeError, "must be floating point"),
    (lambda: given(mask=np.ones((2, 4), bool)), InputError, r"\(2, 3\); received \(2, 4\)"),
    (lambda: given(mask=np.ones((2, 3, 1), bool)), InputError, "mask must have shape"),
    (lambda: given(mask=[[True] * 3] * 2), TypeError, r"received list: pass numpy\.array\(mask\)"),
    (lambda: ours.AttentionPooling1D(4.0), InputError, "hdims must be a whole number"),
    (lambda: ours.AttentionPooling1D(np.int64(0)), InputError, "hdims must be a whole number"),
    (lambda: ours.AttentionPooling1D(np.True_), InputError, "hdims must be a whole number"),
    (lambda: built(keras.Input((3, 5))), InputError, "dim|shape"),
    (lambda: asked(np.zeros((2, 4))), InputError, r"\(2, 7\); received \(2, 4\)"),
    (lambda: asked(np.zeros((2, 3, 7))), InputError, "query must have shape"),
    (lambda: asked(keras.Input((5,))), InputError, "query must have shape"),
]


def given(x=None, mask=None):
    x = np.zeros((2, 3, 4), "float32") if x is None else x
    for layer in (ours.AttentionPooling1D(4), ours.MaskGlobalMaxPooling1D()):
        with pytest.raises((InputError, TypeError)) as error:
            layer(x, mask=mask)
        last = error.value
    raise last


def built(x):
    layer = ours.AttentionPooling1D(4)
    layer(np.zeros((2, 3, 4), "float32"))
    layer(x)


def asked(query):
    layer = ours.AdditiveAttention1D(HDIMS)
    x = keras.Input((3, 4)) if keras.backend.is_keras_tensor(query) else np.zeros((2, 3, 4), "f")
    layer(x, query)


@pytest.mark.parametrize("size", [np.int64(4), np.uint8(4), np.array(4)])
def test_sizes_of_numpy_are_whole_numbers(size):
    layer = ours.MultiHeadAttentionPooling1D(size, heads=size)
    config = json.loads(json.dumps(layer.get_config()))
    assert (config["hdims"], config["heads"]) == (4, 4)


@pytest.mark.parametrize(("call", "kind", "said"), BAD)
def test_bad_input_is_told(call, kind, said):
    with pytest.raises(kind, match=said):
        call()


def test_torch_is_imported_for_no_other_backend():
    code = (
        "import attnpool.integrations.keras, sys; attnpool.integrations.keras.AttentionPooling1D(4)"
        "(__import__('numpy').zeros((1, 2, 3), 'f')); sys.exit('torch' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=False)
    assert ran.returncode == (BACKEND == "torch")


def test_a_backend_that_is_missing_is_one_line():
    code = f"import sys; sys.modules['{BACKEND}'] = None; import attnpool.integrations.keras"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stderr.splitlines()[-1] == (
        f"attnpool.errors.MissingLibraryError: Keras needs {BACKEND}, which is not installed; if "
        "that is the backend, set KERAS_BACKEND to one that is installed: torch, jax or tensorflow"
    )
