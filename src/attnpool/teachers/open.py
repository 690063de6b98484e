"""What a user gives as a teacher, to a `Teacher`."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from attnpool.errors import InputError
from attnpool.files.ordinary import read_ordinary
from attnpool.label_values import class_names
from attnpool.metrics import display_order
from attnpool.sanitize import quoted, quoted_list
from attnpool.teachers.encoder import folder_encoder
from attnpool.teachers.lsa import lsa_vectors
from attnpool.teachers.teacher import (
    Advance,
    Teacher,
    checked_probabilities,
    checked_vectors,
    short_name,
)

LSA = "lsa"
_MOST_BYTES = 256 << 20  # of a config.json
_COMPACT = ".safetensors"
_AT_ONCE, _ASKED = 32, 1024  # texts per call of an encoder, and of a classifier
_NAMED = 'the folder of an encoder or of a saved model, its compact file, or "lsa"'
_KINDS = (
    "a folder of an encoder or of a saved model, a SentenceTransformer, a model with "
    'predict_proba, a function from a list of texts to vectors, or "lsa"'
)


def open_teacher(
    teacher: Any,
    classes: np.ndarray,
    load: Callable[[Path], Any] | None = None,
    *,
    device: str | None = None,
    seed: int = 0,
) -> Teacher:
    """Find out what a teacher is; nothing is downloaded, and no text is read yet.

    Args:
        teacher: The folder of a Hugging Face encoder or of a model that attnpool saved, or the
            latter's compact file; a `SentenceTransformer`, or another object with `encode`; a
            fitted object with `predict_proba` and `classes_`; a callable that takes a list of
            strings and gives one vector per text; or `"lsa"`.
        classes: The classes of the labelled rows, in order.
        load: Reads a folder that attnpool saved.
        device: Where an encoder computes; default: a GPU if there is one.
        seed: Decides the SVD of `"lsa"`.

    Raises:
        InputError: The teacher is nothing of this kind, its classes differ, its folder holds no
            model, or an extra is missing.
    """
    if isinstance(teacher, Teacher):
        return teacher
    if isinstance(teacher, str | os.PathLike):
        return _named(teacher, classes, load, device, seed)
    name = _object_name(teacher)
    if hasattr(teacher, "predict_proba"):
        return _classifier(teacher, classes, name)
    if callable(getattr(teacher, "encode", None)) and not isinstance(teacher, type):
        encode = teacher.encode
        if "show_progress_bar" in _parameters(encode):
            encode = partial(encode, show_progress_bar=False)
        return Teacher(name=name, vectors=partial(_read, encode))
    if callable(teacher) and not isinstance(teacher, type):
        return Teacher(name=name, vectors=partial(_read, teacher))
    raise InputError(f"teacher is {type(teacher).__name__}; give {_KINDS}")


def _named(
    teacher: str | os.PathLike[str],
    classes: np.ndarray,
    load: Callable[[Path], Any] | None,
    device: str | None,
    seed: int,
) -> Teacher:
    if str(teacher).lower() == LSA:
        return Teacher(name="LSA", vectors=partial(_lsa, seed=seed), of_all_texts=True)
    named = quoted(os.fspath(teacher), 200)
    try:
        path = Path(teacher)
        if load is not None and path.suffix.lower() == _COMPACT and path.is_file():
            return _classifier(load(path), classes, short_name(path.stem))
        if not path.is_dir():
            what = "is a file" if path.exists() else "is no folder here"
            raise InputError(f"teacher {named} {what}; nothing is downloaded, so give {_NAMED}")
        config = json.loads(read_ordinary(path / "config.json", _MOST_BYTES))
        kind = config.get("kind")
        of_attnpool = "format_version" in config and isinstance(kind, str)
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"teacher {named} is no folder of a model: it has no config.json that can be read; "
            f"give {_NAMED}"
        ) from None
    name = _folder_name(path.resolve())
    if not of_attnpool:
        return Teacher(name=name, vectors=folder_encoder(path, device))
    if load is None or kind != "TextClassifier":
        raise InputError(
            f"teacher {named} holds a {short_name(kind)}; give a classifier of single texts"
        )
    return _classifier(load(path), classes, name)


def _trained_on(model: Any, texts: list[str]) -> int | None:
    known = model.known_rows(texts)
    return None if known is None else known.trained


def _folder_name(path: Path) -> str:
    """The folder's own name; where that is `model` or a digest, the package's or the hub's."""
    if path.parent.name == "snapshots":
        return short_name(path.parent.parent.name.removeprefix("models--").replace("--", "/"))
    if path.name == "model":
        return short_name(f"{path.parent.name}/{path.name}")
    return short_name(path.name)


def _lsa(texts: list[str], advance: Advance, *, seed: int) -> np.ndarray:
    vectors = lsa_vectors(texts, seed)
    advance(len(texts))
    return vectors


def _read(encode: Callable[[list[str]], Any], texts: list[str], advance: Advance) -> np.ndarray:
    parts = []
    for start in range(0, len(texts), _AT_ONCE):
        some = texts[start : start + _AT_ONCE]
        parts.append(checked_vectors(encode(some), some))
        advance(len(some))
        if parts[-1].shape[1] != parts[0].shape[1]:
            raise InputError(
                f"the teacher gave vectors of {parts[0].shape[1]} and of {parts[-1].shape[1]} "
                "dimensions; all must have the same"
            )
    return np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)


def _classifier(model: Any, classes: np.ndarray, name: str) -> Teacher:
    """One whose answers are probabilities, with its classes put in the order of ours."""
    try:
        theirs = list(np.asarray(model.classes_).tolist())
    except (AttributeError, TypeError):
        raise InputError(
            f"teacher {quoted(name)} has predict_proba but no classes_; fit it first"
        ) from None
    except ValueError:  # lists of different lengths
        raise InputError(
            f"teacher {quoted(name)} has classes_ for several outputs; give one of one label a text"
        ) from None
    if getattr(getattr(model, "model_", None), "sides", 1) != 1:
        raise InputError(f"teacher {quoted(name)} reads pairs; give a classifier of single texts")
    order = _places(theirs, classes.tolist(), name)
    known = callable(getattr(model, "known_rows", None))
    return Teacher(
        name=name,
        probabilities=partial(_ask, model, order),
        trained_on=partial(_trained_on, model) if known else None,
    )


def _places(theirs: Sequence[Any], classes: Sequence[Any], name: str) -> list[int]:
    """Where the teacher has each of the classes."""
    ours = [str(one) for one in classes]
    given = class_names(theirs, classes)
    more = [one for one in given if one not in ours]
    missing = [one for one in ours if one not in given]
    if more or missing or len(given) != len(ours):
        parts = [f"it knows {quoted_list(display_order(more), 5)}"] * bool(more)
        parts += [f"it lacks {quoted_list(display_order(missing), 5)}"] * bool(missing)
        raise InputError(
            f"teacher {quoted(name)} has other classes than the labelled rows: "
            f"{' and '.join(parts) or 'one of them twice'}; give one of the same classes"
        )
    return [given.index(one) for one in ours]


def _ask(model: Any, order: list[int], texts: list[str], advance: Advance) -> np.ndarray:
    parts = [np.zeros((0, len(order)))]
    for start in range(0, len(texts), _ASKED):
        some = texts[start : start + _ASKED]
        parts.append(checked_probabilities(model.predict_proba(some), some, len(order)))
        advance(len(some))
    answers: np.ndarray = np.concatenate(parts)[:, order]
    return answers


def _object_name(teacher: Any) -> str:
    """What to call an object: the name of a function, the kind of anything else."""
    name = getattr(teacher, "__qualname__", None) or getattr(teacher, "__name__", None)
    if not isinstance(name, str):
        return short_name(type(teacher).__name__)
    if "<" in name:  # <lambda>, or a function inside another
        name = name.rpartition(".")[2].replace("<lambda>", "function")
    module = str(getattr(teacher, "__module__", None) or "")
    known = module not in ("", "__main__", "builtins")
    return short_name(f"{module.split('.')[0]}.{name}" if known else name)


def _parameters(function: Callable[..., Any]) -> Sequence[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []
