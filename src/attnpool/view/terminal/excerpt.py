"""The part of a text that fits a line: the one with the strongest colours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rich.cells import cell_len
from rich.text import Text

from attnpool.sanitize import visible
from attnpool.text.graphemes import cluster_starts
from attnpool.view.drawing.draw import DrawnSide, Row
from attnpool.view.terminal.pen import DIM, Pen, write

_CUT = "…"
_ENOUGH = 0.9
"""The share of the strongest part's colour that another part must have to be shown instead."""


def excerpts(sides: Sequence[DrawnSide], pen: Pen, room: int) -> list[Text]:
    """One line of each text, which together have `room` cells."""
    texts = [_Flat(side, pen) for side in sides]
    by_need = sorted(range(len(texts)), key=lambda at: texts[at].need)
    rooms = [0] * len(texts)
    for order, at in enumerate(by_need):  # what a short text leaves over goes to the others
        rooms[at] = min(texts[at].need, room // (len(texts) - order))
        room -= rooms[at]
    return [text.drawn(own) for text, own in zip(texts, rooms, strict=True)]


class _Flat:
    """A text in one line, as grapheme clusters, each with its run."""

    def __init__(self, side: DrawnSide, pen: Pen) -> None:
        self._row, self._pen = side.row, pen
        self._goes_on = bool(side.tail)
        self._clusters: list[str] = []
        self._run_of: list[int] = []
        blank = True
        for number, run in enumerate(side.row.runs):
            shown = re.sub(r"\s+", " ", visible(run.text))
            shown = shown[1:] if blank and shown.startswith(" ") else shown
            blank = shown.endswith(" ") or (blank and not shown)
            if not shown:  # a blank behind another
                continue
            starts = cluster_starts(shown).tolist()
            for start, end in zip(starts, [*starts[1:], len(shown)], strict=True):
                self._clusters.append(shown[start:end])
                self._run_of.append(number)
        self._cells = [cell_len(cluster) for cluster in self._clusters]
        self._marks = [_marks(side.row, number, pen) for number in range(len(side.row.runs))]
        self.need = (
            sum(self._cells) + sum(self._marks[run] for run in {*self._run_of}) + self._goes_on
        )

    def drawn(self, room: int) -> Text:
        """The text, cut to so many cells."""
        whole = self.need <= room
        first, behind = (0, len(self._clusters)) if whole else self._window(room - 2 * len(_CUT))
        text = Text(end="")
        if first:
            text.append(_CUT, style=DIM)
        at = first
        while at < behind:
            run, end = self._run_of[at], at + 1
            while end < behind and self._run_of[end] == run:
                end += 1
            part = replace(self._row.runs[run], text="".join(self._clusters[at:end]))
            write(text, part, self._row.scale, self._pen)
            at = end
        if behind < len(self._clusters) or self._goes_on:
            text.append(_CUT, style=DIM)
        return text

    def _window(self, room: int) -> tuple[int, int]:
        """The clusters that fit and have most of the colour: the beginning, if that will do.

        A window grows by a cluster at its end, and loses some at its beginning until it fits. A
        run that enters or leaves it takes its marks along. Of many good windows the middle one
        has what is coloured in its middle.
        """
        levels = [abs(self._row.runs[run].level) for run in self._run_of]
        windows = [(0, 0, 0)]  # colour, first cluster, the one behind the last
        first = cells = colour = 0
        for at, run in enumerate(self._run_of):
            entered = at == first or self._run_of[at - 1] != run
            cells += self._cells[at] + self._marks[run] * entered
            colour += levels[at]
            while cells > room and first <= at:
                out = self._run_of[first]
                left = first == at or self._run_of[first + 1] != out
                cells -= self._cells[first] + self._marks[out] * left
                colour -= levels[first]
                first += 1
            windows.append((colour, first, at + 1))
        most = max(windows)[0]
        beginning = max(window for window in windows if window[1] == 0)
        good = [beginning] if beginning[0] >= _ENOUGH * most else windows
        good = [window for window in good if window[0] >= _ENOUGH * most]
        return good[len(good) // 2][1:]


def _marks(row: Row, run: int, pen: Pen) -> int:
    """How many cells the brackets of a run take."""
    text = Text()
    write(text, replace(row.runs[run], text=""), row.scale, pen)
    return text.cell_len
