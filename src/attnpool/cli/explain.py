"""`attnpool explain`: what a model looked at, in colour."""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.attribution_methods import find_method
from attnpool.cli import items, options, outputs
from attnpool.cli.stdin import stdin_texts
from attnpool.errors import InputError

if TYPE_CHECKING:
    from attnpool.cli.options import Estimator

_BY_SUFFIX = {
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".txt": "terminal",
    ".svg": "svg",
    ".png": "png",
    ".md": "markdown",
    ".markdown": "markdown",
}
# html and json hold the heads anyway.
_TAKE_HEADS = ("terminal", "svg", "png", "markdown")


def explain(
    model: options.Model,
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TEXT ... | -]", help="Texts, or - for one a line of stdin."),
    ] = None,
    data: Annotated[
        str | None, typer.Option("--data", metavar="FILE", help="Explain the rows of a file.")
    ] = None,
    method: Annotated[
        str, typer.Option(help=f"What the colours mean: {options.METHODS}.")
    ] = "attention",
    target: Annotated[
        str | None, typer.Option(metavar="LABEL", help="The class explained; else the predicted.")
    ] = None,
    labels: options.Ranked = None,
    heads: Annotated[bool, typer.Option("--heads", help="Show each head.")] = False,
    faithfulness: Annotated[
        bool, typer.Option("--faithfulness", help="Measure how far to trust the colours.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option(metavar="N", help="Only the first N rows of the file.", min=1)
    ] = None,
    format: Annotated[  # noqa: A002
        str | None,
        typer.Option(metavar="FORMAT", help="terminal, html, svg, png, markdown or json."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", parser=outputs.path, help="Write it to a file."
        ),
    ] = None,
    dataset: options.Dataset = None,
    text: options.Text = None,
    label: options.Label = None,
    encoding: options.Encoding = None,
    skip_bad_rows: options.SkipBadRows = False,
    overwrite: outputs.Overwrite = False,
) -> None:
    """Show what MODEL looked at in each TEXT, or in each pair of TEXTs.

    A matcher of pairs takes two TEXTs a pair; from stdin a pair a line, a tab between its texts.
    A text without anything in it is answered too: with what the model says when it reads nothing.
    """
    if bool(texts) == (data is not None):
        raise InputError("give texts to explain, or - for stdin, or --data FILE; one of them")
    given = {"dataset": dataset, "text": text, "label": label, "limit": limit}
    _check_effects(data, texts, {**given, "encoding": encoding, "skip-bad-rows": skip_bad_rows})
    if output is None and overwrite:
        raise InputError("--overwrite does nothing without -o; leave it out")
    kind = _format(format, output)
    if output is not None:
        outputs.check_file(output, overwrite=overwrite, data=data)
    options.check_reading(dataset, encoding)
    estimator = options.load_model(model)
    ranked = options.ranked_labels(estimator, labels)
    _check_question(method, target, options.class_names(estimator, ranked))
    if data is None:
        asked, truth = _items(estimator, texts or [], encoding), None
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
        asked = items.items(rows)[:limit]
        truth = rows.labels[:limit] if rows.labels else None
    from rich.console import Console

    # A file gets no colour codes.
    plain = {} if output is None else {"console": Console(file=StringIO(), width=100)}
    how: dict[str, Any] = {"method": method, "target": target, "heads": heads, "plain": plain}
    if ranked:
        how["ranked"] = ranked
    if faithfulness:
        how["faithfulness"] = True
    drawn = _draw(estimator, asked, truth, kind, **how)
    if output is None:
        text_drawn = drawn.decode()
        sys.stdout.write(text_drawn if text_drawn.endswith("\n") else text_drawn + "\n")
    else:
        from attnpool.persistence.atomic import replace_file

        replace_file(output, lambda file: file.write_bytes(drawn))
        typer.echo(f"wrote {output}")


def _check_effects(data: str | None, texts: list[str] | None, given: dict[str, Any]) -> None:
    """Refuse options that speak of a file where none is read."""
    of_stdin = ("encoding",) if texts == ["-"] else ()
    if data is None:
        for name, value in given.items():
            if value and name not in of_stdin:
                raise InputError(f"--{name} does nothing without --data; leave it out")


def _format(format: str | None, output: Path | None) -> str:  # noqa: A002
    """What is asked for, else what the suffix says; the two must not differ."""
    from attnpool.view import BINARY, FORMATS

    if format is not None and format not in FORMATS:
        raise InputError(f"unknown format {format!r}; choose from {', '.join(FORMATS)}")
    if output is None:
        if format in BINARY:
            raise InputError(f"{format} is no text for a terminal; name a file with -o FILE")
        return format or "terminal"
    suffix = output.suffix.lower()
    by_suffix = _BY_SUFFIX.get(suffix)
    if by_suffix is None and format is None:
        raise InputError(f"{output}: name a file that ends in {', '.join(_BY_SUFFIX)}")
    if format is not None and by_suffix not in (None, format):
        raise InputError(f"{output} ends in {suffix}, which is not --format {format}; change one")
    return format or by_suffix or ""


def _check_question(method: str, target: str | None, known: list[str]) -> None:
    """Refuse a method or a class there is not, before any text is read."""
    find_method(method)
    if target is not None and target not in known:
        raise InputError(f"unknown target {target!r}; the labels are {', '.join(known)}")


def _items(model: Estimator, texts: list[str], encoding: str | None) -> list[Any]:
    """The texts or pairs of the command line, or those of stdin."""
    from attnpool.sanitize import printable

    if texts == ["-"]:
        return items.line_items(stdin_texts(encoding), model)
    # Bytes that are no UTF-8 arrive as lone surrogates.
    return items.given_items(list(map(printable, texts)), model)


def _draw(
    estimator: Estimator,
    asked: list[Any],
    truth: list[str] | None,
    kind: str,
    *,
    heads: bool,
    plain: dict[str, Any],
    **how: Any,
) -> bytes:
    from attnpool.progress import TerminalProgress
    from attnpool.view import render_bytes

    explanations = estimator.explain(asked, labels=truth, progress=TerminalProgress(), **how)
    options = {"heads": heads} if kind in _TAKE_HEADS else {}
    return render_bytes(explanations, kind, **options, **(plain if kind == "terminal" else {}))
