"""Write the golden files again: `python -m tests.view.regenerate` from the project's root.

Look at what changed (`git diff tests/view/golden`) before committing it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from attnpool.view.page.html import Section, to_fragment, to_html
from attnpool.view.terminal.terminal import to_terminal

from . import samples
from .pictures import CASES as PICTURES
from .pictures import IMAGES, small

GOLDEN = Path(__file__).with_name("golden")


def console(system: str | None, width: int = 72, *, no_colour: bool = False) -> Console:
    """A console that asks nothing of the environment."""
    return Console(
        file=io.StringIO(),
        width=width,
        color_system=system,
        force_terminal=system is not None,
        no_color=no_colour,
        legacy_windows=False,
        _environ={},
    )


def without_assets(html: str) -> str:
    """The page without its style sheets, scripts and their digests, which change more often."""
    html = re.sub(r"<(style|script)>.*?</\1>", r"<\1>…</\1>", html, flags=re.DOTALL)
    return re.sub(r"'sha256-[^']+'", "'sha256-…'", html)


def _page(lang: str | None = None) -> str:
    page = to_html(
        [samples.emoji()],
        title="Golden page",
        lead="Every kind of card once.",
        sections=[
            Section(
                "Reviews",
                lead="One is wrong.",
                figures={"accuracy": "0.50", "rows": "2"},
                explanations=[samples.hotel(), samples.review()],
            ),
            Section("情绪", "moods", explanations=[samples.moods()]),
            Section("Pairs", explanations=[samples.pair(), *samples.matches()]),
            Section("Classes", explanations=samples.targets()),
        ],
        lang=lang,
    )
    return without_assets(page)


CASES: dict[str, Callable[[], str]] = {
    "truecolor-dark.txt": lambda: to_terminal(
        samples.all_kinds(), console("truecolor"), heads=True, theme="dark"
    ),
    "truecolor-light.txt": lambda: to_terminal(
        samples.all_kinds(), console("truecolor"), theme="light"
    ),
    "256-dark.txt": lambda: to_terminal(samples.all_kinds(), console("256"), theme="dark"),
    "standard.txt": lambda: to_terminal(samples.all_kinds(), console("standard")),
    "no-color.txt": lambda: to_terminal(samples.all_kinds(), console("truecolor", no_colour=True)),
    "plain.txt": lambda: to_terminal(samples.all_kinds(), console(None), heads=True),
    "shares-truecolor.txt": lambda: to_terminal(
        samples.all_shares(), console("truecolor"), theme="light"
    ),
    "shares-plain.txt": lambda: to_terminal(samples.all_shares(), console(None)),
    "shares.html": lambda: without_assets(to_html(samples.all_shares())),
    "english.txt": lambda: to_terminal(samples.all_kinds(), console(None), heads=True, lang="en"),
    "page.html": _page,
    "english.html": lambda: _page("en"),
    "fragment.html": lambda: without_assets(to_fragment([samples.pair()])),
    **PICTURES,
}


def main() -> None:
    """Write every golden file."""
    GOLDEN.mkdir(exist_ok=True)
    for name, make in CASES.items():
        (GOLDEN / name).write_text(make(), encoding="utf-8", newline="")
    for name, draw in IMAGES.items():
        (GOLDEN / name).write_bytes(small(draw()))


if __name__ == "__main__":
    main()
