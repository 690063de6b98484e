"""`fit_stream`: training on more rows than fit in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from attnpool.estimators.settings import ClassifierSettings
from attnpool.estimators.streaming.fitting import Sizes, fit_streamed
from attnpool.estimators.validation import Label
from attnpool.progress import Progress

E = TypeVar("E", bound="StreamMixin")


class StreamMixin:
    """The method of `TextClassifier` that trains on a stream of rows."""

    get_params: Callable[..., dict[str, Any]]

    def fit_stream(
        self: E,
        rows: Any,
        *,
        validation: float | tuple[Iterable[str], Iterable[Label]] | None = 0.1,
        window: int = 100_000,
        sample: int = 200_000,
        cache: str | Path | None = None,
        progress: Progress | None = None,
    ) -> E:
        """Train on more rows than fit in memory.

        The rows are read three times, however many epochs there are: to see what is there, to count
        tokens, and to write the token ids of each to one of several files, drawn at random. Each
        epoch reads these windows in another order and shuffles the rows within. A model that is
        trained anew on all rows in the end reads them twice more. If all rows fit in one window
        and in the sample, this is `fit`. `metrics_["stream"]` says how the rows were read.

        Args:
            rows: The labelled rows, `attnpool.data.stream(path)`: a file or a folder of parts.
            validation: As of `fit`, but a share is of 20,000 rows at most, chosen by the hashes of
                their texts. With a share, `refit` has an effect only if more than a twentieth of
                the rows validated.
            window: How many rows are held in memory at a time.
            sample: How many rows, drawn at random, the linear part and its settings are made from,
                and a statistic such as `max_length="p99"`.
            cache: A folder for the files, 4 bytes a token; default: the system's for temporary
                files. They are removed at the end.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: The rows are bad, are no stream of one text and a label each, or change
                while they are read; there is only one class; a parameter is invalid, or there is
                an encoder; or the folder has no room.
        """
        settings = ClassifierSettings.of(self.get_params())
        sizes = Sizes(window, sample, cache)
        fitted = fit_streamed(settings, rows, sizes, validation=validation, progress=progress)
        # Only now: a fit that fails or is stopped leaves the estimator as it was.
        self.__dict__.update(fitted)
        return self
