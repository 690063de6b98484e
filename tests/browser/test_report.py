"""The corpus page as its readers use it."""

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.browser import rows
from tests.browser.rows import corpus
from tests.view import samples

from attnpool.explanation import Explanation
from attnpool.view.report import to_report


@pytest.fixture(scope="module")
def many():
    return corpus(300)


@pytest.fixture(scope="module")
def page_of_many(many):
    return to_report(many)


def ready(page):
    page.wait_for_selector("[data-ready]", timeout=30_000)
    return page


def shown(page):
    """The rows drawn; the last of them are drawn a moment after the first."""
    page.evaluate("new Promise((done) => setTimeout(() => setTimeout(done)))")
    return page.locator(".sample").count()


def fits(page):
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return wide[0] <= wide[1]


def test_search_filters_and_orders(visit, many, page_of_many):
    page = ready(visit(page_of_many))
    wrong = sum(not one.correct for one in many)
    status = page.locator("#status")
    assert status.inner_text() == f"300 rows, {wrong} of them wrong."
    assert shown(page) == 50
    page.select_option("#right", "0")
    assert status.inner_text() == f"{wrong} of 300 rows, {wrong} of them wrong."
    page.select_option("#predicted", "1")
    some = sum(one.prediction == "负面" and not one.correct for one in many)
    assert status.inner_text().startswith(f"{some} of 300")
    page.click("#reset")
    page.select_option("#truth", "2")
    assert status.inner_text().startswith(f"{sum(one.label == '中性' for one in many)} of 300")
    page.click("#reset")
    page.fill("#search", "17号")
    assert shown(page) == sum("17号" in one.sides[0].text for one in many)
    page.click("#reset")
    page.fill("#sure-from", "90")
    sure = sum(np.float32(one.distribution.max()) >= 0.9 for one in many)
    assert status.inner_text().startswith(f"{sure} of 300")
    page.click("#reset")
    page.fill("#length-to", "50")
    brief = sum(len(one.sides[0].spans) <= 50 for one in many)
    assert status.inner_text().startswith(f"{brief} of 300")
    page.click("#reset")
    page.select_option("#order", "sure")
    best = max(range(300), key=lambda i: many[i].distribution.max())
    assert page.locator(".where").first.inner_text().startswith(f"row {best + 1} ")
    page.click("#more")
    assert shown(page) == 100


def test_one_click_colours_all_rows_by_attention(visit, many):
    looked = [by_attention(one) for one in many]
    notes = {"contribution": "moved much", "attention": "moved little"}
    page = ready(visit(to_report(many, looked, faithfulness=notes)))
    texts = page.locator(".sample .text").all_inner_texts()
    assert page.locator(".text mark.l12").count() == 0
    assert page.locator("text=moved much").is_visible()
    page.click(".choice button >> nth=1")
    assert page.get_attribute(".choice button >> nth=1", "aria-pressed") == "true"
    assert page.locator(".text:has(mark[class^=l])").count() >= shown(page)
    assert page.locator(".text mark.l12").count() > 0
    assert page.locator(".text mark[class^=f]").count() == 0
    assert page.locator("text=moved little").is_visible()
    assert not page.locator("text=moved much").is_visible()
    assert [
        " ".join(t.split("…")[:1]) for t in page.locator(".sample .text").all_inner_texts()
    ] == [" ".join(t.split("…")[:1]) for t in texts]
    page.fill("#search", "17号")
    assert shown(page) == sum("17号" in one.sides[0].text for one in many)
    page.click(".choice button >> nth=0")
    assert page.locator(".text mark.l12").count() == 0


def test_counts_and_words_lead_to_their_rows(visit, many, page_of_many):
    page = ready(visit(page_of_many))
    page.click('[data-pick="0 1"] button >> nth=0')
    count = sum(one.label == "正面" and one.prediction == "负面" for one in many)
    assert page.locator("#status").inner_text().startswith(f"{count} of 300")
    page.click("summary:has-text('Highest average attention')")
    page.click(".tokens .word button >> nth=0")
    assert page.input_value("#search")
    assert page.locator(".sample").count() > 0


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


ROWS = """all => Object.fromEntries(all.map((row) => {
  /* The script takes the title of what is focused, to show it itself. */
  const title = (node) => node.title || node.dataset.v || "";
  const tree = (node) => [node.tagName, node.className, title(node), node.lang, node.dir,
    ...[...node.childNodes].flatMap((child) => {
      if (child.className === "unfold") return [];
      if (child.nodeType === Node.ELEMENT_NODE) return [tree(child)];
      return child.data.trim() || node.matches(".text") ? [child.data] : [];
    })];
  row.normalize();
  return [row.querySelector(".where").textContent, tree(row)];
}))"""
"""The rows of a page by their numbers: every element with its class, title and text."""


def by_attention(item):
    sides = tuple(replace(side, values=side.weights.mean(axis=0)) for side in item.sides)
    return replace(item, method="attention", sides=sides)


def with_values(seed, scale):
    """A row of values of many sizes, halves of the last digit among them."""
    rng = np.random.default_rng(seed)
    [side] = samples.moods().sides
    values = np.round(rng.normal(size=len(side.values)) * 8) / 8 * scale
    return replace(samples.moods(), sides=(replace(side, values=values),))


def kinds(many):
    sizes = [with_values(n, 10.0**power) for n, power in enumerate(range(-12, 14))]
    halves = [with_values(n, power) for n, power in enumerate((0.5, 1.0, 4.0, 125.0, 0.0625))]
    sixteenths = [
        replace(many[0], distribution=np.array([n / 16, 1 - n / 16, 0.0]), label="正面")
        for n in range(17)
    ]
    hostile = [
        replace(samples.attack(text), method="attention")
        for text in [*samples.ATTACKS.values(), "\u202e" * 50, "x" * 100_000, "😀 \ufeff" * 60]
    ]
    return {
        "pushed": many,
        "looked": [by_attention(item) for item in many],
        "pairs": [*samples.matches(), samples.review(), samples.emoji(), samples.pair()],
        "marked": [samples.common(), replace(samples.common(), method="lcs-rest")],
        "sizes": [*sizes, *halves],
        "shares": sixteenths,
        "hostile": hostile,
        "long": [replace(many[0], sides=corpus(1, seed=n)[0].sides * 30) for n in range(3)],
        "mixed": [samples.hotel(), with_values(0, 1.0), samples.one_word(9_000)],
        "unlabelled": [replace(item, label=None) for item in many[:60]],
    }


@pytest.mark.parametrize("kind", kinds([samples.hotel()] * 3))
def test_a_row_reads_the_same_with_and_without_scripts(visit, many, kind):
    html = to_report(kinds(many)[kind])
    bare = visit(html, java_script_enabled=False)
    plain = bare.locator(".sample").evaluate_all(ROWS)
    assert bare.locator("#controls").is_hidden()
    assert bare.locator("#more").is_hidden()
    live = ready(visit(html))
    assert shown(live) >= len(plain) > 0
    live.evaluate("document.querySelectorAll('.unfold button').forEach((one) => one.click())")
    drawn = live.locator(".sample").evaluate_all(ROWS)
    assert len(plain) > 3 or len(drawn) == len(plain)
    assert {name: drawn[name] for name in plain} == plain


def test_a_value_is_told_by_pointer_and_by_key(visit, page_of_many):
    page = ready(visit(page_of_many))
    page.hover(".sample mark >> nth=0")
    assert page.locator(".tip").is_visible()
    mark = page.locator(".sample .text mark").first
    mark.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.tagName") == "MARK"
    assert page.locator(".tip").inner_text()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_over_the_edge(visit, page_of_many, width, scheme):
    page = ready(visit(page_of_many, viewport={"width": width, "height": 800}, color_scheme=scheme))
    assert fits(page)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(23, 21, 19)") == (scheme == "dark")


def test_hostile_texts_run_nothing(visit):
    texts = [*samples.ATTACKS.values(), "x" * 100_000, "很长的一行，" * 17_000, "\u202e" * 50]
    every = [replace(samples.attack(text), method=m) for text in texts for m in ("attention", "x")]
    for method in ("attention", "x"):
        page = ready(visit(to_report([r for r in every if r.method == method], title=texts[0])))
        assert shown(page) == len(texts)
        assert fits(page)
        for text in texts[:3]:
            page.fill("#search", text)
            assert shown(page) >= 1
        assert page.locator("img, iframe, .sample script, .sample style").count() == 0
        page.click("#reset")
        if method == "x":
            page.click("summary:has-text('Highest average attention')")
        page.click(".tokens .word button >> nth=0")
        page.set_viewport_size({"width": 360, "height": 800})
        assert fits(page)


def test_pairs_show_both_texts(visit):
    page = ready(visit(to_report(samples.matches() * 3)))
    first = page.locator(".sample", has_text="score").first
    assert first.locator(".text").count() == 2
    assert "threshold" in first.inner_text()
    assert fits(page)


def test_rows_without_labels(visit, many):
    page = ready(visit(to_report([replace(one, label=None) for one in many])))
    assert page.locator("#status").inner_text() == "300 rows."
    page.select_option("#order", "long")
    longest = max(len(one.sides[0].spans) for one in many)
    assert f"{longest:,} tokens" in page.locator(".where").first.inner_text()


def test_ten_thousand_rows(visit, tmp_path):
    """The figures of the issue, with room for a slow machine: three times as long."""
    # In a process of its own, where signatures are not checked at every call.
    out = tmp_path / "many.html"
    command = [sys.executable, rows.__file__, "10000", str(out)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    took, worked = json.loads(told)
    html = out.read_text("utf-8")
    size = len(html.encode()) / 1e6
    page = ready(visit(html))
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    spent = page.evaluate(
        """async () => {
          const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          const spent = {};
          for (const [id, value] of Array(3).fill([
              ["search", "很干净"], ["search", "很"], ["search", ""],
              ["right", "0"], ["right", ""], ["truth", "1"], ["truth", ""], ["sure-from", "80"],
              ["sure-from", ""], ["length-to", "100"], ["length-to", ""], ["order", "loss"],
              ["order", "long"], ["order", "first"]]).flat()) {
            const field = document.getElementById(id);
            await frame();
            const began = performance.now();
            field.value = value;
            field.dispatchEvent(new Event("input", { bubbles: true }));
            document.body.getBoundingClientRect();
            const took = Math.round(performance.now() - began), name = `${id} ${value}`;
            spent[name] = Math.min(took, spent[name] ?? took);  // of three, the machine is shared
          }
          return spent;
        }"""
    )
    print(  # noqa: T201 - what was measured, for `pytest -s`
        f"\nbuilt in {took:.1f} s ({worked:.1f} s of work), {size:.1f} MB, "
        f"first paint {paint:.0f} ms, filters in ms: {spent}"
    )
    assert size <= 15
    assert worked < 60
    assert paint < 3_000
    assert max(spent.values()) < 300
