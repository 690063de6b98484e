"""The live page in a real browser: several lines at once."""

import csv
import io

import numpy as np
from tests.browser.live import answer, drawn, said, typed

from attnpool.view.drawing.captions import percent

ROWS = "() => document.querySelectorAll('#lines tbody tr').length"


def test_lines_become_a_table_that_is_sorted_and_saved(live, compact):
    page = live()
    texts = ["房间很干净", "服务太差", '=1+1,"好"']
    typed(page, "\n\n".join([*texts, ""]))
    page.wait_for_function("() => document.querySelectorAll('#lines tbody tr').length === 3")
    page.get_by_role("button", name="probability", exact=True).click()
    cells = page.eval_on_selector_all(
        "#lines tbody tr", "all => all.map((r) => [...r.cells].map((c) => c.textContent))"
    )
    shares = compact[0].predict_proba(texts)
    order = np.argsort(shares.max(1), kind="stable").tolist()
    order = order[::-1]  # the surest first
    assert [row[1] for row in cells] == [texts[i] for i in order]
    assert [row[3] for row in cells] == [percent(float(shares[i].max())) for i in order]
    with page.expect_download() as saved:
        page.click("#csv")
    content = saved.value.path().read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    classes = [f"probability_{name}" for name in compact[0].classes_]
    assert rows[0] == ["line", "text", "prediction", "probability", *classes]
    assert [row[0] for row in rows[1:]] == [str(2 * i + 1) for i in order]
    assert sorted(row[1] for row in rows[1:]) == sorted(['\'=1+1,"好"', *texts[:2]])
    page.get_by_role("button", name="服务太差").click()
    assert answer(page) == said(compact[0], "服务太差")
    page.get_by_role("button", name="one text", exact=True).click()
    assert not page.is_visible("#lines")
    assert answer(page) == said(compact[0], "\n".join(texts))


def test_the_line_of_the_caret_is_explained(live, compact):
    page, texts = live(), ["房间很干净", "服务太差", "位置很好"]
    typed(page, "\n".join(texts))
    page.wait_for_function(f"{ROWS} === 3")
    for line in (2, 0, 1):
        page.evaluate(
            "([at, add]) => { const box = document.querySelector('#text');"
            " box.setSelectionRange(at, at); box.dispatchEvent(new Event('input')); }",
            [sum(len(one) + 1 for one in texts[:line]) + 1, ""],
        )
        drawn(page)
        assert answer(page) == said(compact[0], texts[line])
    page.get_by_role("button", name="位置很好").click()
    typed(page, "一\n二")  # the caret is in the second
    assert answer(page) == said(compact[0], "二")
    page.evaluate("location.hash = '#text=' + encodeURIComponent('好好\\n太差\\n不错')")
    page.wait_for_function("() => document.querySelector('#text').value.startsWith('好好')")
    assert answer(page) == said(compact[0], "好好")


def test_what_was_answered_is_not_asked_again(inside):
    """Lines are answered once, and a table that is not complete is not saved."""
    page = inside
    texts = [f"房间{i}很干净" for i in range(600)]
    page.evaluate(
        """() => { window.asked = 0; const { answer } = model;
          model.answer = (item) => { window.asked += 1; return answer(item); }; }"""
    )
    page.fill("#text", "\n".join(texts))
    drawn(page)
    assert page.is_disabled("#csv")
    page.wait_for_timeout(170)
    for extra in ("好", "好的", "好的呀"):
        page.fill("#text", "\n".join([*texts, extra]))
        page.wait_for_timeout(20)
    page.get_by_role("button", name="好的呀", exact=True).wait_for()
    assert page.is_enabled("#csv")
    assert page.evaluate("lines.rows.length") == 601
    assert page.evaluate("window.asked") < 2 * 601
    with page.expect_download() as saved:
        page.click("#csv")
    content = saved.value.path().read_bytes().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(content)))) == 602


def test_more_lines_than_are_answered_are_told(live):
    page = live()
    typed(page, "\n".join(f"房间{i}" for i in range(2100)))
    page.wait_for_function(f"{ROWS} === 2000", timeout=60_000)
    assert page.text_content("#more") == "the first 2000 of 2100 lines"


def test_the_focus_stays_where_it_is(live):
    page = live()
    focused = "() => document.activeElement.textContent"
    typed(page, "房间很干净\n服务太差")
    page.wait_for_function(f"{ROWS} === 2")
    for name in ("服务太差", "probability", "one text", "one text per line", "attention", "link"):
        one = page.get_by_role("button", name=name, exact=True)
        one.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(50)
        assert page.evaluate(focused) in (name, "copied", "saved")
    page.wait_for_timeout(1700)
    assert page.evaluate(focused) == "link"


def test_a_printed_table_has_its_texts(live):
    page = live()
    typed(page, "\n".join(f"房间{i}很干净" for i in range(30)))
    page.wait_for_function(f"{ROWS} === 30")
    page.emulate_media(media="print")
    for part in ("thead th:nth-child(2) button", "tbody tr:nth-child(30) .line"):
        assert page.is_visible(f"#lines {part}")
    inner = page.locator("#lines .wide")
    assert inner.evaluate("(e) => e.scrollHeight <= e.clientHeight + 1")


def test_another_line_begins_with_nothing_struck_out(live, compact):
    page = live()
    typed(page, "房间很好\n房间太差")
    page.wait_for_function(f"{ROWS} === 2")
    page.locator("#before mark").first.click()
    assert page.is_visible("#after")
    page.get_by_role("button", name="房间很好").click()
    assert not page.is_visible("#after")
    page.locator("#before mark").first.click()
    page.get_by_role("button", name="中文").click()  # the line stays, and what is struck out
    assert page.locator("#before .gone").count() == 1
    assert page.text_content("#before") == "房间很好"
    page.evaluate("() => document.querySelector('#text').focus()")
    page.get_by_role("button", name="整段作为一条").click()
    assert page.locator("#before .gone").count() == 0


def test_rows_of_before_cannot_be_chosen(inside):
    page = inside
    texts = [f"房间{i}" for i in range(150)]
    typed(page, "\n".join(texts))
    page.wait_for_function(f"{ROWS} === 150")
    page.fill("#text", "\n".join(["新的", *texts]))
    drawn(page)
    page.evaluate("() => document.querySelectorAll('#lines .line')[3].click()")
    page.wait_for_function(f"{ROWS} === 151")
    shown = page.text_content("#before")
    assert page.text_content("#lines tr.at .line") == shown
