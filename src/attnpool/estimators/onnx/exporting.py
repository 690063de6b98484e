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
from attnpool.estimators.onnx.networks import Graph, network_graph
from attnpool.models.context import AnyEncoder, ContextEncoder
from attnpool.models.folded import can_fold
from attnpool.models.label import LabelMatcher
from attnpool.persistence.atomic import replace_file
from attnpool.runtime.file import check_place
from attnpool.runtime.ngrams import Ngrams
from attnpool.runtime.onnx.metadata import SUFFIX, Metadata, Window

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
    program = _exported(graph.eval(), inputs, shapes, graph.outputs)
    for name, text in metadata.to_props().items():
        program.model.metadata_props[name] = text
    return bytes(program.model_proto.SerializeToString(deterministic=True))


def made_graph(estimator: Any) -> tuple[Graph, Metadata]:
    """The module whose graph is exported, and what the file says of it.

    Args:
        estimator: A fitted `TextClassifier` or `TextMatcher`.
    """
    model, reader, classes = estimator.model_, estimator.reader_, estimator.classes_
    if can_fold(model):
        network = folded_network(model, "float32")
        ngrams, words = network.ngrams, network.words
        char_ngrams = None if words is None else (words.char_ngrams, words.lengths)
        body: nn.Module = FoldedGraph(network)
        window = None
    else:
        if isinstance(model, LabelMatcher):
            model, _ = estimator._ready()  # with its labels
        body = network_graph(model)
        ngrams, char_ngrams, window = looked_up(model.encoder)
    metadata = Metadata(
        reader,
        classes,
        model.sides,
        ngrams if ngrams.lengths else None,
        *((None, ()) if char_ngrams is None else char_ngrams),
        window,
    )
    return Graph(body), metadata


def looked_up(
    encoder: AnyEncoder,
) -> tuple[Ngrams, tuple[np.ndarray, tuple[int, ...]] | None, Window | None]:
    """What is looked up for an encoder before its graph runs.

    Args:
        encoder: The encoder.

    Returns:
        Its n-grams, the hashes and lengths of its character n-grams, and how it reads texts.
    """
    rows, vocabulary = encoder.ngrams, encoder.config.vocabulary
    ngrams = Ngrams(np.zeros(0, np.int64), (), vocabulary)
    if rows is not None:
        ngrams = Ngrams(rows.keys.cpu().numpy(), tuple(sorted(rows.lengths)), vocabulary)
    if isinstance(encoder, ContextEncoder):
        before = len(encoder.config.prefix)
        return ngrams, None, Window(encoder.content, before, encoder.special.count)
    if encoder.char_ngrams is None:
        return ngrams, None, None
    keys = encoder.char_ngrams.keys.cpu().numpy()
    return ngrams, (keys, tuple(sorted(encoder.char_ngrams.lengths))), None


def example_inputs(metadata: Metadata) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Inputs to trace the graph with, and which of their sizes may change.

    Args:
        metadata: What the file says of itself.
    """
    # Sizes of 0 and 1 would be taken for constants.
    sizes = {"batch": 3, "steps": 5, "words": 4, "uses": 6, "windows": 7, "width": 8}
    axes: dict[str, tuple[str | int, ...]] = dict.fromkeys(("ids", "mask"), ("batch", "steps"))
    if metadata.ngrams is not None:
        axes["ngrams"] = ("batch", len(metadata.ngrams.lengths), "steps")
    if metadata.window is not None:
        axes |= dict.fromkeys(("token_windows", "token_steps"), ("batch", "steps"))
    if metadata.sides > 1:
        axes = {name: (metadata.sides, *of_input) for name, of_input in axes.items()}
    if metadata.char_ngrams is not None:
        axes["char_ngrams"] = ("words", "uses")
    if metadata.window is not None:
        axes["window_texts"] = ("windows",)
        axes["window_places"] = ("windows", "width")
    inputs, shapes = {}, {}
    dims = {name: Dim(name) for name in sizes}
    for name, of_input in axes.items():
        shape = [sizes[one] if isinstance(one, str) else one for one in of_input]
        dtype = torch.bool if name == "mask" else torch.int64
        inputs[name] = torch.ones(shape, dtype=dtype)
        shapes[name] = {i: dims[one] for i, one in enumerate(of_input) if isinstance(one, str)}
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
