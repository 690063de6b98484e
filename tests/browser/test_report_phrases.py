"""The phrases of the corpus page: clicked, sorted, taken away, and read without scripts."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.browser.rows import ready, shown
from tests.view.english import to_report

from attnpool.explanation import Explanation


def reviews():
    """Rows in which a phrase stands across several colours, with more white space, and formulas."""
    places = [first + second for first in "天地玄黄" for second in "宇宙洪荒"]
    pushes = {
        "好": [("不错", (0.6, 0.3)), ("very good", (0.1, 0.5)), ("@好", (0.0, 0.4))],
        "差": [("太差", (0.2, 0.4)), ("=1+2", (0.0, 0.3))],
    }
    rows = []
    for target, listed in pushes.items():
        for phrase, values in listed:
            words = phrase.split(" ") if " " in phrase else list(phrase)
            given = dict(zip(words, [*values, 0.0, 0.3], strict=False))
            for number, place in enumerate(places[: 8 if phrase == "very good" else 16]):
                gap = "   " if number % 2 else " "
                text = f"{place}。{gap.join(words) if ' ' in phrase else phrase}，{place}"
                rows.append(signed(text, words, given, target))
    return rows


def signed(text, words, values, target):
    spans = [(0, 1), (1, 2)]
    at = 3
    for word in words:
        at = text.index(word, at)
        spans.append((at, at + len(word)))
        at += len(word)
    numbers = [0.0, 0.0, *(values[word] for word in words)]
    share = {"好": 0.9, "差": 0.1} if target == "好" else {"好": 0.1, "差": 0.9}
    return Explanation.from_values(
        text, spans, numbers, method="contribution", probabilities=share, label=target
    )


def phrases_of(page, name, side="for"):
    return page.locator(f'.phrases[data-name="{name}"][data-side="{side}"] .word').all_inner_texts()


def test_a_click_on_a_phrase_shows_the_rows_that_contain_it(visit):
    rows = reviews()
    page = ready(visit(to_report(rows)))
    assert page.locator("text=Click a phrase to show the rows that contain it").is_visible()
    for phrase, count in (("不错", 16), ("very good", 8)):
        page.click(f'.phrases [data-word="{phrase}"] button')
        assert page.input_value("#search") == phrase
        assert page.locator("#status").inner_text().startswith(f"{count} of {len(rows)} rows")
        assert shown(page) == count
        found = page.evaluate("[...CSS.highlights.get('found')].map((one) => one.toString())")
        assert [" ".join(one.split()) for one in found] == [phrase] * count
        # The phrase runs across colours.
        assert page.locator(".sample >> nth=0 >> .text mark").count() >= 2


def by_words(text, pushed, value=0.8):
    """Each row begins with a number of its own; its words are the tokens."""
    spans = [match.span() for match in re.finditer(r"[^\s,。]+", text)]
    values = [value if text[start:end].lower() in pushed else 0.0 for start, end in spans]
    return Explanation.from_values(
        text, spans, values, method="contribution", probabilities={"a": 0.9, "b": 0.1}, label="a"
    )


def test_a_click_on_a_word_does_not_find_longer_words(visit):
    texts = [
        *(f"{n}, it, café" for n in range(8)),
        *(f"{n}, It手机" for n in range(8)),
        *(f"{n}, with, cafés" for n in range(20)),
    ]
    rows = [by_words(text, {"it", "café"}) for text in texts]
    page = ready(visit(to_report(rows)))
    for word, count, typed in (("it", 16, 36), ("café", 8, 28)):
        page.click(f'.phrases [data-word="{word}"] button')
        assert page.locator("#status").inner_text().startswith(f"{count} of 36 rows")
        found = page.evaluate("[...CSS.highlights.get('found')].map((one) => one.toString())")
        assert [one.lower() for one in found] == [word] * count
        page.select_option("#order", "long")
        assert page.locator("#status").inner_text().startswith(f"{count} of 36 rows")
        page.fill("#search", "")
        page.fill("#search", word)
        part = "36 rows" if typed == 36 else f"{typed} of 36 rows"
        assert page.locator("#status").inner_text().startswith(part)
    page.click("summary:has-text('Highest average attention')")
    page.click('.tokens [data-word="café"] button')
    assert page.locator("#status").inner_text().startswith("8 of 36 rows")


def test_a_click_on_a_part_of_a_word_finds_the_words(visit):
    rows = [
        Explanation.from_values(
            f"{n}, with", [(0, 1), (3, 4), (4, 6), (6, 7)], [0.0, 0.0, 0.9, 0.0],
            method="contribution", probabilities={"a": 0.9, "b": 0.1}, label="a",
        )
        for n in "abcdefgh"
    ] + [by_words("it, so", set())] * 3  # fmt: skip
    page = ready(visit(to_report(rows)))
    page.click('.phrases [data-word="it"] button')
    assert page.locator("#status").inner_text().startswith("11 rows")


def test_a_word_is_searched_for_in_each_text_of_a_pair(visit):
    rows = []
    for number in range(8):
        one = by_words(f"{number}, it", {"it"})
        one.sides = (*one.sides, *by_words("was, so", set()).sides)
        rows.append(one)
    rows += [by_words(f"{number}, what", set()) for number in range(8)]
    page = ready(visit(to_report(rows)))
    page.click('.phrases [data-word="it"] button')
    assert page.locator("#status").inner_text().startswith("8 of 16 rows")
    page.fill("#search", "itwas")
    assert page.locator("#status").inner_text().startswith("0 of 16 rows")


def test_phrases_are_sorted_by_what_is_asked_for(visit):
    page = ready(visit(to_report(reviews())))
    numbers = page.locator('.phrases[data-name="好"] li').evaluate_all(
        "all => all.map((one) => [one.querySelector('.word').dataset.word, +one.dataset.value, "
        "+one.dataset.count])"
    )
    assert len(numbers) == 3
    first = phrases_of(page, "好")
    for by, key in (
        ("value", lambda one: -one[1]),
        ("count", lambda one: -one[2]),
        ("total", lambda one: -one[1] * one[2]),
    ):
        page.select_option("#sorted", by)
        assert phrases_of(page, "好") == [one[0] for one in sorted(numbers, key=key)]
    page.select_option("#sorted", "")
    assert phrases_of(page, "好") == first


def test_phrases_are_taken_away_as_a_table(visit):
    page = ready(visit(to_report(reviews(), title="x")))
    with page.expect_download() as waiting:
        page.click("#csv")
    assert waiting.value.suggested_filename == "phrases.csv"
    text = Path(waiting.value.path()).read_text("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert (table[0]["class"], table[0]["phrase"]) == ("好", "不错")
    assert {one["phrase"] for one in table} >= {"不错", "very good", "太差"}
    assert all(one["phrase"][0] not in "=+-@" for one in table)
    first = table[0]
    assert float(first["value"]) == pytest.approx(0.9)
    assert [first["side"], first["count"], first["rows"]] == ["for", "16", "16"]
    assert float(first["total"]) == pytest.approx(0.9 * 16)


def test_a_cell_that_looks_like_a_formula_is_text(visit):
    rows = [replace(one, labels=("=好", "-差")) for one in reviews()]
    names = {"好": "=好", "差": "-差"}
    rows = [
        replace(one, prediction=names[one.prediction], target=names[one.target], label=None)
        for one in rows
    ]
    page = ready(visit(to_report(rows)))
    with page.expect_download() as waiting:
        page.click("#csv")
    table = csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text("utf-8-sig")))
    assert {one["class"] for one in table} == {"'=好", "'-差"}


def test_phrases_can_be_read_without_scripts(visit):
    page = visit(to_report(reviews()), java_script_enabled=False)
    assert phrases_of(page, "好")[0] == "不错"
    assert "+0.90 ×16" in page.locator(".phrases li").first.inner_text().replace("\n", " ")
    assert page.locator("#tools").is_hidden()
    assert not page.locator("text=Click a phrase").is_visible()
