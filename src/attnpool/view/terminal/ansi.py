"""The same colours for terminals that know only 256.

Chosen by hand: the nearest of the 256 would turn weak steps grey, which hides the sign, and put
some dark steps out of order.
"""

from __future__ import annotations

from attnpool.view.drawing.colour import LEVELS, Hue, Theme, hue

_CUBE = (0, 95, 135, 175, 215, 255)

XTERM: dict[int, str] = {
    **{
        16 + 36 * r + 6 * g + b: f"#{_CUBE[r]:02x}{_CUBE[g]:02x}{_CUBE[b]:02x}"
        for r in range(6)
        for g in range(6)
        for b in range(6)
    },
    **{232 + i: f"#{8 + 10 * i:02x}" + 2 * f"{8 + 10 * i:02x}" for i in range(24)},
}
"""What colours 16 to 255 look like; the first 16 are the user's to choose."""

INK_256: dict[Theme, int] = {"light": 234, "dark": 231}
"""The colour of letters on a coloured background."""

_RAMPS: dict[Theme, dict[Hue, tuple[int, ...]]] = {
    "light": {
        "looked": (230, 223, 222, 214, 214, 208),
        "for": (224, 224, 216, 216, 209, 202),
        "against": (189, 189, 153, 111, 75, 68),
    },
    "dark": {
        "looked": (235, 236, 237, 58, 94, 130),
        "for": (52, 52, 88, 88, 124, 130),
        "against": (17, 17, 18, 24, 25, 26),
    },
}


def background_256(level: int, *, signed: bool, theme: Theme) -> int | None:
    """The number of the colour under a text of this level; None for level 0."""
    if level == 0:
        return None
    steps = _RAMPS[theme][hue(level, signed=signed)]
    return steps[(abs(level) - 1) * len(steps) // LEVELS]
