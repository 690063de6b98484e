"""A fitted model to a compact one: tables as arrays, in fewer bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.torch import save
from torch import Tensor, nn

from attnpool._version import __version__
from attnpool.errors import InputError, NoCompactFormError
from attnpool.estimators.exporting_pairs import is_siamese, not_plain, pair_network
from attnpool.explain.items import checked_for
from attnpool.models.classifier import Classifier
from attnpool.models.config import EncoderConfig
from attnpool.models.folded import FoldedClassifier, can_fold
from attnpool.runtime import file, live
from attnpool.runtime.file import AnyNetwork
from attnpool.runtime.model import CompactModel
from attnpool.runtime.network import CompactNetwork, Shape
from attnpool.runtime.ngrams import Ngrams
from attnpool.runtime.onnx.metadata import SUFFIX as ONNX_SUFFIX
from attnpool.runtime.smaller.models import of_size
from attnpool.runtime.smaller.rare import without_rare
from attnpool.runtime.tables import Table
from attnpool.runtime.words import UnknownWords, rows_of_unknown
from attnpool.text.special_tokens import UNKNOWN

DTYPES = ("int8", "float16", "float32")
"""What the tables of a compact model can be stored as."""

_WIDE = {"int8": "int16"}
"""Where one byte a number could move a logit too far, two are taken."""

_MOST = 0.01
"""By how much scores, and values, may move a logit at most: the half of what all may."""


def compact_model(
    estimator: Any, *, dtype: str = "int8", size: int | None = None, min_count: int | None = None
) -> CompactModel:
    """The compact form of a fitted classifier or siamese matcher.

    Args:
        estimator: A fitted `TextClassifier`, or a siamese `TextMatcher`.
        dtype: One of `DTYPES`.
        size: The most bytes that its file may take; None: nothing is left out.
        min_count: How often the training texts must have a token or an n-gram; None: no matter.

    Raises:
        InputError: A value is none of these, the model has no compact form, or the size is too
            small.
    """
    check_number("size", size)
    model, counts = counted_model(estimator, dtype=dtype, min_count=min_count)
    return model if size is None else of_size(model, size, counts)


def counted_model(
    estimator: Any, *, dtype: str = "int8", min_count: int | None = None
) -> tuple[CompactModel, np.ndarray | None]:
    """The whole compact form, and how often the training texts have what each row is of.

    Args:
        estimator: A fitted `TextClassifier`, or a siamese `TextMatcher`.
        dtype: One of `DTYPES`.
        min_count: How often the training texts must have a token or an n-gram; None: no matter.

    Raises:
        InputError: A value is none of these, or the model has no compact form.
    """
    if dtype not in DTYPES:
        raise InputError(f"dtype is {dtype!r}; choose one of {', '.join(DTYPES)}")
    check_number("min_count", min_count)
    check_foldable(estimator.model_)
    if min_count is not None and is_siamese(estimator.model_):
        raise InputError("min_count is for classifiers: a matcher does not count what it reads")
    if min_count is not None and estimator.model_.counts is None:
        raise InputError(
            "this model does not know how often it saw its n-grams, as an earlier version "
            "trained it; train it again, or leave min_count out"
        )
    network, reader = compact_network(estimator.model_, dtype), estimator.reader_
    counts = _counts(estimator.model_) if isinstance(estimator.model_, Classifier) else None
    source = {
        "attnpool": __version__,
        "sha256": digest(estimator.model_),
        "ngrams_of": len(network.ngrams.keys),
        "min_count": min_count,
    }
    config = {"metrics": estimator.metrics_, "reading": estimator.reading_, "source": source}
    if min_count is not None:
        assert counts is not None  # noqa: S101 - checked above
        assert isinstance(network, CompactNetwork)  # noqa: S101
        network, tokenizer, counts = without_rare(network, reader.tokenizer, counts, min_count)
        reader = replace(reader, tokenizer=tokenizer)
        if network.ngrams.first <= UNKNOWN + 1:
            raise InputError(
                f"no token occurs {min_count:,} times in the training texts; give a smaller "
                "min_count"
            )
    return CompactModel(network, reader, estimator.classes_, config), counts


def export(
    estimator: Any,
    path: Path,
    tables: Mapping[str, Any],
    *,
    title: str | None,
    examples: Sequence[Any],
    overwrite: bool,
) -> None:
    """Write a fitted model as a compact file or a live page; see `TextEstimator.export`.

    Args:
        estimator: The model.
        path: The file.
        tables: Its `dtype`, `size` and `min_count`.
        title: The heading of a page.
        examples: Texts, or pairs of them, that a page offers.
        overwrite: Whether to replace an existing file.
    """
    if path.suffix.lower() == ONNX_SUFFIX:
        from attnpool.estimators.onnx.exporting import export_onnx  # which imports this module

        changed = {
            "dtype": tables["dtype"] != "int8",
            "size": tables["size"] is not None,
            "min_count": tables["min_count"] is not None,
            "title": bool(title),
            "examples": bool(len(examples)),
        }
        if without_effect := [name for name, is_given in changed.items() if is_given]:
            raise InputError(
                f"{without_effect[0]} does nothing for an {ONNX_SUFFIX} file; leave it out"
            )
        export_onnx(estimator, path, overwrite=overwrite)
        return
    if path.suffix.lower() not in (file.SUFFIX, live.SUFFIX):
        raise InputError(
            f"{path}: name a file that ends in {file.SUFFIX}, {live.SUFFIX} or {ONNX_SUFFIX}"
        )
    if path.suffix.lower() != live.SUFFIX:
        given = [name for name, value in (("title", title), ("examples", examples)) if value]
        if given:
            raise InputError(f"{given[0]} is for a page; name a file that ends in {live.SUFFIX}")
        compact_model(estimator, **tables).save(path, overwrite=overwrite)
        return
    offered = checked_for(examples, estimator.model_.sides)
    page = made_page(estimator, **tables, title=title, examples=offered)[1]
    live.write_page(path, page, overwrite=overwrite)


def made_page(
    estimator: Any,
    *,
    dtype: str = "int8",
    size: int | None = None,
    min_count: int | None = None,
    title: str | None = None,
    examples: Sequence[Any] = (),
) -> tuple[CompactModel, str]:
    """A live page of a fitted model, and the compact model that is in it.

    Args:
        estimator: A fitted `TextClassifier`, or a siamese `TextMatcher`.
        dtype: One of `DTYPES`.
        size: The most bytes of the page; default: 2 MB.
        min_count: How often the training texts must have a token or an n-gram; None: no matter.
        title: The heading; default: the classes.
        examples: Texts, or pairs of them, that the page offers.

    Raises:
        InputError: As for `compact_model`, or a page cannot run the model.
    """
    check_number("size", size)
    model, counts = counted_model(estimator, dtype=dtype, min_count=min_count)
    return live.sized_page(model, size=size, counts=counts, title=title, examples=examples)


def check_number(name: str, number: Any) -> None:
    """Refuse what is neither None nor a whole number above zero.

    Args:
        name: What it is of.
        number: What was given.

    Raises:
        InputError: It is neither.
    """
    whole = isinstance(number, int | np.integer) and not isinstance(number, bool)
    if number is not None and not (whole and number >= 1):
        raise InputError(f"{name} is {number!r}; give a whole number of at least 1")


def _counts(net: Classifier) -> np.ndarray | None:
    """How often the training texts have the token or n-gram of each row of the compact network."""
    if net.counts is None:
        return None
    counts: np.ndarray = net.counts.cpu().numpy()
    if net.encoder.ngrams is None:
        return counts
    return np.delete(counts, net.config.encoder.vocabulary)


def compact_network(model: Any, dtype: str) -> AnyNetwork:
    """The network of a classifier or of a siamese matcher as tables for numpy.

    Args:
        model: The network; its weights are not changed.
        dtype: One of `DTYPES`.

    Raises:
        InputError: It has no compact form.
    """
    check_foldable(model)
    return pair_network(model, dtype) if is_siamese(model) else folded_network(model, dtype)


def folded_network(model: Classifier, dtype: str) -> CompactNetwork:
    """The network of a classifier that can be folded.

    Args:
        model: The network; its weights are not changed.
        dtype: One of `DTYPES`.
    """
    folded = FoldedClassifier(model)
    encoder, config = folded.encoder, folded.config
    size = config.encoder.vocabulary

    def known(rows: Tensor) -> np.ndarray:
        # The row after the tokens' is that of n-grams that are not known, which is not used here.
        array = _array(rows)
        return array if encoder.ngrams is None else np.delete(array, size, axis=0)

    ngrams = np.zeros(0, np.int64) if encoder.ngrams is None else encoder.ngrams.keys.cpu().numpy()
    lengths = () if encoder.ngrams is None else tuple(sorted(encoder.ngrams.lengths))
    # Keys and scores are folded twice as large, for the sake of a sigmoid; here it is tanh.
    keys, score = known(folded.key_table) / 2, _array(folded.score) / 2
    values, columns = known(folded.value_table), folded.heads * folded.classes
    values, linear = values[:, :columns], values[:, columns:]
    by_head = values.reshape(-1, folded.heads, folded.classes)
    of_values = _narrowest(by_head, dtype)
    words = None
    if encoder.char_ngrams is not None:
        assert folded.key_char_ngrams is not None  # noqa: S101 - folded with them
        assert folded.value_char_ngrams is not None  # noqa: S101
        rows = rows_of_unknown(ngrams, size)
        words = UnknownWords(
            encoder.char_ngrams.keys.cpu().numpy(),
            tuple(sorted(encoder.char_ngrams.lengths)),
            Table.of(_array(folded.key_char_ngrams) / 2, dtype),
            Table.of(_array(folded.value_char_ngrams), of_values),
            rows,
            Table.of(keys[rows], _WIDE.get(dtype, dtype)),
        )
    activated = np.tanh(keys)
    if folded.mean_query:
        table = Table.of(activated, dtype)
    else:
        scores = activated @ score.T
        # A score that is off by d moves the weights by d at most, so a logit by d times what its
        # values differ by.
        reach = (np.abs(scores).max(axis=0)[:, None] * np.ptp(by_head, axis=0))[None]
        table = Table.of(scores, _narrowest(reach, dtype))
    return CompactNetwork(
        shape=Shape(
            classes=folded.classes,
            heads=folded.heads,
            pooling="mean_query" if folded.mean_query else "attention",
            normalizer=config.normalizer,
        ),
        keys=table,
        score=score,
        values=Table.of(values, of_values),
        # It adds up over all tokens: at one byte a number a logit would move by 0.02.
        linear=Table.of(linear, _WIDE.get(dtype, dtype)) if folded.linear else None,
        bias=_array(folded.bias),
        ngrams=Ngrams(ngrams, lengths, size),
        words=words,
    )


def _narrowest(rows: np.ndarray, dtype: str) -> str:
    """The dtype, or a wider one if rounding `(rows, heads, classes)` moves a logit too far."""
    steps = np.abs(rows).max(axis=0, initial=0) / 127 / 2
    return dtype if steps.sum(axis=0).max() <= _MOST else _WIDE.get(dtype, dtype)


def check_foldable(model: Any) -> None:
    """Refuse a network that has no compact form.

    Raises:
        InputError: It cannot; the message says why, and what to use instead.
    """
    instead = "deploy the model's folder with attnpool[train]"
    if isinstance(model, Classifier):
        why = [] if can_fold(model) else _not_foldable(model)
    elif is_siamese(model):
        why = not_plain(model)
    else:
        raise NoCompactFormError(
            f"a matcher of architecture {model.config.architecture!r} has no compact form, only a "
            f"siamese one has; {instead}"
        )
    if why:
        raise NoCompactFormError(f"a model with {' and '.join(why)} has no compact form; {instead}")


def _not_foldable(model: Classifier) -> list[str]:
    """What a classifier has that cannot be folded."""
    encoder = model.config.encoder
    if not isinstance(encoder, EncoderConfig):
        return ["a pretrained encoder"]
    reasons = {
        "convolutions": bool(encoder.kernel_sizes),
        "positions": bool(encoder.positions),
        "token vectors of equal length": encoder.equal_length,
        f"{model.config.pooling} pooling": model.config.pooling not in ("attention", "mean_query"),
    }
    return [name for name, holds in reasons.items() if holds]


def _array(rows: Tensor) -> np.ndarray:
    array: np.ndarray = rows.detach().float().cpu().numpy()
    return array


def digest(net: nn.Module) -> str:
    """The SHA-256 of a network's weights, as its `model.safetensors` has it.

    Args:
        net: The network.
    """
    weights = {name: tensor.contiguous().cpu() for name, tensor in net.state_dict().items()}
    return sha256(save(weights)).hexdigest()
