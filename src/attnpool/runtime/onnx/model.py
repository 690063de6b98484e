"""`OnnxModel`: an ONNX file run by onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.errors import InputError, require
from attnpool.explain.logits import softmax
from attnpool.files.paths import checked_path
from attnpool.runtime.file import SUFFIX as COMPACT
from attnpool.runtime.onnx.inputs import OnnxReader
from attnpool.runtime.onnx.metadata import SUFFIX, damaged
from attnpool.runtime.onnx.whole import names_other_files
from attnpool.sanitize import quoted, quoted_list, shortened
from attnpool.text.batches import length_batches

_BATCH_TOKENS = 16_384  # of a batch, padding included, unless an item is longer
_FOLDER = "session.model_external_initializers_file_folder_path"
_OF_FILES = ("InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NoModel")
_SHOWN = 240  # characters


@dataclass(frozen=True, slots=True, eq=False)
class OnnxOutputs:
    """What a model gives for some items.

    Attributes:
        logits: One score per class, `(items, classes)`.
        weights: The attention weights of each item, `(heads, tokens)`; those of a pair are of its
            left text and its right one, `(heads, left + right)`.
        contributions: For each item the part of each token in the margin of each class,
            `(classes, tokens)`: in its logit less the mean of all. None where the file has none.
        constant: The rest of each margin, which is the same for all items, `(classes,)`: margins
            are the sums of contributions and this. None without contributions, and of files that
            earlier versions wrote.
        alignment: For each pair how each token of the left text is aligned with those of the right
            one, `(left, right)`; rows sum to 1. None where the file has none.
        spans: For each item `[start, end)` of each token in its text, `(tokens, 2)`; of a pair the
            left text's and then the right one's.
        lengths: The number of tokens of each text, `(sides, items)`.
    """

    logits: Float[np.ndarray, "items classes"]
    weights: list[np.ndarray]
    contributions: list[np.ndarray] | None
    spans: list[np.ndarray]
    lengths: Int[np.ndarray, "sides items"]
    constant: Float[np.ndarray, "classes"] | None = None
    alignment: list[np.ndarray] | None = None


class OnnxModel:
    """A model of an ONNX file, run by onnxruntime; it needs numpy besides, and no torch.

    A pickle of it names the file, or holds the content that it was made of, and opens that again.

    Args:
        source: The file, which `export` of a fitted model or `attnpool export` wrote; or its
            content.
        providers: What onnxruntime runs on, by its names; default: the processor. Nothing else is
            taken in its place.

    Attributes:
        session: The session of onnxruntime.
        reader: What makes its inputs of texts.
        classes_: The labels, one for each logit; of a matcher's two the last is the match.
        outputs: The names of the outputs: `logits` and `weights`, and `contributions` or
            `alignment` where the model has them.

    Raises:
        InputError: There is no file, it is damaged or of something else, it keeps numbers in other
            files, a provider is not there, or a library is missing.
    """

    session: Any
    reader: OnnxReader
    classes_: np.ndarray
    outputs: list[str]

    def __init__(
        self, source: str | Path | bytes, *, providers: Sequence[str] = ("CPUExecutionProvider",)
    ) -> None:
        require("a model of an .onnx file", "onnxruntime")
        self._where = "model.onnx" if isinstance(source, bytes) else str(source)
        whole = source if isinstance(source, bytes) else _content(source)
        # Another process may have another working directory.
        self._source = source if isinstance(source, bytes) else Path(source).absolute()
        self._providers = providers
        self.session = _session(whole, self._where, providers)
        props = self.session.get_modelmeta().custom_metadata_map
        self.reader = OnnxReader.of(props, self._where)
        self.classes_ = self.reader.classes
        self.outputs = [one.name for one in self.session.get_outputs()]
        wanted = self.reader(["" if self.reader.metadata.sides == 1 else ("", "")])
        if {one.name for one in self.session.get_inputs()} != {*wanted}:
            raise damaged(self._where, "other inputs than its metadata say")
        if self.outputs[:2] != ["logits", "weights"]:
            raise damaged(self._where, "other outputs than a model of texts has")

    def __reduce__(self) -> tuple[Any, ...]:
        """Open the source again: sessions of onnxruntime have no pickle."""
        return partial(type(self), providers=self._providers), (self._source,)

    def run(self, items: Iterable[Any]) -> OnnxOutputs:
        """The outputs for some items.

        Args:
            items: Raw texts, or pairs of them.

        Raises:
            InputError: Items are not texts, or not pairs; the file is damaged, or memory is short.
        """
        tokens = self.reader.tokens(items)
        sides = self.reader.metadata.sides
        lengths = tokens.lengths.reshape(sides, -1)
        count = lengths.shape[1]
        logits = np.zeros((count, len(self.classes_)), np.float32)
        weights = [np.zeros((0, 0), np.float32)] * count
        contributions, alignment = list(weights), list(weights)
        for batch, outputs in self._batches(tokens, lengths.max(axis=0, initial=0)):
            logits[batch] = outputs["logits"]
            for row, item in enumerate(batch.tolist()):
                of_item = outputs["weights"].reshape(
                    sides, len(batch), *outputs["weights"].shape[-2:]
                )
                weights[item] = _tokens_of(of_item[:, row], lengths[:, item])
                if "contributions" in outputs:
                    contributions[item] = outputs["contributions"][row, :, : lengths[0, item]]
                if "alignment" in outputs:
                    left, right = lengths[:, item]
                    alignment[item] = outputs["alignment"][row, :left, :right]
        bounds = tokens.bounds
        spans = [
            np.concatenate(
                [
                    tokens.spans[bounds[i + k * count] : bounds[i + k * count + 1]]
                    for k in range(sides)
                ]
            )
            for i in range(count)
        ]
        splits, aligns = (name in self.outputs for name in ("contributions", "alignment"))
        return OnnxOutputs(
            logits=logits,
            weights=weights,
            contributions=contributions if splits else None,
            spans=spans,
            lengths=lengths,
            constant=self.reader.metadata.constant if splits else None,
            alignment=alignment if aligns else None,
        )

    def predict_proba(self, items: Iterable[Any]) -> np.ndarray:
        """The probability of each class, `(items, classes)`, in the order of `classes_`.

        Args:
            items: Raw texts, or pairs of them.

        Raises:
            InputError: Items are not texts, or not pairs; the file is damaged, or memory is short.
        """
        tokens = self.reader.tokens(items)
        lengths = tokens.lengths.reshape(self.reader.metadata.sides, -1).max(axis=0, initial=0)
        logits = np.zeros((len(lengths), len(self.classes_)), np.float64)
        for batch, outputs in self._batches(tokens, lengths):
            logits[batch] = outputs["logits"]
        return softmax(logits)

    def predict(self, items: Iterable[Any]) -> np.ndarray:
        """The most probable class of each item."""
        predicted: np.ndarray = self.classes_[self.predict_proba(items).argmax(axis=1)]
        return predicted

    def _batches(
        self, tokens: Any, lengths: Int[np.ndarray, "items"]
    ) -> Iterator[tuple[np.ndarray, dict[str, np.ndarray]]]:
        for batch in length_batches(lengths, max_tokens=_BATCH_TOKENS):
            inputs = self.reader.inputs(tokens, batch)
            try:
                arrays = self.session.run(None, inputs)
            except Exception as error:  # its errors are of many kinds
                raise _failed(self._where, error) from None
            outputs = dict(zip(self.outputs, arrays, strict=True))
            self._check(outputs, inputs["ids"].shape)
            yield batch, outputs

    def _check(self, outputs: dict[str, np.ndarray], shape: tuple[int, ...]) -> None:
        """Refuse outputs that a graph of somebody else may give."""
        classes, (*sides, items, steps) = len(self.classes_), shape
        heads = outputs["weights"].shape[-2:-1]
        wanted = {"logits": (items, classes), "weights": (*sides, items, *heads, steps)}
        if "contributions" in outputs:
            wanted["contributions"] = (items, classes, steps)
        if "alignment" in outputs:
            if not sides:
                raise damaged(self._where, "an alignment of single texts")
            wanted["alignment"] = (items, steps, steps)
        for name, of_output in wanted.items():
            array = outputs[name]
            if array.shape != of_output or array.dtype != np.float32 or array.ndim < 2:
                raise damaged(self._where, f"{name} of another size or type")
            if not np.isfinite(array).all():
                raise damaged(self._where, f"{name} that are not finite")


def _content(source: Any) -> bytes:
    if not isinstance(source, str | Path):
        kind = type(source).__name__
        raise InputError(f"source is {kind}; give the path of an {SUFFIX} file, or its content")
    path = checked_path(source, "source")
    if not path.is_file():
        if str(source).startswith("hf://"):
            raise InputError(
                f"{source} is an address of the hub, and {SUFFIX} files are opened from disk: "
                "download the file (hf download USER/REPOSITORY FILE) and give its path"
            )
        if path.is_dir():
            raise InputError(
                f"{path} is a folder; attnpool.load opens a model's, and attnpool export makes an "
                f"{SUFFIX} file of it"
            )
        raise InputError(f"{path}: no such file; name the {SUFFIX} file of a model")
    if path.suffix.lower() == COMPACT:
        raise InputError(
            f"{path} is a compact model, which attnpool.load opens; name an {SUFFIX} file"
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None


def _session(whole: bytes, where: str, providers: Sequence[str]) -> Any:
    import onnxruntime

    _check_providers(providers, onnxruntime.get_available_providers())
    try:
        outside = names_other_files(whole)
    except ValueError as error:
        raise damaged(where, str(error)) from None
    if outside:
        raise damaged(where, "its numbers are in other files, which are not read")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what it says of a damaged file is said here
    # What was checked is what is read: no other format, and other files nowhere.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    options.add_session_config_entry(_FOLDER, str(Path(os.devnull) / "none"))
    try:
        session = onnxruntime.InferenceSession(
            whole, options, providers=[*providers], enable_fallback=0
        )
    except Exception as error:  # its errors are of many kinds
        raise _failed(where, error, (*_OF_FILES, "Fail")) from None
    _check_providers(providers, session.get_providers())
    return session


def _check_providers(wanted: Sequence[str], there: Sequence[str]) -> None:
    """Refuse what onnxruntime would replace by the processor, with a word or without."""
    if isinstance(wanted, str):
        raise InputError(f"providers is one string; give a list: [{quoted(wanted)}]")
    if missing := [name for name in wanted if name not in there]:
        raise InputError(
            f"onnxruntime cannot run on {quoted_list(missing)} here; "
            f"give providers among {quoted_list(there)}"
        )


def _failed(where: str, error: Exception, of_files: tuple[str, ...] = _OF_FILES) -> InputError:
    """What to say where onnxruntime fails: only of some of its errors is the file the cause."""
    said = str(error).rpartition("Status Message: ")[2]
    if type(error).__name__ in of_files:
        return damaged(where, said)
    return InputError(
        f"onnxruntime cannot run {where} ({shortened(said, _SHOWN)}); free memory or give shorter "
        "texts if that is short, else copy the file again or export the model again"
    )


def _tokens_of(
    sides: Float[np.ndarray, "sides heads steps"], lengths: Int[np.ndarray, "sides"]
) -> Float[np.ndarray, "heads tokens"]:
    """What belongs to the tokens, side after side."""
    return np.concatenate(
        [side[:, :length] for side, length in zip(sides, lengths.tolist(), strict=True)], axis=1
    )
