"""`CompactModel`: a classifier in one file, which needs numpy alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from attnpool.attribution_methods import find_method
from attnpool.errors import InputError, require
from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.compare import compare_methods
from attnpool.explain.explain import explain, rounds
from attnpool.explain.faithfulness.measures import DRAWS
from attnpool.explain.lists import checked_labels, checked_texts, listed
from attnpool.explain.logits import softmax
from attnpool.label_values import class_names
from attnpool.metrics import true_classes
from attnpool.progress import Progress
from attnpool.runtime import file
from attnpool.runtime.network import CompactNetwork
from attnpool.runtime.pruning import sized, smallest
from attnpool.sanitize import counted
from attnpool.text.reader import TextReader
from attnpool.view.notebook import Explanations, FaithfulnessByMethod

METHODS = ("attention", "contribution", "leave_one_out", "random")
"""The attribution methods of a compact model: those that take no gradients."""


class CompactModel:
    """A trained classifier as one file, which predicts and explains with numpy alone.

    `attnpool.load` reads one, `TextClassifier.export` and `attnpool export` write it. It answers as
    the model it was made of, up to the rounding of its tables, and cannot be trained further.

    Args:
        network: The network.
        reader: What texts are read with.
        config: What the file says of the model: `classes`, `metrics`, `reading`, `source`.

    Attributes:
        classes_: The labels, sorted.
        metrics_: What training measured, of the model before it was exported.
        reading_: How the training file was read, if there was one.
        reader_: What texts are read with.
        network_: The network.
        source_: Which model it was made of: `sha256` of its weights, `attnpool`, the version that
            exported it, and what was left out.

    Example:
        >>> import attnpool, tempfile, pathlib
        >>> texts = ["房间干净", "服务热情", "隔音太差", "态度恶劣"] * 10
        >>> model = attnpool.TextClassifier(epochs=8).fit(texts, ["好", "好", "差", "差"] * 10)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder) / "reviews.safetensors"
        ...     model.export(path)
        ...     compact = attnpool.load(path)
        >>> compact.predict(["干净", "恶劣"]).tolist()
        ['好', '差']
    """

    classes_: np.ndarray
    metrics_: dict[str, Any]
    reading_: dict[str, Any] | None
    reader_: TextReader
    network_: CompactNetwork
    source_: dict[str, Any]

    def __init__(
        self, network: CompactNetwork, reader: TextReader, classes: np.ndarray, config: Any
    ) -> None:
        self.network_, self.reader_, self.classes_ = network, reader, classes
        self.metrics_, self.reading_ = config["metrics"], config["reading"]
        kept = {"ngrams": len(network.ngrams.keys), "tokens": network.ngrams.first}
        self.source_ = {**config["source"], **kept}
        self._names = [str(name) for name in classes.tolist()]

    @property
    def config(self) -> dict[str, Any]:
        """What its file says of the model beside its network, reader and classes."""
        return {"metrics": self.metrics_, "reading": self.reading_, "source": self.source_}

    @property
    def reveals(self) -> str:
        """What the file tells of the training texts, in a sentence."""
        tokens = f"{self.network_.ngrams.first - 2:,} tokens"
        added = getattr(self.reader_.tokenizer, "added_words", 0)
        dictionary = f", and {counted(added, 'word')} of the dictionary," if added else ""
        return (
            f"the file holds {tokens} and {len(self.network_.ngrams.keys):,} n-grams of the "
            f"training texts with their weights{dictionary or ','} for anybody who has it to read"
        )

    @property
    def stored(self) -> str:
        """What the numbers of its tables are stored as: `int8 and int16`."""
        network = self.network_
        tables = (network.keys, network.values, network.linear)
        names = {table.stored.dtype.name for table in tables if table is not None}
        return " and ".join(sorted(names, key=len))

    @property
    def limit_(self) -> int:
        """The length limit of a text, in tokens."""
        return self.reader_.limit

    def predict_proba(
        self, texts: Iterable[str], *, progress: Progress | None = None
    ) -> np.ndarray:
        """The probability of each class, `(texts, classes)`, in the order of `classes_`.

        Args:
            texts: Raw texts.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: Texts are not strings.
        """
        tokens = self.reader_(checked_texts(texts))
        with (progress or Progress()).bar("predicting", len(tokens)) as advance:
            logits = self.network_.run(tokens, advance=advance).logits
        return softmax(logits.astype(np.float64))

    def predict(self, texts: Iterable[str]) -> np.ndarray:
        """The most probable class of each text."""
        predicted: np.ndarray = self.classes_[self.predict_proba(texts).argmax(axis=1)]
        return predicted

    def explain(
        self,
        texts: Iterable[str],
        method: str | None = None,
        target: Any = None,
        *,
        labels: Iterable[Any] | None = None,
        faithfulness: bool = False,
        progress: Progress | None = None,
    ) -> Explanations:
        """The prediction for each text, and what moved it.

        Args:
            texts: Raw texts.
            method: `"contribution"` (the default), `"attention"`, `"leave_one_out"` or
                `"random"`; others need the model it was made of.
            target: The class to explain; default: the predicted one.
            labels: The true classes, if known; None or "" for a text without one.
            faithfulness: Whether to measure how faithful the values are. This takes about two
                hundred times as long.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: The method or the target is unknown, or texts are not strings.
        """
        if method is not None:
            _check_method(method)
        texts = checked_texts(texts)
        truth = None
        if labels is not None:
            truth = true_classes(listed(labels, "labels"), len(texts), self.classes_.tolist())
        asked = None if target is None else class_names([target], self.classes_.tolist())[0]
        items = len(texts) * rounds(faithfulness=faithfulness)
        with (progress or Progress()).bar("explaining", items) as advance:
            request = AttributionRequest(
                self.network_, [texts], self.reader_(texts), advance=advance
            )
            explanations = explain(
                request,
                self._names,
                method=method,
                target=asked,
                truth=truth,
                faithfulness=faithfulness,
            )
        return Explanations(explanations)

    def faithfulness(
        self,
        texts: Iterable[str],
        methods: Sequence[str] = ("attention", "contribution"),
        *,
        masking: bool = False,
        curves: bool = True,
        progress: Progress | None = None,
    ) -> FaithfulnessByMethod:
        """How faithful methods are on these texts, beside random orders.

        Args:
            texts: Raw texts.
            methods: Names of methods, as for `explain`; with `"leave_one_out"` the others are
                compared with it too, which needs scipy.
            masking: Whether tokens are replaced by an unknown token instead of removed.
            curves: Whether to measure deletion and insertion curves too, at twice the cost.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: A method is unknown or needs the whole model, or texts are not strings.
        """
        for method in methods:
            _check_method(method)
        if "leave_one_out" in methods:
            require("a comparison with leave_one_out", "scipy")
        texts = checked_texts(texts)
        total = len(texts) * (len(methods) + DRAWS)
        with (progress or Progress()).bar("measuring", total) as advance:
            request = AttributionRequest(self.network_, [texts], self.reader_(texts))
            measured = compare_methods(
                request, methods, masking=masking, curves=curves, advance=advance
            )
        return FaithfulnessByMethod(measured).in_language_of(texts)

    def score(
        self,
        X: Iterable[str],  # noqa: N803 - scikit-learn's name
        y: Iterable[Any],
    ) -> float:
        """The accuracy: the share of texts that are predicted right.

        Args:
            X: Raw texts.
            y: The true classes, compared by value; a label that is no class is counted as wrong.

        Raises:
            InputError: There is not one label per text, or one is missing.
        """
        predicted = [str(name) for name in self.predict(X).tolist()]
        labels = checked_labels(y, len(predicted)).tolist()
        if not labels:
            raise InputError("no texts to score; give at least one")
        truth = class_names(labels, self.classes_.tolist())
        return float(np.mean([one == other for one, other in zip(truth, predicted, strict=True)]))

    def known_rows(self, items: Iterable[str]) -> None:
        """None: a compact file has no hashes of the texts that the model was trained on.

        Args:
            items: Raw texts.
        """

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the same file again.

        Args:
            path: The file, which ends in `.safetensors`.
            overwrite: Whether to replace an existing file.

        Raises:
            InputError: It exists, or cannot be written.
        """
        save(self, Path(path), overwrite=overwrite)

    def to_bytes(self) -> bytes:
        """The content of its file; equal models have equal files."""
        return file.packed(contents(self))

    def __repr__(self) -> str:
        """What it is, in a line."""
        classes, tokens = len(self.classes_), self.reader_.tokenizer.size
        return f"<CompactModel: {classes} classes, {tokens:,} {self.reader_.tokenizer.kind}>"


def _check_method(method: str) -> None:
    record = find_method(method)
    if record.name in METHODS:
        return
    if record.needs == "any":
        raise InputError(
            f"method {method!r} needs the whole model, not a compact one; choose from "
            f"{', '.join(METHODS)}, or name the model's folder"
        )
    raise InputError(
        f"method {method!r} does not fit a compact model; choose from {', '.join(METHODS)}"
    )


def save(model: CompactModel, path: Path, *, overwrite: bool) -> None:
    """Write a compact model.

    Args:
        model: The model.
        path: The file.
        overwrite: Whether to replace an existing file.

    Raises:
        InputError: It exists, has another suffix, or cannot be written.
    """
    if path.suffix.lower() != file.SUFFIX:
        raise InputError(f"{path}: name a file that ends in {file.SUFFIX}")
    file.check_place(path, overwrite=overwrite)
    if path.exists() and not file.is_ours(path):
        raise InputError(f"{path} exists and is no compact model; choose another place")
    file.write(path, contents(model))


def contents(model: CompactModel) -> file.Contents:
    """What the file of a compact model holds.

    Args:
        model: The model.
    """
    config = {
        **model.reader_.to_config(),
        "classes": model.classes_.tolist(),
        "metrics": model.metrics_,
        "reading": model.reading_,
        "source": model.source_,
    }
    return file.Contents(model.network_, config, model.reader_.tokenizer.to_json())


def of_size(model: CompactModel, size: int, counts: np.ndarray | None = None) -> CompactModel:
    """The model in a file of so many bytes at most; see `attnpool.runtime.pruning`.

    Args:
        model: The model.
        size: The most bytes.
        counts: How often the training texts have the token or n-gram of each row, if known.

    Raises:
        InputError: It does not fit even without any n-gram.
    """
    packed = packed_size(model)
    if packed <= size:
        return model
    least = smallest_model(model)
    if (least_size := packed_size(least)) > size:
        raise InputError(
            f"a file of {size:,} bytes is too small for this model, which takes {least_size:,} "
            "bytes without any n-gram; allow more"
        )
    beside = packed - model.network_.size  # the tokeniser, and the names of tables, which change
    while (network := sized(model.network_, size - beside, counts)) is not None:
        smaller = _with(model, network)
        if (packed := packed_size(smaller)) <= size:
            return smaller
        beside += packed - size
    return least


def _with(model: CompactModel, network: CompactNetwork) -> CompactModel:
    return CompactModel(network, model.reader_, model.classes_, model.config)


def smallest_model(model: CompactModel) -> CompactModel:
    """The model without any n-gram.

    Args:
        model: The model.
    """
    return _with(model, smallest(model.network_))


def packed_size(model: CompactModel) -> int:
    """The bytes of its file.

    Args:
        model: The model.
    """
    return len(file.packed(contents(model)))
