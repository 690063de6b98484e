r"""Explanations as Markdown, for a README, an issue or a notebook.

GitHub drops every `style`, `<font>` and embedded image but keeps `<mark>`, `<strong>` and `<sup>`
(the allow-list of its html-pipeline), so strong tokens are marked and the strongest are bold too,
with + and − for what pushed: that reads right there, and wherever styles live (VS Code, Jupyter,
pandoc, most sites) the same tags show the exact colours. Mathematics with `\colorbox` would be
coloured on GitHub but breaks Chinese and line wrapping, and emoji squares would break the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from attnpool.explanation import Explanation
from attnpool.sanitize import visible
from attnpool.view.drawing import captions
from attnpool.view.drawing.alignment import Aligned
from attnpool.view.drawing.colour import INK, LEVELS, Scope, Theme, background, check_theme
from attnpool.view.drawing.draw import Drawing, Row, draw
from attnpool.view.drawing.faithfulness import faithfulness, faithfulness_warning, measured
from attnpool.view.drawing.legends import Legend, legends
from attnpool.view.drawing.segments import Run
from attnpool.view.words import Words

_WEAK, _STRONG = LEVELS // 3, 2 * LEVELS // 3
_SHADES = "·░▒▓█"
# Sentence marks stay as they are: inside a paragraph they start nothing.
_MARKDOWN = re.compile(r"[\\`*_{}\[\]#|~=^<>&@$:\"]")
# What sites turn into mentions, issues, mathematics, emoji and links, even inside HTML; a tag
# of its own keeps each from its neighbours.
_MAGIC = re.compile(r"([@#$:]|(?i:www)(?=\.))")


def to_markdown(
    explanations: Sequence[Explanation],
    *,
    theme: Theme = "light",
    heads: bool = False,
    scope: Scope = "text",
    full: float = 1.0,
    lang: str | None = None,
) -> str:
    """Draw explanations as Markdown with HTML inside.

    Args:
        explanations: What to draw.
        theme: The colours where styles live: those of a light or a dark page.
        heads: Whether to draw each head below the explanation's own values.
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        full: The magnitude of full colour where the scope is `"absolute"`.
        lang: The language of what stands around the texts, `"en"` or `"zh"`; None takes Chinese
            where most texts are Chinese, else English.

    Returns:
        The blocks. Write it as UTF-8.
    """
    check_theme(theme)
    words = captions.words_for(explanations, lang)
    drawings = draw(explanations, words, scope=scope, full=full, heads=heads)
    blocks = [block for drawing in drawings for block in _blocks(drawing, theme)]
    blocks += [_legend(legend, theme) for legend in legends(drawings)]
    if note := measured(explanations, words):
        blocks.append(f"<p><sub>{escaped(note)}</sub></p>")
    return "".join(f"{block}\n\n" for block in blocks).removesuffix("\n")


def _blocks(drawing: Drawing, theme: Theme) -> list[str]:
    explanation, words = drawing.explanation, drawing.words
    blocks = [_header(explanation, words)]
    for side in drawing.sides:
        name = f"<strong>{side.name}</strong> " if side.name else ""
        text = _text(side.row, theme) + escaped(side.tail)
        if side.note:
            text += f" <sub>{escaped(side.note)}</sub>"
        blocks.append(
            _paragraph(name + (text or f"<em>{escaped(words('empty'))}</em>"), side.language)
        )
    if drawing.aligned:
        blocks += _alignment(drawing.aligned, [side.name for side in drawing.sides], theme)
    if any(side.heads for side in drawing.sides):
        blocks.append(f"<p>{escaped(captions.heads(explanation, words))}</p>")
    for side in drawing.sides:
        for row in side.heads:
            name = f"{side.name} {row.name}".strip()
            most = words("at-most", value=captions.number(row.peak))
            peak = f"<sub>{name} · {most}</sub><br>\n"
            blocks.append(_paragraph(peak + _text(row, theme), side.language))
    notes = captions.logit_parts(explanation, words), faithfulness(explanation, words)
    blocks += [f"<p><sub>{escaped(note)}</sub></p>" for note in filter(None, notes)]
    warning = faithfulness_warning(explanation, words)
    return [*blocks, f"<p><strong>{escaped(warning)}</strong></p>"] if warning else blocks


def _header(explanation: Explanation, words: Words) -> str:
    answer, facts = captions.header(explanation, words)
    parts = [f"<strong>{escaped(answer)}</strong>"] if answer else []
    parts += map(escaped, facts)
    truth = captions.truth(explanation, words)
    parts += [escaped(truth)] if truth is not None else []
    return f"<p>{' · '.join([*parts, escaped(captions.method(explanation, words))])}</p>"


def _paragraph(inside: str, language: str) -> str:
    return f'<p dir="auto" lang="{language}">{inside}</p>'


def _text(row: Row, theme: Theme) -> str:
    return "".join(_run(run, row, theme) for run in row.runs)


def _run(run: Run, row: Row, theme: Theme) -> str:
    text, signed = escaped(run.text), row.scale.signed
    ground = background(run.level, signed=signed, theme=theme)
    if ground is None or run.value is None:
        return text
    look = f'style="background:{ground};color:{INK[theme]}" title="{captions.number(run.value)}"'
    if abs(run.level) <= _WEAK:
        return f"<span {look}>{text}</span>"
    if abs(run.level) > _STRONG:
        text = f"<strong>{text}</strong>"
    sign = f"<sup>{'+' if run.level > 0 else '−'}</sup>" if signed else ""
    return f"<mark {look}>{sign}{text}</mark>"


def _alignment(aligned: Aligned, names: Sequence[str], theme: Theme) -> list[str]:
    meaning = escaped(aligned.meaning(names))
    if not aligned.fits:
        return [f"<p>{meaning}</p>", f"<p>{escaped(aligned.listed())}</p>"]
    top = "".join(f"<th>{escaped(name)}</th>" for name in aligned.right)
    rows = [f"<tr><th></th>{top}</tr>"]
    for name, levels in zip(aligned.left, aligned.levels.tolist(), strict=True):
        cells = "".join(_cell(level, theme) for level in levels)
        rows.append(f"<tr><th>{escaped(name)}</th>{cells}</tr>")
    return [f"<p>{meaning}</p>", "<table>\n" + "\n".join(rows) + "\n</table>"]


def _cell(level: int, theme: Theme) -> str:
    """A coloured cell, which is a shade of grey where styles are dropped."""
    ground = background(level, signed=False, theme=theme)
    if ground is None:
        return "<td></td>"
    shade = _SHADES[(level - 1) * len(_SHADES) // LEVELS]
    return f'<td style="background:{ground};color:{ground}">{shade}</td>'


def _legend(legend: Legend, theme: Theme) -> str:
    signed = legend.scale.signed
    if legend.marks:
        return f"<p><sub>{escaped(legend.meaning)}</sub></p>"
    low, high = legend.ends
    ramp = [
        f'<span style="background:{background(level, signed=signed, theme=theme)}">&nbsp;</span>'
        for level in range(-LEVELS if signed else 1, LEVELS + 1)
        if level
    ]
    key = "markdown.signed" if signed else "markdown.unsigned"
    meaning = legend.words(key, meaning=legend.meaning, low=low, high=high)
    bar = f"{low} {''.join(ramp)} {high} · {escaped(legend.scope)}"
    return f"<p><sub>{escaped(meaning)}<br>\n{bar}</sub></p>"


def escaped(text: str) -> str:
    """Text that no Markdown, no HTML and none of GitHub's own filters reads as anything else."""
    pieces = []
    for number, piece in enumerate(_MAGIC.split(visible(text).replace("\t", "    "))):
        entities = _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", piece)
        pieces.append(f"<span>{entities}</span>" if number % 2 else entities)
    # One line stays one line, so that nothing in it begins a list or a heading.
    lines = "".join(pieces).replace("\n", "<br>")
    return re.sub(r"(?<=<br>) | (?= )", "&nbsp;", lines)
