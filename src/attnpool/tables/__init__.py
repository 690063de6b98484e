"""Tables to files: CSV, tab-separated, JSON lines, Parquet and Excel."""

from attnpool.tables.delimited import TextForm
from attnpool.tables.formulas import as_text
from attnpool.tables.workbook import check_workbook
from attnpool.tables.write import (
    SUFFIXES,
    check_libraries,
    join_parquet,
    table_of,
    with_columns,
    write_lines,
    write_table,
)

__all__ = [
    "SUFFIXES",
    "TextForm",
    "as_text",
    "check_libraries",
    "check_workbook",
    "join_parquet",
    "table_of",
    "with_columns",
    "write_lines",
    "write_table",
]
