"""What `attnpool evaluate` says of labelled rows, from sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attnpool.architectures import answer_names, tells_matches
from attnpool.cli import arguments
from attnpool.metrics import AreaSums, ClassificationSums, evaluation_warnings, unknown_labels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from attnpool.cli.arguments import Estimator
    from attnpool.persistence.known_rows import KnownCounts
    from attnpool.progress import Progress


class KnownSums:
    """How many rows a model knows from training.

    Args:
        model: The model.

    Attributes:
        counts: The counts; None where the model keeps no hashes, or no row came.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._like: list[Any] = []  # an item, by which a sentence tells rows from pairs
        self.counts: KnownCounts | None = None

    def add(self, items: Sequence[Any]) -> None:
        """Count the known ones of some items."""
        if not len(items):
            return
        found = self._model.known_rows(items)
        self._like = self._like or [items[0]]
        self.counts = found if self.counts is None else self.counts + found

    def to_dict(self) -> dict[str, Any]:
        """The counts for `--json`; null where the model keeps no hashes."""
        return {"known": None if self.counts is None else self.counts.to_dict()}

    def sentence(self) -> str:
        """What makes the figures too good; "" for nothing."""
        if self.counts is None:
            return "This model has no hashes of its training rows, so none can be recognised here."
        return self.counts.note(self._like, measured=True)


class EvaluationSums:
    """The figures of labelled rows that come some at a time.

    Args:
        model: The model.
        candidates: The labels that are ranked in place of the model's.

    Attributes:
        known: How many of the rows the model knows.
    """

    def __init__(self, model: Estimator, candidates: list[str] | None) -> None:
        self._model, self._candidates = model, candidates
        self._classes = answer_names(model, candidates)
        self._counts = ClassificationSums()
        self._area = AreaSums() if tells_matches(model) else None
        self.known = KnownSums(model)

    def __len__(self) -> int:
        """The number of rows."""
        return len(self._counts)

    def add(self, items: Sequence[Any], labels: Sequence[str], progress: Progress) -> None:
        """Predict some rows and count what is right.

        Args:
            items: Texts or pairs.
            labels: The true label of each.
            progress: Where to show progress.
        """
        if not len(items):
            return
        self.known.add(items)
        ranking = arguments.with_candidates(self._candidates)
        model: Any = self._model
        answers = model.predict_proba(items, progress=progress, **ranking)
        classes = self._classes
        self._counts.add(labels, [classes[number] for number in answers.argmax(axis=1).tolist()])
        if self._area is None:
            return
        import numpy as np

        told = [i for i, label in enumerate(labels) if label in classes]
        matches = np.array([labels[i] == classes[1] for i in told], dtype=np.bool_)
        self._area.add(answers[told, 1], matches)

    def figures(self, unknown: Mapping[str, int]) -> dict[str, Any]:
        """The figures of all rows so far, for `--json`.

        Args:
            unknown: How many rows have each label that the model does not know.
        """
        figures = self._counts.figures(self._classes)
        ranks = arguments.ranks_labels(self._model)
        what = "that are not ranked" if ranks else "the model does not know"
        figures["warnings"] = [*unknown_labels(unknown, what), *evaluation_warnings(figures)]
        if self._area is None:
            return figures
        match = self._classes[1]
        found = {"match": match, "f1": figures["per_class"][match]["f1"]}
        return {**figures, **found, "roc_auc": self._area.figure()}
