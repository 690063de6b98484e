"""The live page put together: words, colours, the engine and the model, in one file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import chain
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from attnpool.sanitize import one_line, visible
from attnpool.view.drawing import captions, colour
from attnpool.view.live.engine import engine_script, packed
from attnpool.view.live.tables import tables_of
from attnpool.view.page.style import closed, numbers_script, style_hash, style_sheet
from attnpool.view.words import LANGUAGES, Language, Words

_SCRIPTS = (
    *("dom", "scale", "blocks", "turning", "draw", "lines", "copy"),
    *("state", "live", "listen"),
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
    kept = [texts for texts in items if any(text.strip() for text in texts)][:MOST_EXAMPLES]
    chinese = captions.language(" ".join(chain(*kept))) == "zh"
    first: Language = "zh" if chinese else "en"  # until its script reads the reader's own
    binary = packed(model)
    words = {name: Words(name).live() for name in LANGUAGES}
    told = {name: _foot(model, said, binary) for name, said in words.items()}
    page = {
        "words": words,
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
            lang=first,
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


def _foot(model: Any, words: Any, binary: str) -> list[str]:
    """What model it is, how good, and what the file tells of its training texts."""
    source, figures = model.source_, model.metrics_
    made = {
        "version": f" {one_line(str(source.get('attnpool', '')))}".rstrip(),
        "date": date.today().isoformat(),
        "digest": str(source.get("sha256") or sha256(binary.encode()).hexdigest())[:_DIGITS],
    }
    lines = [words["foot_model"].format(**made)]
    rows, accuracy = figures.get("n_validation"), figures.get("accuracy")
    if rows and accuracy is not None:
        shown = {"accuracy": captions.percent(accuracy), "rows": f"{rows:,}"}
        majority = figures.get("majority_accuracy")
        if majority is None:
            lines.append(words["foot_accuracy_plain"].format(**shown))
        else:
            name = visible(one_line(str(figures.get("majority_class"))))
            shown |= {"name": name, "majority": captions.percent(majority)}
            lines.append(words["foot_accuracy"].format(**shown))
    kept, every = int(source["ngrams"]), int(source["ngrams_of"])
    lines.append(
        words["foot_reveals"].format(tokens=f"{source['tokens'] - 2:,}", ngrams=f"{kept:,}")
    )
    if kept < every:
        lines.append(words["foot_pruned"].format(left=f"{every - kept:,}", all=f"{every:,}"))
    return lines


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
