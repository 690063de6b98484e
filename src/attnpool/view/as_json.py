"""Explanations as JSON: the public form, one object or a list of them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from attnpool.explanation import Explanation
from attnpool.sanitize import printable


def to_json(explanations: Sequence[Explanation], *, indent: int | None = None) -> str:
    """The public form of explanations: an object for one, a list for none or several.

    Raises:
        ValueError: A number is not finite, which would be a defect of this library.
    """
    forms = [explanation.to_dict() for explanation in explanations]
    whole = forms[0] if len(forms) == 1 else forms
    # Texts have left their lone surrogates behind; verdicts and names may still bring some.
    return printable(json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=indent)) + "\n"
