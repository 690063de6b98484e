"""The gallery: every recipe trained and answered, on one page."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from attnpool.explanation import Explanation
from attnpool.gallery.evidence import evidence_share
from attnpool.gallery.modelling import Design, Trained, train
from attnpool.gallery.recipes import RECIPES, Recipe
from attnpool.gallery.samples import samples
from attnpool.gallery.sources import SOURCES, GalleryRows, check_folder, load_rows
from attnpool.persistence.atomic import not_written, replace_file
from attnpool.progress import Progress
from attnpool.view.page.html import to_html
from attnpool.view.page.section import Section

PAGE = "index.html"
ROWS = "rows"
_TITLE = "attnpool gallery: what small models look at"
_LEAD = (
    "Examples of pooling: how one vector is made of the tokens of a text, and how much "
    "each token counts. Every model was trained when this page was made. The samples are rows "
    "that no model trained on, drawn at random, answered wrong as well as right. What the "
    "pictures do not prove: a deep colour says that the pooling gave a token much weight, not "
    "that the answer would change without it; another seed may colour another token and answer "
    "the same, and colours on sensible words do not make an answer right."
)


class Made(NamedTuple):
    """What became of one recipe.

    Attributes:
        id: That of the recipe.
        accuracy: On the held rows.
        tested: How many they are.
        trained: How many rows were trained on.
        origin: Where the rows come from.
    """

    id: str
    accuracy: float
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
    """Write `out/index.html`, and the rows of its models into `out/rows`.

    Args:
        out: The folder; made if it is missing.
        data: A folder of public files; rows that are not found in it are the bundled ones.
        progress: Where to show how far it is; nowhere unless given.
        recipes: The examples; all unless given.
        most: How many rows to train on and to hold out at most, if fewer than usual.
        tell: Called with each example as soon as it is made.

    Returns:
        What became of each example.

    Raises:
        InputError: The folder of data holds nothing to use, a file in it cannot be read, or the
            output cannot be written.
    """
    if data is not None:
        check_folder(data)
    rows_by_name: dict[str, GalleryRows] = {}
    models: dict[tuple[str, Design], Trained] = {}
    sections, made = [], []
    for recipe in RECIPES if recipes is None else recipes:
        if recipe.rows not in rows_by_name:
            rows_by_name[recipe.rows] = load_rows(SOURCES[recipe.rows], data, most)
        rows = rows_by_name[recipe.rows]
        design = recipe.design.on(rows.cleanup)
        if (rows.name, design) not in models:
            models[rows.name, design] = train(rows, design, progress)
        trained = models[rows.name, design]
        sections.append(_section(recipe, rows, trained))
        made.append(Made(recipe.id, trained.accuracy, len(rows.test), len(rows.train), rows.origin))
        tell(made[-1])
    page = to_html(title=_TITLE, lead=_LEAD, sections=sections)
    try:
        (out / ROWS).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise not_written(out, error) from None
    replace_file(out / PAGE, lambda file: file.write_text(page, encoding="utf-8"))
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
    """The commands that make the example, line by line, run where the page stands."""
    design = recipe.design.on(rows.cleanup)
    model = f"{rows.name}-{design.name}"
    test = f"{ROWS}/{rows.name}.test.jsonl"
    lines = (
        ["train", f"{ROWS}/{rows.name}.train.jsonl", *design.options(rows.cleanup)],
        ["evaluate", model, test],
        ["explain", model, "--data", test, "--limit", "20"],
    )
    lines[0].extend(["-o", model])
    if design.methods[0] != "attention":
        lines[2].extend(["--method", design.methods[0]])
    lines[2].extend(["-o", f"{recipe.id}.html"])
    return "\n".join(shlex.join(["attnpool", *line]) for line in lines)


def _figures(rows: GalleryRows, trained: Trained) -> dict[str, str]:
    tested = len(rows.test_labels)
    same = max(Counter(rows.test_labels).values()) / tested
    capped = f" (capped: there are {rows.available:,} in all)" if rows.used < rows.available else ""
    figures = {
        f"accuracy on {tested:,} held rows; always the same answer: {same:.3f}": (
            f"{trained.accuracy:.3f}"
        ),
        f"rows to train on{capped}; a tenth of them chose when to stop": f"{len(rows.train):,}",
        "to train": f"{trained.seconds:.1f} s",
    }
    if trained.overlap is not None:
        figures["overlap of the heads, mean of the held rows; 1 is all alike"] = (
            f"{trained.overlap:.2f}"
        )
    if rows.evidence is not None and len(trained.explanations[0].sides) == 1:
        on = evidence_share(trained.explanations, rows.evidence)
        name = f"of the colour on the words that carry the label; spread evenly: {on.tokens:.0%}"
        figures[name] = f"{on.weight:.0%}"
    return figures


def _note(recipe: Recipe, rows: GalleryRows, shown: Sequence[Explanation]) -> str:
    """Where the rows come from, what was left out, and how the samples were drawn."""
    parts = [f"Rows: {rows.origin}."]
    if rows.used < rows.available:
        parts.append(
            f"Of {rows.available:,} rows {len(rows.train):,} train and {len(rows.test):,} are "
            "held out; the others are left out to save time, or because a text of theirs is "
            "among those held out."
        )
    which = f" labelled {recipe.truth}" if recipe.truth else ""
    parts.append(
        f"Samples: drawn at random from the held rows{which} of at most {recipe.longest} characters"
    )
    wrong = sum(1 for e in shown if e.correct is False)
    if recipe.pick != "triplets" and wrong < recipe.wrong:
        parts[-1] += f"; only {wrong} of these is answered wrong" if wrong else "; none is wrong"
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
        text = "\n".join(lines) + "\n"
        replace_file(
            out / ROWS / f"{rows.name}.{part}.jsonl",
            lambda file, text=text: file.write_text(text, encoding="utf-8"),  # type: ignore[misc] # mypy infers no type for a lambda with a default
        )


def _columns(item: str | tuple[str, str]) -> dict[str, str]:
    return {"text": item} if isinstance(item, str) else {"text_a": item[0], "text_b": item[1]}
