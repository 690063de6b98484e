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

from attnpool.explanation import Explanation, Side
from attnpool.sanitize import visible
from attnpool.view.drawing import captions as words
from attnpool.view.drawing.alignment import Aligned
from attnpool.view.drawing.colour import INK, LEVELS, Scope, Theme, background
from attnpool.view.drawing.draw import Drawing, Key, Row, draw, keys
from attnpool.view.drawing.segments import Run
from attnpool.view.picture.matrix import listed

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
) -> str:
    """Draw explanations as Markdown with HTML inside.

    Args:
        explanations: What to draw.
        theme: The colours where styles live: those of a light or a dark page.
        heads: Whether to draw each head below the explanation's own values.
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        full: The magnitude of full colour where the scope is `"absolute"`.

    Returns:
        The blocks. Write it as UTF-8.
    """
    drawings = draw(explanations, scope=scope, full=full, heads=heads)
    blocks = [block for drawing in drawings for block in _blocks(drawing, theme)]
    blocks += [_legend(key, theme) for key in keys(drawings)]
    return "".join(f"{block}\n\n" for block in blocks).removesuffix("\n")


def _blocks(drawing: Drawing, theme: Theme) -> list[str]:
    explanation = drawing.explanation
    found = [_header(explanation)]
    for side, raw in zip(drawing.sides, explanation.sides, strict=True):
        name = f"<strong>{side.name}</strong> " if side.name else ""
        text = _text(side.row, theme) + escaped(side.tail)
        if side.unread:
            text += f" <sub>{escaped(words.unread(side.unread, side.hidden))}</sub>"
        found.append(_paragraph(name + (text or "<em>(empty text)</em>"), raw))
    if drawing.aligned:
        found += _alignment(drawing.aligned, [side.name for side in drawing.sides], theme)
    if any(side.heads for side in drawing.sides):
        found.append(f"<p>{escaped(words.heads(explanation))}</p>")
    for side, raw in zip(drawing.sides, explanation.sides, strict=True):
        for row in side.heads:
            name = f"{side.name} {row.name}".strip()
            said = f"<sub>{name} · at most {words.number(row.peak)}</sub><br>\n"
            found.append(_paragraph(said + _text(row, theme), raw))
    trust = words.faithfulness(explanation)
    return [*found, f"<p><sub>{escaped(trust)}</sub></p>"] if trust else found


def _header(explanation: Explanation) -> str:
    answer, facts = words.header(explanation)
    parts = [f"<strong>{escaped(answer)}</strong>", *map(escaped, facts)]
    truth = words.truth(explanation)
    parts += [escaped(truth)] if truth is not None else []
    return f"<p>{' · '.join([*parts, escaped(words.method(explanation))])}</p>"


def _paragraph(inside: str, side: Side) -> str:
    return f'<p dir="auto" lang="{words.language(side.text)}">{inside}</p>'


def _text(row: Row, theme: Theme) -> str:
    return "".join(_run(run, row, theme) for run in row.runs)


def _run(run: Run, row: Row, theme: Theme) -> str:
    text, signed = escaped(run.text), row.scale.signed
    ground = background(run.level, signed=signed, theme=theme)
    if ground is None or run.value is None:
        return text
    look = f'style="background:{ground};color:{INK[theme]}" title="{run.value:.3g}"'
    if abs(run.level) <= _WEAK:
        return f"<span {look}>{text}</span>"
    if abs(run.level) > _STRONG:
        text = f"<strong>{text}</strong>"
    sign = f"<sup>{'+' if run.level > 0 else '−'}</sup>" if signed else ""
    return f"<mark {look}>{sign}{text}</mark>"


def _alignment(aligned: Aligned, names: Sequence[str], theme: Theme) -> list[str]:
    meaning = escaped(words.alignment_meaning(aligned.scale, names[0], names[1]))
    if not aligned.fits:
        return [f"<p>{meaning}</p>", f"<p>{escaped(listed(aligned))}</p>"]
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


def _legend(key: Key, theme: Theme) -> str:
    scale = key.scale
    if key.method in words.COMMON:
        return f"<p><sub>{escaped(words.COMMON[key.method])}</sub></p>"
    low, high = words.scale_ends(signed=scale.signed, method=key.method)
    ramp = [
        f'<span style="background:{background(level, signed=scale.signed, theme=theme)}">'
        "&nbsp;</span>"
        for level in range(-LEVELS if scale.signed else 1, LEVELS + 1)
        if level
    ]
    marked = "marked, strongest bold" + (f"; + {high}, − {low}" if scale.signed else "")
    meaning = words.meaning(signed=scale.signed, method=key.method)
    said = f"{meaning} Without colours: strong tokens {marked}."
    scope = words.scale_scope(scale, key.method)
    bar = f"{low} {''.join(ramp)} {high} · {escaped(scope)}"
    return f"<p><sub>{escaped(said)}<br>\n{bar}</sub></p>"


def escaped(text: str) -> str:
    """Text that no Markdown, no HTML and none of GitHub's own filters reads as anything else."""
    found = []
    for number, piece in enumerate(_MAGIC.split(visible(text).replace("\t", "    "))):
        entities = _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", piece)
        found.append(f"<span>{entities}</span>" if number % 2 else entities)
    # One line stays one line, so that nothing in it begins a list or a heading.
    lines = "".join(found).replace("\n", "<br>")
    return re.sub(r"(?<=<br>) | (?= )", "&nbsp;", lines)
