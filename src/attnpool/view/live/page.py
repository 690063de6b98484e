"""The live page put together: words, colours, the engine and the model, in one file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import chain
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from attnpool.sanitize import one_line, printable
from attnpool.view.drawing import captions, colour
from attnpool.view.live.engine import engine_script, packed
from attnpool.view.live.tables import tables_of
from attnpool.view.page.style import closed, numbers_script, style_hash, style_sheet
from attnpool.view.report.notes import figure_notes, training_note
from attnpool.view.words import LANGUAGES, Language, Words

_SCRIPTS = (
    *("dom", "scale", "blocks", "turning", "draw", "lines", "copy"),
    *("state", "live", "turn", "listen", "start"),
)
_NAMES = {
    1: {"lead": "lead", "labels": ["label"], "letters": [""], "proof": "proof"},
    2: {
        "lead": "lead_pair",
        "labels": ["label_a", "label_b"],
        "letters": ["A", "B"],
        "proof": "proof_pair",
    },
}
"""By the number of texts: what the template says where pages differ."""

_DIGITS = 12  # of the digest
MOST_EXAMPLES = 20
"""The most examples that a page offers."""


def live_page(
    model: Any,
    *,
    title: str,
    examples: Sequence[str | Sequence[str]] = (),
) -> str:
    """A compact model as one HTML page, which runs it in any browser and loads nothing.

    Args:
        model: A `CompactModel`.
        title: The heading.
        examples: Texts, or pairs of them, that a click puts into the boxes; the first is there
            at the beginning.

    Returns:
        The page. Write it as UTF-8.

    Raises:
        InputError: The engine of the page does not read texts as the model does.
    """
    items = [[one] if isinstance(one, str) else [*one] for one in examples]
    items = [[printable(text) for text in texts] for texts in items]
    kept = [texts for texts in items if any(text.strip() for text in texts)][:MOST_EXAMPLES]
    chinese = captions.language(" ".join(chain(*kept))) == "zh"
    first: Language = "zh" if chinese else "en"  # until its script reads the reader's own
    binary = packed(model)
    words = {name: Words(name).live() for name in LANGUAGES}
    told = {name: _foot(model, Words(name), binary) for name in LANGUAGES}
    tags = {name: Words(name).tag for name in LANGUAGES}
    page = {
        "words": words,
        "tags": tags,
        "foot": told,
        "scale": _scale(),
        "tables": tables_of(model),
        "examples": kept,
    }
    sheet, code = live_sheet(), live_script()
    return (
        _templates()
        .get_template("live.html.j2")
        .render(
            tag=tags[first],
            broken={tags[name]: said["broken"] for name, said in words.items()},
            title=one_line(title),
            names=_NAMES[model.network_.sides],
            words=words[first],
            foot=told[first],
            page=_data(page),
            model=Markup(binary),  # noqa: S704 (base64)
            style=Markup(sheet),  # noqa: S704 (our own style sheet)
            style_hash=style_hash(sheet),
            script=Markup(code),  # noqa: S704 (our own script)
            script_hash=style_hash(code),
        )
    )


@cache
def live_sheet() -> str:
    """The style sheet: that of all pages, and more."""
    return style_sheet() + _template("live.css")


@cache
def live_script() -> str:
    """The script: the engine, and what one does with it."""
    own = [_template(f"{name}.js") for name in _SCRIPTS]
    return closed("\n".join([engine_script(), numbers_script(), *own]))


def _scale() -> dict[str, Any]:
    return {
        "levels": colour.LEVELS,
        "times": colour.TIMES_UNIFORM,
        "least": colour.UNIFORM,
        "palest": colour.PALEST,
        "same": colour.SAME,
    }


def _foot(model: Any, words: Words, binary: str) -> list[str]:
    """What model it is, how good, and what the file tells of its training texts."""
    source = model.source_
    digest = str(source.get("sha256") or sha256(binary.encode()).hexdigest())[:_DIGITS]
    version = f" {one_line(str(source.get('attnpool', '')))}".rstrip()
    made = words("live.foot_model", version=version, date=date.today().isoformat(), digest=digest)
    lines = [made, *_figures(model.metrics_, words)]
    kept, every = int(source["ngrams"]), int(source["ngrams_of"])
    if kept < every:
        lines.append(words("live.foot_pruned", left=f"{every - kept:,}", all=f"{every:,}"))
    elif source.get("smaller"):
        lines.append(words("live.foot_smaller"))
    if source.get("words") is False:
        lines.append(words("live.foot_words"))
    tokens = f"{source['tokens'] - 2:,}"
    if every == 0:
        return [*lines, words("live.foot_tokens", tokens=tokens)]
    return [*lines, words("live.foot_reveals", tokens=tokens, ngrams=f"{kept:,}")]


def _figures(metrics: Mapping[str, Any], words: Words) -> list[str]:
    """What training measured, before the model was exported, and what speaks against it."""
    said = training_note(metrics, words, exported=True)
    if not said:
        return [words("live.foot_unmeasured")]
    return [" ".join([said, *figure_notes(metrics, words)])]


def _data(page: dict[str, Any]) -> Markup:
    """JSON that no text can end: inside a script element `<` begins a tag."""
    text = json.dumps(page, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 (escaped above)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("attnpool.view.live"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )


def _template(name: str) -> str:
    return files("attnpool.view.live").joinpath("templates", name).read_text("utf-8")
