"""Explanations as JSON: the public form, one object or a list of them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from attnpool.explanation import Explanation
from attnpool.sanitize import printable


def to_json(explanations: Sequence[Explanation], *, indent: int | None = None) -> str:
    """The public form of explanations: an object for one, a list for none or several.

    Args:
        explanations: What to write.
        indent: How many blanks a level is indented by; None for one line.

    Returns:
        The JSON. Write it as UTF-8.

    Raises:
        ValueError: A number is not finite, which would be a defect of this library.
    """
    forms = [explanation.to_dict() for explanation in explanations]
    whole = forms[0] if len(forms) == 1 else forms
    # Texts have no lone surrogates any more; verdicts and names of methods may have some.
    return printable(json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=indent)) + "\n"
