"""A compact model on disk: one `.safetensors` file, checked when it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from attnpool.errors import InputError
from attnpool.files.strict_json import strict_json
from attnpool.files.tensors import check_size
from attnpool.persistence.atomic import check_writable, replace_file
from attnpool.persistence.model_folder import is_model, plain
from attnpool.runtime.network import CompactNetwork, Shape
from attnpool.runtime.ngrams import Ngrams, ascending, checked_lengths, read_ngrams
from attnpool.runtime.normalizers import NORMALIZERS
from attnpool.runtime.pairs.network import PairNetwork
from attnpool.runtime.pairs.stored import read_pair_network
from attnpool.runtime.tables import check, check_numbers, check_plain, read_table
from attnpool.runtime.words import UnknownWords, rows_of_unknown
from attnpool.text.char_ngrams import MAX_CHAR_NGRAM

FORMAT = "attnpool_compact"
FORMAT_VERSION = 2
SUFFIX = ".safetensors"

NONSENSE = (LookupError, ValueError, TypeError, AttributeError, RecursionError, OverflowError)
"""What values that somebody made up raise."""

_MOST_COLUMNS = 1 << 20  # of heads times classes


AnyNetwork = CompactNetwork | PairNetwork


class Contents(NamedTuple):
    """What a compact file holds.

    Attributes:
        network: The network.
        config: How texts are read, the classes, figures, and where the model came from.
        tokenizer: The text of the tokeniser's `tokenizer.json`.
    """

    network: AnyNetwork
    config: dict[str, Any]
    tokenizer: str


def is_compact(path: Path) -> bool:
    """Whether the path names a compact model rather than a folder: a file, or its suffix."""
    return path.is_file() or (path.suffix.lower() == SUFFIX and not path.is_dir())


def packed(contents: Contents) -> bytes:
    """The bytes of a compact model's file.

    Args:
        contents: What it holds.
    """
    network = contents.network
    whole = {
        # A classifier's file is as it was before there were others: earlier versions read it.
        "format_version": 1 if network.sides == 1 else FORMAT_VERSION,
        "network": network.form,
        "config": contents.config,
        "tokenizer": contents.tokenizer,
    }
    arrays = {name: np.ascontiguousarray(array) for name, array in network.arrays().items()}
    # Under one name: safetensors writes several in any order, and equal models have equal files.
    metadata = _text({**whole, "sha256": digest(whole, arrays)})
    return save(arrays, metadata={FORMAT: metadata})


def digest(whole: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> str:
    """The SHA-256 of all that a file holds: no damage goes unnoticed.

    Args:
        whole: What the metadata say, but for the digest itself.
        arrays: The arrays.
    """
    found = sha256(
        _text({name: value for name, value in whole.items() if name != "sha256"}).encode()
    )
    for name, array in sorted(arrays.items()):
        found.update(f"{name} {array.dtype.name} {array.shape}\n".encode())
        found.update(np.ascontiguousarray(array).view(np.uint8).data)
    return found.hexdigest()


def _text(whole: Mapping[str, Any]) -> str:
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, default=plain)


def is_ours(path: Path) -> bool:
    """Whether a file is a compact model, be it of another version."""
    try:
        return FORMAT in _opened(path)[1]
    except InputError:
        return False


def check_place(path: Path, *, overwrite: bool) -> None:
    """Refuse a place where no file of a model may be written.

    Args:
        path: The file.
        overwrite: Whether it may be replaced.

    Raises:
        InputError: It exists, is a folder or inside a model, or its place cannot be written.
    """
    check_writable(path)
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file")
    if is_model(path.parent):
        raise InputError(f"{path.parent} is a model folder; name another place for the file")
    if path.exists() and not overwrite:
        raise InputError(f"{path} exists; pass --overwrite (overwrite=True) to replace it")


def write(path: Path, contents: Contents) -> None:
    """Write a compact model: all of it or nothing.

    Args:
        path: The file.
        contents: What it holds.

    Raises:
        InputError: It cannot be written.
    """
    whole = packed(contents)
    replace_file(path, lambda file: file.write_bytes(whole))


def read(path: Path) -> Contents:
    """Read a compact model.

    Args:
        path: The file.

    Raises:
        InputError: There is none, it is cut short or was changed, or a newer version of attnpool
            wrote it.
    """
    arrays, metadata = _opened(path)
    if FORMAT not in metadata:
        raise InputError(
            f"{path} is not a compact model: attnpool export writes one; for a trained model name "
            "its folder"
        )
    try:
        whole = strict_json(metadata[FORMAT])
        version = whole["format_version"]
        check(type(version) is int and version >= 1, "format version")
        if version > FORMAT_VERSION:
            raise InputError(
                f"{path}: format version {min(version, 10**9)} is newer than {FORMAT_VERSION}, the "
                "newest this attnpool reads; upgrade attnpool"
            )
        check(whole["sha256"] == digest(whole, arrays), "it was changed after it was written")
        config, tokenizer = whole["config"], whole["tokenizer"]
        check(isinstance(config, dict) and isinstance(tokenizer, str), "config and tokenizer")
        form = whole["network"]
        check_numbers(arrays)
        read_network = read_pair_network if "architecture" in form else _network
        return Contents(read_network(form, arrays), config, tokenizer)
    except InputError:
        raise
    except NONSENSE as error:
        raise damaged(path, str(error)) from None


def damaged(path: Path, what: str = "") -> InputError:
    """What to say of a file that makes no sense.

    Args:
        path: The file.
        what: What makes none.
    """
    from attnpool.sanitize import shortened

    why = f" ({shortened(what, 80)})" if what else ""
    return InputError(f"{path} is damaged{why}; copy it again or export the model again")


def _opened(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    if not path.exists():
        raise InputError(f"{path}: no such file; name a model folder or a compact model")
    if path.suffix.lower() == ".html":
        raise InputError(f"{path} is a page; name the model that it was made of")
    if path.suffix.lower() == ".onnx":
        raise InputError(
            f"{path} is an ONNX file, which attnpool.integrations.onnx.OnnxModel runs; name the "
            "model that it was made of"
        )
    if not path.is_file():
        raise InputError(f"{path} is not an ordinary file; name a compact model")
    try:
        check_size(path)  # before anything of it is read into memory
        with safe_open(path, framework="np") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            return arrays, file.metadata() or {}
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None
    except (SafetensorError, ValueError, TypeError, AttributeError, KeyError):
        # Types that numpy lacks are no AttributeError of ours.
        raise InputError(
            f"{path} is cut short, or is no .safetensors file; copy it again or export it again"
        ) from None


def _network(form: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> CompactNetwork:
    """The network, after every size, type and value has been checked."""
    shape = _shape(form)
    score, bias = arrays["score"], arrays["bias"]
    check_plain(score, (shape.heads, None), "score")
    check_plain(bias, (shape.classes,), "bias")
    queries = shape.pooling == "mean_query"
    keys = read_table(arrays, "keys", None, score.shape[1] if queries else shape.heads)
    rows = len(keys)
    values = read_table(arrays, "values", rows, shape.heads * shape.classes)
    linear = None
    if "linear" in arrays:
        linear = read_table(arrays, "linear", rows, shape.classes + 1)
        check(bool((linear.stored[:, -1] >= 0).all()), "squares below zero")
    ngrams = read_ngrams(form, arrays, rows - len(arrays["ngrams"]))
    words = _words(form, arrays, shape, ngrams) if "char_ngrams" in arrays else None
    return CompactNetwork(shape, keys, score, values, linear, bias, ngrams, words)


def _words(
    form: Mapping[str, Any], arrays: Mapping[str, np.ndarray], shape: Shape, ngrams: Ngrams
) -> UnknownWords:
    hashes, width = ascending(arrays["char_ngrams"], "char_ngrams"), arrays["score"].shape[1]
    rows = rows_of_unknown(ngrams.keys, ngrams.first)
    lengths = checked_lengths(form["char_ngrams"], MAX_CHAR_NGRAM)
    check(bool(lengths), "no lengths of character n-grams")
    return UnknownWords(
        hashes,
        lengths,
        read_table(arrays, "char_ngrams.keys", len(hashes), width),
        read_table(arrays, "char_ngrams.values", len(hashes), shape.heads * shape.classes),
        rows,
        read_table(arrays, "unknown.keys", len(rows), width),
    )


def _shape(form: Mapping[str, Any]) -> Shape:
    shape = Shape(**{name: form[name] for name in Shape.__dataclass_fields__})
    for name, number in (("classes", shape.classes), ("heads", shape.heads)):
        check(type(number) is int and number >= 1, f"{name} {number!r}")
    check(shape.classes * shape.heads <= _MOST_COLUMNS, "heads and classes")
    check(shape.pooling in ("attention", "mean_query"), f"pooling {shape.pooling!r}")
    check(shape.normalizer in NORMALIZERS, f"normalizer {shape.normalizer!r}")
    check(shape.pooling == "attention" or shape.heads == 1, "heads")
    return shape
