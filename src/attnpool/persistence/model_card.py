"""The model card: a README.md that says what a saved model is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attnpool.architectures import ARCHITECTURES
from attnpool.metrics import display_order, majority_note, teacher_note
from attnpool.persistence.known_rows import KnownRows
from attnpool.persistence.published import Published
from attnpool.sanitize import one_line

_SHOWN = 20  # classes that are named

_CARD = """\
---
library_name: attnpool
pipeline_tag: {tag}
tags: [attnpool, attention-pooling, {tag}]
metrics: [accuracy, f1]
{about}---
# A {what} of attnpool {version}

{how}{heads} of {pooling} pooling over {tokenizer}, {parameters:,} parameters.{encoder}

| | |
|---|---|
| classes | {labels} |
| training {rows} | {n_train:,} |
| validation {rows} | {n_validation:,} |
| validation accuracy | {accuracy} |
| validation macro F1 | {macro_f1} |
| reads at most | {limit:,} tokens of a text |

```python
import attnpool

model = attnpool.load("{place}")
model.predict([{item}])
model.explain([{item}])
{more}```

The pooling weights show where the model looked. They do not show why it decided{chose}: judge
the model on {rows} it never saw.
{warnings}{known}"""

_HASHES = """
`known_texts.safetensors` holds 8-byte hashes of the training and validation {rows}, so that figures
measured on these {rows} can be marked. {sample}Hashes permit membership tests: somebody who has a
text can find out whether the model was trained on it. To leave them out, train with
`attnpool train --no-hashes`, or save with `model.save(path, hashes=False)`.
"""


def model_card(
    config: Mapping[str, Any],
    metrics: Mapping[str, Any],
    parameters: int,
    known: KnownRows | None = None,
    published: Published | None = None,
) -> str:
    """The text of the card; what begins it is what the Hugging Face hub reads.

    Args:
        config: What `config.json` holds.
        metrics: What training measured.
        parameters: The number of weights.
        known: The rows that the folder remembers by their hashes.
        published: What to say of a model on the hub; None for a folder of one's own.
    """

    def figure(name: str) -> str:
        return "not measured" if metrics[name] is None else f"{metrics[name]:.3f}"

    heads = config["model"]["heads"]
    name = config["model"].get("architecture")
    architecture = None if name is None else ARCHITECTURES[name]
    pairs = architecture is not None and architecture.texts == 2
    how = "" if architecture is None else architecture.summary.format(**config["model"]) + " "
    return _CARD.format(
        tag="sentence-similarity" if pairs else "text-classification",
        what="matcher of two texts" if pairs else "text classifier",
        how=how,
        about="" if published is None else published.front_matter(config["model"]["encoder"]),
        place="path/to/this/folder" if published is None else published.address,
        rows="pairs" if pairs else "rows",
        item='("…", "…")' if pairs else '"…"',
        more='model.predict(["…"], candidates=["…", "…"])\n' if name == "label" else "",
        version=config["attnpool"],
        heads=f"{heads} head" + "s" * (heads != 1),
        pooling=config["model"]["pooling"],
        tokenizer="sub-words" if "form" in config["model"]["encoder"] else config["tokenizer"],
        parameters=parameters,
        encoder=_encoder(config["model"]["encoder"]),
        labels=_classes(display_order(config["classes"])),
        n_train=metrics["n_train"],
        n_validation=metrics["n_validation"],
        chose=_chose(metrics, "pairs" if pairs else "rows"),
        accuracy=figure("accuracy") + _baseline(metrics),
        warnings=_taught(metrics)
        + _streamed(metrics)
        + "".join(f"\nWarning: {_plain(w)}.\n" for w in metrics.get("warnings") or []),
        known="" if known is None else _known(known, "pairs" if pairs else "rows", metrics),
        macro_f1=figure("macro_f1"),
        limit=config["limit"],
    )


def _encoder(shape: Mapping[str, Any]) -> str:
    """Which pretrained encoder the model stands on, and where its weights are."""
    form = shape.get("form")
    if form is None:
        return ""
    layers = shape["trained"]
    trained = {0: "frozen", -1: "trained"}.get(layers, f"its last {layers} layers trained")
    where = "weights in this folder"
    if shape["source"] is not None:
        revision = "" if shape["revision"] is None else f", revision `{_plain(shape['revision'])}`"
        where = f"weights of `{_plain(shape['source'])}`{revision}"
    kind = _plain(str(form.get("model_type")))
    return f" Token vectors are\nthose of a pretrained encoder (`{kind}`, {trained}; {where})."


def _chose(metrics: Mapping[str, Any], rows: str) -> str:
    """What the validation rows were used for besides measuring."""
    said = [] if metrics.get("folds") else ["chose when to stop"]
    if metrics.get("refitted"):
        said.append("were trained on afterwards")
    return f", and the\nvalidation {rows} {', and '.join(said)}" if said else ""


def _taught(metrics: Mapping[str, Any]) -> str:
    """Who taught the model, and what both reach."""
    taught = metrics.get("teaching")
    if taught is None:
        return ""
    note = teacher_note(taught)
    accuracy = f" {note[0].upper()}{note[1:]}." if note else ""
    return (
        f"\nTaught by `{_plain(taught['teacher'])}` on {taught['unlabelled']:,} unlabelled texts; "
        f"the model needs no teacher.{accuracy}\n"
    )


def _streamed(metrics: Mapping[str, Any]) -> str:
    """How many rows were read some at a time, and what was made from a part of them."""
    if not _in_windows(metrics):
        return ""
    stream = metrics["stream"]
    missed = [
        f"{stream[name]:,} occurrences of {what}"
        for name, what in (("missed_tokens", "a rare word"), ("missed_ngrams", "a rare n-gram"))
        if stream[name]
    ]
    counts = f" Their counts may lack up to {' and '.join(missed)}." if missed else ""
    return (
        f"\nTrained on {stream['rows']:,} rows, read in {stream['windows']:,} windows that were "
        f"drawn at random.\nThe linear part, if any, and its settings are from "
        f"{stream['sample']:,} of the rows.{counts}\n"
    )


def _in_windows(metrics: Mapping[str, Any]) -> bool:
    """Whether there were more rows than were held in memory."""
    stream = metrics.get("stream")
    return stream is not None and stream["windows"] > 1


def _classes(labels: list[Any]) -> str:
    shown = ", ".join(f"`{_plain(str(label))}`" for label in labels[:_SHOWN])
    more = len(labels) - _SHOWN
    return f"{shown} and {more:,} more: all are in config.json" if more > 0 else shown


def _baseline(metrics: Mapping[str, Any]) -> str:
    """What stands behind the accuracy: that of the majority class."""
    note = majority_note(metrics)
    return f"; {_plain(note)}" if note else ""


def _known(known: KnownRows, rows: str, metrics: Mapping[str, Any]) -> str:
    kept, total = len(known.trained) + len(known.validation), sum(known.totals)
    about = "about " * _in_windows(metrics)  # how many differ is estimated then
    sample = f"Of {about}{total:,} hashes {kept:,} were drawn at random. " if known.sampled else ""
    return _HASHES.format(sample=sample, rows=rows)


def _plain(label: str) -> str:
    """A label that cannot break out of its table cell."""
    return one_line(label).replace("`", "'").replace("|", "¦")
