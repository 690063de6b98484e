"""What a notebook shows of an explanation."""

from __future__ import annotations

from attnpool.explanation import Explanation
from attnpool.view.page.html import to_fragment
from attnpool.view.terminal.terminal import to_plain


def mimebundle(explanation: Explanation) -> dict[str, str]:
    """An explanation by media type, as IPython's `_repr_mimebundle_` returns it.

    Where no HTML is shown (a console, an export to LaTeX) the text with its marks is.
    """
    return {
        "text/html": to_fragment([explanation]),
        "text/plain": to_plain([explanation]).rstrip("\n"),
    }
