"""File formats: each opens a file as a `Table` (`data/table.py`).

To add a format, write one new file here with a class whose constructor takes `(path, file,
encoding)` and raises `InputError` if the file cannot be read. Give it what `Table` asks for:
`names`, `unit` and `source`, `rows(columns, bad)`, which streams, and `frame(records)`. Then add
one `Format` line to `FORMATS` in `registry.py`; suffixes and error messages follow from it.
"""

from attnpool.data.formats.registry import FORMATS, Format, open_table

__all__ = ["FORMATS", "Format", "open_table"]
