"""Texts with labels that are texts too: any list of candidates can be ranked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnpool.estimators.tasks.pairs import Examples, Loss, PairTask
from attnpool.estimators.validation import distinct_classes
from attnpool.explain.lists import checked_texts
from attnpool.explain.verdicts import Judge, undecided
from attnpool.explanation import Explanation, Side
from attnpool.models import losses
from attnpool.models.label import LabelMatcher, Labels
from attnpool.models.tensors import TensorBatches
from attnpool.text import Tokens
from attnpool.text.reader import TextReader


class LabelTask(PairTask):
    """One text and the name of its class."""

    __slots__ = ()

    largest_batch = 128
    unit = "rows"

    def check(self, items: Iterable[Any]) -> list[tuple[str, ...]]:
        """The texts as tuples of one.

        Raises:
            InputError: They are no texts.
        """
        return [(text,) for text in checked_texts(items)]

    def classes(self, names: np.ndarray) -> np.ndarray:
        """The classes of training labels; each may be the label of one text alone.

        Raises:
            InputError: There are fewer than two, or `match_label` is none of two.
        """
        return self.match_last(distinct_classes(names, "texts", once=True))

    def label_texts(self, classes: np.ndarray) -> list[str]:
        """The names of the classes, which the tokeniser must know."""
        return [str(name) for name in classes.tolist()]

    def attach(self, net: LabelMatcher, reader: TextReader, names: Sequence[str]) -> LabelMatcher:
        """A copy of the network, sharing all weights, that ranks these labels."""
        tokens = reader(names)
        ready = copy(net)
        ready.labels = Labels(*TensorBatches(net.encoder, tokens)(np.arange(len(tokens))))
        return ready

    def loss(self, net: LabelMatcher, tokens: Tokens, examples: Examples) -> Loss:
        """Cross-entropy over the labels, see `attnpool.models.losses.label_loss`."""
        y, settings = examples.rows.y, self.settings
        batches = TensorBatches(net.encoder, tokens)

        def loss(rows: np.ndarray) -> Tensor:
            logits = net(*batches(rows)).logits
            truth = torch.from_numpy(y[rows]).to(logits.device)
            return losses.label_loss(logits, truth, settings.n_negatives, settings.label_smoothing)

        return loss

    def decider(self, net: Any, n_classes: int) -> Judge:
        """Labels are ranked: there is no score and no verdict."""
        del net, n_classes
        return undecided


def with_label_sides(
    net: LabelMatcher, explanations: list[Explanation], names: Sequence[str], tokens: Tokens
) -> list[Explanation]:
    """Explanations of texts with the label that is explained as their second side.

    What is explained is the text: of methods other than attention the label's values are 0.

    Args:
        net: The network, with these labels attached.
        explanations: Those of the texts.
        names: The labels.
        tokens: Their tokens.
    """
    with torch.inference_mode():
        weights = net.embed(*net.labels).weights.float().cpu().numpy().transpose(0, 2, 1)
    weights = weights[net.labels.mask.cpu().numpy()]
    by_attention = bool(explanations) and explanations[0].method == "attention"
    values = weights.mean(axis=1) * by_attention
    bounds = zip(tokens.bounds[:-1].tolist(), tokens.bounds[1:].tolist(), strict=True)
    sides = {
        name: Side(name, tokens.spans[s:e], weights[s:e].T, values[s:e], read_until)
        for name, (s, e), read_until in zip(names, bounds, tokens.read_until.tolist(), strict=True)
    }
    return [replace(e, sides=(*e.sides, sides[e.target])) for e in explanations]
