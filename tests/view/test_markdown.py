import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from attnpool.sanitize import visible
from attnpool.view.markdown import escaped

from . import samples
from .english import to_markdown

# What html-pipeline, GitHub's sanitiser, lets through.
ALLOWED = {"p", "strong", "em", "mark", "span", "sup", "sub", "br", "table", "tr", "th", "td"}
MARKDOWN = "*a* _b_ `c` [d](e) ![f](g) <b>h</b> @me #1 $x$ :smile: www.a.com http://b.com\n\n# i\n"
MARKDOWN += "- j\n1. k\n> l\n\n    code\n```\nm\n```\n| n | o |\n|---|---|\n~~p~~ \\ &amp; q  \n"
MARKDOWN += "r ==s== ^t^ {{ u }}"
HOSTILE = {**samples.ATTACKS, "markdown": MARKDOWN}


class Reader(HTMLParser):
    """The elements of a page, and the text of each paragraph."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.texts, self.magic = set(), set(), [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {key for key, _ in attrs}
        if tag == "p":
            self.texts.append("")

    def handle_data(self, data):
        if self.texts:
            self.texts[-1] += data
        self.magic += re.findall(r"@\w|#\d|\$\S|:\w+:|www\.", data)


def read(markdown):
    return Reader(MarkdownIt("commonmark").render(markdown))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_in_a_text_is_markdown_or_html(text):
    page = read(to_markdown([samples.attack(text), samples.aligned()], heads=True))
    assert page.tags <= ALLOWED
    assert page.attributes <= {"style", "title", "dir", "lang"}
    assert not page.magic
    shown = re.sub(r"\s", "", visible(text))
    said = [re.sub(r"[\s+−]", "", line) for line in page.texts]
    assert any(re.sub(r"[+−]", "", shown) in line for line in said[1:2])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_escaped_text_is_a_text_in_a_paragraph_too(text):
    """Where HTML blocks are read as Markdown, as by pandoc."""
    page = read("x" + escaped(text))
    assert page.tags <= {"p", "span", "br"}
    assert re.sub(r"\s", "", "".join(page.texts)) == "x" + re.sub(r"\s", "", visible(text))


def test_without_styles_strong_tokens_are_marked_and_signs_told():
    plain = re.sub(r' style="[^"]*"| title="[^"]*"', "", to_markdown([samples.moods()]))
    assert "<mark><sup>−</sup><strong>治愈</strong></mark>" in plain
    assert "<mark><sup>+</sup>气死</mark>" in plain
    assert "<span>两个小时</span>" in plain
    assert "<mark><strong>干净</strong></mark>" in re.sub(
        r' style="[^"]*"| title="[^"]*"', "", to_markdown([samples.hotel()])
    )


def test_an_alignment_is_a_table_of_shades():
    drawn = to_markdown([samples.aligned()])
    assert drawn.count("<tr>") == 17
    assert drawn.count("<td") == 16 * 12
    assert "\n\n" not in drawn[drawn.index("<table>") : drawn.index("</table>")]
    assert ">█</td>" in drawn


def test_blocks_stand_apart_and_empty_text_is_told():
    assert to_markdown([]) == ""
    assert "(empty text)" in to_markdown([samples.explain(samples.by_character("", {}))])
    assert "27 characters unread" in to_markdown([samples.review()])
    assert to_markdown([samples.hotel()], heads=True).count("· at most") == 4
