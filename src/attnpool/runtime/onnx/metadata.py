"""What an ONNX file says of itself: how texts are read for it, and what its classes are."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.errors import InputError, MissingLibraryError
from attnpool.explain.lists import label_array
from attnpool.persistence.model_folder import plain
from attnpool.runtime.file import NONSENSE
from attnpool.runtime.ngrams import MAX_NGRAM, Ngrams, ascending, checked_lengths, read_ngrams
from attnpool.runtime.tables import check
from attnpool.sanitize import shortened
from attnpool.text.char_ngrams import MAX_CHAR_NGRAM
from attnpool.text.reader import TextReader
from attnpool.text.tokenizers.loading import parse_tokenizer

FORMAT_VERSION = 1
SUFFIX = ".onnx"

_PREFIX = "attnpool_"  # of every name in the file's metadata_props
_MOST = 1 << 40  # tokens; nobody has a longer text


class Window(NamedTuple):
    """How a pretrained encoder reads a text.

    Attributes:
        content: The most tokens of a text at a time, special ones not counted.
        before: How many special tokens stand before them.
        special: How many there are in all.
    """

    content: int
    before: int
    special: int


class Metadata(NamedTuple):
    """What the texts of an ONNX model are read with, and what its answers mean.

    Attributes:
        reader: What texts are read with.
        classes: The labels, one for each logit.
        sides: The number of texts of an item.
        ngrams: The n-grams of tokens that have table rows; None if the model has none.
        char_ngrams: The hashes of the character n-grams that have rows, ascending; None likewise.
        char_lengths: Their lengths in characters.
        window: How a pretrained encoder reads; None without one.
        constant: What of each class's margin is the same for every text, beside the contributions;
            None where the file has no contributions, or an earlier version wrote it.
    """

    reader: TextReader
    classes: np.ndarray
    sides: int
    ngrams: Ngrams | None = None
    char_ngrams: Int[np.ndarray, "char_ngrams"] | None = None
    char_lengths: tuple[int, ...] = ()
    window: Window | None = None
    constant: Float[np.ndarray, "classes"] | None = None

    def to_props(self) -> dict[str, str]:
        """The texts that the file holds, by name."""
        texts = {
            "format_version": json.dumps(FORMAT_VERSION),
            "classes": _json(self.classes.tolist()),
            "sides": json.dumps(self.sides),
            "reader": _json(self.reader.to_config()),
            "tokenizer": self.reader.tokenizer.to_json(),
        }
        if self.ngrams is not None:
            texts["ngram_lengths"] = _json(list(self.ngrams.lengths))
            texts["ngrams"] = _packed(self.ngrams.keys)
        if self.char_ngrams is not None:
            texts["char_ngram_lengths"] = _json(list(self.char_lengths))
            texts["char_ngrams"] = _packed(self.char_ngrams)
        if self.window is not None:
            texts["window"] = _json(self.window._asdict())
        if self.constant is not None:
            texts["constant"] = _json(self.constant.tolist())
        return {_PREFIX + name: text for name, text in texts.items()}


def read_metadata(props: Mapping[str, str], where: str = "model.onnx") -> Metadata:
    """What the metadata of an ONNX file say, be they damaged or made up.

    Args:
        props: `session.get_modelmeta().custom_metadata_map` of onnxruntime.
        where: The file, for messages.

    Raises:
        InputError: attnpool did not write the file, or a newer version did; it is damaged, or its
            tokeniser needs a library that is not installed.
    """
    if not isinstance(props, Mapping):
        raise InputError(
            f"the metadata are {type(props).__name__}; give the custom_metadata_map of "
            "session.get_modelmeta()"
        )
    texts = {
        name.removeprefix(_PREFIX): text
        for name, text in props.items()
        if isinstance(name, str) and name.startswith(_PREFIX)
    }
    if "format_version" not in texts:
        raise InputError(
            f"{where} is no model of attnpool, or its metadata are lost; attnpool export writes one"
        )
    try:
        version = json.loads(texts["format_version"])
        check(type(version) is int and version >= 1, "format version")
        if version <= FORMAT_VERSION:
            return _read(texts, where)
    except MissingLibraryError:
        raise
    except NONSENSE as error:  # an InputError is a ValueError
        raise damaged(where, str(error).removeprefix(f"{where}: ")) from None
    raise InputError(
        f"{where}: format version {min(version, 10**9)} is newer than {FORMAT_VERSION}, "
        "the newest this attnpool reads; upgrade attnpool"
    )


def damaged(where: str, what: str) -> InputError:
    """What to say of a file that makes no sense.

    Args:
        where: The file.
        what: What makes none.
    """
    why = shortened(what, 80)
    return InputError(f"{where} is damaged ({why}); copy it again or export the model again")


def _read(texts: Mapping[str, str], where: str) -> Metadata:
    config = json.loads(texts["reader"], parse_constant=_no_number)
    tokenizer = parse_tokenizer(texts["tokenizer"], config["tokenizer"], where)
    check(type(config["limit"]) is int and 1 <= config["limit"] <= _MOST, "limit")
    reader = TextReader.from_config(config, tokenizer)
    classes = label_array(json.loads(texts["classes"], parse_constant=_no_number))
    check(classes.ndim == 1 and 1 <= len(set(classes.tolist())) == len(classes), "classes")
    sides = json.loads(texts["sides"])
    check(sides in (1, 2) and type(sides) is int, "sides")
    ngrams = char_ngrams = window = None
    char_lengths: tuple[int, ...] = ()
    if "ngrams" in texts:
        lengths = json.loads(texts["ngram_lengths"])
        checked_lengths(lengths, MAX_NGRAM)
        keys = {"ngrams": _unpacked(texts["ngrams"])}
        ngrams = read_ngrams({"ngrams": lengths}, keys, tokenizer.size)
    if "char_ngrams" in texts:
        char_lengths = checked_lengths(json.loads(texts["char_ngram_lengths"]), MAX_CHAR_NGRAM)
        check(bool(char_lengths), "no lengths of character n-grams")
        char_ngrams = ascending(_unpacked(texts["char_ngrams"]), "char_ngrams")
    if "window" in texts:
        window = Window(**json.loads(texts["window"]))
        check(all(type(number) is int for number in window), "window")
        check(window.content >= 1 and 0 <= window.before <= window.special, "window")
    constant = None
    if "constant" in texts:
        constant = np.array(json.loads(texts["constant"], parse_constant=_no_number), np.float64)
        check(constant.shape == classes.shape and bool(np.isfinite(constant).all()), "constant")
    return Metadata(reader, classes, sides, ngrams, char_ngrams, char_lengths, window, constant)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=plain)


def _packed(keys: Int[np.ndarray, "keys"]) -> str:
    return b64encode(keys.astype("<i8").tobytes()).decode()


def _unpacked(text: str) -> np.ndarray:
    return np.frombuffer(b64decode(text, validate=True), "<i8").astype(np.int64)


def _no_number(name: str) -> None:
    raise ValueError(name)
