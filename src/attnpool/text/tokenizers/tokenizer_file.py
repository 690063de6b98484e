"""Reading `tokenizer.json`, which may be truncated or changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from attnpool.errors import InputError
from attnpool.text.special_tokens import PADDING, PADDING_NAME, UNKNOWN, UNKNOWN_NAME

_PROBE = "a b 房 \U0010ffff"  # the last character is unknown to any vocabulary


def read_json(path: Path) -> tuple[str, dict[str, Any]]:
    """The file's text and the JSON object in it.

    Args:
        path: The file.

    Raises:
        InputError: The file cannot be read, or holds no JSON object with a `model`.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
        form = json.loads(text)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; name a tokenizer.json file") from None
    except (ValueError, RecursionError):
        raise InputError(f"{path}: not JSON, or cut short; save the tokeniser again") from None
    if not isinstance(form, dict) or not isinstance(form.get("model"), dict):
        raise InputError(f"{path}: no tokeniser in this JSON; save the tokeniser again")
    return text, form


def read_library(path: Path) -> tuple[str, dict[str, Any], Tokenizer]:
    """The file's text, its JSON object and its Hugging Face tokeniser.

    The tokeniser's own truncation and padding are switched off.

    Args:
        path: The file.

    Raises:
        InputError: Hugging Face `tokenizers` refuses the file, or fails with it.
    """
    text, form = read_json(path)
    try:
        library = Tokenizer.from_str(text)
        library.no_truncation()
        library.no_padding()
        library.encode(_PROBE)  # some damage shows only here
    # For some broken files the library raises a Rust panic, which is no Exception.
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"{path}: not a tokeniser ({reason}); save the tokeniser again") from None
    return text, form, library


def check_ids(vocabulary: dict[str, Any], path: Path) -> None:
    """Refuse a vocabulary whose ids do not fit an embedding table of its size.

    Args:
        vocabulary: The id of each token.
        path: The file, for the message.

    Raises:
        InputError: The ids of padding and unknown are not 0 and 1, or ids have gaps.
    """
    named = (vocabulary.get(PADDING_NAME), vocabulary.get(UNKNOWN_NAME))
    whole = all(type(index) is int for index in vocabulary.values())
    ids = set(vocabulary.values()) if whole else set()
    if named != (PADDING, UNKNOWN) or not whole or ids != set(range(len(ids))):
        raise InputError(f"{path}: the ids of the vocabulary are damaged; save the tokeniser again")
