"""Pairs, triplets, alignments, several classes: what is said in the terminal and on a page."""

import re
import time
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from rich.cells import cell_len

from attnpool.explanation import Side
from attnpool.view.drawing.colour import LEVELS
from attnpool.view.drawing.legends import legends
from attnpool.view.drawing.segments import SHOWN_GAP, Run

from . import samples
from .english import (
    MEASURED,
    WARNING,
    captions,
    draw,
    faithfulness,
    faithfulness_warning,
    shorten,
    to_fragment,
    to_html,
    to_markdown,
    to_plain,
    to_svg,
    to_terminal,
)
from .regenerate import console
from .test_html import Page


def facts(**more):
    return captions.pair_facts(replace(samples.pair(), **more))


def test_numbers_of_ordinary_size_have_no_exponent():
    assert [captions.number(value) for value in (1234.5, 0.000123, -0.0, 2.0, 1e6, 1e-5)] == [
        "1230", "0.000123", "-0", "2", "1000000", "1e-05"
    ]  # fmt: skip
    assert captions.number(123.4, 2, signed=True) == "+120"
    assert captions.number(1.25e12) == "1.25e+12"
    assert captions.number(float("nan")) == "nan"
    assert facts(score=1234.5) == ["score 1230 ≥ threshold 0.53"]


def test_the_score_stands_beside_the_threshold():
    verdict = {"match": False, "threshold": 0.53, "score": "cosine"}
    assert facts() == ["score 0.86 ≥ threshold 0.53"]
    assert facts(score=0.2, verdict=verdict) == ["score 0.2 < threshold 0.53 (cosine)"]
    assert facts(score=0.529999, verdict=verdict) == ["score 0.529999 < threshold 0.53 (cosine)"]
    assert facts(score=0.53) == ["score 0.53 ≥ threshold 0.53"]
    assert facts(verdict=None) == ["score 0.86"]
    assert facts(score=None, verdict={"threshold": 0.5}) == ["threshold 0.5"]
    assert facts(verdict={"why <b>": True}) == ["score 0.86", "why <b> yes"]


def test_a_triplet_says_whether_it_is_ordered():
    right = samples.triplet()
    wrong = replace(right, verdict={"ordered": False, "positive": 0.3, "negative": 0.3})
    assert captions.answer(right) == "ordered right"
    assert captions.pair_facts(right) == ["positive 0.71 > negative 0.284"]
    assert captions.answer(wrong) == "ordered wrong"
    assert captions.pair_facts(wrong) == ["positive 0.3 = negative 0.3"]
    drawn = to_terminal([right], console(None)).split("\n")
    assert drawn[0] == "ordered right · positive 0.71 > negative 0.284 · attention"
    assert [line[:10] for line in drawn[1:4]] == ["anchor    ", "positive  ", "negative  "]
    page = to_html([right])
    assert re.findall(r'<p class="name">(.*?)</p>', page) == ["anchor", "positive", "negative"]
    assert 'class="classes"' not in page


def test_texts_matched_with_labels_are_named_so():
    drawn = draw(samples.labels())
    assert [[side.name for side in one.sides] for one in drawn] == [["text", "label"]] * 3


def test_tokens_that_share_a_cluster_are_one_part_and_rows_still_sum_to_one():
    emoji = samples.emoji().sides[0]
    right = samples.by_word("a b c", {})
    explanation = replace(
        samples.pair(), sides=(emoji, right), alignment=samples.matrix(len(emoji.spans), 3)
    )
    aligned = draw([explanation])[0].aligned
    assert aligned.left[:4] == ("👍🏽", "great", "👩‍👩‍👧", "cafe\u0301")
    assert aligned.values.shape == (5, 3)
    np.testing.assert_allclose(aligned.values.sum(axis=1), 1)
    np.testing.assert_allclose(aligned.values[0], explanation.alignment[:3].mean(axis=0))
    back = replace(explanation, sides=(right, emoji), alignment=explanation.alignment.T[:, :])
    turned = draw([back])[0].aligned
    np.testing.assert_allclose(turned.values[:, 0], back.alignment[:, :3].sum(axis=1))


def test_an_alignment_scales_by_itself_by_page_or_absolutely():
    both = [
        samples.aligned(),
        replace(samples.aligned(), alignment=samples.matrix(16, 12, focus=0)),
    ]
    first, second = (one.aligned.scale.full for one in draw(both))
    assert first == both[0].alignment.max() > second == both[1].alignment.max()
    assert {one.aligned.scale.full for one in draw(both, scope="page")} == {first}
    assert draw(both, scope="absolute", full=0.9)[0].aligned.scale.full == 0.9
    assert draw(both, scope="absolute", full=0.1)[0].aligned.scale.full == 4 / 12
    assert draw(both, scope="absolute", full=2.0)[0].aligned.scale.full == 1.0
    assert draw([samples.aligned()])[0].aligned.levels.max() == LEVELS
    empty = replace(samples.aligned(), alignment=np.zeros((0, 0)))
    assert draw([empty, samples.pair()])[0].aligned is None


def test_only_a_page_cuts_the_runs_of_an_aligned_text_by_token():
    [merged], [cut] = draw([samples.aligned()]), draw([samples.aligned()], part_runs=True)
    assert [run.text for run in merged.sides[1].row.runs[:2]] == ["手机", "照片"]
    assert [run.text for run in cut.sides[1].row.runs] == list(samples.aligned().texts[1])
    page = Page(to_html([samples.aligned()]))
    tokens = [int(mark["data-t"]) for mark in page.marks]
    assert tokens[:28] == [*range(16), *range(12)]


def test_the_grid_of_a_page_says_which_tokens_meet():
    page = to_html([samples.aligned()])
    assert page.count("<td") == 17 * 13 - 16 - 12
    assert "Each row shows how a token of A spreads over B and sums to 1" in page
    named = re.findall(r'<td class="l\d+" title="(.) → (.): 0\.\d+"></td>', page)
    assert ("怎", "手") in named
    assert ("？", "存") in named
    wide = re.search(r'<div class="wide"[^>]*>', page)[0]
    assert 'tabindex="0" role="region" aria-label="Alignment of A and B"' in wide
    assert '<table class="grid tall">' in to_html([samples.aligned_words()])


def big(rows=100, columns=80):
    return replace(
        samples.aligned(),
        sides=(
            samples.by_character("手机" * (rows // 2), {}),
            samples.by_character("照" * columns, {}),
        ),
        alignment=samples.matrix(rows, columns),
    )


def test_a_large_alignment_lists_the_strongest_of_each_token():
    page = to_html([big()])
    assert "<table" not in page
    assert not any("data-t" in mark for mark in Page(page).marks)
    assert len(re.findall(r"<bdi>[手机]</bdi> → <bdi>照</bdi>", page)) == 60
    assert "… 40 more tokens" in page
    drawn = to_terminal([big()], console(None, 2_000))
    assert drawn.count(" → 照 ") == 60
    assert "… 40 more tokens" in drawn


def test_the_grid_of_a_terminal_stands_in_columns():
    drawn = to_terminal([samples.aligned()], console(None)).split("\n")
    top = next(i for i, line in enumerate(drawn) if line == "   手机照片如何导入电脑保存")
    assert drawn[top + 1].startswith("怎 ██··")
    assert drawn[top + 16].startswith("？ ")
    assert drawn[top + 16].endswith("██")
    assert {cell_len(line) for line in drawn[top : top + 17]} == {3 + 24}
    coloured = to_terminal([samples.aligned()], console("truecolor"), theme="dark")
    assert "48;2;150;87;0m  " in coloured


def test_a_grid_that_does_not_fit_is_a_list():
    narrow = to_terminal([samples.aligned()], console(None, 26))
    assert "怎 → 手 0.9" in narrow
    assert "██" not in narrow
    worded = to_terminal([samples.aligned_words()], console(None))
    assert "How → Which 0.949 · do → phone 0.786" in worded


@pytest.mark.parametrize("width", [20, 41, 80])
def test_every_line_of_matches_fits(width):
    every = [*samples.matches(), big(), samples.one_word(10_000)]
    for system in ("truecolor", None):
        drawn = to_terminal(every, console(system, width), heads=True)
        plain = re.sub(r"\x1b\[[0-9;]*m", "", drawn)
        assert max(map(cell_len, plain.split("\n"))) <= width


@pytest.mark.parametrize("text", samples.ATTACKS.values(), ids=samples.ATTACKS)
def test_a_hostile_alignment_is_only_text(text):
    side = samples.by_word(text, {text[:3]: 1.0}, heads=2)
    count = len(side.spans)
    item = replace(
        samples.aligned(), sides=(side, side), alignment=samples.matrix(count, count),
        verdict={text: text, "match": True}, faithfulness={"random": None},
    )  # fmt: skip
    for make in (to_html, to_fragment):
        assert len(Page(make([item])).texts) == 6
    left = re.sub(r"\x1b\[[0-9;]*m", "", to_terminal([item], console("truecolor")))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", left)


def test_classes_of_one_answer_share_a_card():
    page = to_html(samples.targets())
    assert page.count("<article") == 1
    assert re.findall(r'data-face="(.*?)"( data-predicted)?>', page) == [
        ("愤怒", " data-predicted"), ("喜悦", ""), ("厌恶", "")
    ]  # fmt: skip
    assert page.count('<p class="for">') == 3  # all are there without the script
    assert len(Page(page).texts) == 6  # each with attention beside it
    assert to_html(samples.targets(), group_targets=False).count("<article") == 3
    assert to_html(samples.labels()).count("<article") == 1
    assert re.findall(r"<b>(score .*?)</b>", to_html(samples.labels())) == [
        "score 0.1", "score 0.9", "score 0.2"
    ]  # fmt: skip


def test_other_answers_get_cards_of_their_own():
    first, second, _ = samples.targets()
    unsure = replace(second, distribution=second.distribution[::-1].copy())
    other = samples.explain(samples.by_character("别的", {}), **{
        name: getattr(second, name) for name in ("labels", "distribution", "prediction", "target")
    })  # fmt: skip
    for items in ([first, first], [first, unsure], [first, replace(second, method="attention")],
                  [first, other]):  # fmt: skip
        assert to_html(items).count("<article") == 2


def test_what_both_texts_have_is_told_and_not_weighed():
    drawings = draw([samples.common()])
    assert [legend.record.name for legend in legends(drawings)] == ["lcs"]
    assert not drawings[0].signed
    page = to_html([samples.common()])
    assert "characters both texts have in the same order" in page
    assert "much more" not in page
    assert "Strongest" not in page
    assert {mark["title"] for mark in Page(page).marks} == {"in both texts"}
    assert Page(page).texts == samples.common().texts
    plain = to_terminal([samples.common()], console(None))
    assert "A  ⟦手机照片⟧怎么备份" in plain
    assert "⟦ ⟧: characters both texts have in the same order." in plain
    mixed = legends(draw([samples.common(), samples.moods(), samples.pair()]))
    assert [(legend.scale.signed, legend.record.name) for legend in mixed] == [
        (False, "attention"), (False, "lcs"), (True, "contribution")
    ]  # fmt: skip
    rest = replace(samples.common(), method="lcs-rest")  # its name in an earlier version
    assert {mark["title"] for mark in Page(to_html([rest])).marks} == {"not in both texts"}
    assert "all but the characters" in to_html([rest])


RANDOM = {"comprehensiveness": 0.05, "sufficiency": 0.3}


def test_faithfulness_is_two_short_sentences():
    told = (
        "Removing the coloured tokens lowers the probability by 0.61; removing random ones, by "
        "0.04. Keeping only the coloured tokens raises the probability by 0.02; keeping random "
        "ones lowers it by 0.20."
    )
    assert faithfulness(samples.aligned()) == told
    assert faithfulness_warning(samples.aligned()) == ""
    assert told in to_html([samples.aligned()])
    assert told in to_terminal([samples.aligned()], console(None, 300))
    assert faithfulness(samples.pair()) == faithfulness_warning(samples.pair()) == ""
    assert "Removing" not in to_html([samples.pair()]) + to_terminal(
        [samples.pair()], console(None)
    )
    alone = replace(samples.pair(), faithfulness={"sufficiency": 0.1})
    assert faithfulness(alone) == "Keeping only the coloured tokens lowers the probability by 0.10."
    still = replace(samples.pair(), faithfulness={"sufficiency": -0.001, "random": RANDOM})
    assert faithfulness(still) == (
        "Keeping only the coloured tokens does not change the probability; keeping random ones "
        "lowers it by 0.30."
    )
    both = replace(
        samples.pair(), faithfulness={"sufficiency": 0.0, "random": {"sufficiency": 0.0}}
    )
    assert faithfulness(both).endswith(
        "does not change the probability; keeping random ones does not either."
    )
    other = replace(samples.targets()[1], faithfulness={"comprehensiveness": 0.2, "random": RANDOM})
    assert "lowers the probability of 喜悦 by 0.20" in faithfulness(other)


@pytest.mark.parametrize(
    ("own", "warned"),
    [(-0.19, True), (0.0, True), (0.05, True), (0.054, True), (0.06, False), (0.4, False)],
)
def test_colours_that_do_no_better_than_chance_are_warned_of(own, warned):
    """In every rendering: a picture must not look surer than the figure beside it."""
    measures = {"comprehensiveness": own, "sufficiency": 0.1, "random": RANDOM}
    item = replace(samples.hotel(), faithfulness=measures)
    assert bool(faithfulness_warning(item)) == warned
    drawn = [
        to_html([item]),
        to_plain([item], width=300),
        to_markdown([item]),
        to_svg([item], width=400),
    ]
    plain = [unescape(re.sub(r"</?(tspan|span)[^>]*>", "", text)) for text in drawn]
    assert [WARNING in text for text in plain] == [warned] * 4
    assert [MEASURED in text for text in plain] == [True] * 4
    single = replace(samples.shares("uniform", 1), faithfulness=measures)
    assert faithfulness_warning(single) == ""
    assert faithfulness(single).startswith("The faithfulness of a single token cannot be measured")


@pytest.mark.parametrize(("own", "chance"), [(0.003, -0.004), (-0.1, -0.3), (0.0, -0.2)])
def test_colours_without_which_the_probability_does_not_fall_are_warned_of(own, chance):
    """Though chance does still worse."""
    measures = {"comprehensiveness": own, "random": {"comprehensiveness": chance}}
    assert faithfulness_warning(replace(samples.hotel(), faithfulness=measures)) == WARNING


def test_the_overlap_of_heads_is_told_in_words():
    told = "4 heads · overlap 0.63: they look at mostly the same tokens"
    assert told in to_html([samples.hotel()])
    assert told in to_terminal([samples.hotel()], console(None), heads=True)
    assert "overlap" not in to_terminal([samples.hotel()], console(None))
    side = samples.hotel().sides[0]
    alike = samples.explain(replace(side, weights=np.repeat(side.weights[:1], 3, axis=0)))
    assert captions.heads(alike).endswith("overlap 1.00: they look at almost the same tokens")
    apart = Side("ab", np.array([(0, 1), (1, 2)]), np.eye(2), np.ones(2) / 2, 2)
    told = captions.heads(samples.explain(apart))
    assert told == "2 heads · overlap 0.00: they look at mostly different tokens"


def test_a_word_of_megabytes_is_drawn_short():
    item = samples.one_word(1_000_000)
    start = time.perf_counter()
    page = to_html([item])
    plain = to_terminal([item], console("truecolor"), heads=True)
    assert time.perf_counter() - start < 15
    assert len(page) < 60_000
    assert len(plain) < 20_000
    assert page.count("characters not shown …") == 5
    assert Page(page).texts[0].startswith("see xxx")
    assert Page(page).texts[0].endswith("xxx and go")


def test_shortening_counts_every_character_and_tears_no_cluster():
    family = "👩\u200d👩\u200d👧"
    run = Run(family * 1_000, 0, 3, 0.5, (0, 1))
    short = shorten(run)
    head, count, end = re.fullmatch(
        r"(.*)… ([\d,]+) characters not shown …(.*)", short.text
    ).groups()
    assert head == family * (len(head) // 5)
    assert end == family * (len(end) // 5)
    assert len(head) + int(count.replace(",", "")) + len(end) == 5_000
    assert len(head) + len(end) <= 400
    assert (short.start, short.level, short.value, short.tokens) == (0, 3, 0.5, (0, 1))


def test_runs_of_ordinary_length_stay_whole():
    for run in (
        Run("x" * 400, 0, 1, 0.5, (0, 1)),
        Run("长" * 100_000, 0, 1, 0.5, (0, 1_000)),
        Run(" " * SHOWN_GAP, 0, 0, None, None),
    ):
        assert shorten(run) is run
    gap = shorten(Run(" " * 9_000, 0, 0, None, None)).text
    assert len(gap) < SHOWN_GAP + 50
    marks = shorten(Run("z" + "\u0351" * 9_000, 0, 1, 0.5, (0, 1))).text
    assert len(marks) < 500
