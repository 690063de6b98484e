"""`attnpool gallery`: every example on one page, on public files or on the bundled rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attnpool.cli import outputs
from attnpool.cli.streams import tell
from attnpool.errors import TRAINING, require

if TYPE_CHECKING:
    from attnpool.gallery.building import Made


def gallery(
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="DIR",
            parser=outputs.path,
            help="The folder with the original files of the public datasets. Bundled rows replace "
            "those not found.  [default: bundled rows for all]",
        ),
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            parser=outputs.path,
            help="A new or empty folder for index.html, live pages and rows/, or the folder of an "
            "earlier gallery.",
        ),
    ] = Path("attnpool-gallery"),
    overwrite: outputs.Overwrite = False,
    lang: outputs.Lang = None,
) -> None:
    """Train all examples, explain the predictions, write DIR/index.html.

    The examples show classification, matching, interaction, several heads and max pooling. Their
    rows are written to DIR/rows. The page gives the commands that reproduce each example, and links
    to a live page of each model that can have one, which answers what is typed.
    """
    outputs.check_demo(out, overwrite=overwrite, what="gallery")
    require("the gallery", *TRAINING)
    from attnpool.gallery.building import build_gallery
    from attnpool.gallery.live_pages import live_name
    from attnpool.gallery.recipes import RECIPES
    from attnpool.progress import TerminalProgress

    outputs.check_pages(out, map(live_name, RECIPES), "gallery")
    build_gallery(out, data, TerminalProgress(), tell=_tell, lang=lang)
    tell(f"wrote {out / outputs.PAGE}")


def _tell(made: Made) -> None:
    source = made.origin.partition(",")[0]
    tell(
        f"{made.id:17} accuracy {made.accuracy:.3f} (majority class: {made.majority:.3f}) "
        f"on {made.tested:,} rows of {source}"
    )
