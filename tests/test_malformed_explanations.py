"""Whatever a form holds, `from_dict` refuses it in one line or gives what every format draws."""

import copy
from dataclasses import replace

import numpy as np
import pytest

from attnpool import Explanation, InputError, render

WRONG = [
    None, True, 7, -1, 1.5, float("nan"), float("inf"), 10**400, "x", "", [], [7], ["x"], [[]],
    {}, {"x": 1}, {"x": []}, [{}], [[{}]], b"x", ("x",), "\ud800", object(),
]  # fmt: skip
FORMATS = ("html", "svg", "markdown", "terminal", "lines", "json")


def forms():
    spans, values = [(0, 1), (1, 2)], [0.25, 0.75]
    one = Explanation.from_values("很好", spans, values, probabilities={"a": 0.7, "b": 0.3})
    side = one.sides[0]
    pair = replace(
        one,
        task="match",
        sides=(side, replace(side, text="不好")),
        label="b",
        logit=1.0,
        base=0.25,
        bias=0.5,
        linear=0.25,
        score=0.7,
        verdict={"match": True, "threshold": 0.5, "score": "probability", "other": [1, "x"]},
        alignment=np.eye(2),
        faithfulness={"comprehensiveness": 0.3, "sufficiency": 0.1, "random": {"sufficiency": 0}},
    )
    heads = replace(side, weights=np.full((3, 2), 0.5))
    triplet = replace(
        one,
        sides=(heads, heads, heads),
        labels=(),
        distribution=np.zeros(0),
        prediction="",
        target="",
        verdict={"ordered": True, "positive": 0.5, "negative": 0.25},
    )
    none = np.zeros((0, 2), dtype=np.int64)
    empty = replace(
        one,
        sides=(replace(side, spans=none, values=np.zeros(0), weights=np.zeros((1, 0))),),
    )
    return {"one": one, "pair": pair, "triplet": triplet, "empty": empty}


def places(form, path=()):
    """The path of all that a form holds; of a list only the first entry."""
    entries = form.items() if isinstance(form, dict) else enumerate(form[:1])
    for key, value in entries:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def attempt(form):
    """The explanation, and the message where there is none."""
    try:
        return Explanation.from_dict(form), ""
    except InputError as error:
        return None, str(error)


# Whole for a pair; of the others what depends on their texts.
BY_TEXT = ("texts", "tokens", "read_until", "heads", "alignment", "verdict")
CASES = [
    (name, path)
    for name, e in forms().items()
    for path in places(e.to_dict())
    if name == "pair" or path[0] in BY_TEXT
]


def changed(form, path, value):
    """The form with another value there, or, for an ellipsis, without it."""
    form = copy.deepcopy(form)
    inside = form
    for key in path[:-1]:
        inside = inside[key]
    if value is ...:
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    return form


@pytest.mark.parametrize("name", forms())
def test_what_was_written_is_read_back(name):
    explanation = forms()[name]
    assert Explanation.from_dict(explanation.to_dict()) == explanation


@pytest.mark.parametrize(("name", "path"), CASES, ids=str)
def test_a_malformed_part_is_refused_or_can_be_drawn(name, path):
    form, reads = forms()[name].to_dict(), []
    for value in [*WRONG, ...]:
        read, message = attempt(changed(form, path, value))
        assert "\n" not in message
        assert len(message) < 300
        reads += [] if read is None else [read]
    if reads:
        for kind in FORMATS:
            render(reads, kind)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("verdict",), 5),
        (("tokens", 0, 0, "weights"), [0.5, 0.5]),
        (("texts", 0), 7),
        (("texts",), "很好"),
        (("tokens", 0, 0, "end"), 99),
        (("read_until", 0), -1),
        (("probabilities", "a"), float("nan")),
        (("prediction",), None),
        (("heads",), 0),
        (("alignment",), [[1.0]]),
        (("verdict", "threshold"), "high"),
    ],
)
def test_wrong_parts_are_named(path, value):
    with pytest.raises(InputError):
        Explanation.from_dict(changed(forms()["pair"].to_dict(), path, value))
