"""The live page in a real browser: what is typed is answered and coloured as Python does it."""

import re
from itertools import product

import numpy as np
import pytest
from tests.browser.live import SETTLED, TEXT, answer, said, typed

import attnpool
from attnpool.data import load_demo
from attnpool.view.drawing.captions import percent
from attnpool.view.drawing.colour import Scale, hue_class
from attnpool.view.drawing.draw import draw
from attnpool.view.words import Words


@pytest.mark.parametrize("text", [TEXT, "very good room", "👍🏽很好 e\u0301"])
def test_what_is_typed_is_answered(text, live, compact):
    page = live()
    typed(page, text)
    assert answer(page) == said(compact[0], text)


@pytest.mark.parametrize("text", ["", " \n "])
def test_an_empty_text_has_an_answer_but_no_picture(text, live, compact):
    page = live()
    typed(page, text)
    assert answer(page) == "No text yet"
    share = compact[0].predict_proba([text])[0]
    name, most = compact[0].classes_[share.argmax()], percent(float(share.max()))
    assert page.text_content("#turn") == f"To an empty text the model answers {name} ({most})."
    for part in ("#bars", "#before", "#legend", "#copies"):
        assert not page.is_visible(part)


LETTERS = """id => [...document.querySelectorAll(`#${id} mark`)].flatMap(
  (mark) => [...mark.textContent].map((letter) => [letter, mark.className.replace(" hint", "")]))"""
SEVERAL = "ﬁlm ⑩ 房间½差 👨‍👩‍👧👍🏽 e\u0301很 ﷺ"


def letters(explanation):
    """The letters of the first text and their classes, as other renderings colour them."""
    [drawing] = draw([explanation], Words("en"))
    return [
        (letter, hue_class(run.level, drawing.signed) if run.level else "")
        for run in drawing.sides[0].row.runs
        if run.tokens
        for letter in run.text
    ]


@pytest.mark.parametrize("text", [TEXT, SEVERAL])
@pytest.mark.parametrize("method", ["contribution", "attention"])
def test_colours_are_those_of_every_rendering(method, text, live, compact):
    """By letters: neighbours of one colour are one run elsewhere, tokens of one letter one here."""
    page = live()
    typed(page, text)
    page.get_by_role("button", name=method, exact=True).click()
    expected = letters(compact[0].explain([text], method=method)[0])
    assert [tuple(mark) for mark in page.evaluate(LETTERS, "before")] == expected
    assert any(name for _, name in expected)


def test_characters_that_are_several_tokens_have_their_sum(visit, tmp_path):
    """A page whose model knows what its characters stand for."""
    rows = ["film fi", "1 0 good", "dull l", "10 bad 1"] * 8
    model = attnpool.TextClassifier(tokenizer="characters", epochs=3).fit(rows, [0, 1, 0, 1] * 8)
    model.export(tmp_path / "m.html")
    model.export(tmp_path / "m.safetensors")
    page = visit((tmp_path / "m.html").read_text("utf-8"), locale="en-GB")
    page.wait_for_selector("main:not([hidden])")
    for text in ("ﬁlm ⑩", "a ﬁ b ½"):
        typed(page, text)
        explained = attnpool.load(tmp_path / "m.safetensors").explain([text])[0]
        assert len(explained.sides[0].spans) > len(text.replace(" ", ""))
        assert [tuple(one) for one in page.evaluate(LETTERS, "before")] == letters(explained)


def test_both_texts_share_a_scale(live, compact):
    page = live()
    typed(page, TEXT)
    page.locator("#before mark", has_text="差").click()
    rest = TEXT.replace("差", "")
    target = answer_class(compact[0], TEXT)
    values = [compact[0].explain([one], target=target)[0].sides[0].values for one in (TEXT, rest)]
    full = np.abs(np.concatenate(values)).max()
    expected = Scale(signed=True, scope="absolute", full=full).levels(values[1])
    names = [hue_class(level, True) if level else "" for level in expected.tolist()]
    assert [name for _, name in page.evaluate(LETTERS, "after")] == names


def answer_class(model, text):
    return model.predict([text])[0]


def test_a_click_strikes_a_token_out_and_brings_it_back(live, compact):
    page = live()
    typed(page, TEXT)
    before = answer(page)
    mark = page.locator("#before mark", has_text="差").first
    mark.click()
    assert mark.get_attribute("aria-pressed") == "true"
    assert page.is_visible("#after")
    assert page.text_content("#after") == TEXT.replace("差", "")
    after = said(compact[0], TEXT.replace("差", ""))
    name = before.split()[0]
    assert answer(page) == (after if after.startswith(name) else f"{before} → {after}")
    assert re.fullmatch(r"差: contribution .* to .*; struck out", mark.get_attribute("aria-label"))
    shares = [
        compact[0].predict_proba([one])[0][compact[0].classes_.tolist().index(name)]
        for one in (TEXT, TEXT.replace("差", ""))
    ]
    change = " → ".join(percent(float(share)) for share in shares)
    assert page.text_content("#change") == f"{name}: {change}"
    mark.click()
    assert not page.is_visible("#after")
    assert answer(page) == before


def test_the_keyboard_does_all_of_it(live):
    page = live()
    typed(page, "服务太差")
    page.focus("#before mark")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    pressed = page.eval_on_selector_all("#before mark", "all => all.map((m) => m.ariaPressed)")
    assert pressed == ["false", "false", "false", "true"]
    page.keyboard.press(" ")
    assert not page.is_visible("#after")
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.textContent") == "服"


def test_what_would_change_the_answer_does(live, compact):
    page = live()
    typed(page, "隔音太差，服务员态度恶劣。")
    page.wait_for_selector("#turn button")
    sentence, before = page.text_content("#turn"), answer(page)
    assert sentence in page.text_content("#heard")
    hinted = page.eval_on_selector_all("#before .hint", "all => all.map((m) => m.textContent)")
    assert hinted
    page.click("#turn button")
    gone = page.eval_on_selector_all("#before .gone", "all => all.map((m) => m.textContent)")
    assert gone == hinted
    was, now = answer(page).split(" → ")
    assert was == before
    name, share = now.split()
    assert name != was.split()[0]
    assert f"{name} ({share})" in sentence
    assert page.evaluate("document.activeElement.id") == "restore"


def test_it_is_about_what_is_typed_now(live, compact):
    """A search that goes on for an earlier text says nothing of a later one."""
    page = live()
    long = "".join(load_demo("sentiment", "test").texts[0][:3])
    for text in (long, "隔音太差。"):
        page.fill("#text", text)
        page.wait_for_timeout(170)  # the search has begun
    page.wait_for_function(SETTLED)
    page.wait_for_timeout(500)
    named = re.findall("“(.+?)”", page.text_content("#turn"))
    assert named
    assert all(part in "隔音太差。" for part in named)


def test_a_deletion_is_found_where_there_is_one(live, compact):
    """Of short texts every deletion is tried here; single tokens are always found there."""
    model, page, missed = compact[0], live(), 0
    for row in load_demo("sentiment", "test").texts[0][:12]:
        text = row[:9]
        spans = model.reader_([text]).spans.tolist()
        first = model.predict([text])[0]
        sets = [kept for kept in product([0, 1], repeat=len(spans)) if not all(kept)]
        rests = [
            "".join(text[a:b] for (a, b), k in zip(spans, kept, strict=True) if k) for kept in sets
        ]
        fewest = [
            kept.count(0)
            for kept, changed in zip(sets, model.predict(rests) != first, strict=True)
            if changed
        ]
        typed(page, text)
        page.wait_for_function(SETTLED)
        found = page.locator("#before .hint").count()
        assert (found > 0) <= bool(fewest)
        missed += bool(fewest) and not found
        if 1 in fewest:
            assert found == 1
        if found:
            assert found <= min(fewest) + 2
    assert missed <= 1


def test_emoji_are_not_torn(live):
    page = live()
    typed(page, "很好👨‍👩‍👧👍🏽e\u0301")
    marks = page.eval_on_selector_all("#before mark", "all => all.map((m) => m.textContent)")
    assert marks == ["很", "好", "👨‍👩‍👧", "👍🏽", "e\u0301"]


def test_what_did_not_change_stays_struck_out(live):
    page = live()
    typed(page, "服务太差，房间不好")
    for token in ("差", "房"):
        page.locator("#before mark", has_text=token).click()
    gone = """() => [...document.querySelectorAll("#before .gone")].map((m) => m.textContent)"""
    for text, expected in {
        "服务太差，房间不好。": ["差", "房"],
        "态度服务太差，房间不好。": ["差", "房"],
        "态度服务太好，房间不好。": ["房"],
        "完全不同": [],
    }.items():
        typed(page, text)
        assert page.evaluate(gone) == expected
    assert not page.is_visible("#after")


def test_what_is_not_read_is_grey_before_and_after(live, compact):
    page, long = live(), TEXT * 30
    typed(page, long)
    limit = compact[0].limit_
    unread = """id => [...document.querySelectorAll(`#${id} .unread`)].map((e) => e.textContent)"""
    assert page.evaluate(unread, "before") == [long[limit:]]
    assert f"the model reads the first {limit} tokens" in page.text_content("#count")
    page.locator("#before mark").first.click()
    assert page.evaluate(unread, "after") == [long[limit:]]
    assert page.text_content("#after") == long[1:]
    typed(page, TEXT * 2000)
    assert len(page.text_content("#before")) == limit + 2000


def test_a_class_can_be_asked_for(live, compact):
    page = live()
    typed(page, TEXT)
    other = min(zip(compact[0].predict_proba([TEXT])[0], compact[0].classes_, strict=True))[1]
    page.locator("#bars .row", has_text=other).click()
    assert other in page.text_content("#legend")
    expected = letters(compact[0].explain([TEXT], target=other)[0])
    assert [tuple(one) for one in page.evaluate(LETTERS, "before")] == expected
    typed(page, "服务很好")  # another text is about its own answer again
    assert answer(page).split()[0] in page.text_content("#legend")


@pytest.mark.parametrize(
    ("text", "token", "now", "gone"),
    [
        ("好👨吃", "👨", "好👨\u200d👩吃", []),
        ("好🇨吃", "🇨", "好🇨🇳吃", []),
        ("好ﬁ吃", "ﬁ", "好ﬁ吃了", ["ﬁ"]),
        ("好e吃", "e", "好e\u0301吃", []),
        ("好吃👍🏽", "👍🏽", "很好吃👍🏽", ["👍🏽"]),
        ("好good film", "good", "好goods film", []),
    ],
)
def test_what_changed_is_not_struck_out_any_more(text, token, now, gone, visit, tmp_path):
    rows = ["好 good film fi", "吃 e 👨 👩 🇨 🇳 👍🏽"] * 8
    model = attnpool.TextClassifier(epochs=1, min_frequency=1).fit(rows, [0, 1] * 8)
    model.export(tmp_path / "m.html")
    page = visit((tmp_path / "m.html").read_text("utf-8"), locale="en-GB")
    page.wait_for_selector("main:not([hidden])")
    typed(page, text)
    page.locator("#before mark", has_text=token).click()
    typed(page, now)
    found = page.eval_on_selector_all("#before .gone", "all => all.map((m) => m.textContent)")
    assert found == gone
    rest = now if not gone else now.replace(gone[0], "", 1)
    assert page.text_content("#after" if gone else "#before") == rest
    typed(page, f"{now}.")
    assert page.text_content("#before") == f"{now}."
