"""The table of words: complete in both languages, and used by every rendering."""

import re
import string
from dataclasses import replace
from html import unescape

import pytest
from rich.cells import cell_len

import attnpool
from attnpool import METHODS, InputError
from attnpool.view.drawing.captions import words_of_texts
from attnpool.view.page.html import Section, to_html
from attnpool.view.picture import heads_plot
from attnpool.view.report import to_report
from attnpool.view.terminal.terminal import to_terminal
from attnpool.view.words import LANGUAGES, TABLE, Words
from attnpool.view.words.methods import METHODS_ZH
from attnpool.view.words.table import Plural

from . import samples
from .regenerate import console

ZH, EN = Words("zh"), Words("en")

NAMES = {"attnpool", "gram", "F1", "CSV", "JavaScript", "Tab", "logit", "softmax", "v1", "v2"}
"""Words of Latin letters that Chinese sentences keep."""

LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def fields(template):
    forms = template if isinstance(template, Plural) else [template]
    parsed = [part for form in forms for part in string.Formatter().parse(form)]
    return {name for _, name, _, _ in parsed if name}


def literal(template):
    forms = template if isinstance(template, Plural) else [template]
    return "".join(text for form in forms for text, *_ in string.Formatter().parse(form))


@pytest.mark.parametrize("key", TABLE)
def test_both_languages_say_the_same(key):
    english, chinese = TABLE[key]
    assert fields(english) == fields(chinese)
    assert not isinstance(chinese, Plural), "Chinese has no plural"
    assert bool(literal(english).strip()) == bool(literal(chinese).strip()) or key in (
        "between-sentences",
    )


@pytest.mark.parametrize("key", TABLE)
def test_chinese_keeps_no_english_word(key):
    said = literal(TABLE[key][1])
    loose = {word for word in LATIN.findall(said) if len(word) > 1}
    assert loose <= NAMES
    if re.search("[\u4e00-\u9fff]", said):
        assert not re.search("[\u4e00-\u9fff][,;:?!(]", said), "Chinese marks in Chinese sentences"
        bare = re.search("[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9%][\u4e00-\u9fff]", said)
        assert bare is None, "a space between Chinese and Latin letters"


def test_every_method_has_chinese_words():
    assert list(METHODS_ZH) == list(METHODS)
    for name, words in METHODS_ZH.items():
        assert bool(words.marks) == bool(METHODS[name].marks)
        assert not LATIN.search("".join([words.name, words.legend, *words.ends, words.noun]))


def test_a_method_of_ones_own_speaks_for_itself():
    assert ZH.method_name("shap <b>\n") == "shap <b>"
    assert EN.method_name("contribution") == "contribution"
    assert ZH.method_name("contribution") == "贡献"


def chinese_only(item):
    """The explanation with names that have no Latin letter."""
    names = {"labels": tuple(f"类{n}" for n in "甲乙丙丁"[: len(item.labels)])}
    if not item.labels:
        return item
    at = item.labels.index(item.prediction)
    label = None if item.label is None else names["labels"][0]
    target = names["labels"][item.labels.index(item.target)]
    return replace(item, **names, prediction=names["labels"][at], label=label, target=target)


def every_kind():
    measures = {
        "comprehensiveness": 0.01,
        "sufficiency": 0.3,
        "random": {"comprehensiveness": 0.05, "sufficiency": -0.2},
    }
    plain = [samples.hotel(), samples.pair(), samples.aligned(), samples.triplet()]
    plain += [*samples.targets(), samples.common(), samples.shares("peaked", 300)]
    plain = [chinese_only(item) for item in plain]
    tail = samples.explain(samples.by_character("房间很干净" * 900, {"干净": 1.0}, until=40))
    empty = samples.explain(samples.by_character("", {}))
    more = [replace(plain[0], method=name) for name in METHODS]
    moved = replace(plain[4], faithfulness=measures, linear=0.2)
    return [*plain, tail, empty, *more, moved]


def loose_words(text):
    """Words of Latin letters that a reader sees, but for A and B, which name the texts."""
    return {word for word in LATIN.findall(text) if len(word) > 1} - NAMES


def seen(page):
    """What a page shows or reads aloud: its text, and the attributes that have words."""
    page = re.sub(r"<(style|script|code)[^>]*>.*?</\1>", " ", page, flags=re.DOTALL)
    said = re.findall(
        r'(?:title|aria-label|placeholder|data-keys|data-own|data-row)="([^"]*)"', page
    )
    return unescape(" ".join([re.sub(r"<[^>]*>", " ", page), *said]))


@pytest.mark.parametrize("form", ["terminal", "lines", "markdown", "html", "svg"])
def test_no_rendering_leaves_an_english_word(form):
    heads = {} if form in ("html", "lines") else {"heads": True}
    drawn = attnpool.render(every_kind(), form, lang="zh", **heads)
    shown = seen(drawn) if form != "terminal" else drawn
    assert loose_words(shown) == set()


@pytest.mark.parametrize("labelled", [True, False])
def test_no_report_leaves_an_english_word(labelled):
    rows = [chinese_only(samples.hotel()), chinese_only(samples.moods())] * 8
    rows = [replace(one, label=one.label if labelled else None) for one in rows]
    rows = [replace(one, method="contribution") for one in rows]
    assert loose_words(seen(to_report(rows, lang="zh", minimum=1))) == set()


def test_the_script_of_a_page_says_nothing_of_its_own():
    from attnpool.view.page.style import report_script

    words = set(ZH.script(report=True))
    code = report_script(ZH)
    asked = set(re.findall(r'say\("([\w.-]+)"', code))
    assert asked <= words | {"status.wrong"}
    assert words - asked <= {
        "explained-for", "explained-by", "stop", "clauses", "status.none-wrong", "status.wrong",
    }  # fmt: skip


def test_the_plot_of_heads_speaks_both_languages():
    drawn = [heads_plot.to_svg(samples.hotel(), lang=lang) for lang in LANGUAGES]
    assert "uniform share" in drawn[0]
    assert "均匀值" in drawn[1]


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (["房间很干净"], "zh"),
        (["a clean room"], "en"),
        (["房间很干净", "隔音太差", "a clean room"], "zh"),
        (["房间很干净", "a clean room"], "en"),
        (["部屋がきれいです"], "en"),
        (["", "房间很干净", "12.5 !"], "zh"),
        ([], "en"),
    ],
)
def test_most_texts_decide_on_the_language(texts, language):
    assert words_of_texts(texts).language == language


def test_the_option_decides_over_the_texts():
    assert "✓ true 正面" in to_terminal([samples.hotel()], console(None), lang="en")
    assert "✓ 真实类别 正面" in to_terminal([samples.hotel()], console(None))
    assert "✗ 真实类别 negative" in to_terminal([samples.review()], console(None), lang="zh")


def test_a_page_is_in_its_language_and_each_text_in_its_own():
    page = to_html([samples.review()], sections=[Section("x")], lang="zh")
    assert '<html lang="zh-Hans">' in page
    assert '<p class="text" dir="auto" lang="und-Latn">' in page
    assert '<html lang="en">' in to_html([samples.review()])


@pytest.mark.parametrize("form", ["terminal", "lines", "html", "svg", "png", "markdown"])
def test_another_language_is_one_line(form):
    with pytest.raises(InputError, match=r"^unknown lang 'fr'; choose one of: en, zh$"):
        attnpool.render([samples.hotel()], form, lang="fr")


@pytest.mark.parametrize("width", [24, 60])
def test_chinese_captions_fit_the_terminal(width):
    drawn = to_terminal(every_kind(), console(None, width), heads=True, lang="zh")
    assert max(map(cell_len, drawn.split("\n"))) <= width
