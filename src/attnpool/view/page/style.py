"""What pages bring along: their style sheet, with the colours as classes, and their script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from attnpool.view.drawing.colour import INK, LEVELS, RAMPS, Theme
from attnpool.view.drawing.palette import CHROME, CURVES, colour_of
from attnpool.view.words import Words

_DARK = """.ap{--paper:#171513;--surface:#201d1b;--line:#35302c;--ink:#f0ede9;--soft:#b3aca5;
--track:#35302c;--right:#86d49d;--right-tint:#1c2f23;--wrong:#f5a097;--wrong-tint:#3a211e;
--link:#93b7ff}
.ap .classes rect{fill:#8a827b}
"""

# `all` would set back the attributes of pictures too.
_RESET = """
.ap.ap.ap.fragment{all:initial;display:block}
.ap.ap.fragment :not(svg):not(svg *){all:revert}
.ap.ap.fragment svg{max-width:none;margin:0}
"""


@cache
def style_sheet() -> str:
    """The whole style sheet; dark on dark screens, light in print."""
    return (
        f"\n{_template('page.css')}{_template('lines.css')}{_colours('light')}"
        f"@media screen and (prefers-color-scheme: dark) {{\n{_DARK}{_colours('dark')}}}\n"
    )


@cache
def contents_sheet() -> str:
    """The rules for contents that stay in sight, for pages of several sections."""
    return _template("contents.css")


@cache
def section_sheet() -> str:
    """The rules for commands and plots, for pages that have these."""
    return (
        f"{_template('sections.css')}{_roles('light')}"
        f"@media screen and (prefers-color-scheme: dark) {{\n{_roles('dark')}}}\n"
    )


@cache
def body_sheet() -> str:
    """The rules for paragraphs and tables of a section, for pages that have these."""
    return _template("body.css")


@cache
def link_sheet() -> str:
    """The rules for links to files beside the page, for pages that have these."""
    return _template("links.css")


@cache
def fragment_sheet(*, plots: bool = False) -> str:
    """The style sheet of a fragment, which wins over that of the notebook around it.

    Notebooks style all tags of their outputs. Everything in the fragment is set back to what
    browsers do, and the rules of pages apply on top: their class is repeated until they are more
    specific than the rules of any notebook.

    Args:
        plots: Whether the fragment has pictures of heads.
    """
    own = style_sheet() + section_sheet() * plots + _template("notebook.css")
    return _RESET + re.sub(r"\.ap(?![\w-])", ".ap" * 4, own)


@cache
def report_sheet() -> str:
    """The style sheet of the corpus page."""
    return f"{style_sheet()}{phrase_sheet()}{_template('report.css')}"


@cache
def phrase_sheet() -> str:
    """The rules for lists of phrases."""
    return _template("phrases.css")


@cache
def script(words: Words) -> str:
    """The script of the pages; it asks the network for nothing and keeps nothing."""
    return closed(_words(words.script()) + _template("page.js"))


@cache
def report_script(words: Words) -> str:
    """The script of the corpus page: that of all pages, and more that uses its functions."""
    parts = ("page.js", "numbers.js", "report_rows.js", "report_phrases.js", "report.js")
    return closed(_words(words.script(report=True)) + "\n".join(map(_template, parts)))


def _words(templates: Mapping[str, str | list[str]]) -> str:
    """The words of a script as its constant."""
    return f"const WORDS = {json.dumps(dict(templates), ensure_ascii=False, indent=0)};\n"


def _template(name: str) -> str:
    return files("attnpool.view.page").joinpath("templates", name).read_text("utf-8")


@cache
def numbers_script() -> str:
    """Numbers and short texts as captions have them, for scripts of other pages."""
    return _template("numbers.js")


def closed(code: str) -> str:
    """Code whose names stay its own, as a notebook holds many such scripts.

    Args:
        code: The code.
    """
    return f'\n(() => {{\n"use strict";\n{code.strip()}\n}})();\n'


def style_hash(sheet: str) -> str:
    """The SHA-256 of a style sheet or a script as a Content-Security-Policy writes it."""
    return base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()


def _roles(theme: Theme) -> str:
    """The colours of pictures inside a page, by the classes that `svg.write_svg` gives."""
    curves = [f"h{head}" for head in range(len(CURVES[theme]))]
    rules = [
        f".ap .plot .{kind}-{role}{{{attribute}:{colour_of(role, theme)}}}"
        for role in (*CHROME[theme], *curves)
        for kind, attribute in (("f", "fill"), ("s", "stroke"))
    ]
    return "\n".join(rules) + "\n"


def _colours(theme: Theme) -> str:
    rules = [
        f".ap .{name[0]}{level + 1}{{background:{ramp[level]}}}"
        for name, ramp in RAMPS[theme].items()
        for level in range(LEVELS)
    ]
    return f".ap mark{{color:{INK[theme]}}}\n" + "\n".join(rules) + "\n"
