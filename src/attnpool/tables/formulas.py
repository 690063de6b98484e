"""Cells that a spreadsheet would take for formulas, as it opens a CSV or tab-separated file.

Where a file has to be safe, every text is quoted too: a spreadsheet that expects semicolons would
begin a cell behind one.
"""

from __future__ import annotations

import regex

# What OWASP names: these at the start, their wide forms, and control characters that are skipped.
# So is what nobody sees, such as a zero-width space: a spreadsheet or a clean-up may drop it.
_BEGINS = regex.compile(
    r"[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*+[=+\-@＝＋－＠]|[\t\r\n]"
)
_NUMBER = regex.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def as_text(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would compute; a number stays one.

    Source: OWASP, CSV Injection.
    """
    if not _BEGINS.match(cell) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"
