"""What `tokenizer.json` holds; the file may be truncated or changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attnpool.errors import InputError
from attnpool.files.ordinary import read_ordinary
from attnpool.files.paths import checked_path
from attnpool.files.strict_json import strict_json
from attnpool.text.special_tokens import PADDING, PADDING_NAME, UNKNOWN, UNKNOWN_NAME

MOST_BYTES = 256 << 20
"""The largest `tokenizer.json` that is read."""


def read_text(path: Path) -> str:
    """The content of the file.

    Args:
        path: The file.

    Raises:
        InputError: The file cannot be read.
    """
    try:
        return read_ordinary(checked_path(path), MOST_BYTES).decode("utf-8")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; name a tokenizer.json file") from None
    except UnicodeDecodeError:
        raise _no_json(path) from None


def parse_json(text: str, where: Path | str) -> dict[str, Any]:
    """The JSON object of a tokeniser.

    Args:
        text: The content of the file.
        where: The file, for the message.

    Raises:
        InputError: The text is no JSON object with a `model`.
    """
    try:
        form = strict_json(text)
    except ValueError:
        raise _no_json(where) from None
    if not isinstance(form, dict) or not isinstance(form.get("model"), dict):
        raise InputError(f"{where}: no tokeniser in this JSON; save the tokeniser again")
    return form


def word_level(
    vocabulary: Mapping[str, int], normalizer: object, pre_tokenizer: Mapping[str, Any]
) -> str:
    """The content of a file whose tokens are looked up in a vocabulary as they are.

    Args:
        vocabulary: The id of each token.
        normalizer: What the library does with a text before it is split.
        pre_tokenizer: What splits it.
    """
    form = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": normalizer,
        "pre_tokenizer": pre_tokenizer,
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": UNKNOWN_NAME},
    }
    return json.dumps(form, ensure_ascii=False, indent=2)


def pre_tokenizer(patterns: Sequence[str]) -> dict[str, Any]:
    """What splits a text at white space, then into the matches of patterns."""
    splits = [
        {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
        for pattern in patterns
    ]
    return {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, *splits]}


def check_ids(vocabulary: Mapping[str, Any], where: Path | str) -> None:
    """Refuse a vocabulary whose ids do not fit an embedding table of its size.

    Args:
        vocabulary: The id of each token.
        where: The file, for the message.

    Raises:
        InputError: The ids of padding and unknown are not 0 and 1, or ids have gaps.
    """
    named = (vocabulary.get(PADDING_NAME), vocabulary.get(UNKNOWN_NAME))
    whole = all(type(index) is int for index in vocabulary.values())
    ids = set(vocabulary.values()) if whole else set()
    if named != (PADDING, UNKNOWN) or not whole or ids != set(range(len(ids))):
        raise InputError(
            f"{where}: the ids of the vocabulary are damaged; save the tokeniser again"
        )


def _no_json(where: Path | str) -> InputError:
    return InputError(f"{where}: not JSON, or cut short; save the tokeniser again")
