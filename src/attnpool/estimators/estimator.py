"""What both estimators have in common once they are fitted; `fit` uses nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np

from attnpool._renamed import PARAMETERS, current_names, warn_renamed
from attnpool.architectures import texts_per_item
from attnpool.errors import InputError
from attnpool.estimators.saving import save_estimator
from attnpool.estimators.scikit_learn import ScikitLearnManners, check_fitted
from attnpool.estimators.validation import Label
from attnpool.explain.items import checked_asked
from attnpool.explain.lists import checked_labels
from attnpool.files.paths import checked_path
from attnpool.label_values import class_names
from attnpool.models.usual_torch import (
    in_usual_torch,
    is_in_usual_torch,
    without_inference_tensors,
)
from attnpool.persistence import hub
from attnpool.persistence.known_rows import KnownCounts, KnownRows
from attnpool.persistence.published import Published
from attnpool.runtime.file import is_compact
from attnpool.sanitize import counted
from attnpool.text import Cleanup, Tokenizer
from attnpool.text.reader import TextReader

_COMPUTING = (
    *("fit", "fit_stream", "predict", "predict_proba", "explain", "faithfulness", "save", "export"),
    *("embed", "decision_function", "triplet_accuracy"),
)
"""The methods that use torch."""

E = TypeVar("E", bound="TextEstimator")  # beartype knows no Self in methods


class TextEstimator(ScikitLearnManners):
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
    _known: KnownRows | None = None

    def __init_subclass__(cls, **more: Any) -> None:
        """Let `load` know the class by its name, and compute the same whatever torch is set to."""
        super().__init_subclass__(**more)
        TextEstimator.kinds[cls.__name__] = cls
        for name in _COMPUTING:
            method = getattr(cls, name, None)
            # Inherited ones are already: wrapped again, they would hide what their class does.
            if method is not None and not is_in_usual_torch(method):
                setattr(cls, name, in_usual_torch(method))

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

    def known_rows(self, items: Iterable[Any]) -> KnownCounts | None:
        """How many of these items the model was trained on, and how many it was validated on.

        Figures measured on such items are too optimistic. Items are told by 8-byte hashes;
        white space at the ends of a text does not count.

        Args:
            items: Texts, pairs or triplets, as for training.

        Returns:
            The counts; None if the model was saved without hashes, or by an earlier version.

        Raises:
            InputError: An item is none that the model reads.

        Example:
            >>> from attnpool import TextClassifier
            >>> texts = ["房间干净", "服务热情", "隔音太差", "态度恶劣"]
            >>> model = TextClassifier(epochs=1).fit(texts, ["好", "好", "差", "差"])
            >>> known = model.known_rows([" 房间干净", "位置很好"])
            >>> known.trained if known else None
            1
        """
        check_fitted(self)
        checked = checked_asked(items, texts_per_item(self.model_.config))
        return None if self._known is None else self._known.counts(checked)

    def score(
        self,
        X: Iterable[Any],  # noqa: N803 - scikit-learn's name
        y: Iterable[Label],
        sample_weight: Sequence[float] | np.ndarray | None = None,
    ) -> float:
        """The accuracy: the share of items that are predicted right.

        Args:
            X: Texts or pairs, as for `predict`.
            y: The true classes, compared by value as `explain` does: 1.0 is the class 1. A label
                that is no class is counted as wrong.
            sample_weight: How much each item counts.

        Raises:
            InputError: There is not one label per item.
        """
        predicted = [str(name) for name in self.predict(X).tolist()]
        labels = checked_labels(y, len(predicted)).tolist()
        if not labels:
            raise InputError("no items to score; give at least one")
        truth = class_names(labels, self.classes_.tolist())
        right = [one == other for one, other in zip(truth, predicted, strict=True)]
        return float(np.average(right, weights=sample_weight))

    @in_usual_torch
    def save(
        self,
        path: str | Path,
        *,
        overwrite: bool = False,
        hashes: bool = True,
        with_encoder: bool = False,
    ) -> None:
        """Write the model as a folder that `attnpool.load` reads.

        It holds `config.json`, `model.safetensors`, `tokenizer.json`, `metrics.json`, a model card
        and `known_texts.safetensors`. It is written beside the place and swapped in, so a crash
        never leaves half of it.

        Args:
            path: The folder.
            overwrite: Whether to replace an existing model.
            hashes: Whether to write `known_texts.safetensors`: 8-byte hashes of the training and
                validation items, by which `evaluate` and `report` know them. They permit
                membership tests: with a text one can find out whether it was trained on.
            with_encoder: Whether to write the weights of a pretrained encoder too. Otherwise the
                model names the encoder and its digest, and needs it where it was; one that was
                trained, or given as objects, is always written.

        Raises:
            InputError: The path holds something that may not be replaced.
        """
        check_fitted(self)
        place, known = checked_path(path), self._known if hashes else None
        save_estimator(self, place, known, overwrite=overwrite, with_encoder=with_encoder)

    @in_usual_torch
    def push_to_hub(
        self,
        repository: str,
        *,
        card: Mapping[str, Any] | None = None,
        private: bool | None = None,
        revision: str | None = None,
        token: str | None = None,
        hashes: bool = False,
        with_encoder: bool | None = None,
    ) -> str:
        """Upload the model to the Hugging Face hub, as one commit.

        The repository then holds what `save` writes, with the metadata that the hub reads in the
        model card. Of the teacher's path nothing but the last part is told. Whoever may read the
        repository can read the vocabulary and the n-grams of the training texts, and how the
        training file was read: its columns and the groups of labels.

        Args:
            repository: `user/repository`; made if there is none. An earlier model of attnpool in
                it is replaced, with its card, and stays in its history.
            card: What the hub cannot know: `license`, such as `"mit"`; `language`, such as `"zh"`;
                `datasets`. Each a string or a list of strings.
            private: Whether a new repository is private; default: as the account is set.
            revision: The branch, made if there is none; default: the main one.
            token: The access token; default: that of `hf auth login`.
            hashes: Whether to upload the hashes of training items too; see `save`.
            with_encoder: Whether to upload the weights of a pretrained encoder; default: unless
                it came from the hub by name and was not trained. One from a folder is always.

        Returns:
            The address of this very model, for `attnpool.load`: `hf://user/repository@commit`.

        Raises:
            InputError: The name or `card` is not what the hub takes, the repository holds something
                else or is public where it should be private, huggingface_hub is not installed,
                there is no right to write, or the hub cannot be reached.
        """
        check_fitted(self)
        hub.check_repository(repository)
        given = {"private": private, "hashes": hashes, "with_encoder": with_encoder}
        for name, value in given.items():
            if not isinstance(value, bool | None):
                raise InputError(f"{name} is {type(value).__name__}; give True or False")
        published = Published.of(repository, card, revision)
        known = self._known if hashes else None

        def fill(folder: Path) -> None:
            save_estimator(self, folder, known, with_encoder=with_encoder, published=published)

        return hub.upload(repository, fill, private=private, revision=revision, token=token)

    @in_usual_torch
    def export(
        self,
        path: str | Path,
        *,
        dtype: str = "int8",
        size: int | None = None,
        min_count: int | None = None,
        title: str | None = None,
        examples: Sequence[Any] = (),
        overwrite: bool = False,
    ) -> None:
        """Write the model as one small file, which predicts and explains without torch.

        A `.safetensors` file `attnpool.load` reads as a `CompactModel`, which cannot be trained
        further. A `.html` file is a page in which the model runs: one types, and the colours
        follow; it needs no network and no installation. A `.onnx` file holds any model in float32
        for onnxruntime; `attnpool.integrations.onnx` reads texts for it.

        Args:
            path: The file, which ends in `.safetensors`, `.html` or `.onnx`; for the last,
                `overwrite` alone has an effect.
            dtype: What numbers are stored as: `"int8"`, `"float16"` or `"float32"`. In place of
                `"int8"` a table takes int16 where one byte a number could move an answer.
            size: The most bytes that the file may take; what moves answers least is left out.
                Default: nothing is left out; 2 MB for a page.
            min_count: How often the training texts must have a token or an n-gram to be in the
                file; default: no matter. For classifiers.
            title: The heading of a page; default: the classes.
            examples: Texts, or pairs of them, that a page offers.
            overwrite: Whether to replace an existing file.

        Raises:
            InputError: The file is no `.onnx`, and the model is a matcher that is not siamese, a
                classifier with convolutions, or has positions, a pretrained encoder or a pooling
                other than attention; the size is too small; or the file exists or cannot be
                written.
        """
        check_fitted(self)
        from attnpool.estimators.exporting import export  # which needs estimators no more

        tables = {"dtype": dtype, "size": size, "min_count": min_count}
        export(
            self, checked_path(path), tables, title=title, examples=examples, overwrite=overwrite
        )

    @classmethod
    def load(cls: type[E], path: str | Path) -> E:
        """Read a model folder of this kind; `attnpool.load` reads any kind.

        Args:
            path: The folder, or its address on the hub.

        Raises:
            InputError: There is no model, it is damaged, or it is of another kind.
        """
        from attnpool.estimators.loading import load_estimator  # which imports this module

        with hub.local(path) as (place, _):
            if is_compact(place):
                raise InputError(f"{place} is a compact file; use attnpool.load")
            estimator: Any = load_estimator(place)
        if not isinstance(estimator, cls):
            kind = type(estimator).__name__
            raise InputError(
                f"{path} holds a {kind}, not a {cls.__name__}; use {kind}.load or attnpool.load"
            )
        return estimator

    def _picture(self) -> str:
        """What a notebook shows: what the model is; a diagram where there is none yet."""
        return self._fitted_html() if "model_" in self.__dict__ else super()._picture()

    def _fitted_html(self) -> str:
        from attnpool.view.notebook.model import model_html  # here, as it loads the templates

        shape = self.model_.config
        heads = counted(shape.heads, "attention head")
        how = heads if shape.pooling == "attention" else f"{shape.pooling} pooling"
        architecture = getattr(shape, "architecture", None)
        kind = "Text classifier" if architecture is None else f"Text matcher ({architecture})"
        return model_html(
            kind=type(self).__name__,
            what=f"{kind}: {how} over {self.tokenizer_.kind}.",
            metrics=self.metrics_,
            classes=[str(name) for name in self.classes_.tolist()],
            parameters=sum(weights.numel() for weights in self.model_.state_dict().values()),
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore a copy so that it can explain by gradients, even one made in inference mode."""
        super().__setstate__(state)
        if "model_" in self.__dict__:
            without_inference_tensors(self.model_)

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
        return super().__getattr__(name)

    def __sklearn_tags__(self) -> Any:
        """Texts, not numbers: scikit-learn's own checks need to know."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        return tags
