"""`attnpool explain`: what a model looked at, in colour."""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.cli import options
from attnpool.errors import InputError

if TYPE_CHECKING:
    from attnpool.estimators import TextClassifier

_BY_SUFFIX = {".html": "html", ".htm": "html", ".json": "json", ".txt": "terminal"}


def explain(
    model: options.Model,
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TEXT ... | -]", help="Texts, or - for a text a line of stdin."),
    ] = None,
    data: Annotated[
        str | None, typer.Option("--data", metavar="FILE", help="Explain the rows of a file.")
    ] = None,
    method: Annotated[str, typer.Option(help="What the colours mean.")] = "attention",
    target: Annotated[
        str | None, typer.Option(metavar="LABEL", help="The class explained; else the predicted.")
    ] = None,
    heads: Annotated[bool, typer.Option("--heads", help="Show each head.")] = False,
    limit: Annotated[
        int | None, typer.Option(metavar="N", help="Only the first N rows of the file.", min=1)
    ] = None,
    format: Annotated[  # noqa: A002
        str | None, typer.Option(metavar="FORMAT", help="terminal, html or json.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write it to a file.")
    ] = None,
    dataset: options.Dataset = None,
    text: options.Text = None,
    label: options.Label = None,
    encoding: options.Encoding = None,
    skip_bad_rows: options.SkipBadRows = False,
    overwrite: options.Overwrite = False,
) -> None:
    """Show what MODEL looked at in each TEXT."""
    if bool(texts) == bool(data):
        raise InputError("give texts to explain, or - for stdin, or --data FILE; one of them")
    if output is not None:
        options.check_output(output, overwrite=overwrite)
    suffix = output.suffix.lower() if output else ".txt"
    kind = format or _BY_SUFFIX.get(suffix)
    if kind is None:
        raise InputError(f"{output}: name a file that ends in {', '.join(_BY_SUFFIX)}")
    from attnpool.view import FORMATS

    if kind not in FORMATS:
        raise InputError(f"unknown format {kind!r}; choose from {', '.join(FORMATS)}")
    estimator = options.load_model(model)
    if data is None:
        given, truth = _texts(texts or []), None
    else:
        rows = options.read_rows(
            estimator,
            data,
            labelled=False,
            dataset=dataset,
            text=text,
            label=label,
            encoding=encoding,
            skip_bad_rows=skip_bad_rows,
        )
        given = rows.texts[0][:limit]
        truth = rows.labels[:limit] if rows.labels else None
    from rich.console import Console

    # A file gets no colour codes.
    plain = {} if output is None else {"console": Console(file=StringIO(), width=100)}
    how: dict[str, Any] = {"method": method, "target": target, "heads": heads, "plain": plain}
    drawn = _draw(estimator, given, truth, kind, **how)
    if output is None:
        sys.stdout.write(drawn if drawn.endswith("\n") else drawn + "\n")
    else:
        output.write_text(drawn, encoding="utf-8")
        typer.echo(f"wrote {output}")


def _texts(texts: list[str]) -> list[str]:
    if texts != ["-"]:
        return texts
    try:
        lines = sys.stdin.buffer.read().decode().splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"stdin is not UTF-8 at byte {error.start}; convert it first") from None
    if not lines:
        raise InputError("stdin is empty; give a text a line")
    return lines


def _draw(
    estimator: TextClassifier,
    texts: list[str],
    truth: list[str] | None,
    kind: str,
    *,
    heads: bool,
    plain: dict[str, Any],
    **how: Any,
) -> str:
    from attnpool.training.progress import TerminalProgress
    from attnpool.view import render

    explanations = estimator.explain(texts, labels=truth, progress=TerminalProgress(), **how)
    # Every other format holds the heads anyway.
    return render(explanations, kind, **({"heads": heads, **plain} if kind == "terminal" else {}))
