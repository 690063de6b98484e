"""`attnpool train`: rows to a model folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.cli import arguments, outputs
from attnpool.cli import bad_rows as bad_row_list
from attnpool.cli import training_summary as summary
from attnpool.cli import unlabelled as teaching
from attnpool.cli.training.source import check_stream, fitting, training_rows
from attnpool.cli.training.validation import validation_rows
from attnpool.cli.training_options import (
    EncoderOptions,
    ModelOptions,
    Task,
    validation_share,
)

if TYPE_CHECKING:
    from attnpool.data import Rows


def train(
    data: arguments.Data,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="MODEL", parser=outputs.path, help="A new folder."),
    ],
    dataset: arguments.Dataset = None,
    text: arguments.TextOrTriplet = None,
    label: arguments.Label = None,
    label_map: arguments.LabelMap = None,
    task: Annotated[
        Task | None,
        typer.Option(
            metavar="TASK",
            help="classify or match.  [default: by the number of text columns]",
        ),
    ] = None,
    architecture: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="How a matcher's texts interact: siamese, interaction, alignment, triplet, or "
            "label (one text and the names of the classes).  [default: siamese for pairs, triplet "
            "for triplets]",
        ),
    ] = None,
    match: Annotated[
        str | None,
        typer.Option(
            metavar="LABEL",
            help="The label that means match.  [default: of two labels, the one whose name says "
            "so (match, duplicate, yes, 匹配 …), otherwise the second in sorted order]",
        ),
    ] = None,
    pooling: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="attention, mean_query, max, average or min_variance.  [default: attention; with "
            "--faithful, mean_query]",
        ),
    ] = None,
    heads: Annotated[
        int | None,
        typer.Option(
            help="Attention heads.  [default: 4; with --faithful, 1; for matchers, set by "
            "--architecture]",
            min=1,
            max=64,
        ),
    ] = None,
    tokenizer: Annotated[
        str, typer.Option(help="auto, characters, words, jieba, or the path of a tokenizer.json.")
    ] = "auto",
    dictionary: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Words for jieba, one a line.  [default: only jieba's own]"
        ),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|NAME",
            help="A pretrained encoder of Hugging Face whose token vectors are pooled.  "
            "[default: none; the model learns its own]",
        ),
    ] = None,
    train_encoder: Annotated[
        str,
        typer.Option(
            metavar="none|all|N",
            help="How much of the encoder is trained too; N: its last N layers.",
        ),
    ] = "none",
    with_encoder: Annotated[
        bool,
        typer.Option(
            "--with-encoder",
            help="Write the weights of the encoder into MODEL. Without it, one that is not trained "
            "is only named there.",
        ),
    ] = False,
    download: Annotated[
        bool,
        typer.Option("--download", help="Download an encoder that is not stored here."),
    ] = False,
    cleanup: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE",
            help="Remove from every text: bracket-emoji, html, parentheses, or none.  "
            "[default: the rule of a public dataset, otherwise none]",
        ),
    ] = None,
    unlabelled: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Further texts without labels: the teacher labels them, and a classifier learns "
            "from them too.  [default: none]",
        ),
    ] = None,
    teacher: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|FILE|lsa",
            help="Who labels them: the folder of a Hugging Face encoder (nothing is downloaded), "
            "of a model of attnpool or its compact file, or lsa, a truncated SVD of the texts. "
            "Without --unlabelled it answers the texts of DATA, and half of each target is its "
            "answer.  [default: lsa, but only if cross-validation on DATA shows that it helps]",
        ),
    ] = None,
    linear: Annotated[
        bool | None,
        typer.Option(
            "--linear/--no-linear",
            help="Whether a classifier has a linear part: n-grams also count apart from "
            "attention.  [default: yes; with --faithful, no]",
        ),
    ] = None,
    balance: Annotated[
        bool, typer.Option("--balance", help="Give every class the same weight.")
    ] = False,
    faithful: Annotated[
        bool,
        typer.Option(
            "--faithful",
            help="Train a classifier whose attention is faithful: mean_query attention, drawn to "
            "the tokens that speak for the true class.",
        ),
    ] = False,
    max_length: Annotated[
        str,
        typer.Option(
            help="How many tokens of a text are read: auto, a number, mode, mean, median, max, or "
            "a percentile such as p99."
        ),
    ] = "auto",
    validation: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|FRACTION",
            help="Rows held out to measure the model: a file, or a share of DATA.  [default: the "
            "dataset's own validation rows, otherwise 0.1]",
        ),
    ] = None,
    stream: Annotated[
        bool,
        typer.Option(
            "--stream",
            help="Read the rows of DATA some at a time: there may be more than fit in memory. For "
            "classifiers; see docs/training-on-many-rows.md.",
        ),
    ] = False,
    window: Annotated[
        int | None,
        typer.Option(
            metavar="ROWS",
            help="How many rows --stream holds in memory at a time.  [default: 100,000]",
            min=1,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Random seed.", min=0, max=2**32 - 1)] = 0,
    encoding: arguments.Encoding = None,
    no_header: arguments.NoHeader = False,
    skip_bad_rows: arguments.SkipBadRows = False,
    bad_rows: arguments.BadRows = None,
    safe_csv: arguments.SafeCsv = False,
    no_hashes: Annotated[
        bool,
        typer.Option(
            "--no-hashes",
            help="Leave out of MODEL the hashes of its training texts, by which evaluate and "
            "report know them; with them one can test whether a text was trained on.",
        ),
    ] = False,
    overwrite: outputs.Overwrite = False,
    as_json: arguments.Json = False,
) -> None:
    """Train a classifier or a matcher on DATA and write it to the folder MODEL.

    One text column trains a classifier. Two train a matcher, and so do three (anchor, positive,
    negative), without a label. Rows without a text or a label are rejected; see --skip-bad-rows.
    """
    reading = arguments.ReadOptions(
        *(dataset, text or [], label, encoding, skip_bad_rows, label_map or []),
        *(no_header, bad_rows, safe_csv),
    )
    options = ModelOptions(
        task=task,
        architecture=architecture,
        match=match,
        pooling=pooling,
        heads=heads,
        tokenizer=tokenizer,
        dictionary=dictionary,
        encoder=EncoderOptions(encoder, train_encoder, with_encoder, download),
        cleanup=None if cleanup is None else tuple(cleanup),
        balance=balance,
        linear=linear,
        teaching=unlabelled is not None or teacher is not None,
        faithful=faithful,
        max_length=max_length,
        seed=seed,
    ).checked(reading)
    teaching.check_teaching(unlabelled, teacher)
    held: Any = validation_share(validation)
    read_too = [validation, unlabelled, teacher]
    bad_row_list.check(reading, overwrite=overwrite, data=data, output=output, others=read_too)
    outputs.check_model(output, overwrite=overwrite)
    check_stream(options, reading, stream=stream, window=window)
    rows, source = training_rows(data, reading, stream=stream)
    others: list[tuple[str, Rows]] = []
    if held is None:
        held = validation_rows(data, rows, source, validation, reading, others)
    model = options.settled(data, rows).build(rows)
    fit = fitting(model, rows, source, output, window)
    with teaching.vector_folder(output, teacher) as cache:
        more = teaching.given(unlabelled, teacher, cache, reading, rows, others)
        fit(validation=held, **more)
        model.save(output, overwrite=overwrite, hashes=not no_hashes, with_encoder=with_encoder)
    bad_row_list.write(reading, [(data, rows), *others])
    summary.say(output, data, model, rows, others, as_json=as_json)
