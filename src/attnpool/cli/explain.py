"""`attnpool explain`: what moved a model, and where it looked, in colour."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.architectures import answer_names
from attnpool.cli import arguments, outputs
from attnpool.cli import bad_rows as bad_row_list
from attnpool.cli.checks import answerable
from attnpool.cli.prompt import answer_typed, on_terminal
from attnpool.cli.rows import given_items, line_items, read_rows
from attnpool.cli.stdin import Stdin, piped_in
from attnpool.cli.streams import say, show, show_drawn, show_json, tell
from attnpool.cli.terminal import check_texts
from attnpool.errors import InputError
from attnpool.progress import TerminalProgress
from attnpool.sanitize import visible

if TYPE_CHECKING:
    from attnpool.cli.arguments import Estimator
    from attnpool.data import Rows
    from attnpool.explanation import Explanation
    from attnpool.view.words import Words

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
# html and json hold the heads anyway, a line has no room for them.
_TAKE_HEADS = ("terminal", "svg", "png", "markdown")
_PRINT = {"terminal": show_drawn, "lines": show_drawn, "json": show_json}


def explain(
    model: arguments.Model,
    texts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TEXT ... | -]", help="Texts, or - to read one per line from stdin."
        ),
    ] = None,
    data: Annotated[
        str | None, typer.Option("--data", metavar="FILE", help="Explain the rows of this file.")
    ] = None,
    method: arguments.Method = None,
    target: Annotated[
        str | None,
        typer.Option(metavar="LABEL", help="The class to explain.  [default: the predicted class]"),
    ] = None,
    candidates: arguments.Candidates = None,
    heads: Annotated[bool, typer.Option("--heads", help="Show each attention head.")] = False,
    faithfulness: Annotated[
        bool, typer.Option("--faithfulness", help="Measure how faithful the colours are.")
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Explain only the first N rows of the file.  [default: all]", min=1
        ),
    ] = None,
    format: Annotated[  # noqa: A002
        str | None,
        typer.Option(
            metavar="FORMAT",
            help="terminal, lines (one per text), html, svg, png, markdown or json.  [default: by "
            "the suffix of -o, otherwise terminal]",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            parser=outputs.path,
            help="Write to this file.  [default: the terminal]",
        ),
    ] = None,
    dataset: arguments.Dataset = None,
    text: arguments.Text = None,
    label: arguments.Label = None,
    encoding: arguments.Encoding = None,
    no_header: arguments.NoHeader = False,
    skip_bad_rows: arguments.SkipBadRows = False,
    bad_rows: arguments.BadRows = None,
    safe_csv: arguments.SafeCsv = False,
    overwrite: outputs.Overwrite = False,
    lang: outputs.Lang = None,
) -> None:
    """Predict each TEXT or pair of TEXTs with MODEL, and colour what moved the prediction.

    A matcher takes two TEXTs per pair. On stdin, a pair is one line with a tab between its texts.
    An empty text gets the prediction for an input without tokens. A TEXT may begin with a dash;
    put -- before one that looks like an option. On a terminal, without a TEXT, a prompt asks for
    one after the other.
    """
    reading = arguments.ReadOptions(
        *(dataset, text or [], label, encoding, skip_bad_rows, []),
        *(no_header, bad_rows, safe_csv),
    )
    # What is answered as it comes: a page or a file is written whole.
    live = output is None and format in (None, "terminal", "lines")
    prompted = live and data is None and not texts and on_terminal()
    _check_effects(data, ["-"] if prompted else texts, reading, limit)
    if output is None and bad_rows is None and overwrite:
        raise InputError("--overwrite does nothing without -o; leave it out")
    kind = _format(format, output)
    _check_lines(kind, heads=heads, faithfulness=faithfulness, lang=lang)
    _check_library(kind)
    if output is not None:
        outputs.check_file(output, overwrite=overwrite, data=data)
    bad_row_list.check(reading, overwrite=overwrite, data=data, output=output, others=[model])
    reading.check()
    stdin = Stdin(encoding) if texts == ["-"] else None
    method = arguments.current_name(method)
    estimator = arguments.load_model(model)
    ranked = arguments.candidate_labels(estimator, candidates)
    target = arguments.check_target(method, target, answer_names(estimator, ranked))
    how: dict[str, Any] = {"method": method, "target": target, "faithfulness": faithfulness}
    how |= arguments.with_candidates(ranked)
    if prompted or (live and stdin is not None):
        _answer_live(estimator, how, kind, stdin, encoding, heads=heads, lang=lang)
        return
    truth, known, rows = None, "", None
    if data is None:
        asked = _given_items(estimator, texts or [], stdin)
    else:
        rows = _read(estimator, data, reading, ranked)
        asked = rows.items[:limit]
        truth = rows.labels[:limit] if rows.labels else None
        known = _known(estimator, asked, kind, outputs.words_of(lang, rows.items))
    explanations = estimator.explain(asked, labels=truth, progress=TerminalProgress(), **how)
    _write(explanations, kind, output, heads=heads, known=known, lang=lang)
    if rows is not None and data is not None:
        bad_row_list.write(reading, [(data, rows)])


def _answer_live(
    model: Estimator,
    how: dict[str, Any],
    kind: str,
    stdin: Stdin | None,
    encoding: str | None,
    *,
    heads: bool,
    lang: str | None,
) -> None:
    """Answer the lines of stdin as they come, or else what is typed at a prompt."""
    from attnpool.view.terminal.stream import Stream

    drawn = Stream(one_line_each=kind == "lines", heads=heads, lang=lang)
    # Answers that come one by one are progress enough, unless each takes long.
    progress = TerminalProgress() if how["faithfulness"] else None

    def show(items: list[Any]) -> None:
        explanations = model.explain(items, progress=progress, **how)
        show_drawn(drawn.draw(explanations, last=stdin is not None and stdin.ended))
        if stdin is None:
            show_drawn(drawn.legends())
        sys.stdout.flush()

    if stdin is None:
        answer_typed(model, show, encoding)
        return
    first = 1
    for lines in stdin.batches():
        show(line_items(lines, model, first))
        first += len(lines)
    show_drawn(drawn.legends())


def _read(
    model: Estimator, data: str, reading: arguments.ReadOptions, candidates: list[str] | None
) -> Rows:
    """The rows of a file; what is left out, or wrong for its label alone, is said."""
    from attnpool.metrics import unknown_labels

    rows = read_rows(model, data, reading, labelled=False)
    rows, unknown = answerable(data, rows, model, candidates, skip_bad_rows=reading.skips)
    if rows.skipped:
        say(bad_row_list.left_out(rows))
    for note in unknown_labels(unknown):
        say(note)
    return rows


def _check_effects(
    data: str | None, texts: list[str] | None, reading: arguments.ReadOptions, limit: int | None
) -> None:
    """Refuse texts and a file together, and options of a file where none is read."""
    if bool(texts) == (data is not None):
        hint = "; - reads what is piped in" if not texts and piped_in() else ""
        raise InputError(f"give one of these: texts to explain, - for stdin, or --data FILE{hint}")
    if texts and len(texts) > 1 and "-" in texts:
        raise InputError("- reads texts from stdin; leave the other texts out")
    if data is not None:
        return
    given = {
        "dataset": reading.dataset,
        "text": reading.text,
        "label": reading.label,
        "limit": limit,
        "encoding": None if texts == ["-"] else reading.encoding,
        "no-header": reading.no_header,
        "skip-bad-rows": reading.skip_bad_rows,
        "bad-rows": reading.bad_rows,
    }
    for name, value in given.items():
        if value:
            raise InputError(f"--{name} does nothing without --data; leave it out")


def _check_lines(kind: str, *, heads: bool, faithfulness: bool, lang: str | None) -> None:
    """Refuse what a line has no room for, and a language where nothing is said in one."""
    if lang is not None and kind == "json":
        raise InputError("--lang does nothing with --format json; leave it out")
    for option, given in (("--heads", heads), ("--faithfulness", faithfulness)):
        if given and kind == "lines":
            raise InputError(f"{option} does nothing with --format lines; leave it out")


def _check_library(kind: str) -> None:
    """Refuse an image whose library is missing, before any text is read."""
    from attnpool.view import BINARY, FORMATS

    if kind in BINARY:
        FORMATS[kind]()


def _format(format: str | None, output: Path | None) -> str:  # noqa: A002
    """What is asked for, else what the suffix says; the two must not differ."""
    from attnpool.view import BINARY, FORMATS

    if format is not None and format not in FORMATS:
        raise InputError(f"unknown format {format!r}; choose from {', '.join(FORMATS)}")
    if output is None:
        if format in BINARY:
            raise InputError(f"{format} cannot be shown in a terminal; name a file with -o FILE")
        return format or "terminal"
    suffix = output.suffix.lower()
    by_suffix = _BY_SUFFIX.get(suffix)
    if by_suffix is None and format is None:
        raise InputError(f"{output}: name a file that ends in {', '.join(_BY_SUFFIX)}")
    if format == "lines" and by_suffix == "terminal":
        return format
    if format is not None and by_suffix not in (None, format):
        raise InputError(f"{output} ends in {suffix}, which is not --format {format}; change one")
    return format or by_suffix or ""


def _given_items(model: Estimator, texts: list[str], stdin: Stdin | None) -> list[Any]:
    """The texts or pairs of the command line, or those of stdin."""
    if stdin is not None:
        return line_items(stdin.lines(), model)
    if len(texts) == 1 and _is_file(texts[0]):
        say(f"{texts[0]} is a file; to explain its rows: --data {texts[0]}")
    check_texts(texts)
    return given_items(texts, model)


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # a text that no file can be called
        return False


def _known(model: Estimator, asked: list[Any], kind: str, words: Words) -> str:
    """What to say before predictions for rows that the model has seen; else ""."""
    from attnpool.view.report.notes import known_note
    from attnpool.view.words import Words as Spoken

    known = model.known_rows(asked)
    # Beside the picture it is in the language of the picture, elsewhere a message.
    shown = words if kind in ("html", "terminal") else Spoken("en")
    return "" if known is None else known_note(known, asked, shown, measured=False)


def _write(
    explanations: list[Explanation],
    kind: str,
    output: Path | None,
    *,
    heads: bool,
    known: str,
    lang: str | None,
) -> None:
    """Draw explanations, on the terminal or into a file; what the model knows of them first."""
    from attnpool.persistence.atomic import replace_file
    from attnpool.view import render
    from attnpool.view.terminal.terminal import plain_console

    options: dict[str, Any] = {} if kind == "json" else {"lang": lang}
    if kind in _TAKE_HEADS:
        options["heads"] = heads
    if kind in ("terminal", "lines") and output is not None:
        # A file gets no colour codes.
        options["console"] = plain_console()
    if kind == "html":
        options["lead"] = known
    drawn = render(explanations, kind, **options)
    if known and kind == "terminal" and isinstance(drawn, str):
        drawn = f"{visible(known)}\n\n{drawn}"
    elif known and kind != "html":
        say(known)
    if output is not None:
        content = drawn.encode() if isinstance(drawn, str) else drawn
        replace_file(output, lambda file: file.write_bytes(content))
        tell(f"wrote {output}")
    elif isinstance(drawn, str):  # only a file can be binary, see `_format`
        _PRINT.get(kind, show)(drawn if drawn.endswith("\n") else f"{drawn}\n")
