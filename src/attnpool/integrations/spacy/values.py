"""What a document carries: its explanation, and by it a value for each token and span."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from math import fsum
from typing import Any
from weakref import ref

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


class Annotation:
    """What a document carries: its explanation, and each character's part of the values.

    Args:
        explanation: The explanation of its text.
    """

    def __init__(self, explanation: Explanation) -> None:
        self.explanation = explanation
        self._doc: ref[Doc] | None = None  # whose text was compared: once, not for each token

    def __reduce__(self) -> tuple[Any, ...]:
        """As copies and pickles have it: a reference to a document has no place there."""
        return Annotation, (self.explanation,)

    def is_of(self, doc: Doc) -> bool:
        """Whether the text of a document is the one that was explained.

        Args:
            doc: The document, which may have its `user_data` from another.
        """
        if self._doc is None or self._doc() is not doc:
            if self.explanation.texts != [doc.text]:
                return False
            self._doc = ref(doc)
        return True

    @cached_property
    def characters(self) -> list[float]:
        """The part of each character of the text: a value counts alike for those of its token."""
        side = self.explanation.sides[0]
        starts = side.spans[:, 0].clip(max=len(side.text) - 1)
        widths = (side.spans[:, 1] - starts).clip(1)  # a token of no width is where it begins
        within = np.arange(widths.sum()) - np.repeat(widths.cumsum() - widths, widths)
        parts: list[float] = np.bincount(
            np.repeat(starts, widths) + within,
            np.repeat(side.values / widths, widths),
            minlength=len(side.text),
        ).tolist()
        return parts


def annotate(doc: Doc, explanation: Explanation, prefix: str) -> None:
    """Store an explanation where the extension attributes look for it.

    Args:
        doc: The document, whose text was explained.
        explanation: Its explanation.
        prefix: How the names begin.
    """
    doc.user_data[_key(prefix)] = Annotation(explanation)


def _key(prefix: str) -> Any:
    """Where spaCy has the extension attributes of a document: a part of it does not inherit it."""
    return ("._.", f"{prefix}_explanation", None, None)


def _annotation(prefix: str, doc: Doc) -> Annotation | None:
    """What a document carries; None where it has nothing, or that of another text."""
    found = doc.user_data.get(_key(prefix))
    if isinstance(found, Mapping):  # the public form: the document comes from bytes
        annotate(doc, Explanation.from_dict(found), prefix)
        return _annotation(prefix, doc)
    return found if isinstance(found, Annotation) and found.is_of(doc) else None


def _explanation(prefix: str, doc: Doc) -> Explanation | None:
    """The explanation of a document; None where it has none of its text."""
    found = _annotation(prefix, doc)
    return None if found is None else found.explanation


def _value(prefix: str, part: Token | Span) -> float | None:
    """The sum of the parts of the characters of a token or span; None without an explanation.

    The blank behind a token is the token's, so tokens share out the whole text, and their values
    add up to those of the explanation, however spaCy splits the text, then or later.
    """
    found = _annotation(prefix, part.doc)
    if found is None:
        return None
    start = part.idx if isinstance(part, Token) else part.start_char
    return fsum(found.characters[start : start + len(part.text_with_ws)])


def _packed(value: Any, chain: Callable[[Any], Any] | None = None) -> Any:
    """An explanation in its public form, as documents are stored and sent to other processes."""
    if isinstance(value, Annotation):
        return value.explanation.to_dict()
    return value if chain is None else chain(value)


srsly.msgpack_encoders.register("attnpool.explanation", func=_packed)
