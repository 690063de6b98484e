"""What the parts of one run share: rows, sizes, and models that are trained once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.speed.contender import Contender, Trained
from benchmarks.speed.contenders.keras import Keras
from benchmarks.speed.contenders.ours import TrainedOurs
from benchmarks.speed.contenders.twin import TrainedTwin
from benchmarks.speed.contenders.twin_from_model import copied
from benchmarks.speed.registry import (
    CONTENDERS,
    OURS,
    OURS_ALONE,
    OURS_PLAINER,
    TWIN,
    TWIN_PLAINER,
    ready,
)
from benchmarks.speed.rows import Rows, real
from benchmarks.speed.scale import Scale

COPIES = {TWIN: OURS_ALONE, TWIN_PLAINER: OURS_PLAINER}
"""Twins answer with the weights of what they are twins of: the same answers, the same work."""


@dataclass
class Run:
    """One run of the benchmarks."""

    data: Path | None
    scale: Scale
    _trained: dict[str, Trained] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows: Rows = real(self.data).cut(self.scale.train, self.scale.test)
        self.names = ready()

    def contender(self, name: str) -> Contender:
        """A contender in the sizes of this run, warmed up."""
        contender = CONTENDERS[name]()
        if isinstance(contender, Keras):
            contender.batches = self.scale.keras_batches
        contender.warm_up(self.rows)
        return contender

    def trained(self, name: str) -> Trained:
        """The contender's model for these rows, trained when it is first asked for."""
        if name in COPIES:
            ours = self.trained(COPIES[name])
            assert isinstance(ours, TrainedOurs)
            return self._trained.setdefault(name, copied(ours.model))
        if name not in self._trained:
            self._trained[name] = self.contender(name).train(self.rows)
        return self._trained[name]

    def keep(self, name: str, trained: Trained) -> None:
        """Let later parts use a model that was trained already."""
        if name not in COPIES:
            self._trained[name] = trained

    def ours(self) -> TrainedOurs:
        """attnpool's default model."""
        return self._of_ours(OURS)

    def alone(self) -> TrainedOurs:
        """attnpool without its linear part, which the twin has not."""
        return self._of_ours(OURS_ALONE)

    def twin(self) -> TrainedTwin:
        """The twin with the weights of attention alone."""
        trained = self.trained(TWIN)
        assert isinstance(trained, TrainedTwin)
        return trained

    def _of_ours(self, name: str) -> TrainedOurs:
        trained = self.trained(name)
        assert isinstance(trained, TrainedOurs)
        return trained
