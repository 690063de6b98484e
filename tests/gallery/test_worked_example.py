"""The worked example: its numbers are the model's, and the shown ones can be followed by hand."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from tests.view.english import EN

from attnpool.gallery.worked_example import CODE, TEXT, work_out
from attnpool.gallery.worked_page import blocks, summands, to_markdown
from attnpool.view.page.html import Section, to_html
from attnpool.view.page.table import Table

ROOT = Path(__file__).parents[2]
NUMBER = re.compile(r"[+−]?\d+\.\d+")


@pytest.fixture(scope="module")
def example():
    return work_out()


@pytest.fixture(scope="module")
def tables(example):
    return {block.name: block for block in blocks(example, EN) if isinstance(block, Table)}


@pytest.fixture(scope="module")
def rebuilt():
    """The model and the explanation that the shown code makes."""
    names = {}
    exec(CODE, names)
    return names["model"], names["explanation"]


def value(cell):
    return float(cell.replace("−", "-"))


def column(table, name):
    return [value(row[table.head.index(name)]) for row in table.rows]


def test_the_numbers_are_those_of_the_model(example, rebuilt):
    model, explanation = rebuilt
    np.testing.assert_allclose(example.probabilities, model.predict_proba([TEXT])[0], atol=1e-6)
    side = explanation.sides[0]
    np.testing.assert_allclose(example.weights, side.weights[0], atol=1e-6)
    np.testing.assert_allclose(example.pulls, side.values, atol=1e-6)
    assert example.bias == pytest.approx(explanation.bias, abs=1e-6)
    assert example.margin == pytest.approx(explanation.logit, abs=1e-6)
    assert explanation.prediction == "负面"  # it gets the sentence right
    assert explanation.base == 0


def test_the_shown_numbers_make_the_shown_pooled_vector(tables):
    table = tables["Weights times vectors"]
    a = column(table, "a")
    assert len(a) == len(TEXT)
    assert sum(a) == pytest.approx(value(table.total[1]), abs=1e-9) == 1
    for i in (1, 2):
        products = column(table, f"a × v{i}")
        # Half a unit of each factor, and up to one of the product.
        by_hand = np.multiply(a, column(table, f"v{i}"))
        np.testing.assert_allclose(products, by_hand, atol=0.0025)
        total = value(table.total[table.head.index(f"a × v{i}")])
        assert sum(products) == pytest.approx(total, abs=1e-9)


def test_the_shown_vector_makes_the_shown_prediction(tables):
    pooled = [value(cell) for cell in tables["Weights times vectors"].total[4:]]
    table = tables["Class weights"]
    by_hand = (
        np.multiply(pooled[0], column(table, "w1"))
        + np.multiply(pooled[1], column(table, "w2"))
        + column(table, "bias")
    )
    logits, probabilities = column(table, "logit"), column(table, "probability")
    np.testing.assert_allclose(logits, by_hand, atol=0.01)
    powers = np.exp(logits)
    np.testing.assert_allclose(probabilities, powers / powers.sum(), atol=0.01)
    assert sum(probabilities) == pytest.approx(1, abs=1e-9)
    calculations = [row[1] for row in tables["Calculation"].rows]
    for line, logit in zip(calculations[:2], logits, strict=True):
        left, _, right = line.partition(" = ")
        sums = eval(left.replace("×", "*").replace("−", "-"))
        assert value(right) == logit == pytest.approx(sums, abs=0.01)
    chance = re.findall(NUMBER, calculations[2])
    first, second, third, answer = map(value, chance)
    by_softmax = math.exp(first) / (math.exp(second) + math.exp(third))
    assert answer == pytest.approx(by_softmax, abs=0.01)


def test_the_shown_contributions_add_up_to_the_logit_and_have_both_signs(tables, example):
    table = tables["Contributions to 负面"]
    parts = column(table, "a × (v·d)")
    assert sum(parts) == pytest.approx(value(table.total[3]), abs=1e-9)
    logits = column(tables["Class weights"], "logit")
    assert value(table.total[3]) == pytest.approx(logits[1] - sum(logits) / 2, abs=0.01)
    rows = table.rows[:-1]  # the last is the bias
    by_hand = [value(a) * value(along) for _, a, along, _ in rows]
    np.testing.assert_allclose(parts[:-1], by_hand, atol=0.0125)
    # The lesson of the page: the token with the most attention pulls against the prediction.
    most = int(example.weights.argmax())
    assert example.tokens[most] == "热"
    assert example.pulls[most] < 0 < example.pulls.sum()
    lesson = next(b for b in blocks(example, EN) if isinstance(b, str) and "which way" in b)
    assert f"热 has a weight of {rows[most][1]} and pulls against 负面" in lesson


def test_summands_add_up_and_none_is_a_unit_away():
    rng = np.random.default_rng(0)
    for count in (1, 2, 9, 100):
        values = rng.normal(size=count)
        rounded, total = summands(values, 2)
        assert sum(rounded) == pytest.approx(total, abs=1e-9)
        assert total == pytest.approx(values.sum(), abs=0.0051)
        assert np.abs(values - rounded).max() < 0.01 + 1e-12


@pytest.mark.skipif(not (ROOT / "docs").exists(), reason="not in a checkout")
def test_the_document_is_up_to_date():
    from scripts.write_worked_example import PAGE, page

    written, now = PAGE.read_text("utf-8"), page()
    assert NUMBER.sub("#", written) == NUMBER.sub("#", now), "run: make docs"
    # Training is the same to the bit on one machine; elsewhere the last digits may differ.
    was, is_now = ([value(x) for x in NUMBER.findall(text)] for text in (written, now))
    np.testing.assert_allclose(was, is_now, atol=0.03)


def test_markdown_and_page_show_the_same_cells(example, tables):
    page, markdown = (
        to_html(sections=[Section("x", body=blocks(example, EN))]),
        to_markdown(example, EN),
    )
    cells = [cell for table in tables.values() for row in table.rows for cell in row if cell]
    assert cells
    for cell in cells:
        assert f">{cell}</" in page
        assert f"| {cell} |" in markdown


def test_cells_and_paragraphs_are_escaped_and_pages_without_them_have_no_rules_for_them():
    hostile = "</td><script>alert(1)</script>\"onmouseover=x '\u202e\x00\ud800"
    table = Table(hostile, [hostile, "n"], [[hostile, hostile]], [hostile, hostile])
    page = to_html(sections=[Section("x", body=[hostile, table])])
    assert page.count("<script>") == 1  # its own
    assert not re.search(r"<[^>]*\sonmouseover=", page)
    assert "\x00" not in page
    page.encode()
    assert ".worked" in page
    assert ".worked" not in to_html(sections=[Section("x", lead="y")])
