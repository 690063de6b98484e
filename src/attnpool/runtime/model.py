"""`CompactModel`: a trained model in one file, which needs numpy alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from attnpool.attribution_methods import find_method
from attnpool.errors import InputError, require
from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.compare import compare_methods
from attnpool.explain.explain import explain, rounds
from attnpool.explain.faithfulness.measures import DRAWS
from attnpool.explain.items import by_side, checked_for
from attnpool.explain.lists import checked_labels, listed
from attnpool.explain.logits import softmax
from attnpool.explain.verdicts import Judge, decider, match_probability, undecided
from attnpool.files.paths import checked_path
from attnpool.label_values import class_names
from attnpool.metrics import true_classes
from attnpool.progress import Progress
from attnpool.runtime import file
from attnpool.runtime.file import AnyNetwork
from attnpool.sanitize import counted
from attnpool.text.reader import TextReader
from attnpool.text.tokens import Tokens
from attnpool.view.notebook import Explanations, FaithfulnessByMethod

METHODS = ("attention", "contribution", "leave_one_out", "random")
"""The attribution methods of a compact model: those that take no gradients."""


class CompactModel:
    """A trained model as one file, which predicts and explains with numpy alone.

    `attnpool.load` reads one, `export` of a classifier or of a siamese matcher and `attnpool
    export` write it. It answers as the model it was made of, up to the rounding of its tables, and
    cannot be trained further. Its items are texts, those of a matcher pairs of texts.

    Args:
        network: The network.
        reader: What texts are read with.
        config: What the file says of the model: `classes`, `metrics`, `reading`, `source`.

    Attributes:
        classes_: The labels, sorted; of a matcher's two the last is the match.
        architecture: `"siamese"` for a matcher; None for a classifier.
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
    architecture: str | None
    metrics_: dict[str, Any]
    reading_: dict[str, Any] | None
    reader_: TextReader
    network_: AnyNetwork
    source_: dict[str, Any]

    def __init__(
        self, network: AnyNetwork, reader: TextReader, classes: np.ndarray, config: Any
    ) -> None:
        self.network_, self.reader_, self.classes_ = network, reader, classes
        self.metrics_, self.reading_ = config["metrics"], config["reading"]
        kept = {
            "dtype": self.stored,
            "ngrams": len(network.ngrams.keys),
            "tokens": network.ngrams.first,
        }
        self.source_ = {**config["source"], **kept}
        self.architecture = getattr(network.shape, "architecture", None)
        self._names = [str(name) for name in classes.tolist()]

    @property
    def config(self) -> dict[str, Any]:
        """What its file says of the model beside its network, reader and classes."""
        return {"metrics": self.metrics_, "reading": self.reading_, "source": self.source_}

    @property
    def reveals(self) -> str:
        """What the file tells of the training texts, in a sentence."""
        found = [f"{self.network_.ngrams.first - 2:,} tokens"]
        if self.source_["ngrams_of"]:
            found.append(f"{len(self.network_.ngrams.keys):,} n-grams")
        added = getattr(self.reader_.tokenizer, "added_words", 0)
        dictionary = f", and {counted(added, 'word')} of the dictionary," if added else ""
        return (
            f"the file holds {' and '.join(found)} of the "
            f"training texts with their weights{dictionary or ','} for anybody who has it to read"
        )

    @property
    def stored(self) -> str:
        """What the numbers of its tables are stored as: `int8 and int16`."""
        names = {table.stored.dtype.name for table in self.network_.tables().values()}
        return " and ".join(sorted(names, key=len))

    @property
    def limit_(self) -> int:
        """The length limit of a text, in tokens."""
        return self.reader_.limit

    def predict_proba(
        self, items: Iterable[Any], *, progress: Progress | None = None
    ) -> np.ndarray:
        """The probability of each class, `(items, classes)`, in the order of `classes_`.

        Args:
            items: Raw texts, or pairs of them.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: Items are not texts, or not pairs.
        """
        sides = self._sides(items)
        tokens = self._read(sides)
        with (progress or Progress()).bar("predicting", len(sides[0])) as advance:
            logits = self.network_.run(tokens, advance=advance).logits
        return softmax(logits.astype(np.float64))

    def predict(self, items: Iterable[Any]) -> np.ndarray:
        """The most probable class of each item."""
        predicted: np.ndarray = self.classes_[self.predict_proba(items).argmax(axis=1)]
        return predicted

    def explain(
        self,
        items: Iterable[Any],
        method: str | None = None,
        target: Any = None,
        *,
        labels: Iterable[Any] | None = None,
        faithfulness: bool = False,
        progress: Progress | None = None,
    ) -> Explanations:
        """The prediction for each item, and what moved it.

        Args:
            items: Raw texts, or pairs of them.
            method: `"contribution"` (the default), `"attention"`, `"leave_one_out"` or
                `"random"`; others need the model it was made of.
            target: The class to explain; default: the predicted one.
            labels: The true classes, if known; None or "" for an item without one.
            faithfulness: Whether to measure how faithful the values are. This takes about two
                hundred times as long.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: The method or the target is unknown, or items are not texts, or not pairs.
        """
        if method is not None:
            _check_method(method)
        sides = self._sides(items)
        truth = None
        if labels is not None:
            truth = true_classes(listed(labels, "labels"), len(sides[0]), self.classes_.tolist())
        asked = None if target is None else class_names([target], self.classes_.tolist())[0]
        total = len(sides[0]) * rounds(faithfulness=faithfulness)
        with (progress or Progress()).bar("explaining", total) as advance:
            request = AttributionRequest(self.network_, sides, self._read(sides), advance=advance)
            explanations = explain(
                request,
                self._names,
                task="classify" if self.network_.sides == 1 else "match",
                method=method,
                target=asked,
                truth=truth,
                judge=self._judge(),
                faithfulness=faithfulness,
            )
        return Explanations(explanations)

    def faithfulness(
        self,
        items: Iterable[Any],
        methods: Sequence[str] = ("attention", "contribution"),
        *,
        masking: bool = False,
        curves: bool = True,
        progress: Progress | None = None,
    ) -> FaithfulnessByMethod:
        """How faithful methods are on these items, beside random orders.

        Args:
            items: Raw texts, or pairs of them.
            methods: Names of methods, as for `explain`; with `"leave_one_out"` the others are
                compared with it too, which needs scipy.
            masking: Whether tokens are replaced by an unknown token instead of removed.
            curves: Whether to measure deletion and insertion curves too, at twice the cost.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: A method is unknown or needs the whole model, or items are not texts, or
                not pairs.
        """
        for method in methods:
            _check_method(method)
        if "leave_one_out" in methods:
            require("a comparison with leave_one_out", "scipy")
        sides = self._sides(items)
        total = len(sides[0]) * (len(methods) + DRAWS)
        with (progress or Progress()).bar("measuring", total) as advance:
            request = AttributionRequest(self.network_, sides, self._read(sides))
            measured = compare_methods(
                request, methods, masking=masking, curves=curves, advance=advance
            )
        return FaithfulnessByMethod(measured).in_language_of(chain(*sides))

    def score(
        self,
        X: Iterable[Any],  # noqa: N803 - scikit-learn's name
        y: Iterable[Any],
    ) -> float:
        """The accuracy: the share of items that are predicted right.

        Args:
            X: Raw texts, or pairs of them.
            y: The true classes, compared by value; a label that is no class is counted as wrong.

        Raises:
            InputError: There is not one label per item, or one is missing.
        """
        predicted = [str(name) for name in self.predict(X).tolist()]
        labels = checked_labels(y, len(predicted)).tolist()
        if not labels:
            raise InputError("no items to score; give at least one")
        truth = class_names(labels, self.classes_.tolist())
        return float(np.mean([one == other for one, other in zip(truth, predicted, strict=True)]))

    def known_rows(self, items: Iterable[Any]) -> None:
        """None: a compact file has no hashes of what the model was trained on.

        Args:
            items: Raw texts, or pairs of them.
        """

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the same file again.

        Args:
            path: The file, which ends in `.safetensors`.
            overwrite: Whether to replace an existing file.

        Raises:
            InputError: It exists, or cannot be written.
        """
        save(self, checked_path(path), overwrite=overwrite)

    def to_bytes(self) -> bytes:
        """The content of its file; equal models have equal files."""
        return file.packed(contents(self))

    def _sides(self, items: Iterable[Any]) -> list[list[str]]:
        """The texts of each side; one side for texts."""
        sides = self.network_.sides
        checked = checked_for(items, sides)
        return [checked] if sides == 1 else by_side(checked, sides)

    def _read(self, sides: list[list[str]]) -> Tokens:
        return self.reader_([*chain(*sides)])

    def _judge(self) -> Judge:
        if self.network_.sides == 1:
            return undecided
        return decider(match_probability, len(self._names), 0.5, "probability")

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
