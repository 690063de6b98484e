"""The gallery: a model and samples for every recipe, on one page."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from attnpool.explanation import Explanation
from attnpool.gallery.evidence import evidence_share
from attnpool.gallery.live_pages import LINK, live_name, live_page
from attnpool.gallery.modelling import Design, Trained, train
from attnpool.gallery.recipes import RECIPES, Recipe
from attnpool.gallery.samples import samples
from attnpool.gallery.sources import SOURCES, GalleryRows, check_folder, load_rows
from attnpool.gallery.worked_page import worked_section
from attnpool.metrics import majority_class
from attnpool.persistence.atomic import not_written, replace_file
from attnpool.progress import Progress
from attnpool.view.page.html import to_html
from attnpool.view.page.section import Section

PAGE = "index.html"
ROWS = "rows"
_TITLE = "attnpool gallery: what small models look at"
_LEAD = (
    "Examples of pooling: how the tokens of a text become one vector, and how much each token "
    "counts. Every model was trained when this page was made. The samples are drawn at random "
    "from rows that no model trained on; they include errors. What the pictures do not prove: a "
    "deep colour means that the pooling gave a token much weight, not that the prediction would "
    "change without it. With another seed, another token may be coloured and the prediction stay "
    "the same. Colours on sensible words do not make a prediction right."
)


class Made(NamedTuple):
    """The result of one recipe.

    Attributes:
        id: The recipe's id.
        accuracy: The accuracy on the held-out rows.
        majority: That of always predicting the most frequent class of these rows.
        tested: The number of held-out rows.
        trained: The number of training rows.
        origin: Where the rows come from.
    """

    id: str
    accuracy: float
    majority: float
    tested: int
    trained: int
    origin: str


def build_gallery(
    out: Path,
    data: Path | None = None,
    progress: Progress | None = None,
    *,
    recipes: Sequence[Recipe] | None = None,
    most: int | None = None,
    tell: Callable[[Made], object] = lambda _: None,
) -> list[Made]:
    """Write `out/index.html`, live pages beside it, and the rows of its models into `out/rows`.

    Args:
        out: The folder; created if it is missing.
        data: A folder of public files; datasets not found in it are replaced by bundled rows.
        progress: Where to show progress; default: nowhere.
        recipes: The examples; default: all.
        most: The most rows to train on and to hold out, if fewer than usual.
        tell: Called with each example as soon as it is done.

    Returns:
        The result of each example.

    Raises:
        InputError: The folder of data holds nothing to use, a file in it cannot be read, or the
            output cannot be written.
    """
    if data is not None:
        check_folder(data)
    rows_by_name: dict[str, GalleryRows] = {}
    models: dict[tuple[str, Design], Trained] = {}
    sections, made = [worked_section("Pooling")], []
    live: dict[str, str | None] = {}
    for recipe in RECIPES if recipes is None else recipes:
        if recipe.rows not in rows_by_name:
            rows_by_name[recipe.rows] = load_rows(SOURCES[recipe.rows], data, most)
        rows = rows_by_name[recipe.rows]
        design = recipe.design.on(rows.cleanup)
        if (rows.name, design) not in models:
            models[rows.name, design] = train(rows, design, progress)
        trained = models[rows.name, design]
        section, name = _section(recipe, rows, trained), live_name(recipe)
        live[name] = live_page(recipe, trained, section.explanations)
        sections.append(section if live[name] is None else replace(section, links={LINK: name}))
        _, same = majority_class(rows.test_labels)
        counts = len(rows.test), len(rows.train)
        made.append(Made(recipe.id, trained.accuracy, same, *counts, rows.origin))
        tell(made[-1])
    page = to_html(title=_TITLE, lead=_LEAD, sections=sections)
    try:
        (out / ROWS).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise not_written(out, error) from None
    _write(out / PAGE, page)
    for name, text in live.items():
        if text is not None:
            _write(out / name, text)
        else:
            (out / name).unlink(missing_ok=True)  # of an earlier gallery
    for rows in {rows.name: rows for rows in rows_by_name.values()}.values():
        _write_rows(out, rows)
    return made


def _section(recipe: Recipe, rows: GalleryRows, trained: Trained) -> Section:
    shown, more = samples(recipe, rows, trained)
    lead = recipe.lead if rows.bundled else f"{recipe.lead} {recipe.of_original}".strip()
    return Section(
        title=recipe.title,
        id=recipe.id,
        lead=lead,
        figures={**_figures(rows, trained), **more},
        explanations=shown,
        part=recipe.part,
        short=recipe.short,
        note=_note(recipe, rows, shown),
        command=command(recipe, rows),
        plots=recipe.plots,
    )


def command(recipe: Recipe, rows: GalleryRows) -> str:
    """The commands that reproduce the example, one per line, run in the folder of the page."""
    design = recipe.design.on(rows.cleanup)
    model = f"{rows.name}-{design.name}"
    test = f"{ROWS}/{rows.name}.test.jsonl"
    lines = (
        ["train", f"{ROWS}/{rows.name}.train.jsonl", *design.options(rows.cleanup)],
        ["evaluate", model, test],
        ["explain", model, "--data", test, "--limit", "20"],
    )
    lines[0].extend(["-o", model])
    lines[2].extend(["--method", design.methods[0], "-o", f"{recipe.id}.html"])
    return "\n".join(shlex.join(["attnpool", *line]) for line in lines)


def _figures(rows: GalleryRows, trained: Trained) -> dict[str, str]:
    tested = len(rows.test_labels)
    _, same = majority_class(rows.test_labels)
    capped = f" (capped, of {rows.available:,} rows in all)" if rows.used < rows.available else ""
    figures = {
        f"accuracy on {tested:,} held-out rows (majority class: {same:.3f})": (
            f"{trained.accuracy:.3f}"
        ),
        f"training rows{capped}; a tenth of them chose the number of epochs": (
            f"{len(rows.train):,}"
        ),
        "training time": f"{trained.seconds:.1f} s",
    }
    if trained.overlap is not None:
        figures["overlap of the heads, mean over the held-out rows (1: all alike)"] = (
            f"{trained.overlap:.2f}"
        )
    if rows.evidence is not None and len(trained.explanations[0].sides) == 1:
        on = evidence_share(trained.explanations, rows.evidence)
        name = f"of the colour is on the words that carry the label (if uniform: {on.tokens:.0%})"
        figures[name] = f"{on.weight:.0%}"
    return figures


def _note(recipe: Recipe, rows: GalleryRows, shown: Sequence[Explanation]) -> str:
    """Where the rows come from, what was left out, and how the samples were drawn."""
    parts = [f"Rows: {rows.origin}."]
    if rows.used < rows.available:
        parts.append(
            f"Of {rows.available:,} rows, {len(rows.train):,} train and {len(rows.test):,} are "
            "held out. The others are left out to save time, or because they share a text with a "
            "held-out row."
        )
    which = f" labelled {recipe.truth}" if recipe.truth else ""
    parts.append(
        f"Samples: drawn at random from the held-out rows{which} of at most {recipe.longest} "
        "characters"
    )
    wrong = sum(1 for e in shown if e.correct is False)
    if recipe.pick != "triplets" and wrong < recipe.wrong:
        parts[-1] += f"; the model is wrong on {wrong or 'none'} of these rows"
    return " ".join(parts) + "."


def _write_rows(out: Path, rows: GalleryRows) -> None:
    """The rows as `attnpool train` and `attnpool evaluate` read them."""
    for part, items, labels in (
        ("train", rows.train, rows.train_labels),
        ("test", rows.test, rows.test_labels),
    ):
        lines = [
            json.dumps({**_columns(item), "label": label}, ensure_ascii=False)
            for item, label in zip(items, labels, strict=True)
        ]
        _write(out / ROWS / f"{rows.name}.{part}.jsonl", "\n".join(lines) + "\n")


def _write(path: Path, text: str) -> None:
    replace_file(path, lambda file: file.write_text(text, encoding="utf-8"))


def _columns(item: str | tuple[str, str]) -> dict[str, str]:
    return {"text": item} if isinstance(item, str) else {"text_a": item[0], "text_b": item[1]}
