"""The renderings in English, whatever language the texts are in, for tests of what they say."""

from functools import partial
from types import SimpleNamespace

import attnpool
from attnpool.view import registry, report
from attnpool.view.drawing import captions as all_captions
from attnpool.view.drawing import draw as drawing
from attnpool.view.drawing import faithfulness as faith
from attnpool.view.drawing import segments
from attnpool.view.markdown import to_markdown
from attnpool.view.page import html
from attnpool.view.picture import compose as composing
from attnpool.view.picture import heads_plot as plots
from attnpool.view.picture import png, svg
from attnpool.view.terminal import lines, stream, terminal
from attnpool.view.words import Words

EN = Words("en")
WARNING, MEASURED = EN("faith.warning"), EN("faith.measured")

draw = partial(drawing.draw, words=EN)
compose = partial(composing.compose, words=EN)
shorten = partial(segments.shorten, words=EN)
unread = partial(all_captions.unread, words=EN)
logit_parts = partial(all_captions.logit_parts, words=EN)
answer = partial(all_captions.answer, words=EN)
pair_facts = partial(all_captions.pair_facts, words=EN)
faithfulness = partial(faith.faithfulness, words=EN)
faithfulness_warning = partial(faith.faithfulness_warning, words=EN)
captions = SimpleNamespace(
    answer=answer,
    heads=partial(all_captions.heads, words=EN),
    number=all_captions.number,
    pair_facts=pair_facts,
)

to_fragment = partial(html.to_fragment, lang="en")
to_html = partial(html.to_html, lang="en")
to_lines = partial(lines.to_lines, lang="en")
to_markdown = partial(to_markdown, lang="en")
to_plain = partial(terminal.to_plain, lang="en")
to_png = partial(png.to_png, lang="en")
to_report = partial(report.to_report, lang="en")
to_svg = partial(svg.to_svg, lang="en")
to_terminal = partial(terminal.to_terminal, lang="en")
Stream = partial(stream.Stream, lang="en")
TerminalView = partial(terminal.TerminalView, lang="en")
heads_plot = SimpleNamespace(
    plot=partial(plots.plot, words=EN),
    to_svg=partial(plots.to_svg, lang="en"),
    to_png=partial(plots.to_png, lang="en"),
    NARROWEST=plots.NARROWEST,
)
model_report = partial(attnpool.report, lang="en")


def render(explanations, format="html", **options):  # noqa: A002
    """As `attnpool.render`."""
    language = {} if format == "json" else {"lang": "en"}
    return registry.render(explanations, format, **language, **options)
