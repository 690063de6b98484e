"""The colours of pictures by name, in both themes; the coloured text's own are in `colour`."""

from __future__ import annotations

from attnpool.view.drawing.colour import INK, RAMPS, Theme

CHROME: dict[Theme, dict[str, str]] = {
    "light": {
        "paper": "#ffffff",
        "line": "#e7e4df",
        "ink": INK["light"],
        "soft": "#57534e",
        "right": "#166534",
        "wrong": "#b42318",
    },
    "dark": {
        "paper": "#201d1b",
        "line": "#403a35",
        "ink": INK["dark"],
        "soft": "#b3aca5",
        "right": "#86d49d",
        "wrong": "#f5a097",
    },
}
"""What is no coloured text: the page, its lines, its letters."""

CURVES: dict[Theme, tuple[str, ...]] = {
    "light": ("#0072b2", "#c2500a", "#008060", "#a8478a", "#8a6500", "#4b4ecf"),
    "dark": ("#56b4e9", "#f2803a", "#2cc295", "#de8dbb", "#e3bd32", "#a5a8ff"),
}
"""The curves of heads, after Okabe and Ito (2008), with a contrast of at least 3 to the page."""


def colour_of(role: str, theme: Theme) -> str:
    """The colour of a role: a key of `CHROME`, a level such as `"l7"`, or a curve, `"h0"`."""
    named = CHROME[theme].get(role)
    if named is not None:
        return named
    number = int(role[1:])
    if role[0] == "h":
        return CURVES[theme][number % len(CURVES[theme])]
    ramp = next(ramp for hue, ramp in RAMPS[theme].items() if hue[0] == role[0])
    return ramp[number - 1]
