"""JSON documents to rows: arrays of objects, wrapped ones, and the forms that pandas writes."""

from __future__ import annotations

from typing import Any, TypeGuard

from attnpool.data.columns import TEXT, is_header
from attnpool.errors import InputError
from attnpool.sanitize import quoted_list

# Where several keys hold lists of objects, the first of these holds the rows.
_ROWS = ("data", "rows", "records", "examples", "items", "documents", "results")
_DEEPEST = 3


def rows_of(document: Any, file: str) -> list[Any]:
    """The rows of a JSON document; what is no row is an element that is no object.

    Known forms, in pandas' words for `orient` where it has one: a list of objects (records); an
    object with one in it (table, and what web services answer); columns and index, objects of
    objects; split, with `columns` and `data`; an object of lists of one length (list); and an
    object for a single row.

    Args:
        document: What the file holds.
        file: The file as the user named it.

    Raises:
        InputError: If the document has another form.
    """
    rows = _rows(document, file, _DEEPEST)
    if not any(isinstance(row, dict) for row in rows):
        if rows and all(isinstance(row, list) for row in rows):
            raise InputError(
                f"{file}: the rows are lists, without the names of columns; "
                'write each as an object, such as {"text": …, "label": …}'
            )
        raise InputError(f"{file}: no JSON object in it; write one object per row")
    # The web service of public datasets wraps each row once more.
    if all(isinstance(row, dict) and isinstance(row.get("row"), dict) for row in rows):
        return [row["row"] for row in rows]
    return rows


def _rows(document: Any, file: str, deepest: int) -> list[Any]:
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        return []
    if _is_row(document):
        return [document]
    values = list(document.values())
    names, data = document.get("columns"), document.get("data")
    if _is_list_of(names, str) and _is_list_of(data, list):
        # A row with too many values is none.
        return [dict(zip(names, row)) if len(row) <= len(names) else row for row in data]  # noqa: B905
    lists = [key for key, value in document.items() if _holds_objects(value)]
    if lists:
        return list(document[_the_rows(lists, file)])
    if values and all(isinstance(value, list) for value in values):
        return _from_lists(document, file)
    if len(values) > 1 and all(map(_is_flat, values)):
        return _from_objects(document)
    nested = [value for value in values if isinstance(value, dict)]
    if deepest and len(nested) == 1:
        inner = _rows(nested[0], file, deepest - 1)
        if len(inner) > 1 or (len(values) == 1 and inner):
            return inner
    return [document]


def _from_lists(document: dict[str, list[Any]], file: str) -> list[Any]:
    """An object of columns, each a list."""
    if len({len(column) for column in document.values()}) > 1:
        raise InputError(f"{file}: its columns are not of one length; write one object per row")
    columns = zip(*document.values(), strict=True)
    return [dict(zip(document, row, strict=True)) for row in columns]


def _from_objects(document: dict[str, dict[str, Any]]) -> list[Any]:
    """An object of objects: of columns, each from row to value; or of rows."""
    inner = list(dict.fromkeys(key for value in document.values() for key in value))
    by_column = is_header(list(document)) or (
        not is_header(inner) and _numbers(inner) and not _numbers(list(document))
    )
    if not by_column:
        return list(document.values())
    return [{name: column.get(key) for name, column in document.items()} for key in inner]


def _is_flat(value: Any) -> bool:
    """Whether a value is an object without lists and objects in it."""
    if not isinstance(value, dict) or not value:
        return False
    return not any(isinstance(inner, dict | list) for inner in value.values())


def _is_row(document: dict[str, Any]) -> bool:
    """Whether an object has the columns of a row, with a text among them."""
    texts = (value for key, value in document.items() if key.strip().casefold() in TEXT)
    return is_header(list(document)) and any(isinstance(text, str) for text in texts)


def _numbers(keys: list[str]) -> bool:
    return all(key.isdigit() for key in keys)


def _the_rows(keys: list[str], file: str) -> str:
    """The key of the rows."""
    known = [key for key in _ROWS if key in keys]
    if known or len(keys) == 1:
        return [*known, *keys][0]
    raise InputError(
        f"{file}: several lists of objects, under {quoted_list(keys)}; "
        "save the one with the rows as a file of its own"
    )


def _holds_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(row, dict) for row in value)


def _is_list_of(value: Any, kind: type) -> TypeGuard[list[Any]]:
    return isinstance(value, list) and all(isinstance(element, kind) for element in value)
