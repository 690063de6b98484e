"""`TextMatcher`: pairs, triplets, or texts with labels in; answers and explanations out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from attnpool._renamed import PARAMETERS, renamed_parameters, warn_caller
from attnpool.errors import InputError
from attnpool.estimators.estimator import TextEstimator
from attnpool.estimators.fitting.encoding import keep_states, with_encoder, without_states
from attnpool.estimators.fitting.learning import learn_anew, learn_matcher
from attnpool.estimators.scikit_learn import check_fitted
from attnpool.estimators.settings import MatcherSettings
from attnpool.estimators.tasks import matching_task
from attnpool.estimators.tasks.labels import with_label_sides
from attnpool.estimators.tasks.similarity import SimilarityMixin
from attnpool.estimators.training_metrics import (
    training_figures,
    training_warnings,
    validation_metrics,
)
from attnpool.estimators.validation import Label, Validation, checked_candidates
from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.compare import COMPARED, compare_methods
from attnpool.explain.explain import explain, rounds
from attnpool.explain.faithfulness.measures import DRAWS
from attnpool.explain.items import by_side, texts_by_side
from attnpool.explain.lists import listed
from attnpool.explain.logits import finite, softmax
from attnpool.label_values import class_names
from attnpool.metrics import true_classes
from attnpool.models.predict import predict_batches
from attnpool.persistence.known_rows import KnownRows
from attnpool.progress import Progress
from attnpool.view.notebook import Explanations, FaithfulnessByMethod


class TextMatcher(SimilarityMixin, TextEstimator):
    """Predicts whether two texts match, and explains the prediction in both texts.

    There are five architectures, with the encoder and the training of `TextClassifier`:

    - `"siamese"`: each text is pooled by itself; a head reads `[u, v, u*v, |u-v|]`.
    - `"interaction"`: each text is pooled by attention whose query is the other text's max-pooled
      vector.
    - `"alignment"`: each token is aligned with the other text's tokens and compared with them.
    - `"triplet"`: texts become vectors, trained so that a positive is nearer than a negative.
    - `"label"`: the names of the classes are texts too; any list of them can be ranked.

    The architecture sets the parameters that are None. Parameters named as in `TextClassifier`
    mean the same here.

    Args:
        architecture: How the two texts interact.
        pooling: The pooling of siamese, triplet and label; the others have attention.
        heads: The number of attention heads; interaction has one.
        head_dim: The width of the hidden layer of the head.
        symmetric: Whether a pair means the same if its texts are swapped, so that training may
            swap them; default: True if there are two classes.
        match_label: The label that means match; default: of two labels, the one whose name says
            so (`match`, `duplicate`, 匹配), otherwise the second in sorted order.
        distance: Triplet: `"cosine"`, `"euclidean"`, or `"learned"`, which is no metric.
        margin: Triplet: how much nearer the positive must be.
        negatives: Triplet: beside each anchor's own negative, the `"semi_hard"` one of the
            batch, all of them (`"in_batch"`), or none (`"given"`).
        anchor_as_positive: Triplet, from pairs: whether a text without a match is its own
            positive, so that pairs that do not match are also trained on.
        n_negatives: Label: how many wrong labels to draw at random for each text; None scores
            against all.

    Attributes:
        classes_: The labels, sorted; of two, the last is the match.
        limit_: The length limit of a text, in tokens.
        metrics_: The figures of training, on the validation rows, before any `refit`. Triplets
            are not refitted: their threshold needs rows that were not trained on.

    Example:
        >>> from attnpool import TextMatcher
        >>> pairs = [("怎么退款", "如何退款"), ("怎么退款", "怎么开票")] * 20
        >>> matcher = TextMatcher(epochs=2).fit(pairs, [1, 0] * 20)
        >>> matcher.predict([("怎么退款", "如何退款")]).shape
        (1,)
    """

    @renamed_parameters(**PARAMETERS)
    def __init__(
        self,
        *,
        architecture: str = "siamese",
        encoder: Any = None,
        train_encoder: str | int = "none",
        encoder_learning_rate: float = 1e-4,
        download: bool = False,
        pooling: str = "attention",
        heads: int | None = None,
        tokenizer: str = "auto",
        dictionary: Sequence[str] | str | Path | None = None,
        normalizer: str = "softmax",
        dim: int | None = None,
        attention_dim: int | None = 64,
        head_dim: int | None = None,
        kernel_sizes: Sequence[int] | None = None,
        residual: bool | None = None,
        ngrams: Sequence[int] | None = None,
        char_ngrams: Sequence[int] = (3, 4, 5),
        positions: bool = False,
        symmetric: bool | None = None,
        match_label: Label | None = None,
        distance: str = "cosine",
        margin: float = 0.3,
        negatives: str = "semi_hard",
        anchor_as_positive: bool = True,
        n_negatives: int | None = None,
        cleanup: Sequence[str] = (),
        min_frequency: int = 1,
        ngram_min_frequency: int = 2,
        max_length: int | float | str = "auto",
        embedding_dropout: float | None = None,
        token_dropout: float = 0.0,
        dropout: float | None = None,
        label_smoothing: float = 0.05,
        learning_rate: float = 3e-3,
        epochs: int | None = None,
        patience: int = 3,
        refit: bool = True,
        device: str | None = None,
        seed: int = 0,
    ) -> None:
        self.architecture = architecture
        self.encoder, self.train_encoder = encoder, train_encoder
        self.encoder_learning_rate, self.download = encoder_learning_rate, download
        self.pooling = pooling
        self.heads = heads
        self.tokenizer = tokenizer
        self.dictionary = dictionary
        self.normalizer = normalizer
        self.dim = dim
        self.attention_dim = attention_dim
        self.head_dim = head_dim
        self.kernel_sizes = kernel_sizes
        self.residual = residual
        self.ngrams = ngrams
        self.char_ngrams = char_ngrams
        self.positions = positions
        self.symmetric = symmetric
        self.match_label = match_label
        self.distance = distance
        self.margin = margin
        self.negatives = negatives
        self.anchor_as_positive = anchor_as_positive
        self.n_negatives = n_negatives
        self.cleanup = cleanup
        self.min_frequency = min_frequency
        self.ngram_min_frequency = ngram_min_frequency
        self.max_length = max_length
        self.embedding_dropout = embedding_dropout
        self.token_dropout = token_dropout
        self.dropout = dropout
        self.label_smoothing = label_smoothing
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.patience = patience
        self.refit = refit
        self.device = device
        self.seed = seed

    def fit(
        self,
        items: Iterable[Any],
        labels: Iterable[Label] | None = None,
        *,
        validation: Validation = 0.1,
        progress: Progress | None = None,
    ) -> TextMatcher:
        """Train.

        Args:
            items: Pairs `(left, right)`; for `"triplet"` these or `(anchor, positive, negative)`;
                for `"label"` texts.
            labels: One label per pair or text; None for triplets. Pairs for `"triplet"` have two
                labels.
            validation: The share of rows that are held out to choose the best weights, or such
                rows with their labels, or None to train on all rows to the end.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: Items are not texts, pairs or triplets, the numbers of items and labels
                differ, there is only one class, no triplet can be made, or a parameter is invalid.
        """
        began = time.perf_counter()
        settings = with_encoder(MatcherSettings.of(self.get_params()))
        task = matching_task(settings)
        data = task.read(items, labels, validation)
        classes, training, held = data.classes, data.training, data.held

        examples = task.examples(training, data.triplets)
        texts = [*texts_by_side(data.rows.items), *task.label_texts(classes)]
        settings = keep_states(settings, texts, texts_by_side(held.items), progress)
        task = replace(task, settings=settings)
        learned = learn_matcher(task, classes, examples, held, progress)
        history = learned.history
        task.calibrate(learned.net, learned.reader, data)
        held_tokens = learned.reader(texts_by_side(held.items))
        measured = validation_metrics(learned.net, held_tokens, held.y, classes)
        stopped = history.warnings()
        refitted = settings.refit and task.refits and len(training) < len(data.rows)
        if refitted:
            nothing = data.rows.take(np.zeros(0, dtype=np.int64))
            again = task.examples(data.rows)
            learned, lost = learn_anew(
                learned,
                lambda: learn_matcher(task, classes, again, nothing, progress, again=history),
            )
            refitted, stopped = not lost, [*stopped, *lost]

        used = data.rows if refitted else training
        asked = len(held) if validation else None
        warnings = stopped + training_warnings(
            measured, classes, np.bincount(used.y, minlength=len(classes)), asked, task.unit
        )
        known = KnownRows.of(used.items, held.items, settings.seed)
        for sentence in stopped:
            warn_caller(sentence)
        # Only now: a fit that fails or is stopped leaves the estimator as it was.
        figures = training_figures(history, began, len(training), len(held), refitted=refitted)
        self.__dict__.update(
            classes_=classes,
            reader_=learned.reader,
            model_=without_states(learned.net),
            metrics_={**measured, **figures, **examples.left_out, "warnings": warnings},
            _known=known,
            _task=task,
        )
        return self

    @renamed_parameters(labels="candidates")
    def predict_proba(
        self,
        items: Iterable[Any],
        candidates: Sequence[Label] | np.ndarray | None = None,
        *,
        progress: Progress | None = None,
    ) -> np.ndarray:
        """The probability of each class, `(items, classes)`.

        Args:
            items: Pairs; texts for `"label"`.
            candidates: For `"label"`: the labels to rank in place of `classes_`, including unseen
                ones.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: Items are not pairs or texts, or the architecture does not rank
                candidates.
        """
        check_fitted(self)
        tokens = self.reader_(texts_by_side(self._task.check(items)))
        net, _ = self._ready(candidates)
        with (progress or Progress()).bar("predicting", len(tokens) // net.sides) as advance:
            logits = predict_batches(net, tokens, advance=advance).logits
        probabilities: np.ndarray = softmax(finite(logits, self.model_).astype(np.float64))
        return probabilities

    @renamed_parameters(labels="candidates")
    def predict(
        self, items: Iterable[Any], candidates: Sequence[Label] | np.ndarray | None = None
    ) -> np.ndarray:
        """The most probable class of each item, or the most probable of `candidates`."""
        numbers = self.predict_proba(items, candidates).argmax(axis=1)
        predicted: np.ndarray = self._ranked(candidates)[numbers]
        return predicted

    @renamed_parameters(ranked="candidates")
    def explain(
        self,
        items: Iterable[Any],
        method: str | None = None,
        target: Label | None = None,
        *,
        labels: Iterable[Label | None] | None = None,
        faithfulness: bool = False,
        candidates: Sequence[Label] | np.ndarray | None = None,
        progress: Progress | None = None,
    ) -> Explanations:
        """The prediction for each pair or text, and what moved it in all its texts.

        Args:
            items: Pairs; texts for `"label"`.
            method: One of `attnpool.METHODS`; default: `"contribution"`, as for classifiers.
            target: The class to explain; default: the predicted one.
            labels: The true classes, if known; None or "" for an item without one.
            faithfulness: Whether to measure how faithful the values are, in 200 times the time.
            candidates: For `"label"`: the labels to rank in place of `classes_`.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: The method or the target is unknown, or items are not texts.
        """
        check_fitted(self)
        rows = self._task.check(items)
        ranked = self._ranked(candidates)
        truth = None
        if labels is not None:
            truth = true_classes(listed(labels, "labels"), len(rows), ranked.tolist())
        net, names = self._ready(candidates)
        tokens = self.reader_(texts_by_side(rows))
        with (progress or Progress()).bar(
            "explaining", len(rows) * rounds(faithfulness=faithfulness)
        ) as advance:
            explanations = explain(
                AttributionRequest(net, by_side(rows, net.sides), tokens, advance=advance),
                names,
                task="match",
                method=method,
                target=None if target is None else class_names([target], ranked.tolist())[0],
                truth=truth,
                judge=self._task.decider(net, len(names)),
                faithfulness=faithfulness,
            )
        if self._task.settings.architecture.texts == 1:
            explanations = with_label_sides(net, explanations, names, self.reader_(names))
        return Explanations(explanations)

    def faithfulness(
        self,
        items: Iterable[Any],
        methods: Sequence[str] = COMPARED,
        *,
        masking: bool = False,
        curves: bool = True,
        progress: Progress | None = None,
    ) -> FaithfulnessByMethod:
        """How faithful methods are on these items, beside random orders.

        The tokens of both sides of a pair are one list.

        Args:
            items: Pairs; texts for `"label"`.
            methods: Names of methods.
            masking: Whether tokens are replaced by an unknown token instead of removed.
            curves: Whether to measure deletion and insertion curves too, at twice the cost.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: A method is unknown or does not fit the model, or items are not texts.
        """
        check_fitted(self)
        rows = self._task.check(items)
        net, _ = self._ready()
        tokens = self.reader_(texts_by_side(rows))
        total = len(rows) * (len(methods) + DRAWS)
        with (progress or Progress()).bar("measuring", total) as advance:
            measured = compare_methods(
                AttributionRequest(net, by_side(rows, net.sides), tokens),
                methods,
                masking=masking,
                curves=curves,
                advance=advance,
            )
        return FaithfulnessByMethod(measured).in_language_of(texts_by_side(rows))

    def _ranked(self, candidates: Sequence[Label] | np.ndarray | None = None) -> np.ndarray:
        """The labels to rank, of the type they were given in."""
        if candidates is None:
            return self.classes_
        if self._task.settings.architecture.texts != 1:
            raise InputError("only architecture 'label' ranks labels that it is given")
        return checked_candidates(candidates)

    def _ready(
        self, candidates: Sequence[Label] | np.ndarray | None = None
    ) -> tuple[Any, list[str]]:
        """The network, ready to answer, and the names of the classes it answers with."""
        names = [str(name) for name in self._ranked(candidates).tolist()]
        return self._task.attach(self.model_, self.reader_, names), names
