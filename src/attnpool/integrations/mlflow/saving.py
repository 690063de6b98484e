"""`save_model` and `log_model`, in the manner of MLflow's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attnpool
from attnpool.architectures import texts_per_item
from attnpool.errors import InputError
from attnpool.explain.lists import listed
from attnpool.files.paths import checked_path
from attnpool.integrations.mlflow.library import (
    ColSpec,
    ModelSignature,
    ParamSchema,
    ParamSpec,
    Schema,
    mlflow,
    pandas,
)
from attnpool.persistence.model import Model
from attnpool.runtime.file import SUFFIX
from attnpool.runtime.model import CompactModel
from attnpool.sanitize import quoted_list

_LOADER = "attnpool.integrations.mlflow.answering"
_NAMES = {1: ("text",), 2: ("left", "right")}
_TYPES = {bool: "boolean", int: "long", float: "double"}
_EXAMPLE = "The room was clean, the street was loud."


def save_model(
    model: Model | str | Path,
    path: str | Path,
    *,
    columns: Sequence[str] | None = None,
    hashes: bool = False,
    **options: Any,
) -> None:
    """Write a trained model as an MLflow model, which `mlflow.pyfunc.load_model` loads.

    It is a folder with what `attnpool.load` reads, a signature, an example and its requirements;
    it holds no pickle and no code. What MLflow loads answers a table of texts with the columns
    `label` and `probability`, and with `params={"explain": True}` with `explanation`, the JSON of
    `attnpool.render(explanation, "json")`.

    Args:
        model: A trained model, a folder, or a compact file, which needs no torch where it
            answers; of the last two the path, or the address on the hub. A pretrained encoder is
            written with it.
        path: The folder, which must be new or empty.
        columns: The names of the columns that hold the texts; default: `text`, or `left` and
            `right` for a matcher of pairs.
        hashes: Whether to write the hashes of training items too, if the model has them; see
            `TextClassifier.save`. A compact file has none.
        **options: Further ones of `mlflow.pyfunc.save_model`, such as `metadata` or
            `pip_requirements`; they go before those that are made here.

    Raises:
        InputError: The model is none or not trained, or the columns are no names, or not as many
            as its texts.
    """
    checked_path(path)
    with _arguments(model, columns, hashes=hashes) as made:
        mlflow.pyfunc.save_model(path, **{**made, **options})


def log_model(
    model: Model | str | Path,
    name: str,
    *,
    columns: Sequence[str] | None = None,
    hashes: bool = False,
    **options: Any,
) -> Any:
    """Log a trained model to MLflow: in the run that is active, or without one.

    Args:
        model: As for `save_model`.
        name: The name of the logged model.
        columns: As for `save_model`.
        hashes: As for `save_model`.
        **options: Further ones of `mlflow.pyfunc.log_model`, such as `registered_model_name`.

    Returns:
        MLflow's `ModelInfo`; its `model_uri` is what `mlflow.pyfunc.load_model` takes.

    Raises:
        InputError: As for `save_model`.
    """
    with _arguments(model, columns, hashes=hashes) as made:
        return mlflow.pyfunc.log_model(name=name, **{**made, **options})


@contextmanager
def _arguments(
    model: Model | str | Path, columns: Sequence[str] | None, *, hashes: bool
) -> Iterator[dict[str, Any]]:
    """What MLflow's own functions are given, while the model is in a folder of its own."""
    whole = attnpool.load(model) if isinstance(model, str | Path) else model
    _check_trained(whole)
    names = _checked_names(columns, texts_per_item(whole))
    with TemporaryDirectory() as folder:
        data = Path(folder) / (f"model{SUFFIX}" if isinstance(whole, CompactModel) else "model")
        _save(whole, data, hashes=hashes)
        yield {
            "loader_module": _LOADER,
            "data_path": str(data),
            "signature": _signature(whole, names),
            "input_example": pandas.DataFrame({name: [_EXAMPLE] for name in names}),
            "pip_requirements": _requirements(whole),
        }


def _check_trained(model: Any) -> None:
    kind = type(model).__name__
    # By what estimators have: to ask for their classes would import torch.
    learns = hasattr(type(model), "fit") and hasattr(type(model), "explain")
    if learns and not hasattr(model, "model_"):
        raise InputError(f"the model, a {kind}, is not trained; call its fit first")
    if not isinstance(model, Model):
        raise InputError(f"the model is {kind}; give one of attnpool, or its path")


def _save(model: Any, path: Path, *, hashes: bool) -> None:
    if isinstance(model, CompactModel):
        model.save(path)
    else:
        model.save(path, hashes=hashes, with_encoder=True)


def _checked_names(columns: Sequence[str] | None, sides: int) -> tuple[str, ...]:
    usual = _NAMES[sides]
    if columns is None:
        return usual
    names = [columns] if isinstance(columns, str) else listed(columns, "columns")
    for i, name in enumerate(names):
        if not isinstance(name, str):
            kind = type(name).__name__
            raise InputError(f"columns[{i}] is {kind}, not a string; give names, as in {usual}")
        if not name.strip():
            raise InputError(f"columns[{i}] is empty; give names, as in {usual}")
    if isinstance(columns, str) or len({*names}) != sides or len(names) != sides:
        given = quoted_list(names) or "empty"
        raise InputError(f"columns is {given}; give {sides} different, as in {usual}")
    return tuple(names)


def _signature(model: Model, names: tuple[str, ...]) -> ModelSignature:
    label = _TYPES.get(type(model.classes_.tolist()[0]), "string")
    answers = [ColSpec(label, "label"), ColSpec("double", "probability")]
    answers.append(ColSpec("string", "explanation", required=False))
    params = [ParamSpec("explain", "boolean", False), ParamSpec("method", "string", None)]
    return ModelSignature(
        Schema([ColSpec("string", name) for name in names]), Schema(answers), ParamSchema(params)
    )


def _requirements(model: Any) -> list[str]:
    """What the model needs where it answers: MLflow's small package, and these versions."""
    light, kind = isinstance(model, CompactModel), model.reader_.tokenizer.kind
    extras = {"mlflow"}
    if not light:
        extras.add("train" if model.encoder is None else "encoders")
    if kind == "jieba":
        extras.add("words")
    needed = [f"mlflow-skinny=={mlflow.__version__}"]
    needed.append(f"attnpool[{','.join(sorted(extras))}]=={attnpool.__version__}")
    return [*needed, "tokenizers"] if light and kind == "pretrained" else needed
