"""Triplets, given or made of labelled pairs: a positive is to be nearer than a negative."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnpool.data.convert import to_triplets
from attnpool.data.groups import positive_groups
from attnpool.errors import InputError
from attnpool.estimators.tasks.pairs import Examples, Loss, PairTask, TrainingData
from attnpool.estimators.validation import (
    Label,
    LabelledRows,
    Validation,
    distinct_classes,
    hold_out,
)
from attnpool.explain.items import by_side, checked_triplets
from attnpool.models import losses
from attnpool.models.predict import predict_batches, side_rows
from attnpool.models.tensors import TensorBatches
from attnpool.models.triplet import TripletMatcher
from attnpool.text import Tokens
from attnpool.text.reader import TextReader


class TripletTask(PairTask):
    """Anchors, each with a text that matches and one that does not; it answers about pairs."""

    __slots__ = ()

    # The threshold is fitted on rows that the weights have not seen, so none are added later.
    refits = False

    def read(
        self, items: Iterable[Any], labels: Iterable[Label] | None, validation: Validation
    ) -> TrainingData:
        """Check pairs with labels, or triplets, and hold some out.

        Raises:
            InputError: Something of it cannot be learned from.
        """
        if labels is not None:
            return super().read(items, labels, validation)
        triplets = checked_triplets(items)
        if not triplets:
            raise InputError("no triplets to train on; give (anchor, positive, negative)")
        if all(positive == negative for _, positive, negative in triplets):
            raise InputError(
                f"in all {len(triplets):,} triplets positive and negative are the same text, so "
                "there is nothing to learn; give a negative that does not match the anchor"
            )
        if isinstance(validation, tuple):
            training, held = triplets, checked_triplets(validation[0])
        else:
            one_class = LabelledRows(triplets, np.zeros(len(triplets), dtype=np.int64))
            kept, set_aside = hold_out(
                one_class, validation, np.zeros(1), checked_triplets, self.settings.seed
            )
            training, held = kept.items, set_aside.items
        rows = _as_pairs(training)
        return TrainingData(np.array([0, 1]), rows, rows, _as_pairs(held), training)

    def classes(self, names: np.ndarray) -> np.ndarray:
        """The two classes of training labels, the match last.

        Raises:
            InputError: There are not two, or `match_label` is none of them.
        """
        classes = distinct_classes(names, "pairs")
        if len(classes) != 2:
            raise InputError(f"triplets need pairs of two labels, not {len(classes):,}")
        return self.match_last(classes)

    def examples(self, rows: LabelledRows, given: list[tuple[str, ...]] | None = None) -> Examples:
        """The triplets to learn from: those given, or one for each pair that matches."""
        if given is not None:
            return Examples(given, rows, {})
        triplets = to_triplets(
            rows.items,
            rows.y.tolist(),
            seed=self.settings.seed,
            anchor_as_positive=self.settings.anchor_as_positive,
        )
        return Examples(list(triplets), rows, {"contradictory": triplets.contradictory})

    def loss(self, net: Any, tokens: Tokens, examples: Examples) -> Loss:
        """The margin loss of triplets and that of their verdicts, see `attnpool.models.losses`.

        Args:
            net: The network.
            tokens: The texts of the triplets: anchors, positives, negatives.
            examples: The triplets.
        """
        items, settings = len(examples.items), self.settings
        batches = TensorBatches(net.encoder, tokens)
        # Texts that match share a group: none of them is a negative of another.
        group_of = positive_groups(examples.rows.items, examples.rows.y.tolist())
        texts = chain(*by_side(examples.items, 3))
        groups = np.array([group_of[text] for text in texts], dtype=np.int64)

        def loss(rows: np.ndarray) -> Tensor:
            numbers = side_rows(rows, items, 3)
            vectors = net.embed(*batches(numbers)).vector
            same = torch.from_numpy(groups[numbers]).to(vectors.device)
            margin_loss = losses.triplet_loss(
                net.similarity, vectors, same, settings.margin, settings.negatives
            )
            anchors, positives, negatives = vectors.chunk(3)
            near, far = net.similarity(anchors, positives), net.similarity(anchors, negatives)
            return margin_loss + losses.verdict_loss(net.odds(near), net.odds(far))

        return loss

    def score(self, net: Any, tokens: Tokens, y: np.ndarray) -> float:
        """The area under the ROC curve: while training goes on, no threshold is fitted yet."""
        from sklearn.metrics import roc_auc_score

        known = y >= 0
        if len(np.unique(y[known])) < 2:
            return super().score(net, tokens, y)
        similarities = self.similarity(net, predict_batches(net, tokens).logits)
        if not np.isfinite(similarities).all():
            return float("nan")
        return float(roc_auc_score(y[known], similarities[known]))

    def calibrate(self, net: TripletMatcher, reader: TextReader, data: TrainingData) -> None:
        """Fit the threshold, and how sharp it is: a logistic regression on the similarity.

        On held rows, where these are of both classes.

        Source:
            Platt 1999, "Probabilistic Outputs for Support Vector Machines".
        """
        from sklearn.linear_model import LogisticRegression

        held = data.held.take(np.flatnonzero(data.held.y >= 0))
        rows = held if len(np.unique(held.y)) == 2 else data.training
        tokens = reader([text for side in by_side(rows.items, 2) for text in side])
        similarities = self.similarity(net, predict_batches(net, tokens).logits)
        if not np.isfinite(similarities).all():
            rate = self.settings.learning_rate
            raise InputError(f"training diverged; give a lower learning_rate than {rate}")
        spread = float(similarities.std()) or 1.0
        fitted = LogisticRegression(C=1e4).fit((similarities / spread).reshape(-1, 1), rows.y)
        slope = float(fitted.coef_[0, 0])
        if slope <= 0:  # nothing was learned: as good as a coin
            slope, threshold = 1.0, float(np.median(similarities))
        else:
            threshold = -float(fitted.intercept_[0]) / slope * spread
        with torch.no_grad():
            net.scale.fill_(slope / spread)
            net.threshold.fill_(threshold)

    def similarity(self, net: TripletMatcher, logits: np.ndarray) -> np.ndarray:
        """The similarity of the two vectors of each pair, from its logits."""
        odds = super().similarity(net, logits)
        return odds / net.scale.item() + net.threshold.item()

    def threshold(self, net: TripletMatcher) -> tuple[float, str]:
        """From which similarity on a pair matches, and which similarity it is."""
        return net.threshold.item(), net.config.distance

    def pair_score(self, net: TripletMatcher, logits: np.ndarray) -> float:
        """The similarity of one pair, from its logits."""
        return float(self.similarity(net, logits[None])[0])


def _as_pairs(triplets: list[tuple[str, ...]]) -> LabelledRows:
    """Each anchor with its positive, which matches, and with its negative, which does not."""
    pairs: list[Any] = [(a, b) for a, p, n in triplets for b in (p, n)]
    return LabelledRows(pairs, np.tile(np.array([1, 0], dtype=np.int64), len(triplets)))
