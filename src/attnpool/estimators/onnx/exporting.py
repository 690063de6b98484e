"""A fitted model to the bytes of an ONNX file, and onto disk."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.export import Dim

from attnpool._renamed import Shared
from attnpool.errors import InputError, require
from attnpool.estimators.exporting import folded_network
from attnpool.estimators.onnx.folded import FoldedGraph
from attnpool.estimators.onnx.networks import Graph, network_graph
from attnpool.models.context import AnyEncoder, ContextEncoder
from attnpool.models.folded import can_fold
from attnpool.models.label import LabelMatcher
from attnpool.runtime.file import check_place
from attnpool.runtime.ngrams import Ngrams
from attnpool.runtime.onnx.file import OnnxFile
from attnpool.runtime.onnx.metadata import Metadata, Window
from attnpool.sanitize import shortened

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
    check_place(path, overwrite=overwrite)  # before the work
    onnx_file(estimator).save(path, overwrite=overwrite)


def onnx_file(estimator: Any) -> OnnxFile:
    """The ONNX file of a fitted model.

    Args:
        estimator: A fitted `TextClassifier` or `TextMatcher`.

    Raises:
        InputError: A library is missing, or the model cannot be exported or is too large.
    """
    require("export to .onnx", "onnx", "onnxscript")
    graph, metadata = made_graph(estimator)
    texts = metadata.to_props()
    size = sum(one.nbytes for one in (*graph.parameters(), *graph.buffers()))
    size += sum(len(text.encode()) for text in texts.values())
    if size > _LARGEST:
        raise InputError(
            f"the model takes {size / 1e9:.1f} GB in float32, and an ONNX file 2 GB at most; "
            "train with fewer n-grams or a smaller encoder"
        )
    inputs, shapes = example_inputs(metadata)
    model = _exported(graph.eval(), inputs, shapes)
    _check_sizes(model.graph.inputs, shapes)
    _forget_origin(model)
    model.metadata_props.update(texts)
    from onnxscript import ir

    whole = ir.to_proto(model).SerializeToString(deterministic=True)
    return OnnxFile(whole, tuple(graph.outputs), metadata)


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
        window, constant = None, network.bias - network.bias.mean()
    else:
        if isinstance(model, LabelMatcher):
            model, _ = estimator._ready()  # with its labels
        body = network_graph(model)
        (ngrams, char_ngrams, window), constant = looked_up(model.encoder), None
    keys, lengths = (None, ()) if char_ngrams is None else char_ngrams
    some = ngrams if ngrams.lengths else None
    metadata = Metadata(reader, classes, model.sides, some, keys, lengths, window, constant)
    graph = Graph(body)
    if model.encoder.embedding.weight.device.type != "cpu":
        graph = deepcopy(graph).cpu()
    return graph, metadata


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


@contextmanager
def _no_messages() -> Iterator[None]:
    disabled = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


_silent = Shared(_no_messages)


def _exported(graph: Graph, inputs: dict[str, Tensor], shapes: dict[str, Any]) -> Any:
    """The graph as torch.onnx writes it, which says nothing meanwhile."""
    try:
        with _silent(), torch.no_grad():
            program = torch.onnx.export(
                graph,
                (),
                kwargs=inputs,
                dynamic_shapes=shapes,
                input_names=list(inputs),
                output_names=graph.outputs,
                opset_version=OPSET,
                dynamo=True,
                external_data=False,
                verbose=False,
            )
    except Exception as error:  # of whatever kind: what cannot be traced fails in many ways
        why = shortened(f"{type(error).__name__}: {error}", 120)
        raise InputError(
            f"torch.onnx cannot export this model ({why}); deploy the model's folder with "
            "attnpool[train]"
        ) from None
    assert program is not None  # noqa: S101 - with dynamo there is one
    return program.model


def _check_sizes(inputs: Any, shapes: Mapping[str, Mapping[int, Any]]) -> None:
    """Refuse a graph of which a size that may change was fixed: torch fixes some without a word."""
    for one in inputs:
        if any(isinstance(one.shape[axis], int) for axis in shapes[one.name]):
            raise InputError(
                f"torch.onnx cannot export this model: it fixes a size of {one.name}; deploy the "
                "model's folder with attnpool[train]"
            )


def _forget_origin(model: Any) -> None:
    """Take out what the exporter notes of each node: paths and lines of this machine."""
    for node in model.graph.all_nodes():
        node.metadata_props.clear()
        node.doc_string = None
        for value in node.outputs:
            value.metadata_props.clear()
    for value in (*model.graph.inputs, *model.graph.initializers.values()):
        value.metadata_props.clear()
    model.graph.metadata_props.clear()
