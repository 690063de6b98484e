"""What `attnpool train` says when it is done: what it read, and what was measured."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from attnpool.architectures import answer_names, tells_matches
from attnpool.cli import bad_rows as bad_row_list
from attnpool.cli import outputs
from attnpool.cli.streams import tell
from attnpool.cli.unlabelled import teaching_note
from attnpool.metrics import accuracy_note
from attnpool.sanitize import counted, one_line, quoted, quoted_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from attnpool.cli.arguments import Estimator
    from attnpool.data import Reading, Rows

_SEPARATORS = {
    ",": "comma",
    "\t": "tab",
    ";": "semicolon",
    "|": "|",
}


def taken(model: Estimator, rows: Rows) -> dict[str, Any]:
    """What was taken of the file: columns, encoding, separator, tokenizer, classes, match label."""
    reading, source = rows.reading, rows.source
    labelled = rows.labels is not None
    return {
        "dataset": reading.dataset,
        "text": list(reading.text),
        "label": reading.label,
        "encoding": source.encoding,
        "encoding_assumed": source.assumed,
        "separator": source.separator,
        "header": source.header,
        "sheet": next(iter(source.sheets), None),
        "tokenizer": model.tokenizer_.kind,
        "classes": len(model.classes_) if labelled else None,
        "match": answer_names(model)[1] if labelled and tells_matches(model) else None,
    }


def sentence(data: str, took: dict[str, Any]) -> str:
    """The same in one line."""
    from attnpool.data.formats.encodings import display_name

    parts = []
    if took["dataset"]:
        parts.append(f"the dataset {took['dataset']}")
    if took["text"]:
        texts = "texts" if len(took["text"]) > 1 else "text"
        parts.append(f"{texts} {quoted_list(took['text'])}")
    if took["label"]:
        parts.append(f"label {quoted(took['label'])}")
    if took["encoding"]:
        assumed = " (assumed; another: --encoding)" * took["encoding_assumed"]
        parts.append(f"{display_name(took['encoding'])}{assumed}")
    if took["separator"]:
        parts.append(f"{_SEPARATORS.get(took['separator'], quoted(took['separator']))}-separated")
    if not took["header"]:
        parts.append("no header")
    if took["sheet"] is not None:
        parts.append(f"sheet {quoted(took['sheet'])}, the first of several")
    parts.append(f"tokenizer {took['tokenizer']}")
    if took["classes"] is not None:
        parts.append(f"{took['classes']:,} classes")
    if took["match"] is not None:
        parts.append(f"a match is {quoted(took['match'])}")
    return f"read {one_line(data)}: {'; '.join(parts)}"


def _form(model: Estimator, rows: Rows, others: Sequence[tuple[str, Rows]]) -> dict[str, Any]:
    """What `--json` prints; see `say`."""
    figures = {**model.metrics_, **bad_row_list.as_json(rows), "warnings": _warnings(model, rows)}
    skipped = {file: bad_row_list.as_json(other) for file, other in others if other.skipped}
    more = {"skipped_elsewhere": skipped} if skipped else {}
    return {**figures, **more, "read": taken(model, rows)}


def say(
    output: Path,
    data: str,
    model: Estimator,
    rows: Rows,
    others: Sequence[tuple[str, Rows]],
    *,
    as_json: bool,
) -> None:
    """Print what was read and what was measured, what to beware of, and what was written.

    Args:
        output: The folder of the model.
        data: The training file.
        model: The model.
        rows: Its training rows; of those that were read some at a time, the first.
        others: Further files, and their rows.
        as_json: Whether to print one JSON object instead.
    """
    if stream := model.metrics_.get("stream"):
        rows = replace(rows, skipped=stream["skipped"], bad_rows=())
    if as_json:
        outputs.print_json(_form(model, rows, others))
        return
    tell(sentence(data, taken(model, rows)))
    _print_figures(model, rows)
    for file, other in others:
        if other.skipped:
            tell(f"{file}: {bad_row_list.left_out(other)}")
    outputs.print_warnings(_warnings(model, rows))
    tell(f"wrote {output}")


def _warnings(model: Estimator, rows: Rows) -> list[str]:
    from attnpool.text.cleanup import html_note

    stream = model.metrics_.get("stream")
    whole = not stream or stream["rows"] == len(rows)
    labels = rows.labels or [] if whole else [str(label) for label in model.classes_]
    found = [*model.metrics_["warnings"], *advice(rows.reading, labels, whole=whole)]
    note = html_note([text for side in rows.texts for text in side], whole=whole)
    return [*found, note] if note and "html" not in model.cleanup_.rules else found


def advice(reading: Reading, labels: Sequence[str], *, whole: bool) -> list[str]:
    """What to say of labels that may not be the classes that were meant.

    Args:
        reading: How the rows were read.
        labels: The label of each row; of rows that were read some at a time, each label once.
        whole: Whether there is one for each row.
    """
    from attnpool.data.scores import score_advice
    from attnpool.data.suspect_labels import suspect_labels

    if reading.dataset or reading.label_map:
        return []
    advice = score_advice(labels, reading.label or "")
    return [*([advice] if advice else []), *suspect_labels(labels, whole=whole)]


def _print_figures(model: Estimator, rows: Rows) -> None:
    figures = model.metrics_
    skipped = f", {bad_row_list.left_out(rows)}" if rows.skipped else ""
    what = "rows" if len(rows.texts) == 1 else "pairs"
    n_all = figures["n_train"] + figures["n_validation"]
    # With an encoder most of the time goes into reading it, which the rate leaves out.
    own = model.get_params()["encoder"] is None
    rate = f", {figures['texts_per_second']:,.0f} texts a second" * own
    tell(
        f"trained on {figures['n_train']:,} {what} in {figures['seconds']:.1f} s "
        f"({counted(figures['epochs'], 'epoch')}{rate}){skipped}"
    )
    stream = figures.get("stream")
    if stream and stream["windows"] > 1:
        tell(
            f"read {stream['rows']:,} rows in {stream['windows']:,} windows; the linear part, if "
            f"any, and its settings are from {stream['sample']:,} of them"
        )
    if figures["accuracy"] is not None:
        folds = figures.get("folds")
        chose = f"; {folds} folds of the others" if folds else ", which"
        tell(
            f"{accuracy_note(figures)} on {figures['n_validation']:,} validation {what}"
            f"{chose} chose when to stop"
            f"{' and the threshold' * (getattr(model, 'architecture', None) == 'triplet')}"
            f"{f'; then trained anew on all {n_all:,} {what}' * figures['refitted']}"
        )
    if figures.get("linear_accuracy") is not None:
        tell(f"the linear part alone: accuracy {figures['linear_accuracy']:.3f}")
    if note := teaching_note(model):
        tell(note)
    if figures.get("contradictory"):
        tell(f"left out {figures['contradictory']:,} pairs that other pairs contradict")
