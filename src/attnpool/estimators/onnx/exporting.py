"""A fitted model to the bytes of an ONNX file, and onto disk."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.export import Dim

from attnpool.errors import InputError, require
from attnpool.estimators.exporting import folded_network
from attnpool.estimators.onnx.folded import FoldedGraph
from attnpool.models.folded import can_fold
from attnpool.persistence.atomic import replace_file
from attnpool.runtime.file import check_place
from attnpool.runtime.ngrams import Ngrams
from attnpool.runtime.onnx.metadata import SUFFIX, Metadata

OPSET = 18
"""The opset of the file, which onnxruntime reads since 1.14."""

_LARGEST = 2_000_000_000  # bytes: one file of protocol buffers ends at 2 GiB


def export_onnx(estimator: Any, path: Path, *, overwrite: bool = False) -> None:
    """Write a fitted model as one ONNX file: all of it or nothing.

    Args:
        estimator: A fitted `TextClassifier` or `TextMatcher`.
        path: The file, which ends in `.onnx`.
        overwrite: Whether to replace an existing file.

    Raises:
        InputError: A library is missing, the model cannot be exported or is too large, or the file
            exists or cannot be written.
    """
    if path.suffix.lower() != SUFFIX:
        raise InputError(f"{path}: name a file that ends in {SUFFIX}")
    check_place(path, overwrite=overwrite)
    whole = onnx_bytes(estimator)
    replace_file(path, lambda file: file.write_bytes(whole))


def onnx_bytes(estimator: Any) -> bytes:
    """The content of the ONNX file of a fitted model.

    Args:
        estimator: A fitted `TextClassifier` or `TextMatcher`.

    Raises:
        InputError: A library is missing, or the model cannot be exported or is too large.
    """
    require("export to .onnx", "onnx", "onnxscript")
    graph, metadata = made_graph(estimator)
    size = sum(one.nbytes for one in (*graph.parameters(), *graph.buffers()))
    if size > _LARGEST:
        raise InputError(
            f"the tables take {size / 1e9:.1f} GB in an ONNX file, which holds 2 GB at most; "
            "train with fewer n-grams or a smaller encoder"
        )
    inputs, shapes = example_inputs(metadata)
    program = _exported(graph.eval(), inputs, shapes, output_names(graph))
    for name, text in metadata.to_props().items():
        program.model.metadata_props[name] = text
    return bytes(program.model_proto.SerializeToString(deterministic=True))


def made_graph(estimator: Any) -> tuple[nn.Module, Metadata]:
    """The module whose graph is exported, and what the file says of it."""
    model, reader = estimator.model_, estimator.reader_
    if can_fold(model):
        network = folded_network(model, "float32")
        words = network.words
        return FoldedGraph(network), Metadata(
            reader,
            estimator.classes_,
            1,
            network.ngrams if network.ngrams.lengths else None,
            None if words is None else words.char_ngrams,
            () if words is None else words.lengths,
        )
    raise InputError("no graph yet")


def output_names(graph: nn.Module) -> list[str]:
    """The names of the outputs of a graph."""
    return ["logits", "weights", "contributions"]


def example_inputs(metadata: Metadata) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Inputs to trace the graph with, and which of their sizes may change."""
    batch, steps = Dim("batch"), Dim("steps")
    # Sizes of 0 and 1 would be taken for constants.
    sizes = {"batch": 2, "steps": 5}
    inputs = {
        "ids": torch.ones(sizes["batch"], sizes["steps"], dtype=torch.int64),
        "mask": torch.ones(sizes["batch"], sizes["steps"], dtype=torch.bool),
    }
    shapes: dict[str, Any] = dict.fromkeys(inputs, {0: batch, 1: steps})
    if metadata.ngrams is not None:
        lengths = len(metadata.ngrams.lengths)
        inputs["ngrams"] = torch.ones(2, lengths, 5, dtype=torch.int64)
        shapes["ngrams"] = {0: batch, 2: steps}
    if metadata.char_ngrams is not None:
        inputs["char_ngrams"] = torch.zeros(3, 4, dtype=torch.int64)
        shapes["char_ngrams"] = {0: Dim("words"), 1: Dim("uses")}
    return inputs, shapes


def _exported(
    graph: nn.Module, inputs: dict[str, Tensor], shapes: dict[str, Any], names: list[str]
) -> Any:
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        return torch.onnx.export(
            graph,
            (),
            kwargs=inputs,
            dynamic_shapes=shapes,
            input_names=list(inputs),
            output_names=names,
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
