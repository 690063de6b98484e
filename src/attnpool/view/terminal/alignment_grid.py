"""An alignment in the terminal: a grid where it fits, else each token with its strongest one."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from attnpool.view.drawing.alignment import Aligned
from attnpool.view.terminal.pen import DIM, Pen

_MOST_ROWS, _MOST_COLUMNS = 24, 40
_NAME = 12


def grid_lines(
    aligned: Aligned, names: tuple[str, ...], pen: Pen, console: Console, width: int
) -> Iterator[Text]:
    """The lines of an alignment.

    Args:
        aligned: What is drawn.
        names: What the two texts are called.
        pen: How levels are shown.
        console: Where lines are folded.
        width: The most columns.
    """
    yield from _folded(aligned.meaning(names), console, width)
    margin = min(_NAME, max(map(cell_len, aligned.left)))
    rows, columns = aligned.values.shape
    narrow = max(map(cell_len, aligned.right)) <= 2 and margin + 1 + 2 * columns <= width
    if rows > _MOST_ROWS or columns > _MOST_COLUMNS or not narrow:
        yield from Text(aligned.listed()).wrap(console, width, overflow="fold")
        return
    top = "".join(set_cell_size(name, 2) for name in aligned.right)
    yield Text(f"{' ' * (margin + 1)}{top}", no_wrap=True)
    for name, levels in zip(aligned.left, aligned.levels.tolist(), strict=True):
        line = Text(set_cell_size(name, margin + 1), no_wrap=True)
        for level in levels:
            line.append(*pen.cell(level))
        yield line


def _folded(line: str, console: Console, width: int) -> Iterator[Text]:
    yield from Text(line, style=DIM).wrap(console, width, overflow="fold")
