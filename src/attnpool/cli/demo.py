"""`attnpool demo`: the bundled rows, no network, one page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from attnpool.cli import options
from attnpool.errors import InputError


def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where to write index.html.")
    ] = Path("attnpool-demo"),
    overwrite: options.Overwrite = False,
) -> None:
    """Train on bundled rows, explain what the models looked at, write DIR/index.html."""
    page = out / "index.html"
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file; name a folder")
    if page.exists() and not overwrite:
        raise InputError(f"{page} exists; pass --overwrite to replace it")
    from attnpool.training.checkpoint import check_target

    made = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise InputError(f"{out}: cannot make this folder: {error}") from None
    check_target(out / "sentiment", overwrite=overwrite)
    if not os.access(out, os.W_OK):
        raise InputError(f"{out}: cannot write there")
    from attnpool.gallery.demo import build_demo
    from attnpool.training.progress import TerminalProgress

    try:
        accuracies = build_demo(out, TerminalProgress())
    except BaseException:
        if made and not any(out.iterdir()):
            out.rmdir()
        raise
    for task, accuracy in accuracies.items():
        typer.echo(f"{task:10} accuracy {accuracy:.3f} on rows never seen")
    typer.echo(f"wrote {page}")
    typer.echo(f'try: attnpool explain {out / "sentiment"} "房间很干净，但是隔音太差"')
