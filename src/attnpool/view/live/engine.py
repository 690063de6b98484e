"""The engine of a live page: the runtime of a compact model in JavaScript, and what it needs."""

from __future__ import annotations

import base64
import gzip
from importlib.resources import files
from typing import Any

FILES = (
    *("bytes", "safetensors", "code_points"),
    *("composition", "rewriting", "rewriting_steps", "normal_form", "cleanup"),
    *("characters", "word_spans", "words", "reader"),
    *("tables", "keys", "ngrams", "char_ngrams", "unknown_words"),
    *("normalizers", "network", "contribution", "engine"),
)
"""The files of the engine, in the order in which they are joined."""


def engine_script() -> str:
    """The engine as the beginning of the one function of a classic script.

    It defines `openModel(base64, tables)`, a promise of the model: `packed` gives the first,
    `attnpool.view.live.tables.tables_of` the second.
    """
    folder = files("attnpool.view.live").joinpath("engine")
    return "\n".join(folder.joinpath(f"{name}.js").read_text("utf-8") for name in FILES)


def packed(model: Any) -> str:
    """A compact model as text: base64 of its file in gzip, the same for equal models.

    Args:
        model: A `CompactModel`.
    """
    return base64.b64encode(gzip.compress(model.to_bytes(), compresslevel=9, mtime=0)).decode()
