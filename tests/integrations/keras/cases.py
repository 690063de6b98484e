"""Every Keras layer as a case: the layer, its twin in torch, and numbers to call both with.

The backend is the one that `KERAS_BACKEND` names; `make test-keras` runs these tests once for
each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from tests.skips import NO_KERAS

keras = pytest.importorskip("keras", reason=NO_KERAS)
torch = pytest.importorskip("torch")

from attnpool import pooling  # noqa: E402
from attnpool.integrations.keras import (  # noqa: E402
    AdditiveAttention1D,
    AttentionPooling1D,
    MaskGlobalAveragePooling1D,
    MaskGlobalMaxPooling1D,
    MeanQueryAttentionPooling1D,
    MinVariancePooling1D,
    MultiHeadAttentionPooling1D,
)

BACKEND = keras.backend.backend()
DIM, HDIMS, HEADS, QUERY = 5, 7, 3, 4
# What Keras, not this project, is warned of by numpy 2 wherever a torch tensor becomes an array.
QUIET = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
# JAX has no float64 unless the whole process asks for it.
DTYPES = ["float16", "bfloat16", "float32"] + ([] if BACKEND == "jax" else ["float64"])


@dataclass(frozen=True)
class Case:
    """A layer on token vectors of size DIM, called alike whether it takes a query or not."""

    make: Callable[..., Any]
    twin: Callable[[], torch.nn.Module]
    features: int
    heads: int | None = None
    query: int | None = None

    def layer(self, dtype: str = "float32") -> Any:
        """Built, with weights that are the same on every backend."""
        layer = self.make(dtype=dtype)
        layer.build(*([(None, None, DIM)] + [(None, self.query)] * (self.query is not None)))
        numbers = np.random.default_rng(7)
        layer.set_weights([numbers.normal(0, 0.7, w.shape) for w in layer.weights])
        return layer

    def torch_layer(self, layer: Any) -> torch.nn.Module:
        """Its twin with the same weights, copied as the documentation says."""
        twin = self.twin()
        with torch.no_grad():
            for parameter, weight in zip(twin.parameters(), layer.get_weights(), strict=True):
                parameter.copy_(torch.tensor(weight.T))
        return twin

    def inputs(self, batch: int, steps: int, seed: int = 1) -> list[np.ndarray]:
        """Token vectors, and the query where the layer takes one."""
        numbers = np.random.default_rng(seed)
        x = numbers.normal(size=(batch, steps, DIM)).astype("float32")
        asked = [] if self.query is None else [numbers.normal(size=(batch, self.query))]
        return [x, *(query.astype("float32") for query in asked)]

    def named(self, mask: Any) -> dict[str, Any]:
        """The mask under the name that the layer gives it."""
        return {"mask" if self.query is None else "inputs_mask": mask}

    def call(self, layer: Any, inputs: list[np.ndarray], mask: Any = None) -> Any:
        """What the layer gives, on the backend."""
        tensors = [keras.ops.convert_to_tensor(part) for part in inputs]
        return layer(*tensors, **self.named(None if mask is None else keras.ops.array(mask)))

    def weights_shape(self, batch: int, steps: int) -> tuple[int, ...]:
        return (batch, steps) if self.heads is None else (batch, self.heads, steps)


CASES = {
    "attention": Case(
        lambda **k: AttentionPooling1D(HDIMS, **k),
        lambda: pooling.AttentionPooling1D(DIM, HDIMS),
        DIM,
    ),
    "multi-head": Case(
        lambda **k: MultiHeadAttentionPooling1D(HDIMS, HEADS, **k),
        lambda: pooling.MultiHeadAttentionPooling1D(DIM, HEADS, HDIMS),
        HEADS * DIM,
        heads=HEADS,
    ),
    "mean-query": Case(
        lambda **k: MeanQueryAttentionPooling1D(HDIMS, **k),
        lambda: pooling.MeanQueryAttentionPooling1D(DIM, HDIMS),
        DIM,
    ),
    "query": Case(
        lambda **k: AdditiveAttention1D(HDIMS, **k),
        lambda: pooling.QueryAttentionPooling1D(DIM, None, HDIMS),
        HDIMS,
        query=HDIMS,
    ),
    "query-projected": Case(
        lambda **k: AdditiveAttention1D(HDIMS, project_query=True, **k),
        lambda: pooling.QueryAttentionPooling1D(DIM, QUERY, HDIMS),
        HDIMS,
        query=QUERY,
    ),
    "max": Case(MaskGlobalMaxPooling1D, pooling.GlobalMaxPooling1D, DIM),
    "average": Case(MaskGlobalAveragePooling1D, pooling.GlobalAveragePooling1D, DIM),
    "min-variance": Case(MinVariancePooling1D, pooling.MinVariancePooling1D, DIM),
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())

PREFIXES = np.arange(6) < np.array([[6], [4], [1]])
RAGGED = np.array([[0, 1, 1, 0, 1, 1], [1, 0, 0, 0, 0, 1], [0, 0, 0, 1, 0, 0]], dtype=bool)
MASKS = {"none": None, "right": PREFIXES, "left": PREFIXES[:, ::-1].copy(), "anywhere": RAGGED}
every_mask = pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS.keys())


def numbers(tensors: Any) -> list[np.ndarray]:
    """Tensors of any backend and precision as float64, so that they can be compared."""
    return [np.asarray(keras.ops.convert_to_numpy(t)).astype("float64") for t in tensors]


def gradients(case: Case, layer: Any, inputs: list[np.ndarray], mask: Any) -> list[np.ndarray]:
    """Of `loss` by the inputs, then by the weights of the layer."""
    mask = keras.ops.array(mask)
    tensors = [keras.ops.convert_to_tensor(part, dtype=layer.compute_dtype) for part in inputs]
    return numbers(_GRADIENTS[BACKEND](case, layer, tensors, mask))


def loss(outputs: Any) -> Any:
    """Something that depends on both outputs."""
    return sum(keras.ops.sum(keras.ops.square(part)) for part in outputs)


def _by_torch(case, layer, tensors, mask):
    tensors = [tensor.detach().requires_grad_() for tensor in tensors]
    layer.zero_grad()
    with torch.autograd.set_detect_anomaly(True):  # not finite by luck: no NaN on the way either
        loss(layer(*tensors, **case.named(mask))).backward()
    return [part.grad for part in [*tensors, *(weight.value for weight in layer.weights)]]


def _by_jax(case, layer, tensors, mask):
    import jax

    def pooled(tensors, weights):
        return loss(layer.stateless_call(weights, [], *tensors, **case.named(mask))[0])

    found = jax.grad(pooled, argnums=(0, 1))(tensors, [w.value for w in layer.weights])
    return [*found[0], *found[1]]


def _by_tensorflow(case, layer, tensors, mask):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(tensors)
        value = loss(layer(*tensors, **case.named(mask)))
    return tape.gradient(value, [*tensors, *(weight.value for weight in layer.weights)])


_GRADIENTS = {"torch": _by_torch, "jax": _by_jax, "tensorflow": _by_tensorflow}
