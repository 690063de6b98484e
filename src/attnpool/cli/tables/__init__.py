"""Tables of predictions to files."""

from attnpool.cli.tables.delimited import TextForm
from attnpool.cli.tables.formulas import as_text
from attnpool.cli.tables.workbook import check_workbook
from attnpool.cli.tables.write import (
    SUFFIXES,
    check_libraries,
    table_of,
    with_columns,
    write_table,
)

__all__ = [
    "SUFFIXES",
    "TextForm",
    "as_text",
    "check_libraries",
    "check_workbook",
    "table_of",
    "with_columns",
    "write_table",
]
