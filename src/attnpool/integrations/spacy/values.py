"""What a document carries: its explanation, and by it a value for each token and span."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from attnpool.errors import InputError
from attnpool.explanation import Explanation
from attnpool.integrations.spacy.library import Doc, Span, Token, srsly
from attnpool.sanitize import quoted


def register(prefix: str) -> None:
    """Give documents `._.PREFIX_explanation`, and tokens and spans `._.PREFIX_value`.

    Args:
        prefix: How the names begin.

    Raises:
        InputError: It makes no name, or a name belongs to somebody else.
    """
    if not prefix.isidentifier():
        raise InputError(f"prefix {quoted(prefix)} makes no name; give one such as 'attnpool'")
    # Partials of functions of this module, which spaCy can send to other processes.
    for kind, name, getter in (
        (Doc, f"{prefix}_explanation", _explanation),
        (Token, f"{prefix}_value", _value),
        (Span, f"{prefix}_value", _value),
    ):
        if not kind.has_extension(name):
            kind.set_extension(name, getter=partial(getter, prefix))
        elif getattr(kind.get_extension(name)[2], "func", None) is not getter:
            owner = kind.__name__.lower()
            raise InputError(
                f"{owner}._.{name} is in use by another library; give another prefix than "
                f"{quoted(prefix)}"
            )


def annotate(doc: Doc, explanation: Explanation, prefix: str) -> None:
    """Store an explanation where its getters look for it.

    Args:
        doc: The document, whose text was explained.
        explanation: Its explanation.
        prefix: How the names begin.
    """
    doc.user_data[_key(prefix)] = explanation


def _key(prefix: str) -> tuple[str, str, None, None]:
    """Where spaCy has the extension attributes of a document: a part of it does not inherit it."""
    return ("._.", f"{prefix}_explanation", None, None)


def _explanation(prefix: str, doc: Doc) -> Explanation | None:
    """The explanation of a document; None where it has none.

    It is in its public form where the document comes from bytes: a file, another process.
    """
    found: Any = doc.user_data.get(_key(prefix))
    if isinstance(found, Mapping):
        found = Explanation.from_dict(found)
        annotate(doc, found, prefix)
    return found if isinstance(found, Explanation) else None


def _value(prefix: str, part: Token | Span) -> float | None:
    """The sum of the values on the characters of a token or span; None without an explanation.

    A value counts alike for each character of its token. The blank behind a token is the token's,
    so tokens share out the whole text, and their values add up to those of the explanation.
    """
    explanation = _explanation(prefix, part.doc)
    if explanation is None:
        return None
    start = part.idx if isinstance(part, Token) else part.start_char
    side = explanation.sides[0]
    starts = side.spans[:, 0]
    ends = np.maximum(side.spans[:, 1], starts + 1)  # a token of no width is where it begins
    within = np.minimum(ends, start + len(part.text_with_ws)) - np.maximum(starts, start)
    return float(side.values.astype(np.float64) @ (within.clip(0) / (ends - starts)))


def _packed(value: Any, chain: Callable[[Any], Any] | None = None) -> Any:
    """An explanation in its public form, as documents are stored and sent to other processes."""
    if isinstance(value, Explanation):
        return value.to_dict()
    return value if chain is None else chain(value)


srsly.msgpack_encoders.register("attnpool.explanation", func=_packed)
