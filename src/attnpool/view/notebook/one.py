"""What a notebook shows of one explanation or of several."""

from __future__ import annotations

from collections.abc import Sequence

from attnpool.explanation import Explanation
from attnpool.view.drawing.captions import words_for
from attnpool.view.page.html import to_fragment
from attnpool.view.terminal.terminal import to_plain


def mimebundle(explanations: Sequence[Explanation], more: int = 0) -> dict[str, str]:
    """Explanations by media type, as IPython's `_repr_mimebundle_` returns them.

    Where no HTML is shown (a console, an export to LaTeX) the text with its marks is.

    Args:
        explanations: Those that are shown.
        more: How many more there are.
    """
    plain, words = to_plain(explanations).rstrip("\n"), words_for(explanations)
    return {
        "text/html": to_fragment(explanations, more=more),
        "text/plain": f"{plain}\n{words('more', count=more)}" if more else plain,
    }
