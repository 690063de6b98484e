"""A look at all rows before any is answered: bad ones are told at once, not after hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnpool.data.bad_rows import SHOWN
from attnpool.data.formats.frames import Frame, Kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from attnpool.data import Limit, Rows, RowStream


class Survey:
    """What is known of rows that are read some at a time, once `look` has come to the end.

    Args:
        rows: The rows.
        limit: How many are read at a time.
        check: Called with some rows at a time, all their columns with them; it refuses what the
            output cannot hold. None: nothing is to be refused.

    Attributes:
        count: How many rows there are, bad ones left out.
        skipped: How many bad ones were left out.
        first_bad: The places of the first of them.
        kinds: What the columns hold, where only the rows tell; else None.
        chunks: How many rows each chunk of a file has, by the name of the file.
    """

    def __init__(
        self, rows: RowStream, limit: Limit, check: Callable[[Rows], None] | None = None
    ) -> None:
        self._rows = rows
        self._limit = limit
        self._check = check
        self.count = self.skipped = 0
        self.first_bad: list[str] = []
        self.chunks: dict[str, list[int]] = {}
        self.kinds = Kinds() if rows.typed_by_rows else None

    def look(self) -> Iterator[Rows]:
        """Read all rows; what comes is to be asked for its bad rows alone.

        Raises:
            InputError: A file or a row is bad, or the output cannot hold one.
        """
        originals = self.kinds is not None or self._check is not None
        for chunk in self._rows.chunks(self._limit, originals=originals):
            if self._check is not None:
                self._check(chunk)
            if self.kinds is not None and isinstance(chunk.originals, Frame):
                self.kinds.add(chunk.originals)
            self.chunks.setdefault(chunk.file, []).append(len(chunk))
            self.count += len(chunk)
            self.skipped += chunk.skipped
            more = SHOWN + 1 - len(self.first_bad)
            file = f"{chunk.file}, {chunk.unit} " if len(self._rows.places) > 1 else ""
            self.first_bad += [f"{file}{row.place}" for row in chunk.bad_rows[:more]]
            yield chunk
