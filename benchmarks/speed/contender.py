"""What a contender is: something that learns classes from texts and answers for new ones."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, ClassVar

from benchmarks.speed.rows import Rows


class Trained(ABC):
    """A model as training left it.

    Attributes:
        gone_through: How many texts training went through: rows times epochs.
        note: What training was measured on, where that is not all rows to the end.
        whole: Whether it was trained to the end, so that its accuracy means something.
    """

    gone_through: int
    note: str = ""
    whole: bool = True

    @abstractmethod
    def answer(self, texts: Sequence[str]) -> Sequence[Any]:
        """From strings to answers in the order of the texts, with weights if it has any."""

    def one(self, text: str) -> object:
        """The answer for one text."""
        return self.answer([text])

    @abstractmethod
    def labels(self, texts: Sequence[str]) -> list[str]:
        """The predicted labels."""


class Contender(ABC):
    """How to train one kind of model.

    Attributes:
        name: What tables call it.
        library: The module it needs beside the project's own dependencies.
        weighs: Whether its answers say where it looked.
        slow: Whether fewer rounds must do.
    """

    name: str
    library: ClassVar[str | None] = None
    weighs: ClassVar[bool] = True
    slow: bool = False

    def ready(self) -> bool:
        """Whether its library is there."""
        return self.library is None or find_spec(self.library) is not None

    def warm_up(self, rows: Rows) -> None:
        """What is done once a process and not timed; nothing unless overridden."""
        del rows

    @abstractmethod
    def train(self, rows: Rows) -> Trained:
        """From strings and labels to a trained model."""

    def shortened(self) -> Contender:
        """The same model with as little training as will do where only its size matters."""
        return self
