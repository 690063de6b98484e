"""`attnpool demo`: the bundled rows, no network, one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from attnpool.cli import outputs
from attnpool.cli.streams import tell
from attnpool.errors import TRAINING, require


def demo(
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            parser=outputs.path,
            help="A new or empty folder for index.html and live.html, or the folder of an earlier "
            "demo.",
        ),
    ] = Path("attnpool-demo"),
    overwrite: outputs.Overwrite = False,
    lang: outputs.Lang = None,
) -> None:
    """Train on the bundled rows, explain the predictions, write DIR/index.html.

    DIR/live.html is a page in which a model of reviews, Chinese and English, answers what is typed.
    """
    outputs.check_demo(out, overwrite=overwrite)
    outputs.check_pages(out, [outputs.LIVE])
    require("the demo", *TRAINING)
    from attnpool.gallery.demo import build_demo
    from attnpool.progress import TerminalProgress

    accuracies = build_demo(out, TerminalProgress(), lang=lang)
    for task, (accuracy, majority) in accuracies.items():
        tell(
            f"{task:10} accuracy {accuracy:.3f} (majority class: {majority:.3f}) on rows never seen"
        )
    tell(f"wrote {out / outputs.PAGE}")
    tell(f'try: attnpool explain {out / "sentiment"} "房间很干净，但是隔音太差"')
    tell(f"open {out / outputs.LIVE}: type, and the colours follow")
