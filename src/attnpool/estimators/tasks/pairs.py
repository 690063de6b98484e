"""Pairs with labels: siamese, interaction and alignment. The other tasks build on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from attnpool.errors import InputError
from attnpool.estimators.settings import MatcherSettings
from attnpool.estimators.tasks.match_names import named_match
from attnpool.estimators.training_metrics import log_likelihood
from attnpool.estimators.validation import (
    Label,
    LabelledRows,
    Validation,
    class_numbers,
    distinct_classes,
    hold_out,
)
from attnpool.explain.items import checked_pairs
from attnpool.explain.lists import checked_labels
from attnpool.explain.verdicts import Judge, decider, match_probability
from attnpool.label_values import class_names
from attnpool.metrics import display_order
from attnpool.models.draws import uniform
from attnpool.models.predict import side_rows
from attnpool.models.tensors import TensorBatches
from attnpool.sanitize import quoted, quoted_list
from attnpool.text import Tokens
from attnpool.text.reader import TextReader

Loss = Callable[[np.ndarray], Tensor]
"""The mean loss of the training items with these numbers."""


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Checked rows, ready to train on.

    Attributes:
        classes: The labels; of two, the match is the second.
        rows: All rows.
        training: Those to train on while some are held out.
        held: Those that choose the best weights.
        triplets: Triplets to train on that were given as such.
    """

    classes: np.ndarray
    rows: LabelledRows
    training: LabelledRows
    held: LabelledRows
    triplets: list[tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Examples:
    """What a network learns from.

    Attributes:
        items: Tuples of texts, all of one length.
        rows: The rows that they were made of.
        left_out: How many rows were left out, by reason.
    """

    items: list[tuple[str, ...]]
    rows: LabelledRows
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PairTask:
    """Two texts and a label.

    Attributes:
        settings: What the matcher is told.
    """

    settings: MatcherSettings

    largest_batch = 32
    refits = True
    unit = "pairs"

    def read(
        self, items: Iterable[Any], labels: Iterable[Label] | None, validation: Validation
    ) -> TrainingData:
        """Check everything that `fit` is given, and hold rows out.

        Raises:
            InputError: Something of it cannot be learned from.
        """
        if labels is None:
            raise InputError("labels are missing; only architecture 'triplet' trains without")
        checked = self.check(items)
        names = checked_labels(labels, len(checked))
        classes = self.classes(names)
        rows = LabelledRows(checked, class_numbers(names, classes, "training"))
        training, held = hold_out(rows, validation, classes, self.check, self.settings.seed)
        return TrainingData(classes, rows, training, held)

    def check(self, items: Iterable[Any]) -> list[tuple[str, ...]]:
        """The items of a prediction as tuples of texts.

        Raises:
            InputError: They are no pairs.
        """
        return checked_pairs(items)

    def classes(self, names: np.ndarray) -> np.ndarray:
        """The classes of training labels, the match last.

        Raises:
            InputError: There are too few, or `match_label` is none of two.
        """
        return self.match_last(distinct_classes(names, "pairs"))

    def match_last(self, classes: np.ndarray) -> np.ndarray:
        """The classes, with `match_label`, or the one named like a match, as the second of two.

        Raises:
            InputError: `match_label` is none of two classes.
        """
        match = self.settings.match_label
        if match is None and len(classes) == 2 and self.settings.architecture.texts == 2:
            match = named_match(classes.tolist())
        if match is None:
            return classes
        names = [str(label) for label in classes.tolist()]
        named = class_names([match], classes.tolist())[0]
        if len(classes) != 2 or named not in names:
            known = quoted_list(display_order(classes.tolist()), near=match)
            raise InputError(
                f"match_label is {quoted(str(match))}; give one of two labels: {known}"
            )
        return np.sort(classes)[:: -1 if names[0] == named else 1].copy()

    def examples(self, rows: LabelledRows, given: list[tuple[str, ...]] | None = None) -> Examples:
        """What a network learns from these rows: from the rows themselves."""
        del given
        return Examples(rows.items, rows, {})

    def label_texts(self, classes: np.ndarray) -> list[str]:
        """Further texts that the tokeniser must know: none."""
        del classes
        return []

    def attach(self, net: Any, reader: TextReader, names: Sequence[str]) -> Any:
        """The network, ready to answer about these classes: as it is."""
        del reader, names
        return net

    def loss(self, net: Any, tokens: Tokens, examples: Examples) -> Loss:
        """Cross-entropy; of pairs that mean the same either way round, half are swapped.

        Args:
            net: The network.
            tokens: The texts of the items, all left ones before all right ones.
            examples: The items.
        """
        y, settings = examples.rows.y, self.settings
        batches, items = TensorBatches(net.encoder, tokens), len(y)
        two_classes = net.config.classes == 2
        symmetric = two_classes if settings.symmetric is None else settings.symmetric

        def loss(rows: np.ndarray) -> Tensor:
            texts = side_rows(rows, items, 2)
            if symmetric:
                swapped = uniform((len(rows),), torch.device("cpu")).numpy() < 0.5
                left, right = np.split(texts, 2)
                sides = np.where(swapped, right, left), np.where(swapped, left, right)
                texts = np.concatenate(sides)
            logits = net(*batches(texts)).logits
            truth = torch.from_numpy(y[rows]).to(logits.device)
            return F.cross_entropy(logits, truth, label_smoothing=settings.label_smoothing)

        return loss

    def score(self, net: Any, tokens: Tokens, y: np.ndarray) -> float:
        """How well the network does on validation rows, higher is better."""
        return log_likelihood(net, tokens, LabelledRows([], y))

    def calibrate(self, net: Any, reader: TextReader, data: TrainingData) -> None:
        """Fit what is fitted after training: nothing."""

    def similarity(self, net: Any, logits: np.ndarray) -> np.ndarray:
        """One number per pair from its logits: the log-odds that they match."""
        del net
        odds: np.ndarray = logits[:, 1].astype(np.float64) - logits[:, 0]
        return odds

    def decider(self, net: Any, n_classes: int) -> Judge:
        """How the logits of an item become its score and verdict; neither unless of two classes."""
        return decider(partial(self.pair_score, net), n_classes, *self.threshold(net))

    def threshold(self, net: Any) -> tuple[float, str]:
        """From which score on a pair matches, and what the score is."""
        del net
        return 0.5, "probability"

    def pair_score(self, net: Any, logits: np.ndarray) -> float:
        """The score of one pair from its logits: the probability of the match."""
        del net
        return match_probability(logits)
