"""OKLab, a colour space in which equal steps look equal; and the contrast of two colours.

Source: Björn Ottosson, "A perceptual color space for image processing" (2020); contrast as in
WCAG 2.2, section 1.4.3.
"""

from __future__ import annotations

import numpy as np

from attnpool._shapes import Float

_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> Float[np.ndarray, "3"]:
    """The linear red, green and blue of `"#rrggbb"`, each from 0 to 1."""
    gamma = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(gamma <= 0.04045, gamma / 12.92, ((gamma + 0.055) / 1.055) ** 2.4)


def hexadecimal(rgb: Float[np.ndarray, "3"]) -> str:
    """Linear red, green and blue as `"#rrggbb"`; what no screen can show is clipped."""
    rgb = np.clip(rgb, 0.0, 1.0)
    gamma = np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{value:02x}" for value in np.rint(255 * gamma).astype(int).tolist())


def lab(colour: str) -> Float[np.ndarray, "3"]:
    """The lightness, green–red and blue–yellow of `"#rrggbb"` in OKLab."""
    lab: Float[np.ndarray, "3"] = _LAB @ np.cbrt(_CONES @ linear(colour))
    return lab


def ramp(stops: tuple[str, ...], steps: int) -> tuple[str, ...]:
    """`steps` colours from the first stop to the last, evenly spaced in OKLab between stops."""
    points = np.stack([lab(stop) for stop in stops])
    places = np.linspace(0, len(stops) - 1, steps)
    curve = np.stack([np.interp(places, np.arange(len(stops)), axis) for axis in points.T], axis=1)
    unlab, uncones = np.linalg.inv(_LAB), np.linalg.inv(_CONES)
    return tuple(hexadecimal(uncones @ (unlab @ point) ** 3) for point in curve)


def luminance(colour: str) -> float:
    """The relative luminance of `"#rrggbb"`: 0 for black, 1 for white."""
    return float(linear(colour) @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21; text needs 4.5 for WCAG AA."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
