"""`OnnxFile`: the ONNX file of a model, before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from attnpool._version import __version__
from attnpool.errors import InputError
from attnpool.persistence.atomic import replace_file
from attnpool.runtime.file import check_place
from attnpool.runtime.onnx.metadata import SUFFIX, Metadata
from attnpool.runtime.onnx.model import OnnxModel


@dataclass(frozen=True, slots=True, eq=False)
class OnnxFile:
    """The ONNX file of a model, before it is written.

    Attributes:
        whole: Its content.
        outputs: The names of its outputs.
        metadata: What it says of itself.
        stored: What its numbers are stored as.
        architecture: None, as a classifier's: the file does not say.
    """

    whole: bytes
    outputs: tuple[str, ...]
    metadata: Metadata

    stored: ClassVar[str] = "float32"
    architecture: ClassVar[str | None] = None

    @property
    def source_(self) -> dict[str, Any]:
        """What it is, for a summary."""
        metadata = self.metadata
        return {
            "attnpool": __version__,
            "dtype": self.stored,
            "outputs": list(self.outputs),
            "tokens": metadata.reader.tokenizer.size,
            "ngrams": 0 if metadata.ngrams is None else len(metadata.ngrams.keys),
        }

    @property
    def reveals(self) -> str:
        """What the file tells of the training texts, in a sentence."""
        keys = () if self.metadata.ngrams is None else self.metadata.ngrams.keys
        ngrams = f", {len(keys):,} n-grams of the training texts" if len(keys) else ""
        return (
            f"the file holds the vocabulary of {self.metadata.reader.tokenizer.size - 2:,} tokens"
            f"{ngrams} and their weights for anybody who has it to read"
        )

    def model(self) -> OnnxModel:
        """The model of the file, run by onnxruntime.

        Raises:
            InputError: onnxruntime is not installed.
        """
        return OnnxModel(self.whole)

    def save(self, path: Path, *, overwrite: bool = False) -> None:
        """Write the file: all of it or nothing.

        Args:
            path: The file, which ends in `.onnx`.
            overwrite: Whether to replace an existing file.

        Raises:
            InputError: It exists, has another suffix, or cannot be written.
        """
        if path.suffix.lower() != SUFFIX:
            raise InputError(f"{path}: name a file that ends in {SUFFIX}")
        check_place(path, overwrite=overwrite)
        replace_file(path, lambda file: file.write_bytes(self.whole))
