"""What fits the rows at hand, chosen on folds of the training rows, and learned from them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from attnpool.data.item_keys import item_keys
from attnpool.estimators.fitting.learning import learn_classifier
from attnpool.estimators.networks import build_classifier
from attnpool.estimators.settings import ClassifierSettings
from attnpool.estimators.tasks.classes import class_weight
from attnpool.estimators.training_metrics import Learned
from attnpool.estimators.validation import LabelledRows
from attnpool.models.draws import Initialised
from attnpool.models.predict import predict_batches
from attnpool.progress import Progress
from attnpool.text.reader import TextReader
from attnpool.training.history import History
from attnpool.training.linear import Fit, Solution, choose_fit, count_rows, solve
from attnpool.training.mixing import USUAL, USUAL_OF_ENCODER, fit_mix
from attnpool.training.split import fold_numbers, stratified_split

_log = logging.getLogger(__name__)

_FOLDS = 3
_MANY = 2_500  # rows; with so many, those held out tell as much as folds do
_TELLING = 100  # held rows; by fewer, nothing is chosen
_FEWEST = 20  # different items; fewer tell nothing
_SAMPLE = 5_000  # rows on which the linear part is chosen
_FEW_TOKENS = 300_000
"""In so many, n-grams that occur once tell something; in more they only make the tables larger.

Of rows set aside for such choices, they gave 0.005 to 0.006 of accuracy on 2,500 titles, posts and
sentences (50,000 to 160,000 tokens) and 0.001 on 1,000 hotel reviews (130,000), and took 0.003 and
0.002 on 2,500 and 4,952 of these (320,000 and 630,000). Training takes twice as long with them, so
beyond some thousand rows they are left out of short texts too."""
_SOLVED = 200_000  # rows of which the linear solution is made
_BALANCED, _PLAIN = (Fit(3.0, balanced=True), Fit(30.0, balanced=True)), (Fit(10.0), Fit(100.0))
NO_ROWS = np.zeros(0, dtype=np.int64)

Learn = Callable[..., Learned]
"""Called with the settings, and with an earlier training where as many epochs are to be taken."""

Parts = list[np.ndarray]
"""The logits of attention and of each model of the linear part, and which rows were read."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train a classifier.

    Attributes:
        classes: The labels.
        settings: The settings, with nothing left to choose.
        fit: How to fit the linear part.
        mix: The factors of the logits of attention and of each model of the linear part.
        history: The training that decided on the number of epochs.
        folds: How many folds of the training rows decided in place of held rows; 0 for none.
    """

    classes: np.ndarray
    settings: ClassifierSettings
    fit: Fit
    mix: tuple[float, ...] = USUAL
    history: History | None = None
    folds: int = 0


def plan_classifier(
    settings: ClassifierSettings,
    classes: np.ndarray,
    training: LabelledRows,
    held: LabelledRows,
    progress: Progress | None,
    learn: Learn | None = None,
) -> tuple[Plan, Learned]:
    """Choose what fits the training rows, and learn from them.

    Few rows are divided into folds; each is answered by models of the others. Of many rows the
    held ones do. The answers of both parts decide how much each counts, and for how long
    attention is trained.

    Args:
        settings: What to build and how to train it.
        classes: The labels.
        training: What to learn from.
        held: What the model is measured on.
        progress: Where to show how far it is.
        learn: Learns from more rows, of which `training` is a sample; there are no folds then.
    """
    learn_all = learn or partial(_learn, classes, training, held, progress)
    if not settings.linear or len(classes) > settings.dim:
        # With so many classes its table would be larger than that of all vectors.
        settings = replace(settings, linear=False)
        plan = _decided(settings, classes, Fit(1.0, min_frequency=2))
        learned = learn_all(plan.settings)
        return replace(plan, history=learned.history), learned
    plan = _decided(settings, classes, chosen_fit(settings, classes, training, progress)[0])
    trains = settings.trains_encoder
    folds = [] if trains or learn else _folds(training, held, settings.seed)
    if trains and len(held) < _TELLING:
        held = held.take(NO_ROWS)
        learn_all = partial(_learn, classes, training, held, progress)
    if not folds:
        learned = learn_all(plan.settings)
        solution = _solution(plan, learned, training)
        answers = [(_parts(learned, solution, held), held)] if len(held) else []
    else:
        answers, best = [], []
        with (progress or Progress()).bar("choosing settings", len(folds)) as advance:
            for rest, fold in folds:
                part, aside = training.take(rest), training.take(fold)
                learned = learn_classifier(plan.settings, classes, part, aside, None)
                answers.append((_parts(learned, _solution(plan, learned, part), aside), aside))
                best.append(learned.history.best)
                advance(1)
        until = max(1, round(float(np.median(best))))
        learned = learn_classifier(
            plan.settings, classes, training, training.take(NO_ROWS), progress, until=until
        )
        solution = _solution(plan, learned, training)
    usual = USUAL if settings.encoder is None else USUAL_OF_ENCODER
    mix = _mix(answers, len(classes), usual)
    plan = replace(plan, mix=mix, history=learned.history, folds=len(folds))
    chosen = plan.folds, plan.fit
    _log.info("chosen on %d folds: %s; factors of attention and the rest %s", *chosen, mix)
    return plan, _with_linear(plan, learned, solution)


def learn_planned(
    plan: Plan, rows: LabelledRows, progress: Progress | None, learn: Learn | None = None
) -> Learned:
    """Learn from rows as it was planned; `learn` is that of `plan_classifier`."""
    learn = learn or partial(_learn, plan.classes, rows, rows.take(NO_ROWS), progress)
    learned = learn(plan.settings, plan.history)
    if not plan.settings.linear:
        return learned
    return _with_linear(plan, learned, _solution(plan, learned, rows))


def _learn(
    classes: np.ndarray,
    rows: LabelledRows,
    held: LabelledRows,
    progress: Progress | None,
    settings: ClassifierSettings,
    again: History | None = None,
) -> Learned:
    return learn_classifier(settings, classes, rows, held, progress, again=again)


def chosen_fit(
    settings: ClassifierSettings,
    classes: np.ndarray,
    rows: LabelledRows,
    progress: Progress | None = None,
) -> tuple[Fit, float | None]:
    """How to fit the linear part, and its accuracy, by folds of the rows or of some of them.

    Args:
        settings: The settings, perhaps with something left to choose.
        classes: The labels.
        rows: The rows; of too few, the accuracy is None.
        progress: Where to show how far it is.
    """
    keys = item_keys(rows.items)
    if len(np.unique(keys)) < _FEWEST:
        return _kinds(settings, 1)[0], None
    sampled = len(rows) > _SAMPLE
    if sampled:
        taken = np.random.default_rng(settings.seed).permutation(len(rows))[:_SAMPLE]
        rows, keys = rows.take(np.sort(taken)), keys[np.sort(taken)]
        _log.info("the linear part is chosen on a sample of %d rows", _SAMPLE)
    # The tables of this network only tell the n-grams from each other.
    small = replace(
        settings,
        dim=1,
        attention_dim=1,
        kernel_sizes=(),
        char_ngrams=(),
        ngram_min_frequency=1,
        encoder=None,
    )
    reader, tokens = TextReader.learn(rows.items, small)
    few = not sampled and len(tokens.ids) <= _FEW_TOKENS
    kinds = _kinds(settings, 1 if few else 2)
    with Initialised(settings.seed):
        encoder = build_classifier(small, reader, tokens, len(classes)).encoder
    folds = _FOLDS if len(rows) > _MANY else 5
    with (progress or Progress()).bar("choosing the linear part", len(kinds)) as advance:
        return choose_fit(
            count_rows(encoder, tokens),
            rows.y,
            len(classes),
            kinds,
            fold_numbers(rows.y, keys, folds, settings.seed),
            _row_weight(settings, rows, classes),
            advance,
        )


def _kinds(settings: ClassifierSettings, frequency: int) -> list[Fit]:
    """The ways to fit the linear part that the settings leave open, the usual one first.

    Args:
        settings: The settings.
        frequency: How often an n-gram must occur, where they do not say.
    """
    weight = settings.class_weight
    kinds = [*(_BALANCED if weight in ("auto", "balanced") else ())]
    kinds += _PLAIN if weight != "balanced" else ()
    frequency = settings.ngram_min_frequency or frequency
    return [kind._replace(min_frequency=frequency) for kind in kinds]


def _decided(settings: ClassifierSettings, classes: np.ndarray, fit: Fit) -> Plan:
    weight = settings.class_weight
    if weight == "auto":
        weight = "balanced" if fit.balanced else None
    frequency = settings.ngram_min_frequency or fit.min_frequency
    decided = replace(settings, class_weight=weight, ngram_min_frequency=frequency)
    return Plan(classes, decided, fit)


def _folds(
    training: LabelledRows, held: LabelledRows, seed: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """The rows to learn from and those to answer, of each fold; none where held rows serve."""
    keys = item_keys(training.items)
    if len(np.unique(keys)) < _FEWEST:
        return []
    count = min(_FOLDS, _MANY // len(training))
    if count < 2:
        if len(held):
            return []
        return [stratified_split(training.y, 0.1, seed, keys)]
    of_row = fold_numbers(training.y, keys, count, seed)
    pairs = [(np.flatnonzero(of_row != i), np.flatnonzero(of_row == i)) for i in range(count)]
    return [(rest, fold) for rest, fold in pairs if len(np.unique(training.y[rest])) > 1]


def _mix(
    answers: list[tuple[Parts, LabelledRows]], classes: int, usual: tuple[float, ...]
) -> tuple[float, ...]:
    if not answers:
        return usual
    targets = np.concatenate([rows.probabilities(classes) for _, rows in answers])
    known = targets.sum(axis=1) > 0  # a label of held rows may be no class
    *parts, read = (
        np.concatenate(part)[known] for part in zip(*(p for p, _ in answers), strict=True)
    )
    # The logits of texts without a known word are alike, and would be blown up to tell them apart.
    return fit_mix(parts, targets[known], usual) if read.sum() >= _FEWEST else usual


def _parts(learned: Learned, solution: Solution, held: LabelledRows) -> Parts:
    """For rows that neither part was trained on: the logits, and which have anything known."""
    tokens = learned.reader(held.items)
    attention = predict_batches(learned.net, tokens).logits.astype(np.float64)
    counts = count_rows(learned.net.encoder, tokens)
    return [attention, *solution.logits(counts), counts.getnnz(axis=1) > 0]


def _with_linear(plan: Plan, learned: Learned, solution: Solution) -> Learned:
    attention, *linear = plan.mix
    learned.net.add_linear(solution.part(linear), attention)
    return learned


def _solution(plan: Plan, learned: Learned, rows: LabelledRows) -> Solution:
    if len(rows) > _SOLVED:
        drawn = np.random.default_rng(plan.settings.seed).permutation(len(rows))[:_SOLVED]
        rows = rows.take(np.sort(drawn))
    counts = count_rows(learned.net.encoder, learned.reader(rows.items))
    weight = _row_weight(plan.settings, rows, plan.classes)
    return solve(counts, rows.y, len(plan.classes), plan.fit, weight)


def _row_weight(
    settings: ClassifierSettings, rows: LabelledRows, classes: np.ndarray
) -> np.ndarray | None:
    """How much each row counts for the linear part besides the balance of classes."""
    weight = None if rows.targets is None else rows.targets.max(axis=1)
    if isinstance(settings.class_weight, Mapping):
        by_class = class_weight(settings.class_weight, rows.y, classes) or {}
        of_rows = np.array([by_class[i] for i in rows.y.tolist()])
        weight = of_rows if weight is None else weight * of_rows
    return weight
