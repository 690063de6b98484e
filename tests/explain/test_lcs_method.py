import pytest

from attnpool import InputError, TextClassifier, TextMatcher

PAIRS = [("海带怎么做好吃", "海带要怎么煮才好吃"), ("怎么退款", "在哪开票")] * 6


@pytest.fixture(scope="module")
def matcher():
    return TextMatcher(dim=8, head_dim=4, epochs=1).fit(PAIRS, [1, 0] * 6)


def coloured(side):
    return "".join(t.text for t in side if t.value == 1)


def test_what_both_have_in_order_is_coloured_and_on_request_the_rest(matcher):
    common = matcher.explain(PAIRS[:1], method="lcs")[0]
    assert [coloured(side) for side in common.tokens] == ["海带怎么好吃"] * 2
    rest = matcher.explain(PAIRS[:1], method="lcs_rest")[0]
    assert [coloured(side) for side in rest.tokens] == ["做", "要煮才"]


def test_it_needs_pairs():
    model = TextClassifier(dim=8, epochs=1).fit(["好房", "差房"] * 6, [1, 0] * 6)
    with pytest.raises(InputError, match="needs pairs"):
        model.explain(["好房"], method="lcs")
