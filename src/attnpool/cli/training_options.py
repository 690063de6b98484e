"""What `attnpool train` trains: its options, checked before any file is opened, and the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from attnpool.architectures import ARCHITECTURES, find_architecture
from attnpool.cli.arguments import current_name
from attnpool.cli.rows import (
    TRIPLET,
    check_one_text,
    complete,
    say_notes,
)
from attnpool.errors import TRAINING, InputError, require
from attnpool.metrics import display_order
from attnpool.sanitize import quoted, quoted_list

if TYPE_CHECKING:
    from attnpool.cli.arguments import Estimator, ReadOptions
    from attnpool.data import Rows

Task = Literal["classify", "match"]

POOLINGS = ("attention", "mean_query", "max", "average", "min_variance")
"""`attnpool.pooling.POOLINGS`, by name: importing it would import torch."""

_USUAL = {2: "siamese", TRIPLET: "triplet"}
_MOST_COLUMNS = 3


class EncoderOptions(NamedTuple):
    """The options of a pretrained encoder; those of the same names say what each means."""

    encoder: str | None
    train_encoder: str | int
    with_encoder: bool
    download: bool

    def checked(self, tokenizer: str, dictionary: str | None) -> EncoderOptions:
        """The same, with a number of layers as a number.

        Raises:
            InputError: There is no encoder that they could be of, or it has its own tokenizer.
        """
        asked = str(self.train_encoder)
        if self.encoder is None and (asked != "none" or self.with_encoder or self.download):
            raise InputError(
                "--train-encoder, --with-encoder and --download are of an encoder; name it with "
                "--encoder, or leave them out"
            )
        if self.encoder is not None and (tokenizer != "auto" or dictionary is not None):
            raise InputError(
                "an encoder has its own tokenizer; leave --tokenizer and --dictionary out"
            )
        if asked in ("none", "all"):
            return self
        if not (asked.isdecimal() and asked.isascii() and len(asked) < 5):
            raise InputError(f"--train-encoder {asked}: give none, all or a number of layers")
        return self._replace(train_encoder=int(asked))

    def parameters(self) -> dict[str, Any]:
        """The parameters of an estimator."""
        return {name: value for name, value in self._asdict().items() if name != "with_encoder"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """The options that say what is trained; the options of the same names say what each means."""

    task: Task | None
    architecture: str | None
    match: str | None
    pooling: str | None
    heads: int | None
    tokenizer: str
    dictionary: str | None
    encoder: EncoderOptions
    cleanup: tuple[str, ...] | None
    balance: bool
    linear: bool | None
    teaching: bool
    faithful: bool
    max_length: str
    seed: int

    def checked(self, reading: ReadOptions) -> ModelOptions:
        """These options, which do not contradict each other; no file was opened to know.

        Raises:
            InputError: They do, one of them has no such value, or a library that training needs is
                not installed.
        """
        if self.architecture is not None and self.architecture not in ARCHITECTURES:
            raise InputError(
                f"--architecture {self.architecture}: choose from {', '.join(ARCHITECTURES)}"
            )
        pooling = None if self.pooling is None else current_name(self.pooling)
        if pooling not in (None, *POOLINGS):
            raise InputError(f"--pooling {pooling}: choose from {', '.join(POOLINGS)}")
        self._check_columns(reading)
        self._check_faithful(pooling, self.heads)
        options = replace(self, pooling=pooling or "attention")
        options._check_attention()
        if self.heads not in (None, 1) and options.pooling != "attention":
            raise InputError(
                f"--heads {self.heads} needs --pooling attention; {pooling} has one head"
            )
        reading.check()
        require("training", *TRAINING)
        options = replace(options, encoder=self.encoder.checked(self.tokenizer, self.dictionary))
        _check_text_options(self.tokenizer, self.dictionary, self.rules, self.max_length)
        return options

    @property
    def rules(self) -> tuple[str, ...]:
        """The clean-up rules; `none` is the name of none."""
        return tuple(rule for rule in self.cleanup or () if rule != "none")

    def settled(self, data: str, rows: Rows) -> ModelOptions:
        """The same, with the architecture that the rows ask for; None for a classifier.

        Raises:
            InputError: The rows are not what the task or the architecture reads.
        """
        from attnpool.label_values import as_known

        options = replace(self, architecture=self._architecture(data, rows))
        if self.match is not None:
            options = replace(options, match=as_known([self.match], set(rows.labels or []))[0])
        options._check_match(rows)
        options._check_faithful(None, None)
        options._check_attention()
        return options

    def build(self, rows: Rows) -> Estimator:
        """The untrained model, which remembers how the rows were read."""
        from attnpool.data import NAMED
        from attnpool.estimators import TextClassifier, TextMatcher

        rules = self.rules
        if not self.cleanup and rows.reading.dataset:
            rules = tuple(NAMED[rows.reading.dataset].cleanup)
        shared: dict[str, Any] = {
            **self.encoder.parameters(),
            "tokenizer": self.tokenizer,
            "dictionary": self.dictionary,
            "cleanup": rules,
            "max_length": self.max_length,
            "pooling": self.pooling,
            "heads": self.heads,
            "seed": self.seed,
        }
        model: Estimator
        if self.architecture is None:
            weight = "balanced" if self.balance else "auto"
            model = TextClassifier(
                class_weight=weight,
                linear=self.linear is not False,
                faithful=self.faithful,
                **shared,
            )
        else:
            model = TextMatcher(architecture=self.architecture, match_label=self.match, **shared)
        model.reading_ = rows.reading.to_dict()
        return model

    def _check_columns(self, reading: ReadOptions) -> None:
        text, task, architecture = reading.text, self.task, self.architecture
        if task == "classify" and architecture is not None:
            raise InputError(f"--architecture {architecture} is for --task match; leave one out")
        if len(text) > _MOST_COLUMNS:
            raise InputError(
                f"{len(text):,} text columns; name one, two for pairs, three for triplets"
            )
        if len(set(text)) < len(text):
            twice = next(name for name in text if list(text).count(name) > 1)
            raise InputError(f"--text {twice} is given twice; name different columns")
        for option, given in (("--label", reading.label), ("--label-map", reading.label_map)):
            if len(text) == TRIPLET and given:
                raise InputError(
                    f"three text columns are triplets, which have no label; leave {option} out"
                )
        if task == "classify" and len(text) > 1:
            raise InputError(f"--task classify reads one text column, not {len(text):,}; name one")
        if architecture is not None and text and len(text) not in _takes(architecture):
            raise InputError(
                f"--architecture {architecture} reads {_columns(architecture)}, not {len(text):,}; "
                "change --text or --architecture"
            )
        if task == "match" or architecture is not None or len(text) > 1:
            self._check_classifier()

    def _architecture(self, data: str, rows: Rows) -> str | None:
        """The architecture of a matcher, by what the rows hold; None for a classifier."""
        task, architecture = self.task, self.architecture
        many = len(rows.texts)
        if task == "classify":
            check_one_text(data, rows)
        if architecture is None and many == 1:
            if task == "match":
                raise InputError(
                    f"{data} has one text per row; name two columns, --text COL --text COL, "
                    "or match texts with their labels: --architecture label"
                )
            return None
        chosen = architecture or _USUAL[many]
        if many not in _takes(chosen):
            have = {1: "one text per row", 2: "pairs", TRIPLET: "three texts per row"}[many]
            raise InputError(
                f"{data} has {have}; --architecture {chosen} reads {_columns(chosen)}: "
                "name with --text"
            )
        self._check_classifier()
        if chosen == "triplet" and rows.labels is not None:
            _check_triplets(data, rows.labels)
        return chosen

    def _check_classifier(self) -> None:
        """Refuse what only classifiers take."""
        for given, option in (
            (self.balance, "--balance"),
            (self.linear is not None, "--linear" if self.linear else "--no-linear"),
            (self.teaching, "--unlabelled and --teacher"),
        ):
            if given:
                are, it = ("are", "them") if " and " in option else ("is", "it")
                raise InputError(
                    f"{option} {are} for classifiers; leave {it} out to train a matcher"
                )

    def _check_match(self, rows: Rows) -> None:
        if self.match is None:
            return
        labels = display_order(sorted(set(rows.labels or [])))
        if self.architecture in (None, "label") or len(labels) != 2:
            raise InputError("--match is for pairs that have two labels; leave it out")
        if self.match not in labels:
            raise InputError(
                f"--match {self.match}: no pair has this label; they have {quoted_list(labels)}"
            )

    def _check_faithful(self, pooling: str | None, heads: int | None) -> None:
        """Refuse a matcher, and what `faithful` chooses otherwise."""
        if not self.faithful:
            return
        if self.architecture is not None:
            raise InputError("--faithful trains classifiers only; leave it out for a matcher")
        if pooling not in (None, "mean_query"):
            raise InputError(f"--faithful pools by mean_query, not {pooling}; leave --pooling out")
        if heads not in (None, 1):
            raise InputError("--faithful has one head; leave --heads out")
        if self.linear:
            raise InputError("--faithful has no linear part; leave --linear out")

    def _check_attention(self) -> None:
        if self.architecture is not None and self.pooling is not None:
            find_architecture(self.architecture).check_attention(self.pooling, self.heads)


def read_training_rows(data: str, options: ReadOptions) -> Rows:
    """The rows to train on; three text columns are triplets, without labels.

    Raises:
        InputError: The file, its columns or its rows are bad.
    """
    from attnpool.data import read
    from attnpool.data.label_map import parse_label_map

    triplets = len(options.text) == TRIPLET
    rows = read(
        data,
        dataset=options.dataset,
        text=options.text,
        label=options.label,
        encoding=options.encoding,
        header=options.header,
        label_map=parse_label_map(options.label_map),
        skip_bad_rows=options.skips,
        labelled=not triplets,
    )
    say_notes(data, rows)
    return complete(data, rows, skip_bad_rows=options.skips) if triplets else rows


def validation_share(validation: str | None) -> float | None:
    """A share of the rows; None if it is the name of a file, or not given."""
    if validation is None:
        return None
    try:
        share = float(validation)
    except ValueError:
        if not Path(validation).is_file():
            raise InputError(
                f"--validation {validation}: no such file; give a file or a share of the rows"
            ) from None
        return None
    if not 0 <= share < 1:
        raise InputError(f"--validation {validation}: give a file, or a share from 0 to below 1")
    return share


def _check_text_options(
    tokenizer: str, dictionary: str | None, rules: tuple[str, ...], max_length: str
) -> None:
    """Refuse what no text could be read with, before any is.

    Raises:
        InputError: A tokeniser, a clean-up rule or a length limit there is not.
    """
    import numpy as np

    from attnpool.sanitize import printable
    from attnpool.text import Cleanup, length_limit, make_tokenizer

    Cleanup(rules)
    length_limit(np.ones(1, dtype=np.int64), max_length)
    if printable(tokenizer) != tokenizer:
        raise InputError(f"--tokenizer {tokenizer}: the path is not UTF-8; rename the file")
    make_tokenizer(tokenizer, ["一"], min_frequency=1, dictionary=dictionary)


def _check_triplets(data: str, labels: Sequence[str]) -> None:
    """Pairs become triplets where some match and some do not: by two labels."""
    found = display_order(sorted(set(labels)))
    if len(found) == 2:
        return
    if len(found) == 1:
        raise InputError(
            f"{data}: all {len(labels):,} pairs have the label {quoted(found[0])}; triplets need "
            "pairs that match, for positives, and pairs that do not"
        )
    raise InputError(
        f"{data}: the pairs have {len(found):,} labels ({quoted_list(found, 4)}); "
        "triplets need two, match and no match"
    )


def _takes(architecture: str) -> tuple[int, ...]:
    return find_architecture(architecture).text_columns


def _columns(architecture: str) -> str:
    names = {1: "one", 2: "two", TRIPLET: "three"}
    many = _takes(architecture)
    return f"{' or '.join(names[n] for n in many)} text column{'s' * (many != (1,))}"
