"""`Explanation.from_values`: anybody's tokens and numbers become an explanation."""

import numpy as np
import pytest

from attnpool.errors import InputError
from attnpool.explanation import Explanation
from attnpool.view import FORMATS, render

TEXT = "good 食物"
SPANS = [(0, 4), (5, 6), (6, 7)]


def test_lists_and_arrays_give_the_same():
    plain = Explanation.from_values(TEXT, SPANS, [0.5, 0.25, 0.25])
    arrays = Explanation.from_values(TEXT, np.array(SPANS), np.array([0.5, 0.25, 0.25], "f4"))
    assert plain == arrays
    assert [t.text for t in plain.tokens[0]] == ["good", "食", "物"]
    assert plain.tokens[0][0].weights == (0.5,)


def test_it_goes_through_the_public_form():
    made = Explanation.from_values(
        TEXT, SPANS, [1.0, -2.0, 0.5], method="my method", weights=[[0.2, 0.3, 0.5], [1, 0, 0]],
        probabilities={"好": 0.75, "差": 0.25}, target="差", label="好",
    )  # fmt: skip
    assert (made.prediction, made.target, made.label, made.correct) == ("好", "差", "好", True)
    assert Explanation.from_dict(made.to_dict()) == made


@pytest.mark.parametrize("kind", sorted(FORMATS))
@pytest.mark.parametrize("text", ["", TEXT, "<b>&\x1b[31m\u202e"])
def test_every_format_draws_it(kind, text):
    spans = [(i, i + 1) for i in range(len(text))]
    made = Explanation.from_values(text, spans, [0.1 * i for i in range(len(text))])
    drawn = render([made], kind)
    assert drawn if isinstance(drawn, bytes) else "<b>&" not in drawn or kind != "html"


@pytest.mark.parametrize("kind", ["terminal", "markdown", "html", "svg"])
def test_without_a_prediction_the_method_stands_at_the_head(kind):
    made = Explanation.from_values(TEXT, SPANS, [1.0, 2.0, 3.0], method="my method")
    drawn = render([made], kind)
    assert "my method" in drawn
    for nothing in ("<strong></strong>", "<bdi></bdi>", " · my method"):
        assert nothing not in drawn


WRONG = {
    "text is bytes": ((b"good", SPANS, [1, 2, 3]), {}),
    "3 spans but 2 values": ((TEXT, SPANS, [1, 2]), {}),
    r"spans\[2\] is \(6, 9\), but the text has 7": ((TEXT, [*SPANS[:2], (6, 9)], [1, 2, 3]), {}),
    r"spans\[1\] begins before": ((TEXT, [(5, 6), (0, 4)], [1, 2]), {}),
    r"spans\[0\] is \(4, 0\)": ((TEXT, [(4, 0)], [1]), {}),
    "not pairs of whole numbers": ((TEXT, [0, 4], [1, 2]), {}),
    "spans are not all numbers": ((TEXT, [("a", "b")], [1]), {}),
    "values hold NaN": ((TEXT, SPANS, [1, float("nan"), 3]), {}),
    "values are not all numbers": ((TEXT, SPANS, ["x", 1, 2]), {}),
    r"weights have the shape \(1, 2\)": ((TEXT, SPANS, [1, 2, 3]), {"weights": [1, 2]}),
    "probabilities are not all between": ((TEXT, SPANS, [1, 2, 3]), {"probabilities": {"a": 2}}),
    "probabilities are list": ((TEXT, SPANS, [1, 2, 3]), {"probabilities": [0.5]}),
    "there is no prediction": ((TEXT, SPANS, [1, 2, 3]), {"label": "a"}),
    "method is int": ((TEXT, SPANS, [1, 2, 3]), {"method": 5}),
}


@pytest.mark.parametrize("message", WRONG)
def test_what_is_wrong_is_one_line(message, unchecked):
    arguments, more = WRONG[message]
    with pytest.raises(InputError, match=message) as caught:
        Explanation.from_values(*arguments, **more)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float64"])
def test_tensors_with_gradients_are_taken(dtype, unchecked):
    torch = pytest.importorskip("torch")
    values = torch.tensor([0.5, 0.25, 0.125], dtype=getattr(torch, dtype), requires_grad=True)
    made = Explanation.from_values(
        TEXT, torch.tensor(SPANS), values, weights=values[None], probabilities={"a": values[0]}
    )
    assert made.sides[0].values.tolist() == [0.5, 0.25, 0.125]
    assert made.sides[0].weights.tolist() == [[0.5, 0.25, 0.125]]
    assert values.requires_grad
