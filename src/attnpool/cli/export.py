"""`attnpool export`: a trained model as one small file, a page in which it runs, or ONNX."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.cli import arguments, outputs
from attnpool.cli import bad_rows as bad_row_list
from attnpool.cli.checks import answerable
from attnpool.cli.rows import known_note, read_rows
from attnpool.cli.sizes import parse_size, shown_size
from attnpool.cli.streams import say, tell
from attnpool.errors import InputError, require

if TYPE_CHECKING:
    from attnpool.runtime.checking import Comparison
    from attnpool.runtime.model import CompactModel
    from attnpool.runtime.onnx.file import OnnxFile

ONNX = ".onnx"
SUFFIXES = (".safetensors", ".html", ONNX)


def export(
    model: arguments.ModelFolder,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            parser=outputs.path,
            help="A .safetensors file, a .html page, or an .onnx file.",
        ),
    ],
    dtype: Annotated[
        str,
        typer.Option(
            metavar="TYPE",
            help="What tables are stored as: int8, float16 or float32. In place of int8 a table "
            "takes int16 where one byte a number could move an answer.",
        ),
    ] = "int8",
    size: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="The most that the file may take, such as 2MB: it keeps what moves answers most.  "
            "[default: keep all; 2MB for a page]",
        ),
    ] = None,
    min_count: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="Leave out tokens and n-grams that the training texts have fewer than N times.  "
            "[default: keep all]",
        ),
    ] = None,
    check: Annotated[
        str | None,
        typer.Option(
            metavar="DATA",
            help="Compare the answers for the rows of this file with those of MODEL; below 99 % "
            "alike nothing is written.  [default: not measured]",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write the file even if fewer answers are alike.")
    ] = False,
    examples: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="A file of texts or pairs, of which a page offers the first 20.  [default: none]",
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The heading of a page.  [default: the classes]"),
    ] = None,
    dataset: arguments.Dataset = None,
    text: arguments.Text = None,
    label: arguments.Label = None,
    encoding: arguments.Encoding = None,
    no_header: arguments.NoHeader = False,
    skip_bad_rows: arguments.SkipBadRows = False,
    overwrite: outputs.Overwrite = False,
    as_json: arguments.Json = False,
) -> None:
    """Write MODEL as one small FILE that predicts and explains without torch.

    MODEL is a classifier, or a siamese matcher. evaluate, explain, report and predict take a
    .safetensors file in place of a model folder. A .html file is a page in which the model runs:
    type, and the colours follow; it needs no network and no installation. The default is one byte a
    number, or two where one could move an answer; --check DATA measures what that changes. An .onnx
    file holds any model, in float32, for onnxruntime: docs/integrations.md.
    """
    offered = _page_options(output, examples, title)
    budget = None if size is None else parse_size(size)
    if output.suffix.lower() == ONNX:
        _check_onnx(check, dtype=dtype, size=budget, min_count=min_count)
    reading = arguments.ReadOptions(
        *(dataset, text or [], label, encoding, skip_bad_rows), no_header=no_header
    )
    _check_effects(check, examples, reading, force=force)
    reading.check()
    if check is not None and not check.strip():
        raise InputError("--check is empty; give a file")
    # Not `resolve`, which raises where links lead in a circle.
    if Path(os.path.realpath(model)) in Path(os.path.realpath(output)).parents:
        raise InputError(f"{output} is inside {model}; name another place for the file")
    outputs.check_file(output, overwrite=overwrite, data=check)
    estimator = _loaded(model, offered is not None, dtype=dtype, min_count=min_count)
    made, write = _made(
        estimator, output, offered, reading, dtype=dtype, size=budget, min_count=min_count
    )
    found = None if check is None else _compared(estimator, made, check, reading)
    limits = [("a larger --size", size), ("a smaller --min-count", min_count)]
    _refuse(found, [advice for advice, given in limits if given is not None], force=force)
    write()
    _print(output, made, found, as_json=as_json)
    if offered is not None and examples is None and not as_json:
        what = "an empty box; --examples FILE offers texts"
        if made.architecture is not None:
            what = "empty boxes; --examples FILE offers pairs"
        tell(f"it opens with {what} to begin with")


def _page_options(output: Path, examples: str | None, title: str | None) -> dict[str, Any] | None:
    """What a page says beside its model; None for a file that is no page."""
    suffix = output.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{output}: name a file that ends in {', '.join(SUFFIXES[:-1])} or {ONNX}")
    if suffix == ".html":
        return {"title": title, "examples": examples}
    for name, given in (("examples", examples), ("title", title)):
        if given is not None:
            raise InputError(f"--{name} is for a page; name an --output that ends in .html")
    return None


def _check_onnx(check: str | None, **tables: Any) -> None:
    """Refuse what does nothing for an ONNX file, and missing libraries."""
    for name, usual in (("dtype", "int8"), ("size", None), ("min_count", None)):
        if tables[name] != usual:
            option = name.replace("_", "-")
            raise InputError(
                f"--{option} does nothing for an {ONNX} file, which is float32; leave it out"
            )
    require(f"export to {ONNX}", "onnx", "onnxscript")
    if check is not None:
        require(f"--check of an {ONNX} file", "onnxruntime")


def _made(
    estimator: Any,
    output: Path,
    offered: dict[str, Any] | None,
    reading: arguments.ReadOptions,
    **tables: Any,
) -> tuple[CompactModel | OnnxFile, Callable[[], None]]:
    """The compact model, and what writes it; a page has examples, from a file of rows."""
    if output.suffix.lower() == ONNX:
        from attnpool.estimators.onnx.exporting import onnx_file

        file = onnx_file(estimator)
        return file, lambda: file.save(output, overwrite=True)
    if offered is None:
        from attnpool.estimators.exporting import compact_model

        made = compact_model(estimator, **tables)
        return made, lambda: made.save(output, overwrite=True)
    from attnpool.runtime.live import sized_page, write_page
    from attnpool.runtime.model import CompactModel
    from attnpool.view.live.page import MOST_EXAMPLES

    rows = offered["examples"] and read_rows(
        estimator, offered["examples"], reading, labelled=False, part="test"
    )
    texts = rows.items[:MOST_EXAMPLES] if rows else []
    said = {"title": offered["title"], "examples": texts}
    if isinstance(estimator, CompactModel):  # where torch may be missing
        model, page = sized_page(estimator, size=tables["size"], **said)
    else:
        from attnpool.estimators.exporting import made_page

        model, page = made_page(estimator, **tables, **said)
    return model, lambda: write_page(output, page, overwrite=True)


def _check_effects(
    check: str | None, examples: str | None, reading: arguments.ReadOptions, *, force: bool
) -> None:
    """Refuse options of the files of rows, where there are none."""
    if check is not None:
        return
    if force:
        raise InputError("--force does nothing without --check; leave it out")
    if examples is not None:
        return
    given = {
        "dataset": reading.dataset,
        "text": reading.text,
        "label": reading.label,
        "encoding": reading.encoding,
        "no-header": reading.no_header,
        "skip-bad-rows": reading.skip_bad_rows,
    }
    for name, value in given.items():
        if value:
            raise InputError(f"--{name} does nothing without --check; leave it out")


def _loaded(path: Path, page: bool, **tables: Any) -> Any:
    """The model; a page is made of a compact one too, whose tables stay as they are."""
    from attnpool.runtime.file import is_compact

    if not is_compact(path):
        return arguments.load_model(path)
    if not page:
        raise InputError(f"{path} is a file; name the folder of the trained model")
    for name, usual in (("dtype", "int8"), ("min_count", None)):
        if tables[name] != usual:
            option = name.replace("_", "-")
            raise InputError(f"--{option} does nothing to {path}, which is compact; leave it out")
    return arguments.load_model(path)


def _compared(
    before: Any, made: CompactModel | OnnxFile, data: str, reading: arguments.ReadOptions
) -> Comparison:
    """The answers of both for the rows of a file."""
    from attnpool.metrics import unknown_labels
    from attnpool.runtime.checking import compare
    from attnpool.runtime.onnx.file import OnnxFile

    rows = read_rows(before, data, reading, labelled=False, part="test")
    rows, _ = answerable(data, rows, before, None, skip_bad_rows=reading.skips)
    if rows.skipped:
        say(bad_row_list.left_out(rows))
    if known := known_note(before, rows.items):
        say(known)
    after = made.model() if isinstance(made, OnnxFile) else made
    found = compare(before, after, rows.items, rows.labels)
    for warning in unknown_labels(found.unknown_labels):
        say(f"warning: {warning}")
    return found


def _refuse(found: Comparison | None, advice: list[str], *, force: bool) -> None:
    from attnpool.runtime.checking import FEWEST_ALIKE

    if found is not None and found.alike < FEWEST_ALIKE and not force:
        raise InputError(
            f"{found.sentence()}; less than {FEWEST_ALIKE * 100:.0f} % alike, so nothing is "
            f"written: give {' or '.join(advice or ['--dtype float16'])}, or --force"
        )


def _print(
    output: Path, made: CompactModel | OnnxFile, found: Comparison | None, *, as_json: bool
) -> None:
    size = output.stat().st_size
    kept = made.source_
    if as_json:
        outputs.print_json(
            {
                "path": str(output),
                "bytes": size,
                **kept,
                "check": None if found is None else found._asdict(),
            }
        )
        return
    parts = [shown_size(size), made.stored, *([_held(kept)] if kept.get("ngrams_of", 1) else [])]
    tell(f"wrote {output}: {', '.join(parts)}")
    tell(
        f"checked on {found.sentence()}"
        if found is not None
        else "its answers were not measured; --check DATA compares them with those of MODEL"
    )
    counted = kept.get("min_count", 0) is None and made.architecture is None
    rare = "; --min-count N leaves out rare ones" if counted else ""
    tell(f"{made.reveals}{rare}")


def _held(kept: dict[str, Any]) -> str:
    """What is in the file: its n-grams, or the outputs of an ONNX file."""
    if "outputs" in kept:
        return " and ".join([", ".join(kept["outputs"][:-1]), kept["outputs"][-1]])
    if kept["ngrams"] == kept["ngrams_of"]:
        return f"all {kept['ngrams']:,} n-grams"
    return f"{kept['ngrams']:,} of {kept['ngrams_of']:,} n-grams"
