"""What cannot be split, or is not as asked for, is one line that says what and what to do."""

import warnings

import numpy as np
import pytest
import torch
from benchmarks.encoders.families import FAMILIES
from benchmarks.encoders.tiny import build, strong
from torch import nn
from torch.nn import functional as F  # noqa: N812

import attnpool
from attnpool import InputError
from attnpool.explain.attribution import CannotSplitError
from attnpool.explain.contribution.run import checked_base, checked_special, checked_targets

from .sums import BATCH, DIM, HEAD, STEPS, drawn, embeddings


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x + 1

    @staticmethod
    def backward(ctx, g):
        return g * 2 * ctx.saved_tensors[0]


GRU, LSTM = (strong(kind(DIM, DIM, batch_first=True)) for kind in (nn.GRU, nn.LSTM))
CELL = strong(nn.GRUCell(DIM, DIM))
with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    TRACED = torch.jit.trace(lambda x: torch.tanh(x) * x + 1, embeddings())
UNKNOWN = {
    "prod": lambda x: (x / 9 + 1).prod(1) @ HEAD,
    "logsumexp": lambda x: x.logsumexp(1) @ HEAD,
    "cumprod": lambda x: (x / 9 + 1).cumprod(1).mean(1) @ HEAD,
    "threshold": lambda x: F.threshold(x, 0.1, 5.0).mean(1) @ HEAD,
    "round": lambda x: (x.round() + x).mean(1) @ HEAD,
    "log": lambda x: (x.abs() + 1).log().mean(1) @ HEAD,
    # Weights that are used as values.
    "sigmoid": lambda x: torch.sigmoid(x).mean(1) @ HEAD,
    "exp": lambda x: (x + x.exp()).mean(1) @ HEAD,
    "softmax": lambda x: torch.softmax(x.mean(1) @ HEAD, 1),
    "gru": lambda x: GRU(x)[0].mean(1) @ HEAD,
    "lstm": lambda x: LSTM(x)[0].mean(1) @ HEAD,
    "gru_cell": lambda x: CELL(x[:, 0]) @ HEAD,
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_function_without_a_rule_is_named(name):
    with pytest.raises(CannotSplitError) as error:
        attnpool.attribute(UNKNOWN[name], embeddings())
    assert f"'{name}' has no rule" in str(error.value)
    assert "\n" not in str(error.value)


LAYERS = {
    "BERT": "encoder.layer.0.output.dense",
    "T5 encoder, relu": "block.0.layer.1.DenseReluDense.wo",
    "Llama": "layers.0.mlp.down_proj",
    "XLNet": "layer.0.ff.layer_2",
}


@pytest.mark.parametrize("family", LAYERS)
def test_a_function_without_a_rule_is_named_inside_a_family(family):
    tiny = build(FAMILIES[family])
    layer = tiny.model.get_submodule(LAYERS[family])
    plain = layer.forward
    layer.forward = lambda x: torch.special.i0(plain(x))
    with pytest.raises(CannotSplitError, match=r"'special_i0' has no rule"):
        attnpool.attribute(tiny.forward, tiny.embeddings)


def test_code_that_torch_does_not_show_is_named():
    with pytest.raises(CannotSplitError, match="'SquareBackward' is code that torch does not show"):
        attnpool.attribute(lambda x: Square.apply(x).mean(1) @ HEAD, embeddings())


def test_traced_code_is_opaque():
    with pytest.raises(CannotSplitError, match="is code that torch does not show"):
        attnpool.attribute(lambda x: TRACED(x).mean(1) @ HEAD, embeddings())


def test_texts_that_depend_on_each_other():
    with pytest.raises(CannotSplitError, match="its texts may depend on each other"):
        attnpool.attribute(lambda x: (x - x.mean(0)).mean(1) @ HEAD, embeddings())


def no_grad(x):
    with torch.no_grad():
        return x.mean(1) @ HEAD


def partly(x):
    with torch.no_grad():
        states = x @ drawn(DIM, DIM)
    return (states + x).mean(1) @ HEAD


def inference(x):
    with torch.inference_mode():
        return x.mean(1) @ HEAD


def mean(x):
    return x.mean(1) @ HEAD


FORWARDS = {
    "no_grad": (no_grad, "under torch.no_grad"),
    "partly no_grad": (partly, "'matmul' of the embeddings under torch.no_grad"),
    "inference_mode": (inference, "under torch.no_grad"),
    "detached": (lambda x: mean(x).detach(), "do not depend on the embeddings"),
    "constant": (lambda x: torch.ones(BATCH, 3), "do not depend on the embeddings"),
    "dropout": (lambda x: mean(F.dropout(x, 0.5)), r"dropout switched on.*\.eval\(\)"),
    "dropout of a module": (lambda x: mean(nn.Dropout(0.5)(x)), r"dropout switched on"),
    "dropout of attention": (
        lambda x: mean(F.scaled_dot_product_attention(x, x, x, dropout_p=0.5)),
        "dropout switched on",
    ),
    "batch norm": (
        lambda x: mean(nn.BatchNorm1d(STEPS)(x)),
        r"normalises over the batch.*\.eval\(\)",
    ),
    "one axis": (lambda x: mean(x)[:, 0], r"\(batch, outputs\), here \(3, outputs\).*\(3,\)"),
    "three axes": (lambda x: x, r"returned \(3, 5, 8\)"),
    "other texts": (lambda x: mean(x)[:2], r"returned \(2, 3\)"),
    "a tuple": (lambda x: (mean(x),), "must return a tensor"),
    "infinite": (lambda x: mean(x) / 0, "not finite"),
    "complex": (lambda x: mean(x).to(torch.complex64), "real numbers, not torch.complex64"),
    "sparse": (lambda x: mean(x).to_sparse(), "dense.*torch.sparse_coo"),
}


@pytest.mark.parametrize("name", FORWARDS)
def test_what_forward_does(name):
    forward, said = FORWARDS[name]
    with pytest.raises(InputError, match=f"^attribute: .*{said}") as error:
        attnpool.attribute(forward, embeddings())
    assert "\n" not in str(error.value)


GIVEN = {
    "2-D": ({"embeddings": drawn(3, 4)}, r"\(batch, steps, dim\).*\(3, 4\)"),
    "4-D": ({"embeddings": drawn(3, 4, 2, 2)}, r"\(3, 4, 2, 2\)"),
    "integers": ({"embeddings": torch.ones(3, 4, 2, dtype=torch.long)}, "floating.*int64"),
    "NaN": ({"embeddings": torch.full((3, 4, 2), torch.nan)}, "not finite"),
    "no texts": ({"embeddings": torch.zeros(0, 4, 2)}, r"\(0, 4, 2\)"),
    "no tokens": ({"embeddings": torch.zeros(3, 0, 2)}, r"\(3, 0, 2\)"),
    "complex": ({"embeddings": embeddings() + 0j}, "floating.*complex64"),
    "sparse": ({"embeddings": embeddings().to_sparse()}, "dense.*torch.sparse_coo"),
    "nested": (
        {"embeddings": torch.nested.nested_tensor(list(embeddings()), layout=torch.jagged)},
        "dense",
    ),
    "no values": ({"embeddings": embeddings().to("meta")}, "with values.*meta"),
    "too large": ({"target": 3}, "target 3 is not among the outputs; they are 0 to 2"),
    "negative": ({"target": [0, 1, -1]}, "target -1 is not among"),
    "fractions": ({"target": np.array([0.0, 1, 1])}, "float64"),
    "too few": ({"target": [0, 1]}, "one for each of the 3 texts"),
    "no mask": ({"special": [[2] * STEPS] * BATCH}, "boolean"),
    "another shape": ({"special": torch.zeros(BATCH, 2, dtype=torch.bool)}, r"\(3, 5\)"),
}


@pytest.mark.parametrize("name", GIVEN)
def test_what_is_given(name):
    options, said = GIVEN[name]
    with pytest.raises(InputError, match=f"^attribute: .*{said}") as error:
        attnpool.attribute(**{"forward": mean, "embeddings": embeddings(), **options})
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("wpe", "holds 'str'"),
        ([None], "holds 'NoneType'"),
        (nn.Linear(2, 2), "is 'Linear'"),
        (None, "is"),
    ],
)
def test_what_is_no_list_of_modules(base, said):
    with pytest.raises(InputError, match=f"base must be a list of modules .* it {said}"):
        checked_base(base)


def test_rows_of_different_lengths():
    ragged = [[0], [0, 1], [1]]
    with pytest.raises(InputError, match="target must be an array; its rows are not of one length"):
        checked_targets(ragged, torch.zeros(BATCH, 3))
    with pytest.raises(InputError, match="special must be an array; its rows"):
        checked_special(ragged, embeddings())
