"""The network of a pair from the arrays of a file, which somebody may have made up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from attnpool.runtime.ngrams import ascending, checked_lengths, read_ngrams
from attnpool.runtime.normalizers import NORMALIZERS
from attnpool.runtime.pairs.network import PairNetwork, PairShape, Words
from attnpool.runtime.tables import Table, check, check_plain, read_table
from attnpool.text.char_ngrams import MAX_CHAR_NGRAM

_MOST_LAYERS = 100
_WIDEST = 100  # neighbours that a convolution reads
_FARTHEST = 1e25  # trained models stay far below; single precision ends at 1e38


def read_pair_network(form: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> PairNetwork:
    """The network, after every size and type has been checked.

    Args:
        form: What the file says of it.
        arrays: The arrays of the file; their numbers are checked already.

    Raises:
        ValueError: They make no sense.
    """
    shape = _shape(form)
    score, output = arrays["score"], arrays["output"]
    check_plain(score, (shape.heads, None), "score")
    check_plain(output, (None, shape.classes), "output")
    check_plain(arrays["output.bias"], (shape.classes,), "output.bias")
    tokens = _table(arrays, "tokens")
    ngrams = read_ngrams(form, arrays, len(tokens))
    dim, hidden = tokens.columns, len(output)
    check(dim >= 1 and hidden >= 1, "width")
    matrices = {
        "tokens": tokens,
        "ngrams.vectors": _table(arrays, "ngrams.vectors", len(ngrams.keys), dim),
        "projection": _table(arrays, "projection", dim, score.shape[1]),
        "hidden": _table(arrays, "hidden", 4 * shape.heads * dim, hidden),
    }
    biases = {"hidden.bias": hidden}
    for number in range(shape.convolutions):
        name = f"convolutions.{number}"
        matrices[name] = _table(arrays, name, None, dim)
        neighbours, left = divmod(len(matrices[name]), dim)
        check(left == 0 and 1 <= neighbours <= _WIDEST, name)
        biases[f"{name}.bias"] = dim
    for name, size in biases.items():
        check_plain(arrays[name], (size,), name)
    vectors = {name: arrays[name] for name in ("score", "output", "output.bias", *biases)}
    words = None
    if "char_ngrams" in arrays:
        hashes = ascending(arrays["char_ngrams"], "char_ngrams")
        lengths = checked_lengths(form["char_ngrams"], MAX_CHAR_NGRAM)
        check(bool(lengths), "no lengths of character n-grams")
        words = Words(hashes, lengths, _table(arrays, "char_ngrams.vectors", len(hashes), dim))
    network = PairNetwork(shape, matrices, vectors, ngrams, words)
    _check_reach(network)
    return network


def _table(arrays: Mapping[str, np.ndarray], name: str, *size: int | None) -> Table:
    """A table that holds all its numbers: a narrow one could ask for any amount of memory."""
    table = read_table(arrays, name, *size)
    check(table.expand is None, f"rank of {name}")
    return table


def _check_reach(network: PairNetwork) -> None:
    """Refuse numbers that are too large together: for any text, single precision must hold all."""

    def most(numbers: np.ndarray) -> float:
        return float(np.abs(numbers).max(initial=0))

    def along(name: str, axis: int) -> float:
        sums = np.abs(network.matrices[name].all()).sum(axis=axis, dtype=np.float64)
        return float(sums.max(initial=0))

    def within(number: float) -> float:
        check(number < _FARTHEST, "numbers that are too large together")
        return number

    x, back = most(network.matrices["tokens"].all()), 1.0
    if network.words is not None:
        x += most(network.words.vectors.all())
    for number in range(network.shape.convolutions):
        name = f"convolutions.{number}"
        x = within(x + along(name, 0) * x + most(network.vectors[f"{name}.bias"]))
        back = within(back * (1 + along(name, 1)))
    x = within(x + most(network.matrices["ngrams.vectors"].all()))
    features = within(max(1.0, 2 * x, x * x))
    hidden = within(along("hidden", 0) * features + most(network.vectors["hidden.bias"]))
    output = np.abs(network.vectors["output"]).sum(axis=0, dtype=np.float64).max(initial=0)
    within(float(output) * hidden + most(network.vectors["output.bias"]))
    slopes = within(along("hidden", 1) * 2 * most(network.vectors["output"]) * features)
    within(slopes * back * max(1.0, x))


def _shape(form: Mapping[str, Any]) -> PairShape:
    shape = PairShape(**{name: form[name] for name in PairShape.__dataclass_fields__})
    for name in ("classes", "heads"):
        number = getattr(shape, name)
        check(type(number) is int and number >= 1, f"{name} {number!r}")
    check(shape.architecture == "siamese", f"architecture {shape.architecture!r}")
    count = shape.convolutions
    check(type(count) is int and 0 <= count <= _MOST_LAYERS, f"convolutions {count!r}")
    check(type(shape.residual) is bool, f"residual {shape.residual!r}")
    check(shape.normalizer in NORMALIZERS, f"normalizer {shape.normalizer!r}")
    return shape
