"""The templates of pages with all that they call; everything from outside is escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from attnpool.explanation import Side
from attnpool.sanitize import one_line, visible
from attnpool.view.drawing import captions as words
from attnpool.view.drawing.alignment import Aligned
from attnpool.view.drawing.colour import LEVELS, Scale
from attnpool.view.drawing.draw import Row
from attnpool.view.drawing.segments import Run
from attnpool.view.page import cards
from attnpool.view.page.style import hue_class

_LISTED = 60
_WIDE = 2  # characters of a token above which it stands upright over its column


@cache
def environment() -> Environment:
    """The environment of all templates."""
    made = Environment(
        loader=PackageLoader("attnpool.view.page"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    made.filters.update(
        visible=visible,
        one_line=one_line,
        percent=words.percent,
        number=words.number,
        colour=_colour,
        value=cards.value,
    )
    made.globals.update(
        alignment_meaning=words.alignment_meaning,
        answer=words.answer,
        best=_best,
        certainty=words.certainty,
        class_rows=cards.class_rows,
        common=words.COMMON,
        faithfulness=words.faithfulness,
        grid_rows=_grid_rows,
        heads_fact=words.heads,
        hue_class=hue_class,
        language_of=_language_of,
        legend_levels=_legend_levels,
        mark=words.mark,
        meaning=words.meaning,
        pair_facts=words.pair_facts,
        part_of=_part_of,
        scale_ends=words.scale_ends,
        scale_scope=words.scale_scope,
        strongest=cards.strongest,
        tall=_tall,
        unread=words.unread,
    )
    return made


def _colour(run: Run, row: Row) -> str:
    return hue_class(run.level, row.scale.signed)


def _language_of(side: Side) -> str:
    return words.language(side.text)


def _legend_levels(scale: Scale) -> range:
    return range(-LEVELS if scale.signed else 0, LEVELS + 1)


def _grid_rows(aligned: Aligned) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each left part with its cells: the class of the colour, and what pointing at it says."""
    return [
        (
            left,
            [
                (hue_class(level, False), f"{left} → {right}: {value:.2g}") if level else ("", "")
                for right, level, value in zip(aligned.right, levels, row, strict=True)
            ],
        )
        for left, levels, row in zip(
            aligned.left, aligned.levels.tolist(), aligned.values.tolist(), strict=True
        )
    ]


def _best(aligned: Aligned) -> tuple[list[tuple[str, str, float]], int]:
    """What is listed of the strongest meetings, and how many are not."""
    best = aligned.best()
    return best[:_LISTED], max(0, len(best) - _LISTED)


def _tall(aligned: Aligned) -> bool:
    return max(map(len, aligned.right)) > _WIDE


def _part_of(run: Run, side: int, aligned: Aligned | None) -> int:
    """The part of an alignment that a run is; -1 where it is none."""
    if aligned is None or not aligned.fits or run.tokens is None or side >= len(aligned.parts):
        return -1
    return int(aligned.parts[side][run.tokens[0]])
