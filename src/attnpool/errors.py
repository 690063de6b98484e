"""The one error that means: the input is at fault, or a library is missing; and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

_MOST = 300  # characters of a word in a message: a path is one word, and may be a long one
_HALF = 80  # what is kept of either end of a longer one
_LONGEST = 1500  # characters of a message
_LONG_WORD = re.compile(rf"\S{{{_MOST + 1},}}")


class InputError(ValueError):
    """Bad input, told in one line: what is wrong, where, and what to do.

    The command line prints the message to stderr and leaves with exit status 2; in Python it
    is an ordinary `ValueError`. Very long words in it, such as names of files, are cut.
    """

    def __init__(self, message: str) -> None:
        super().__init__(with_short_words(message))


class MissingLibraryError(InputError):
    """A library that something needs is not installed; the message names what installs it."""


class NoCompactFormError(InputError):
    """A model has no compact form, or none that a page can run; the message says why."""


TRAINING = ("torch", "sklearn", "scipy", "tokenizers")
"""What trained models of folders need, and training."""

# From what is imported to the extra that installs it; see pyproject.toml.
_EXTRAS = {
    **dict.fromkeys((*TRAINING, "polars", "rapidfuzz"), "train"),
    "matplotlib": "images",
    "jieba": "words",
    **dict.fromkeys(("fastexcel", "xlsxwriter"), "excel"),
    **dict.fromkeys(("transformers", "sentence_transformers"), "encoders"),
    "keras": "keras",
    "spacy": "spacy",
    **dict.fromkeys(("onnx", "onnxscript", "onnxruntime"), "onnx"),
    "huggingface_hub": "hub",
    "ray": "ray",
    "backports.zstd": "zstd",
}
_PACKAGES = {
    "sklearn": "scikit-learn",
    "sentence_transformers": "sentence-transformers",
    "huggingface_hub": "huggingface-hub",
}


def cut(word: str) -> str:
    """The word, without its middle if it is too long for a message."""
    return word if len(word) <= _MOST else f"{word[:_HALF]}…{word[-_HALF:]}"


def with_short_words(message: str) -> str:
    """The message, without the middle of every word that is too long for one, or of itself.

    Args:
        message: A message, in which there may be names of files.
    """
    message = _LONG_WORD.sub(lambda found: cut(found[0]), message)
    if len(message) <= _LONGEST:
        return message
    return f"{message[: _LONGEST // 3]} … {message[-_LONGEST // 3 :]}"  # a long name with blanks


def no_text(value: Any) -> str:
    """What to do about a value where a text belongs.

    Args:
        value: The value, which is no string.
    """
    if isinstance(value, bytes):
        return "decode it to a string"
    if isinstance(value, Iterable):
        return "give the text itself"
    try:
        missing = value is None or bool(value != value)
    except (TypeError, ValueError):  # pandas.NA is neither true nor false
        missing = True
    return "fill or drop missing texts" if missing else "give texts as strings"


def require(what: str, *libraries: str, extra: str | None = None) -> None:
    """Refuse at once what a library is missing for, before any work is done. Nothing is imported.

    Args:
        what: What needs the libraries.
        libraries: The names by which they are imported.
        extra: The extra that brings them; default: the one that brings the first missing one.

    Raises:
        InputError: One is not installed; the line names the extra that brings it.
    """
    for library in libraries:
        if not _is_installed(library):
            raise _missing(what, library, extra)


def explained(error: ModuleNotFoundError, what: str) -> Exception:
    """What to raise for a module that was not found: an `InputError` if an extra would bring it.

    Args:
        error: What the import raised.
        what: What needs the module.
    """
    library = (error.name or "").partition(".")[0]
    return _missing(what, library) if library in _EXTRAS else error


def _missing(what: str, library: str, extra: str | None = None) -> MissingLibraryError:
    package = _PACKAGES.get(library, library)
    return MissingLibraryError(
        f"{what} needs {package}, which is not installed; "
        f'pip install "attnpool[{extra or _EXTRAS[library]}]"'
    )


def _is_installed(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ValueError:  # a module that was put in place by hand has no origin
        return True
    except ImportError:
        return False
