"""The network of a fitted siamese matcher as arrays for numpy."""

from __future__ import annotations

from typing import Any, TypeGuard

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool.models.config import EncoderConfig
from attnpool.models.encoder import TextEncoder
from attnpool.models.folded import add_beginnings
from attnpool.models.pair import PairMatcher
from attnpool.models.siamese import Siamese
from attnpool.pooling import AttentionPooling1D, MultiHeadAttentionPooling1D
from attnpool.runtime.ngrams import Ngrams
from attnpool.runtime.pairs.network import PairNetwork, PairShape, Words
from attnpool.runtime.tables import Table


def is_siamese(model: nn.Module) -> TypeGuard[PairMatcher]:
    """Whether a network is a matcher that pools each text by itself."""
    return isinstance(model, PairMatcher) and isinstance(model.pair_encoder, Siamese)


def pair_network(model: PairMatcher, dtype: str) -> PairNetwork:
    """The network of a siamese matcher as tables for numpy.

    Args:
        model: The network; its weights are not changed. It has attention pooling, and neither
            positions nor vectors of equal length.
        dtype: What tables are stored as.
    """
    encoder, pair_encoder, head = model.encoder, model.pair_encoder, model.head
    assert isinstance(encoder, TextEncoder)  # noqa: S101 - checked before
    assert isinstance(pair_encoder, Siamese)  # noqa: S101
    config, pooling = encoder.config, pair_encoder.pooling
    assert isinstance(pooling, AttentionPooling1D | MultiHeadAttentionPooling1D)  # noqa: S101
    layers: dict[str, Any] = {
        f"convolutions.{i}": one.kernel for i, one in enumerate(encoder.convolutions)
    }
    layers["hidden"] = head.hidden
    with torch.no_grad():
        rows = {
            "tokens": token_table(encoder),
            "ngrams.vectors": ngram_table(encoder),
            "projection": pooling.projection.weight.T,
            **{name: layer.weight.T for name, layer in layers.items()},
        }
    ngrams = encoder.ngrams
    keys = np.zeros(0, np.int64) if ngrams is None else ngrams.keys.cpu().numpy()
    lengths = () if ngrams is None else tuple(sorted(ngrams.lengths))
    words = None
    if encoder.char_ngrams is not None:
        words = Words(
            encoder.char_ngrams.keys.cpu().numpy(),
            tuple(sorted(encoder.char_ngrams.lengths)),
            Table.of(_array(encoder.char_ngrams.table.weight), dtype),
        )
    return PairNetwork(
        shape=PairShape(
            classes=model.config.classes,
            heads=model.config.heads,
            normalizer=model.config.normalizer,
            convolutions=len(encoder.convolutions),
            residual=config.residual,
        ),
        matrices={name: Table.of(_array(table), dtype) for name, table in rows.items()},
        vectors={
            "score": _array(pooling.score.weight),
            "output": _array(head.output.weight.T),
            "output.bias": _array(head.output.bias),
            **{f"{name}.bias": _array(layer.bias) for name, layer in layers.items()},
        },
        ngrams=Ngrams(keys, lengths, config.vocabulary),
        words=words,
    )


def not_plain(model: PairMatcher) -> list[str]:
    """What a siamese matcher has that its compact form has not."""
    encoder = model.config.encoder
    if not isinstance(encoder, EncoderConfig):
        return ["a pretrained encoder"]
    reasons = {
        "positions": bool(encoder.positions),
        "token vectors of equal length": encoder.equal_length,
        f"{model.config.pooling} pooling": model.config.pooling != "attention",
    }
    return [name for name, holds in reasons.items() if holds]


def token_table(encoder: TextEncoder) -> Tensor:
    """The vector of each token, with that of its character n-grams."""
    table = encoder.embedding.weight
    if encoder.char_ngrams is None:
        return table
    parts = encoder.char_ngrams
    bags = parts.rows, parts.table.weight, parts.bounds
    return table + F.embedding_bag(*bags, mode="mean", include_last_offset=True)


def ngram_table(encoder: TextEncoder) -> Tensor:
    """The sum of the vectors of all n-grams that begin where each does."""
    size, ngrams = encoder.config.vocabulary, encoder.ngrams
    if ngrams is None:
        return encoder.embedding.weight.new_zeros(0, encoder.config.dim)
    own = ngrams.table.weight
    table = torch.cat([own.new_zeros(size, own.shape[1]), own])
    add_beginnings(table, ngrams, size)
    return table[size + 1 :]  # without that of unknown ones


def _array(rows: Tensor) -> np.ndarray:
    array: np.ndarray = rows.detach().float().cpu().contiguous().numpy()
    return array
