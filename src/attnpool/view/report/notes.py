"""What speaks against the figures of a page, and what a reader must know of its rows.

In English these sentences are those of the commands, which stand with what finds them; in Chinese
they are made here from the same findings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attnpool.metrics import (
    FEWEST_OF_A_CLASS,
    FEWEST_ROWS,
    accuracy_warnings,
    display_order,
    majority_note,
    unknown_labels,
)
from attnpool.sanitize import one_line
from attnpool.view.report.corpus import Corpus
from attnpool.view.report.figures import Figures
from attnpool.view.words import Words

if TYPE_CHECKING:
    from attnpool.persistence.known_rows import KnownCounts

_NAMED = 8  # classes or labels


def evaluation_notes(figures: Figures, corpus: Corpus, words: Words) -> list[str]:
    """What makes the figures unreliable, or the model useless; sentences without a full stop."""
    if words.language == "en":
        return figures.warnings
    found = []
    if figures.n < FEWEST_ROWS:
        found.append(words("warn.few-rows", count=figures.n, least=FEWEST_ROWS))
    counts = {name: int(of["n"]) for name, of in figures.per_class.items()}
    few = [name for name in display_order(counts) if counts[name] < FEWEST_OF_A_CLASS]
    if few:
        named = [words("warn.of-class", name=one_line(n), count=counts[n]) for n in few[:_NAMED]]
        named_all = _named(named, len(few), words)
        found.append(words("warn.few-of-class", least=FEWEST_OF_A_CLASS, named=named_all))
    name = corpus.classes[figures.frequent]
    measured = {"accuracy": figures.accuracy, "majority_accuracy": figures.majority}
    if accuracy_warnings({**measured, "majority_class": name}):
        found.append(
            words(
                "warn.no-better",
                name=one_line(name),
                accuracy=f"{figures.accuracy:.3f}",
                majority=f"{figures.majority:.3f}",
            )
        )
    return found


def unknown_notes(counts: Mapping[str, int], words: Words, *, ranks: bool) -> list[str]:
    """What to say of labels that the model does not answer with.

    Args:
        counts: The number of rows of each such label.
        words: The words of the language.
        ranks: Whether the model ranks labels that somebody chose.
    """
    if not counts:
        return []
    if words.language == "en":
        what = "that are not ranked" if ranks else "the model does not know"
        return [f"{said}." for said in unknown_labels(counts, what)]
    named = _named([one_line(n) for n in display_order(counts)[:_NAMED]], len(counts), words)
    key = "warn.unranked" if ranks else "warn.unknown"
    return [words(key, count=sum(counts.values()), named=named)]


def known_note(known: KnownCounts, items: Sequence[Any], words: Words, *, measured: bool) -> str:
    """What a reader must know of items that the model has seen; "" where it has seen none.

    Args:
        known: How many of the items the model knows.
        items: The items.
        words: The words of the language.
        measured: Whether there are figures, or predictions alone.
    """
    if words.language == "en":
        return known.note(items, measured=measured)
    least = words("warn.at-least") if known.sampled else ""
    parts = []
    if known.trained:
        parts.append(words("warn.trained", least=least, count=known.trained))
    if known.only_validation:
        parts.append(words("warn.validated", least=least, count=known.only_validation))
    if not parts:
        return ""
    then = words("warn.then-figures" if measured else "warn.then-predictions")
    return words("warn.known", rows=known.of, parts=words("list-clauses").join(parts), then=then)


def training_note(metrics: Mapping[str, Any], words: Words, *, exported: bool) -> str:
    """The accuracy in training, beside that of the majority class; "" where it is not known."""
    held, accuracy = metrics.get("n_validation"), metrics.get("accuracy")
    if not held or accuracy is None:
        return ""
    majority = ""
    if baseline := majority_note(metrics, ".1%"):
        if words.language == "en":
            majority = f"; {baseline}"
        else:
            name = one_line(str(metrics["majority_class"]))
            share = f"{metrics['majority_accuracy']:.1%}"
            majority = words("warn.majority", name=name, share=share)
    key = "warn.training-exported" if exported else "warn.training"
    return words(key, count=held, accuracy=f"{accuracy:.1%}", majority=majority)


def figure_notes(metrics: Mapping[str, Any], words: Words) -> list[str]:
    """What speaks against the accuracy in training, in sentences: few rows, or no gain."""
    found, rows = [], int(metrics.get("n_validation", 0))
    if rows < FEWEST_ROWS:
        found.append(words("warn.few-rows", count=rows, least=FEWEST_ROWS))
    if accuracy_warnings(metrics):
        shares = {name: f"{metrics[name]:.3f}" for name in ("accuracy", "majority_accuracy")}
        found.append(
            words(
                "warn.no-better",
                name=one_line(str(metrics["majority_class"])),
                accuracy=shares["accuracy"],
                majority=shares["majority_accuracy"],
            )
        )
    return [words("sentence", said=f"{one[:1].upper()}{one[1:]}") for one in found]


def _named(names: Sequence[str], total: int, words: Words) -> str:
    """Names in one line, and how many more there are."""
    more = words("model.more", count=total - len(names)) if total > len(names) else ""
    return f"{words('list').join(names)}{more}"
