"""The engine of a live page: the runtime of a compact model in JavaScript, and what it needs."""

from __future__ import annotations

import base64
import gzip
from functools import cache
from importlib.resources import files
from typing import Any

from attnpool.view.live.tables import tables_of

__all__ = ["engine_script", "packed", "tables_of"]

FILES = (
    *("bytes", "safetensors", "code_points"),
    *("composition", "rewriting", "rewriting_steps", "normal_form", "cleanup"),
    *("characters", "word_spans", "words", "reader"),
    *("number_tables", "keys", "ngrams", "char_ngrams", "unknown_words"),
    *("normalizers", "network", "contribution"),
    *("layers", "pair_network", "pair_contribution", "engine"),
)
"""The files of the engine, in the order in which they are joined."""


@cache
def engine_script() -> str:
    """The engine as a statement of a classic script, which defines one name.

    `openModel(base64, tables)` is a promise of the model: `packed` gives the first, `tables_of`
    the second.
    """
    folder = files("attnpool.view.live").joinpath("engine")
    code = "\n".join(folder.joinpath(f"{name}.js").read_text("utf-8") for name in FILES)
    return f'const openModel = (() => {{\n"use strict";\n{code}\nreturn openModel;\n}})();\n'


def packed(model: Any) -> str:
    """A compact model as text: base64 of its file in gzip, the same for equal models.

    Args:
        model: A `CompactModel`.
    """
    return base64.b64encode(gzip.compress(model.to_bytes(), compresslevel=9, mtime=0)).decode()
