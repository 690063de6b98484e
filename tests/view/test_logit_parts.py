"""How much of the logit came from attention and how much from the linear part."""

import html
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnpool import Explanation, InputError, render

from .english import logit_parts

PHRASE = "contributions +1.80: +1.13 from attention, +0.67 from the linear part"
FORMATS = ("html", "svg", "markdown", "terminal")
PARTS = st.floats(-1e6, 1e6)


def explanation(values=(1.5, 0.304), method="contribution", linear=0.674):
    """A classifier's answer for two tokens."""
    one = Explanation.from_values(
        "good food", [(0, 4), (5, 9)], values, method=method, probabilities={"a": 0.7, "b": 0.3}
    )
    return replace(one, linear=linear)


def words(drawn):
    """What a rendering says, with neither marks nor white space."""
    return "".join(html.unescape(re.sub(r"<[^>]*>|\x1b\[[0-9;]*m", "", drawn)).split())


@pytest.mark.parametrize("form", FORMATS)
def test_contributions_say_how_they_came(form):
    assert words(PHRASE) in words(render(explanation(), format=form))


def test_a_notebook_says_how_contributions_came():
    assert words(PHRASE) in words(explanation()._repr_html_())


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("without", [{"linear": None}, {"method": "attention"}])
def test_without_a_linear_part_and_by_attention_nothing_is_said(form, without):
    assert words("from the linear part") not in words(render(explanation(**without), format=form))
    if "method" in without:
        same = explanation(method="attention", linear=None)
        assert render(explanation(**without), format=form) == render(same, format=form)


@given(PARTS, PARTS)
def test_the_figures_add_up_as_shown(attended, linear):
    said = logit_parts(explanation((attended, linear), linear=linear))
    cents = [round(float(figure) * 100) for figure in re.findall(r"[+-][\d.]+\d", said)]
    assert cents[0] == cents[1] + cents[2]
    for shown, true in zip(cents, (attended + linear, attended, linear), strict=True):
        assert abs(shown - true * 100) <= 1.51
    assert "-0.00" not in said


@pytest.mark.parametrize("linear", [1e12, -1e300, np.nan, np.inf])
def test_figures_of_no_logit_are_not_said(linear):
    assert logit_parts(explanation(linear=linear)) == ""


def test_the_linear_part_survives_json_and_counts_for_equality():
    one = explanation()
    assert Explanation.from_dict(one.to_dict()) == one
    assert one != explanation(linear=0.5)
    assert one != explanation(linear=None)


def test_forms_without_the_linear_part_read_as_none():
    form = explanation().to_dict()
    del form["linear"]
    assert Explanation.from_dict(form).linear is None
    assert Explanation.from_dict({**form, "linear": None}).linear is None


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), 10**400, True, "1", [1]])
def test_a_wrong_linear_part_is_refused(wrong):
    with pytest.raises(InputError, match="linear"):
        Explanation.from_dict({**explanation().to_dict(), "linear": wrong})
