"""What both estimators have in common once they are fitted; `fit` uses nothing of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from attnpool._renamed import PARAMETERS, current_names, warn_renamed
from attnpool.estimators.saving import save_estimator
from attnpool.estimators.text_reader import TextReader
from attnpool.text import Cleanup, Tokenizer


class TextEstimator(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """A text reader and a network, saved as one folder.

    Attributes:
        classes_: The labels.
        metrics_: What training measured.
        reading_: How the training file was read, if a file was; saved with the model.
        reader_: What texts are read with.
        model_: The network.
    """

    kinds: ClassVar[dict[str, type[TextEstimator]]] = {}
    """The estimators by name, subclasses of users too, as model folders name them."""

    classes_: np.ndarray
    metrics_: dict[str, Any]
    reading_: dict[str, Any] | None = None
    reader_: TextReader
    model_: Any

    def __init_subclass__(cls, **more: Any) -> None:
        """Let `load` know the class by its name."""
        super().__init_subclass__(**more)
        TextEstimator.kinds[cls.__name__] = cls

    @property
    def cleanup_(self) -> Cleanup:
        """What is left out of every text."""
        return self.reader_.cleanup

    @property
    def tokenizer_(self) -> Tokenizer:
        """The tokeniser."""
        return self.reader_.tokenizer

    @property
    def limit_(self) -> int:
        """The length limit of a text, in tokens."""
        return self.reader_.limit

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the model as a folder that `attnpool.load` reads.

        It holds `config.json`, `model.safetensors`, `tokenizer.json`, `metrics.json` and a model
        card. It is written beside the place and swapped in, so a crash never leaves half of it.

        Args:
            path: The folder.
            overwrite: Whether to replace an existing model.

        Raises:
            InputError: The path holds something that may not be replaced.
        """
        check_is_fitted(self, "model_")
        save_estimator(self, Path(path), overwrite=overwrite)

    def set_params(self, **params: Any) -> Any:
        """Set parameters, also by the names they had in an earlier version.

        Raises:
            TypeError: A parameter is given by both names.
        """
        return super().set_params(**current_names(params, PARAMETERS))

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a parameter, also by the name it had in an earlier version."""
        if name in PARAMETERS and PARAMETERS[name] in self.__dict__:
            warn_renamed(name, PARAMETERS[name])
            name = PARAMETERS[name]
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        """Parameters by the names they had in an earlier version."""
        if name in PARAMETERS and PARAMETERS[name] in self.__dict__:
            warn_renamed(name, PARAMETERS[name])
            return self.__dict__[PARAMETERS[name]]
        message = f"{type(self).__name__!r} object has no attribute {name!r}"
        raise AttributeError(message, name=name, obj=self)

    def __sklearn_tags__(self) -> Any:
        """Texts, not numbers: scikit-learn's own checks need to know."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        return tags
