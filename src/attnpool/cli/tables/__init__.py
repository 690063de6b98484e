"""Tables of predictions to files."""

from attnpool.cli.tables.delimited import TextForm
from attnpool.cli.tables.workbook import check_workbook
from attnpool.cli.tables.write import SUFFIXES, write_table

__all__ = ["SUFFIXES", "TextForm", "check_workbook", "write_table"]
