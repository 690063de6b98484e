"""Terms of a classifier's loss that make its attention tell more."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Float, Int

_POWER = 0.25
"""By which weights count in what they are drawn to; chosen on splits of training rows."""


def head_similarity(weights: Float[Tensor, "batch heads steps"]) -> Float[Tensor, ""]:
    """How alike the heads look: the mean cosine of the weights of two heads, 0 to 1.

    The off-diagonals of AAᵀ, rows brought to length 1 so that a long text counts as a short one.
    The whole of Lin's penalty, |AAᵀ - I|², also asks each head to look at one token alone.

    Args:
        weights: The weights of at least two heads.

    Source:
        Lin et al. 2017, "A Structured Self-attentive Sentence Embedding", arXiv 1703.03130.
    """
    heads = weights.shape[1]
    rows = F.normalize(weights, dim=2)
    gram = torch.bmm(rows, rows.transpose(1, 2))
    apart = gram.sum((1, 2)) - gram.diagonal(dim1=1, dim2=2).sum(1)
    return apart.mean() / (heads * (heads - 1))


def evidence_gap(
    weights: Float[Tensor, "batch heads steps"],
    evidence: Float[Tensor, "batch heads steps"],
    mask: Bool[Tensor, "batch steps"],
) -> Float[Tensor, ""]:
    """How far each head is from what speaks for the class: a cross-entropy, in nats a text.

    Contributions are weights times evidence, so attention drawn to them draws itself on until it
    stands on a few tokens; a small power of the weights takes little of that along. What speaks
    against the class counts nothing: taking it away does not lower the answer. All heads have one
    target, since a picture shows their mean: where their mean alone was drawn, each stood on
    tokens of its own.

    Args:
        weights: The weights.
        evidence: What each token would add to the true class's logit less the mean of all if the
            head gave it all its weight. It is a target: no gradient goes through it.
        mask: True for a real token.
    """
    speaking = (weights.detach() ** _POWER * evidence.detach()).mean(1).clamp(min=0) * mask
    total = speaking.sum(1, keepdim=True)
    target = speaking / total.clamp(min=torch.finfo(speaking.dtype).tiny)
    # A weight of exactly 0, as sparse normalisers give, has no gradient; it is not to be infinite.
    looked = weights.clamp(min=1e-9).log().mean(1)
    return -(target * looked * mask).sum(1).mean()


def class_evidence(
    vectors: Float[Tensor, "batch steps dim"],
    head: Float[Tensor, "classes width"],
    targets: Int[Tensor, "batch"],
) -> Float[Tensor, "batch heads steps"]:
    """What each head carries from each token to the target's logit less the mean of all.

    Args:
        vectors: Token vectors.
        head: The weights of the linear head; `width` is heads times `dim`.
        targets: The class of each text.
    """
    apart = (head - head.mean(0))[targets]
    by_head = apart.view(len(apart), -1, vectors.shape[2])
    return torch.bmm(by_head, vectors.transpose(1, 2))
