"""Terms of a classifier's loss that make its attention more faithful."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Float, Int

_POWER = 0.25
"""The power of the weights in the target of attention; chosen on splits of training rows."""


def head_similarity(weights: Float[Tensor, "batch heads steps"]) -> Float[Tensor, ""]:
    """How similar the heads are: the mean cosine of the weights of two heads, 0 to 1.

    The off-diagonals of AAᵀ, with rows scaled to length 1 so that long and short texts count the
    same. Lin's whole penalty, |AAᵀ - I|², also drives each head to a single token.

    Args:
        weights: The weights of at least two heads.

    Source:
        Lin et al. 2017, "A Structured Self-attentive Sentence Embedding", arXiv 1703.03130.
    """
    heads = weights.shape[1]
    rows = F.normalize(weights, dim=2)
    gram = torch.bmm(rows, rows.transpose(1, 2))
    off_diagonal = gram.sum((1, 2)) - gram.diagonal(dim1=1, dim2=2).sum(1)
    return off_diagonal.mean() / (heads * (heads - 1))


def evidence_gap(
    weights: Float[Tensor, "batch heads steps"],
    evidence: Float[Tensor, "batch heads steps"],
    mask: Bool[Tensor, "batch steps"],
) -> Float[Tensor, ""]:
    """The cross-entropy of each head to the evidence for the class, in nats per text.

    The target is not the contribution, which is weight times evidence: attention trained on it
    reinforces itself until it rests on a few tokens. A small power of the weights avoids most of
    that. Evidence against the class counts as 0, because removing it does not lower the logit.
    All heads have the same target, since a picture shows their mean: with a target for the mean
    alone, each head settled on different tokens.

    Args:
        weights: The weights.
        evidence: What each token would add to the true class's margin (see `margins`) if the
            head gave it all its weight. It is a target: no gradient passes through it.
        mask: True for a real token.
    """
    support = (weights.detach() ** _POWER * evidence.detach()).mean(1).clamp(min=0) * mask
    total = support.sum(1, keepdim=True)
    target = support / total.clamp(min=torch.finfo(support.dtype).tiny)
    # A weight of exactly 0, as sparse normalisers give, has no gradient; its log must be finite.
    log_weights = weights.clamp(min=1e-9).log().mean(1)
    return -(target * log_weights * mask).sum(1).mean()


def class_evidence(
    vectors: Float[Tensor, "batch steps dim"],
    head: Float[Tensor, "classes width"],
    targets: Int[Tensor, "batch"],
) -> Float[Tensor, "batch heads steps"]:
    """What each token would add to the target's margin by each head alone (see `margins`).

    Args:
        vectors: Token vectors.
        head: The weights of the linear head; `width` is heads times `dim`.
        targets: The class of each text.
    """
    centred = (head - head.mean(0))[targets]
    by_head = centred.view(len(centred), -1, vectors.shape[2])
    return torch.bmm(by_head, vectors.transpose(1, 2))
