"""The golden files of SVG, PNG, Markdown and JSON: the same pictures in each."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PIL import Image

from attnpool.explanation import Explanation
from attnpool.view.as_json import to_json
from attnpool.view.markdown import to_markdown
from attnpool.view.picture import heads_plot
from attnpool.view.picture.png import to_png
from attnpool.view.picture.svg import to_svg

from . import samples


def _alignment() -> list[Explanation]:
    # Rounded: the last digit of an exponential is not the same on every machine.
    return [
        replace(item, alignment=np.round(item.alignment, 4))
        for item in (samples.aligned(), samples.aligned_words())
    ]


KINDS: dict[str, Callable[[], list[Explanation]]] = {
    "one": lambda: [samples.review(), samples.moods()],
    "heads": lambda: [samples.hotel()],
    "pair": lambda: [samples.pair()],
    "triplet": lambda: [samples.triplet()],
    "alignment": _alignment,
    "shares": samples.all_shares,
}

CASES: dict[str, Callable[[], str]] = {
    **{
        f"{kind}.svg": lambda kind=kind: to_svg(KINDS[kind](), heads=kind == "heads")
        for kind in KINDS
    },
    **{
        f"{kind}.md": lambda kind=kind: to_markdown(KINDS[kind](), heads=kind == "heads")
        for kind in KINDS
    },
    **{
        f"{kind}.json": lambda kind=kind: to_json(KINDS[kind]())
        for kind in KINDS
        if kind != "shares"  # which has no colours, and 9,000 tokens
    },
    "attack.svg": lambda: to_svg([samples.attack(samples.ATTACKS["bidi"])], width=40, theme="auto"),
    "attack.md": lambda: to_markdown([samples.attack(samples.ATTACKS["markup"])]),
    "plot.svg": lambda: heads_plot.to_svg(samples.hotel(), theme="dark"),
    "plot-uniform.svg": lambda: heads_plot.to_svg(samples.shares("uniform", 30)),
}


def small(image: bytes) -> bytes:
    """The image with 48 colours, which is enough to compare it by."""
    out = io.BytesIO()
    Image.open(io.BytesIO(image)).convert("RGB").quantize(48).save(out, "png", optimize=True)
    return out.getvalue()


IMAGES: dict[str, Callable[[], bytes]] = {
    **{
        f"{kind}.png": lambda kind=kind: to_png(
            KINDS[kind]() if kind == "shares" else KINDS[kind]()[:1],
            heads=kind == "heads",
            width=56,
            scale=0.5 if kind == "shares" else 1.0,
        )
        for kind in KINDS
    },
    "plot.png": lambda: heads_plot.to_png(samples.hotel(), theme="dark", scale=1.0),
}
