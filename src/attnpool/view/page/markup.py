"""The templates of pages with all that they call; everything from outside is escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from attnpool.attribution_methods import record_of
from attnpool.sanitize import one_line, visible
from attnpool.view.drawing import captions
from attnpool.view.drawing.alignment import Aligned
from attnpool.view.drawing.colour import LEVELS, hue_class
from attnpool.view.drawing.faithfulness import faithfulness, faithfulness_warning
from attnpool.view.drawing.legends import Legend
from attnpool.view.drawing.segments import Run
from attnpool.view.page import cards

_WIDE = 2  # characters of a token above which it stands upright over its column


@cache
def environment() -> Environment:
    """The environment of all templates."""
    templates = Environment(
        loader=PackageLoader("attnpool.view.page"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    templates.filters.update(
        visible=visible,
        one_line=one_line,
        percent=captions.percent,
        number=captions.number,
        value=cards.value,
        hue_class=hue_class,
    )
    templates.globals.update(
        answer=captions.answer,
        certainty=captions.certainty,
        class_rows=cards.class_rows,
        faithfulness=faithfulness,
        faithfulness_warning=faithfulness_warning,
        grid_rows=_grid_rows,
        heads_fact=captions.heads,
        language=captions.language,
        legend_levels=_legend_levels,
        logit_parts=captions.logit_parts,
        mark=captions.mark,
        pair_facts=captions.pair_facts,
        part_of=_part_of,
        record_of=record_of,
        strongest=cards.strongest,
        tall=_tall,
    )
    return templates


def _legend_levels(entry: Legend) -> range:
    # Of shares the palest colour is that of the uniform one, not of none.
    return range(-LEVELS if entry.scale.signed else int(entry.shares), LEVELS + 1)


def _grid_rows(aligned: Aligned) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each left part with its cells: the class of the colour, and what pointing at it says."""
    return [
        (
            left,
            [
                (
                    hue_class(level, False) if level else "",
                    aligned.words("meets", left=left, right=right, value=captions.number(value, 2))
                    if level > 1
                    else "",
                )
                for right, level, value in zip(aligned.right, levels, row, strict=True)
            ],
        )
        for left, levels, row in zip(
            aligned.left, aligned.levels.tolist(), aligned.values.tolist(), strict=True
        )
    ]


def _tall(aligned: Aligned) -> bool:
    return max(map(len, aligned.right)) > _WIDE


def _part_of(run: Run, side: int, aligned: Aligned) -> int:
    """The part of an alignment that a run is; -1 where it is none."""
    if not aligned.fits or run.tokens is None or side >= len(aligned.parts):
        return -1
    return int(aligned.parts[side][run.tokens[0]])
