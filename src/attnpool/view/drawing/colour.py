"""The one mapping from value to colour; every rendering uses it.

A value becomes a level, a level a background under the text. Where the model *looked* (values
that are never negative) goes from the page's own colour to amber; what *pushed* it (signed
values) to orange for and to blue against. Attention and other shares of a whole deepen only above
the uniform share, so that weights that are all alike look pale. The hues stay apart for
colour-blind readers, and lightness alone tells the order. The ink is one colour per theme, with a
contrast of at least 4.5 on every step, so letters never flip between black and white inside a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.attribution_methods import record_of
from attnpool.errors import InputError
from attnpool.explanation import Explanation
from attnpool.view.drawing.oklab import ramp

LEVELS = 12
"""The number of steps between no colour (level 0) and full colour."""

TIMES_UNIFORM = 4
"""Full colour means at least so many times the uniform share."""

UNIFORM = 1.5
"""Where on a scale of shares the uniform one is: above it begins level 2."""

PALEST = (0.6, 1.4)
"""Within level 1: where a share near 0 is on the scale, and where the uniform one."""

SAME = 1 + 1e-4
"""Times the uniform share: what rounding makes of it."""

Scope = Literal["text", "page", "absolute"]
Theme = Literal["light", "dark"]
Hue = Literal["looked", "for", "against"]

INK: dict[Theme, str] = {"light": "#1c1917", "dark": "#faf8f5"}
"""The colour of letters on a coloured background."""

RAMPS: dict[Theme, dict[Hue, tuple[str, ...]]] = {
    "light": {
        "looked": ramp(("#fff8e6", "#ffc94d", "#ef8b00"), LEVELS),
        "for": ramp(("#ffebdf", "#ffb08f", "#f4683c"), LEVELS),
        "against": ramp(("#e3f0ff", "#a3cbfa", "#4f94ef"), LEVELS),
    },
    "dark": {
        "looked": ramp(("#2b2517", "#5c430e", "#965700"), LEVELS),
        "for": ramp(("#30231e", "#6b3520", "#b04a1a"), LEVELS),
        "against": ramp(("#1d2733", "#204170", "#2262bd"), LEVELS),
    },
}
"""The backgrounds of level 1 to `LEVELS`, by theme and hue."""


def is_signed(explanation: Explanation) -> bool:
    """Whether the values say what pushed the model, rather than where it looked.

    The record of the method says so. A negative value always counts as signed, so that no sign is
    ever hidden.
    """
    return record_of(explanation.method).signed or any(
        bool((side.values < 0).any()) for side in explanation.sides
    )


def check_theme(theme: str) -> None:
    """Refuse a theme there is not.

    Raises:
        InputError: It is neither light nor dark.
    """
    if theme not in RAMPS:
        raise InputError(f"unknown theme {theme!r}; choose one of: {', '.join(RAMPS)}")


@dataclass(frozen=True, slots=True)
class Scale:
    """How values become levels.

    Attributes:
        signed: Whether colours differ by sign.
        scope: What full colour means: the largest magnitude in the text (`"text"`), on the page
            (`"page"`), or a fixed value (`"absolute"`).
        full: The magnitude of full colour. 0 where there is nothing to show: all stay uncoloured.
        uniform: The share that each token would have if all had the same; 0 for values that are
            not shares of a whole.
        asked: What the scope says full colour is, before 4 times the uniform share may be more.
    """

    signed: bool
    scope: Scope
    full: float
    uniform: float = 0.0
    asked: float = 0.0

    def levels(self, values: Float[np.ndarray, "n"]) -> Int[np.ndarray, "n"]:
        """The level of each value, from `-LEVELS` to `LEVELS`; monotone in the value.

        Magnitudes beyond `full`, infinite ones too, get full colour; NaN gets none. Shares up to
        the uniform one, and no others, get the palest colour; those that are exactly 0 get none.
        """
        levels: Int[np.ndarray, "n"] = np.rint(self.places(values)).astype(np.int64)
        return levels

    def places(self, values: Float[np.ndarray, "n"]) -> Float[np.ndarray, "n"]:
        """The same before rounding: how far each value is along the scale."""
        return scale_places(values, self.full, np.full(len(values), self.uniform))


def scale_places(
    values: Float[np.ndarray, "n"], full: float, uniform: Float[np.ndarray, "n"]
) -> Float[np.ndarray, "n"]:
    """How far values are along a scale, from `-LEVELS` to `LEVELS`.

    Args:
        values: The values.
        full: The magnitude of full colour.
        uniform: The uniform share beside each value; 0 for values that are not shares.
    """
    if not full > 0:
        return np.zeros(len(values))
    numbers = np.nan_to_num(values.astype(np.float64), posinf=np.inf, neginf=-np.inf)
    plain = np.clip(numbers / full, -1.0, 1.0) * LEVELS
    known = uniform > 0
    if not known.any():
        return plain
    times = np.clip(numbers / np.where(known, uniform, 1.0), 0.0, 1.0)
    below = PALEST[0] + (PALEST[1] - PALEST[0]) * times
    # Where one token is the whole there is nothing above its share.
    deepens = full > uniform * SAME
    above = np.clip((numbers - uniform) / np.where(deepens, full - uniform, 1.0), 0.0, 1.0)
    share = np.where(
        deepens & (numbers > uniform * SAME),
        UNIFORM + (LEVELS - UNIFORM) * above,
        np.where(numbers > 0, below, 0.0),
    )
    return np.where(known, share, plain)


def full_of_shares(largest_share: float, uniform: float, whole: float) -> float:
    """The share of full colour: the largest, at least 4 times the uniform one, at most all."""
    return min(max(largest_share, TIMES_UNIFORM * uniform), whole)


def largest(values: Float[np.ndarray, "_"]) -> float:
    """The largest finite magnitude; 0 where there is none."""
    finite = values[np.isfinite(values)]
    return float(np.abs(finite).max()) if len(finite) else 0.0


def hue(level: int, *, signed: bool) -> Hue:
    """The hue of a level other than 0."""
    if not signed:
        return "looked"
    return "for" if level > 0 else "against"


def background(level: int, *, signed: bool, theme: Theme) -> str | None:
    """The colour under a text of this level as `"#rrggbb"`; None for level 0."""
    if level == 0:
        return None
    return RAMPS[theme][hue(level, signed=signed)][abs(level) - 1]


def hue_class(level: int, signed: bool) -> str:
    """The name of the colour of a level other than 0: `l7` (looked), `f7` (for) or `a7` (against).

    Pages use it as a class, pictures as a role.
    """
    return f"{hue(level, signed=signed)[0]}{abs(level)}"
