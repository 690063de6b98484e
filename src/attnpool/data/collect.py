"""From a source to lists: labels are named, and every row is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnpool.sanitize import printable, quoted, quoted_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from attnpool.data.bad_rows import BadRows
    from attnpool.data.source import Source


def collect(
    source: Source,
    bad: BadRows,
    *,
    labelled: bool,
    without: frozenset[str] = frozenset(),
    blank_texts: bool = False,
    places: list[int | str] | None = None,
) -> tuple[tuple[list[str], ...], list[str] | None]:
    """The columns of texts, and the labels.

    Args:
        source: The rows.
        bad: Where bad rows go.
        labelled: Whether a row without a text or without a (known) label is bad. If not, such
            rows stay as they are.
        without: Label names whose rows are passed over.
        blank_texts: Whether rows without a text are left out rather than bad.
        places: Is filled with the number of each row that is kept, or the name of its file.
    """
    count = len(source.texts)
    texts: tuple[list[str], ...] = tuple([] for _ in range(count))
    labels: list[str] = []
    name_of = _Names(source.names, strict=labelled) if source.label is not None else None
    lacks = [f"no text{f' in {quoted(name)}' if name else ''}" for name in source.texts]
    for place, values in source.rows:
        name = why = ""
        if name_of is not None:
            name, why = name_of[values[-1]]
            if name in without:
                continue
        if labelled and not why:
            why = next(
                (lack for text, lack in zip(values, lacks, strict=False) if _blank(text)), ""
            )
            if why and blank_texts:
                bad.leave_out()
                continue
        if why:
            bad.found(place, why)
            continue
        for column, text in zip(texts, values, strict=False):
            column.append(text)
        labels.append(name)
        if places is not None:
            places.append(place)
    return texts, labels if name_of is not None and (labelled or any(labels)) else None


def _blank(text: str) -> bool:
    return not text or text.isspace()


class _Names(dict[str, tuple[str, str]]):
    """From a label in the file to its name, and what is wrong with it; filled as they come."""

    def __init__(self, names: Mapping[str, str] | None, *, strict: bool) -> None:
        super().__init__()
        self._names = names
        self._strict = strict

    def __missing__(self, raw: str) -> tuple[str, str]:
        label = raw.strip()
        why = ""
        if self._names is not None and label not in self._names.values():
            known = label in self._names
            if label and not known and self._strict:
                why = f"the label {quoted(label)} is none of {quoted_list(self._names)}"
            label = self._names.get(label, label)
        if not label and self._strict:
            why = "no label"
        elif self._strict and printable(label) != label:
            why = f"the label {quoted(label)} has a lone surrogate, which no model file can hold"
        self[raw] = label, why
        return self[raw]
