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
from attnpool.gallery.live_pages import live_name, live_page
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
from attnpool.view.words import TABLE, Words, check_language

PAGE = "index.html"
ROWS = "rows"


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
    lang: str | None = None,
) -> list[Made]:
    """Write `out/index.html`, live pages beside it, and the rows of its models into `out/rows`.

    Args:
        out: The folder; created if it is missing.
        data: A folder of public files; datasets not found in it are replaced by bundled rows.
        progress: Where to show progress; default: nowhere.
        recipes: The examples; default: all.
        most: The most rows to train on and to hold out, if fewer than usual.
        tell: Called with each example as soon as it is done.
        lang: The language of the page, `"en"` or `"zh"`; default: Chinese, as all rows are.

    Returns:
        The result of each example.

    Raises:
        InputError: The folder of data holds nothing to use, a file in it cannot be read, or the
            output cannot be written.
    """
    words = Words(check_language(lang or "zh"))
    if data is not None:
        check_folder(data)
    rows_by_name: dict[str, GalleryRows] = {}
    models: dict[tuple[str, Design], Trained] = {}
    sections, made = [worked_section(words, words("worked.part"))], []
    live: dict[str, str | None] = {}
    for recipe in RECIPES if recipes is None else recipes:
        if recipe.rows not in rows_by_name:
            rows_by_name[recipe.rows] = load_rows(SOURCES[recipe.rows], data, most)
        rows = rows_by_name[recipe.rows]
        design = recipe.design.on(rows.cleanup)
        if (rows.name, design) not in models:
            models[rows.name, design] = train(rows, design, progress)
        trained = models[rows.name, design]
        section, name = _section(recipe, rows, trained, words), live_name(recipe)
        live[name] = live_page(recipe, trained, section, words)
        link = {words("gallery.live"): name}
        sections.append(section if live[name] is None else replace(section, links=link))
        _, same = majority_class(rows.test_labels)
        counts = len(rows.test), len(rows.train)
        made.append(Made(recipe.id, trained.accuracy, same, *counts, rows.origin))
        tell(made[-1])
    title, lead = words("gallery.title"), words("gallery.lead")
    page = to_html(title=title, lead=lead, sections=sections, lang=words.language)
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


def _section(recipe: Recipe, rows: GalleryRows, trained: Trained, words: Words) -> Section:
    shown, more = samples(recipe, rows, trained, words)
    lead = [words(f"{recipe.id}.lead")]
    if not rows.bundled and f"{recipe.id}.original" in TABLE:
        lead.append(words(f"{recipe.id}.original"))
    return Section(
        title=words(f"{recipe.id}.title"),
        id=recipe.id,
        lead=words("between-sentences").join(lead),
        figures={**_figures(rows, trained, words), **more},
        explanations=shown,
        part=words(f"part.{recipe.part}"),
        short=words(f"{recipe.id}.short"),
        note=_note(recipe, rows, shown, words),
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


def _figures(rows: GalleryRows, trained: Trained, words: Words) -> dict[str, str]:
    _, same = majority_class(rows.test_labels)
    capped = words("gallery.capped", count=rows.available) if rows.used < rows.available else ""
    accuracy = words("gallery.accuracy", count=len(rows.test_labels), majority=f"{same:.3f}")
    seconds = words("gallery.seconds", seconds=f"{trained.seconds:.1f}")
    figures = {
        accuracy: f"{trained.accuracy:.3f}",
        words("gallery.trained", capped=capped): f"{len(rows.train):,}",
        words("gallery.time"): seconds,
    }
    if trained.overlap is not None:
        figures[words("gallery.overlap")] = f"{trained.overlap:.2f}"
    if rows.evidence is not None and len(trained.explanations[0].sides) == 1:
        on = evidence_share(trained.explanations, rows.evidence)
        figures[words("gallery.evidence", uniform=f"{on.tokens:.0%}")] = f"{on.weight:.0%}"
    return figures


def _note(recipe: Recipe, rows: GalleryRows, shown: Sequence[Explanation], words: Words) -> str:
    """Where the rows come from, what was left out, and how the samples were drawn."""
    origin = words("gallery.bundled", task=rows.name) if rows.bundled else rows.origin
    parts = [words("gallery.rows", origin=origin)]
    if rows.used < rows.available:
        counts = {"train": len(rows.train), "test": len(rows.test)}
        parts.append(words("gallery.held", available=rows.available, **counts))
    wrong, said = sum(1 for e in shown if e.correct is False), ""
    if recipe.pick != "triplets" and wrong < recipe.wrong:
        said = words("gallery.wrong" if wrong else "gallery.none-wrong", count=wrong)
    key = "gallery.samples-of" if recipe.truth else "gallery.samples"
    parts.append(words(key, truth=recipe.truth, longest=recipe.longest, wrong=said))
    return words("between-sentences").join(parts)


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
