"""The losses of matchers."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Float, Int
from attnpool.models.draws import uniform

NEGATIVES = ("semi_hard", "in_batch", "given")
"""How further negatives of a triplet's anchor are chosen, besides its own negative."""


def triplet_loss(
    similarity: Callable[[Tensor, Tensor], Tensor],
    vectors: Float[Tensor, "texts width"],
    groups: Int[Tensor, "texts"],
    margin: float,
    negatives: str = "semi_hard",
) -> Float[Tensor, ""]:
    """The mean margin loss of a batch of triplets.

    `max(0, s(a, n) - s(a, p) + margin)` with each anchor's own negative; and the same with a
    negative from the batch: the nearest text that is farther than the positive (`"semi_hard"`),
    or the mean over all of them (`"in_batch"`). A text of the anchor's own group is never a
    negative.

    Args:
        similarity: The similarity of vectors, over their last axis; higher is nearer.
        vectors: All anchors, then all positives, then all negatives.
        groups: The group of each text; texts of one group match.
        margin: By how much the positive must be nearer.
        negatives: One of `NEGATIVES`.

    Source:
        Schroff, Kalenichenko & Philbin 2015 (FaceNet), arXiv 1503.03832.
    """
    anchors, positives, own = vectors.chunk(3)
    near = similarity(anchors, positives)
    loss = F.relu(similarity(anchors, own) - near + margin).mean()
    if negatives == "given":
        return loss
    others = vectors[len(anchors) :]
    far = similarity(anchors.unsqueeze(1), others.unsqueeze(0))
    foreign = groups[: len(anchors), None] != groups[None, len(anchors) :]
    if negatives == "in_batch":
        hinges = F.relu(far - near.unsqueeze(1) + margin) * foreign
        return loss + hinges.sum() / foreign.sum().clamp(min=1)
    chosen, exists = _semi_hard(far, near, foreign)
    return loss + (F.relu(chosen - near + margin) * exists).sum() / exists.sum().clamp(min=1)


def verdict_loss(
    positive: Float[Tensor, "triplets"], negative: Float[Tensor, "triplets"]
) -> Float[Tensor, ""]:
    """The cross-entropy of the verdicts on the positives and the negatives of a batch of triplets.

    The margin loss compares texts with one anchor only; this one makes the similarities of
    different anchors comparable, so that one threshold separates matches from the rest.

    Args:
        positive: The log-odds that anchor and positive match.
        negative: The log-odds that anchor and negative match.
    """
    return F.softplus(-positive).mean() + F.softplus(negative).mean()


def _semi_hard(
    far: Float[Tensor, "anchors others"],
    near: Float[Tensor, "anchors"],
    foreign: Bool[Tensor, "anchors others"],
) -> tuple[Float[Tensor, "anchors"], Bool[Tensor, "anchors"]]:
    """The nearest foreign text beyond the positive, else the farthest; whether there is one."""
    beyond = foreign & (far < near.unsqueeze(1))
    nearest = far.masked_fill(~beyond, -torch.inf).amax(1)
    farthest = far.masked_fill(~foreign, torch.inf).amin(1)
    exists = foreign.any(1)
    chosen = torch.where(beyond.any(1), nearest, farthest)
    return torch.where(exists, chosen, near.detach()), exists


def label_loss(
    logits: Float[Tensor, "batch labels"],
    classes: Int[Tensor, "batch"],
    n_negatives: int | None = None,
    smoothing: float = 0.0,
) -> Float[Tensor, ""]:
    """Cross-entropy over all labels, or over the true one and negatives sampled at random.

    Args:
        logits: The score of each label.
        classes: The true label of each text.
        n_negatives: How many negative labels to sample per text; None takes all labels.
        smoothing: The probability spread over the labels in the target.
    """
    if n_negatives is not None and n_negatives < logits.shape[1] - 1:
        true = F.one_hot(classes, logits.shape[1]).bool()
        random = uniform(logits.shape, logits.device).masked_fill(true, -1.0)
        sampled = random.topk(n_negatives, dim=1).indices
        drawn = torch.zeros_like(true).scatter(1, sampled, True)
        logits = logits.masked_fill(~(drawn | true), -1e4)
        smoothing = 0.0  # labels that were not sampled get no probability
    return F.cross_entropy(logits, classes, label_smoothing=smoothing)
