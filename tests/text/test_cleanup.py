import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnpool.errors import InputError
from attnpool.text.cleanup import RULES, Cleanup


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("bracket-emoji", "真好[泪]啊[哈哈]", "真好   啊    "),
        ("bracket-emoji", "[]a[b", "[]a[b"),
        ("bracket-emoji", "[[泪]]", "[   ]"),
        ("bracket-emoji", "(图)", "(图)"),
        ("parentheses", "开盘(组图)！", "开盘    ！"),
        ("parentheses", "开盘（图）！", "开盘   ！"),
        ("parentheses", "开盘(图）！", "开盘   ！"),
        ("parentheses", "a((b)c)", "a(   c)"),
        ("parentheses", "()a(", "  a("),
        ("parentheses", "[泪]", "[泪]"),
        (
            "html",
            "slow<br />&nbsp;bad &amp; <b class='x'>old</b>",
            "slow            bad       " + " " * 13 + "old    ",
        ),
        ("html", "a < b & c > d; x<3 &; &amp", "a < b & c > d; x<3 &; &amp"),
        ("html", "&#39;&#x27;&eacute;", " " * 19),
        ("parentheses", "(a\nb)\ud800", "     \ud800"),
    ],
)
def test_what_is_removed_becomes_spaces(rule, text, expected):
    assert Cleanup((rule,))([text]) == [expected]


@given(st.lists(st.text(alphabet=st.sampled_from("[](（）)a泪 \n"))))
def test_offsets_hold(texts):
    for cleaned, text in zip(Cleanup(RULES)(texts), texts, strict=True):
        assert len(cleaned) == len(text)
        assert all(new in (old, " ") for new, old in zip(cleaned, text, strict=True))


def test_rules_work_together_and_the_texts_given_are_left_alone():
    texts = ["[泪](图)a", "b"]
    assert Cleanup(RULES)(texts) == ["      a", "b"]
    assert texts == ["[泪](图)a", "b"]
    assert Cleanup()(texts) == texts


def test_unknown_rules_are_told():
    with pytest.raises(InputError, match="choose from bracket-emoji, html, parentheses"):
        Cleanup(("xml",))


@pytest.mark.parametrize(
    "text", ["[", "(", "<", "<a", "&", "&a", "[a", "（a", "[]", "a]", "[a" * 10 + "b" * 1000]
)
def test_a_million_characters_take_no_time(text):
    start = time.perf_counter()
    Cleanup(RULES)([text * (1_000_000 // len(text)), "[" + "a" * 1_000_000])
    assert time.perf_counter() - start < 5  # quadratic time would be hours


@pytest.mark.real
def test_real_rows_lose_their_emoji(weibo):
    cleaned = Cleanup(("bracket-emoji",))(weibo)
    assert sum("[" in text for text in weibo) > 1000
    assert sum("[" in text and "]" in text for text in cleaned) < 100
    assert all(map(len, cleaned))
