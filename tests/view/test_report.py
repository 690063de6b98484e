import base64
import gzip
import hashlib
import itertools
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from attnpool.errors import InputError
from attnpool.sanitize import one_line, visible
from attnpool.view.report.corpus import columns, first_to_read
from attnpool.view.report.figures import by_length, calibration, figures, wilson
from attnpool.view.report.lookups import most_looked_at, occurrences
from attnpool.view.report.rows import DIGITS, UNIT, steps, value_of
from attnpool.view.report.sums import BINS, Groups, bin_of

from . import samples as made
from .english import answer, draw, pair_facts, to_html, to_report
from .test_html import Page as Strict

KINDS = {"u1": "u1", "i1": "i1", "u2": "<u2", "u4": "<u4", "f4": "<f4"}


class Page(Strict):
    """The page of a report has controls too."""

    def handle_starttag(self, tag, attrs):
        names = {"label", "select", "option", "input", "button", "h3", "ol", "ul", "li", "line"}
        if tag in names | {"noscript", "text", "g"}:
            assert not any(name.startswith("on") or name == "style" for name, _ in attrs)
            if tag != "input":
                self.stack.append((tag, dict(attrs)))
            return
        plain = {
            "data-pick",
            "data-word",
            "data-colouring",
            "data-name",
            "data-side",
            "data-value",
            "data-count",
            "data-rows",
            "data-live",
            "open",
            "hidden",
            "type",
            "aria-labelledby",
            "y",
            "x",
            "for",
        }
        super().handle_starttag(tag, [pair for pair in attrs if pair[0] not in plain])

    def handle_startendtag(self, tag, attrs):
        assert tag in {"rect", "line"}


def two_way(text, truth, share, answer="好"):
    side = made.by_character(text, {"差": 1.0})
    return made.explain(
        side,
        labels=("差", "好"),
        distribution=np.array([1 - share, share]),
        prediction=answer,
        target=answer,
        label=truth,
    )


def unpack(page):
    packed = re.search(r'<script type="application/octet-stream" id="rows">([^<]*)<', page)[1]
    data = gzip.decompress(base64.b64decode(packed))
    head = int.from_bytes(data[:4], "little")
    rows = json.loads(data[4 : 4 + head])
    at = 4 + -(-head // 4) * 4
    for name, kind, size in rows["columns"]:
        array = np.frombuffer(data, KINDS[kind], size, at)
        at += -(-array.nbytes // 4) * 4
        rows[name] = array
    for name in ("facts", "notes", *(f"text{n}" for n in range(len(rows["colourings"])))):
        rows[name] = rows[name].tobytes().decode()
    return rows


def test_the_figures_are_those_computed_by_hand():
    rows = [
        two_way("好", "好", 0.9),
        two_way("好好", "差", 0.8),
        two_way("差", "差", 0.3, "差"),
        two_way("好差", "好", 0.6),
        two_way("好", None, 0.6),
    ]
    corpus = columns(rows)
    found = figures(corpus)
    assert found.n == 4
    assert found.accuracy == 0.75
    assert found.confusion.tolist() == [[1, 1], [0, 2]]
    assert found.per_class["差"]["recall"] == 0.5
    assert found.macro_f1 == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert found.mistakes == [(0, 1, 1)]
    assert found.majority == 0.5
    # Alone in their bins: 0.9 right, 0.8 wrong, 0.7 right, 0.6 right.
    assert found.ece == pytest.approx((0.1 + 0.8 + 0.3 + 0.4) / 4)
    np.testing.assert_allclose(corpus.loss[:4], -np.log([0.9, 0.2, 0.7, 0.6]))
    assert first_to_read(corpus).tolist() == [1, 3, 2, 0, 4]


def test_a_bin_ends_with_its_upper_end():
    confidence, right = np.array([0.5, 0.7, 1.0, 0.0]), np.array([True, False, True, True])
    sums = Groups(BINS)
    sums.add(bin_of(confidence), right, confidence)
    bins = calibration(sums)
    assert [(one.low, one.high, one.n) for one in bins] == [
        (0.0, 0.1, 1), (0.4, 0.5, 1), (0.6, 0.7, 1), (0.9, 1.0, 1)
    ]  # fmt: skip


def test_the_interval_is_wilsons():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 5)[0] == 0.0
    assert wilson(5, 5)[1] == 1.0


def test_equal_lengths_share_a_group():
    lengths = np.array([3] * 50 + list(range(4, 54)))
    sums = Groups()
    sums.add(lengths, np.ones(100, dtype=bool), np.ones(100))
    groups = by_length(sums)
    assert sum(one.n for one in groups) == 100
    assert groups[0].low == groups[0].high == 3
    assert all(one.high < two.low for one, two in itertools.pairwise(groups))


def test_tokens_of_long_and_short_texts_count_alike():
    short, long = two_way("差好", "差", 0.5), two_way("差" + "好" * 9, "差", 0.5)
    found = occurrences([short, long])
    looked = most_looked_at(found, minimum=2)
    weights = [one.sides[0].weights[0] for one in (short, long)]
    by_name = {token.text: token for token in looked}
    assert by_name["差"].count == 2
    assert by_name["差"].mean == pytest.approx((weights[0][0] * 2 + weights[1][0] * 10) / 2)
    assert looked[0].text == "差"
    assert [token.text for token in most_looked_at(found, minimum=3)] == ["好"]


def test_letters_count_in_lower_case():
    found = occurrences([made.explain(made.by_word("Good good GOOD", {}))])
    assert found.names == ["good"]


def driven(text, target, values, method="contribution"):
    """A row of characters; those with values drive it."""
    [side] = two_way(text, target, 0.9).sides
    side = replace(side, values=np.array([values.get(text[s:e], 0.0) for s, e in side.spans]))
    return replace(two_way(text, target, 0.9, target), sides=(side,), method=method)


def reviews(method="contribution"):
    places = [first + second for first in "天地玄黄" for second in "宇宙洪荒"]
    good = [driven(f"{p}不错", "好", {"不": 0.5, "错": 0.5}, method) for p in places]
    bad = [driven(f"{p}太脏，差", "差", {"脏": 0.4, "不": -0.2}, method) for p in places]
    return [*good, *bad]


def lists_of(page):
    """The phrases of a page: of each class and side what is read, in its order."""
    found = {}
    for name, side, items in re.findall(
        r'<ul class="phrases" data-name="([^"]*)" data-side="([^"]*)">(.*?)</ul>', page, re.DOTALL
    ):
        found[name, side] = [
            re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", item)).strip()
            for item in re.findall(r"<li .*?</li>", items)
        ]
    return found


def test_a_report_lists_the_phrases_that_drive_each_class():
    page = to_report(reviews())
    assert lists_of(page) == {
        ("好", "for"): ["不错 value +1.00 ×16"],
        ("差", "for"): ["脏 value +0.40 ×16"],
    }
    assert page.index("What drives each class") < page.index("Highest average attention")
    assert "Most in all" not in page
    assert "times uniform" in page
    Page(page)


def test_phrases_are_those_of_the_contributions_where_a_page_is_coloured_by_attention():
    looked = [replace(one, method="attention") for one in reviews()]
    assert lists_of(to_report(looked, reviews())) == lists_of(to_report(reviews()))
    alone = to_report(looked)
    assert lists_of(alone) == {}
    assert "What drives each class" not in alone
    assert "<details open><summary>Highest average attention" in alone


def test_phrases_of_hostile_texts_are_escaped():
    texts = ['<b onx="1">坏', "\u202e坏", "\ud800坏"]
    rows = [
        driven(f"{p}{text}", "好", {"坏": 1.0, "b": 1.0}) for text in texts for p in "天地玄黄宇"
    ]
    page = to_report(rows)
    assert "<b onx" not in page
    assert "\u202e" not in page
    page.encode()
    Page(page)


def rows_of(page):
    return page.split('<div class="cards" id="list">')[1].split('<p class="more"')[0]


def without_titles(html):
    return re.sub(r' title="[^"]*"| data-t="\d+"|<p class="aloud">.*?</p>', "", html)


@pytest.mark.parametrize("item", made.all_kinds() + [made.attack(t) for t in made.ATTACKS.values()])
def test_a_row_is_drawn_as_a_card(item):
    """All but what its values need to fit into a byte."""
    item = replace(item, alignment=None)
    row, card = rows_of(to_report([item])), to_html([item])
    sides = [re.findall(r'<div class="side">.*?</div>', page, re.DOTALL) for page in (row, card)]
    assert len(sides[0]) == len(item.sides)
    assert [*map(without_titles, sides[0])] == [*map(without_titles, sides[1])]
    exact = re.findall(r'<mark class="[^"]*" title="(?:up to )?([^",]*)', "".join(sides[1]))
    rounded = re.findall(r'<mark class="[^"]*" title="(?:up to )?([^",]*)', "".join(sides[0]))
    if "in" in "".join(exact):
        assert exact == rounded
        return
    for one, other in zip(exact, rounded, strict=True):
        assert float(other) == pytest.approx(float(one), rel=0.1)


def test_the_colour_of_a_byte_is_the_colour_of_its_value():
    halves = (np.arange(-24, 25) / 24)[:, None] + np.array([-1e-12, 0.0, 1e-12])
    values = np.clip(halves.ravel(), -1, 1) * 0.37
    text = "ab" * len(values)  # every second letter is no token: each value is a run of its own
    spans = np.stack([np.arange(len(values)) * 2, np.arange(len(values)) * 2 + 1], axis=1)
    weights = np.full((1, len(values)), 1 / len(values))
    side = made.Side(text, spans, weights, values, len(text))
    item = replace(made.moods(), sides=(side,))
    row = draw([item])[0].sides[0].row
    assert np.rint(steps(row) / UNIT).tolist() == [run.level for run in row.runs]
    assert steps(row).min() == -12 * UNIT
    worth = [value_of(step, row.scale) for step in steps(row).tolist()]
    np.testing.assert_allclose(worth, [run.value or 0 for run in row.runs], atol=0.37 / 200)


def test_values_have_two_digits_and_no_exponent():
    side = made.by_character("好差不多", {"好": 1.0})
    side = replace(side, values=np.array([123.4, -45.67, 12.0, 0.5]))
    page = to_report([replace(made.moods(), sides=(side,))])
    assert re.findall(r'<mark class="[^"]*" title="([^"]*)"', rows_of(page)) == [
        "+120",
        "-46",
        "+13",
    ]
    assert "<bdi>好</bdi> +120; <bdi>差</bdi> -46; <bdi>不</bdi> +13." in rows_of(page)


def shown_runs(drawing):
    """The text and the tokens of each run, as the script shows it."""
    for side in drawing.sides:
        for run in side.row.runs:
            yield visible(run.text), run.tokens[1] - run.tokens[0] if run.tokens else 0
        if side.tail:
            yield visible(side.tail), 0xFFFF


def test_the_packed_rows_are_the_rows():
    rows = [*made.all_kinds(), made.attack(made.ATTACKS["surrogate"]), two_way("", "好", 0.6)]
    packed = unpack(to_report(rows))
    corpus = columns(rows)
    order = first_to_read(corpus)
    shown = draw([rows[i] for i in order.tolist()], limit=4000)
    assert packed["row"].tolist() == (order + 1).tolist()
    assert [packed["answers"][i] for i in packed["answer"]] == [
        answer(drawing.explanation) for drawing in shown
    ]
    assert packed["digits"] == DIGITS
    assert packed["unit"] % 2 == 1
    text = packed["text0"].encode("utf-16-le")
    at = iter(np.cumsum([0, *packed["chars0"]]).tolist())
    start = next(at)
    runs = [run for drawing in shown for run in shown_runs(drawing)]
    for words, _ in runs:
        end = next(at)
        assert text[2 * start : 2 * end].decode("utf-16-le") == words
        start = end
    assert packed["tokens0"].tolist() == [tokens for _, tokens in runs]
    assert packed["step0"].tolist() == all_steps(shown)
    sides = [side for drawing in shown for side in drawing.sides]
    for name in ("full", "uniform"):
        scales = [getattr(side.row.scale, name) for side in sides]
        assert packed[f"{name}0"].tolist() == [np.float32(value) for value in scales]
    assert packed["notes"] == "".join(side.note for side in sides)
    facts = " · ".join(pair_facts(shown[0].explanation))
    assert packed["facts"][: packed["factChars"][0]] == facts


def all_steps(drawings):
    sides = [side for drawing in drawings for side in drawing.sides]
    return [step for side in sides for step in [*steps(side.row).tolist(), *[0] * bool(side.tail)]]


def test_the_same_rows_by_another_method_are_a_click_away_with_what_they_are_worth():
    looked = made.hotel()
    moved = replace(looked, method="contribution", sides=tuple(
        replace(side, values=np.linspace(-1, 1, len(side.values))) for side in looked.sides
    ))  # fmt: skip
    notes = {"contribution": "Trust: 0.9 <", "attention": "Trust: 0.1"}
    page = to_report([moved] * 3, [looked] * 3, faithfulness=notes)
    Page(page)
    first, second = page.split('<div class="keys"')[1:]
    assert "Orange" in first
    assert "Trust: 0.9 &lt;" in first
    assert "hidden" not in first[:60]
    assert "Amber" in second
    assert "Trust: 0.1" in second
    assert "hidden" in second[:60]
    packed = unpack(page)
    assert packed["colourings"] == [
        {"method": "contribution", "signed": True, "marks": ""},
        {"method": "attention", "signed": False, "marks": ""},
    ]
    assert packed["text1"] == ""  # the same
    for number, rows in enumerate(([moved] * 3, [looked] * 3)):
        assert packed[f"step{number}"].tolist() == all_steps(draw(rows))
        assert sum(packed[f"chars{number}"]) == len(packed["text0"])


def test_what_stands_beside_is_the_same_rows_by_another_method():
    one = made.hotel()
    other = replace(one, method="contribution")
    for wrong in ([other], [one, one], [other, made.moods()]):
        with pytest.raises(InputError, match="the same rows by another method"):
            to_report([one, one], wrong)
    with pytest.raises(InputError, match="the same rows"):
        to_report([], [one])
    hostile = "\u202e\ud800<b>"
    notes = {"contribution": hostile}
    page = to_report([replace(one, method=hostile)], [other], faithfulness=notes)
    page.encode()
    assert "\u202e" not in page
    assert "<b>" not in page.split('<div class="keys"', 1)[1].split("<article")[0]


def test_the_page_loads_nothing_and_its_policy_is_its_own():
    page = to_report([made.hotel(), made.moods()])
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    for part in re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", page, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?:|url\(|@import|<link|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize("text", made.ATTACKS.values(), ids=made.ATTACKS)
def test_a_hostile_text_is_only_text(text):
    rows = [replace(made.attack(text), method="attention")] * 6
    page = Page(to_report(rows, title=text, notes=[text]))
    assert page.texts == [visible(text)] * 6
    assert "".join(page.all).count(one_line(text)) > 12


def test_wrong_answers_come_first_and_the_page_says_so():
    rows = [two_way(f"好{i}", "好" if i % 3 else "差", 0.6 + i / 1000) for i in range(90)]
    page = to_report(rows)
    assert page.count('<article class="sample">') == 50
    assert page.count('class="truth wrong"') == 30
    assert page.index('class="truth wrong"') < page.index('class="truth right"')
    assert "The first 50 of 90 rows, errors first." in page
    assert "row 88 ·" in page.split("<article")[1]


def test_without_labels_the_page_goes_without_figures():
    page = to_report([two_way("好差", None, 0.6), two_way("好", None, 0.9)])
    Page(page)
    assert (
        "accuracy" not in page.split("<style>")[0] + page.split("</style>")[1].split("<script")[0]
    )
    assert 'id="right"' not in page
    assert "<h2>Predictions</h2>" in page
    assert "least confident first" in page


def test_an_empty_corpus_is_a_page():
    Page(to_report([]))


def test_matchers_bring_both_texts_and_their_score():
    page = to_report(made.matches())
    Page(page)
    assert page.count('<p class="name">A</p>') == 3
    assert "score 0.86 ≥ threshold 0.53" in page
    assert '<p class="name">anchor</p>' in page


def test_texts_are_cut_to_the_room_there_is():
    texts = ["".join(map(chr, np.random.default_rng(i).integers(0x4E00, 0x9000, 3000).tolist()))
             for i in range(80)]  # fmt: skip
    rows = [two_way(text, "好", 0.6) for text in texts]
    page = to_report(rows, most_bytes=100_000)
    packed = unpack(page)
    assert len(re.search(r'id="rows">([^<]*)<', page)[1]) <= 100_000
    assert packed["rows"] == 80
    assert "more characters not shown" in packed["notes"]
    page = to_report(rows, most_bytes=15_000)
    held = unpack(page)["rows"]
    assert 0 < held < 80
    assert f"This page contains {held} of 80 rows" in page


def test_a_line_of_a_hundred_thousand_characters_stays_small():
    long = two_way("很长的一行，" * 17_000, "好", 0.6)
    page = to_report([long] * 12)
    assert len(page) < 600_000
    assert "more characters not shown" in page


def test_long_rows_are_shown_whole_but_fewer_of_them():
    long = [two_way("很长的一行，" * 500, "好", 0.6)] * 60
    page = to_report(long)
    assert page.count('<article class="sample">') == 50_000 // 3_000
    assert "The first 16 of 60 rows" in page
    assert "not shown" not in rows_of(page)
    assert to_report([two_way("很长的一行，" * 17_000, "好", 0.6)]).count("<article") == 1
