"""Pictures inside a page: the curves of heads, once for wide screens and once for phones."""

from __future__ import annotations

from markupsafe import Markup

from attnpool.explanation import Explanation
from attnpool.view.picture.heads_plot import NARROWEST, plot
from attnpool.view.picture.marks import MARGIN
from attnpool.view.picture.svg import write_svg
from attnpool.view.words import Words

_WIDTHS = {"broad": 80, "slim": NARROWEST}


def inline_plot(explanation: Explanation, words: Words) -> Markup:
    """The curves of an explanation's heads as HTML; nothing where there is one head.

    The page shows the picture that fits, colours it (`style.section_sheet`), and says beside it
    how much the heads look at the same tokens.
    """
    if explanation.heads < 2:
        return Markup()
    drawn = {
        name: write_svg(
            plot(explanation, words, width=width, overlap=False),
            "auto",
            styled=False,
            crop=MARGIN - 2,
        )
        for name, width in _WIDTHS.items()
    }
    pictures = "".join(f'<div class="{name}">{svg}</div>' for name, svg in drawn.items())
    return Markup(f'<div class="plot">{pictures}</div>')  # noqa: S704 (write_svg escapes)
