"""No positive becomes a negative, and nothing is made up."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnpool.data import positive_groups, to_text_label_pairs, to_triplets
from attnpool.errors import InputError

TEXTS = st.sampled_from([*"abcdefgh", "", "\x00", "\ud800", "a "])
ROWS = st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 1)), min_size=1, max_size=30)


def closure(rows):
    """What matches what, by walking the positive pairs; nothing of ours."""
    near = defaultdict(set)
    for left, right, label in rows:
        near[left].add(left)
        near[right].add(right)
        if label:
            near[left].add(right)
            near[right].add(left)
    reached = {}
    for start in near:
        found, todo = set(), [start]
        while todo:
            text = todo.pop()
            if text not in found:
                found.add(text)
                todo += near[text]
        reached[start] = found
    return reached


def split(rows):
    return [row[:2] for row in rows], [row[2] for row in rows]


@given(ROWS)
def test_groups_are_the_closure_of_the_positives(rows):
    groups = positive_groups(*split(rows))
    for text, reached in closure(rows).items():
        assert {other for other in groups if groups[other] == groups[text]} == reached
    first = list(dict.fromkeys(groups.values()))
    assert first == list(range(len(first))), "numbers in order of first appearance"


@given(ROWS, st.integers(0, 3), st.booleans())
def test_no_positive_becomes_a_negative(rows, seed, stand_in):
    pairs, labels = split(rows)
    reached = closure(rows)
    usable = [i for i, (a, b, y) in enumerate(rows) if y or b not in reached[a]]
    matching = [i for i in usable if rows[i][2]]
    alone = [i for i in usable if not rows[i][2] and len(reached[rows[i][0]]) == 1]
    wanted = sorted(matching + alone) if stand_in else matching
    one_group = any(len(group) == len(reached) for group in reached.values())
    if not wanted or (matching and one_group):
        with pytest.raises(InputError) as caught:
            to_triplets(pairs, labels, seed=seed, anchor_as_positive=stand_in)
        assert str(caught.value).isprintable()
        return
    made = to_triplets(pairs, labels, seed=seed, anchor_as_positive=stand_in)
    assert made.contradictory == len(rows) - len(usable)
    known = defaultdict(set)
    for a, b, y in rows:
        if not y and b not in reached[a]:
            known[a].add(b)
            known[b].add(a)
    assert len(made) == len(wanted)
    for (anchor, positive, negative), i in zip(made, wanted, strict=True):
        a, b, y = rows[i]
        assert (anchor, positive) == ((a, b) if y else (a, a))
        assert negative in reached, "made of the input's texts"
        assert negative not in reached[anchor]
        groups_known = set().union(*(known[text] for text in reached[anchor]))
        if known[anchor] or groups_known:
            assert negative in (known[anchor] or groups_known), "the data's own come first"
    again = to_triplets(pairs, labels, seed=seed, anchor_as_positive=stand_in)
    assert made == again


def test_the_closure_reaches_over_several_pairs():
    pairs = [("a", "b"), ("c", "b"), ("a", "c"), ("a", "d")]
    made = to_triplets(pairs, [1, 1, 0, 0])
    assert list(made) == [("a", "b", "d"), ("c", "b", "d")], "a group's negatives serve all of it"
    assert made.contradictory == 1, "a and c match by way of b"


def test_every_other_group_is_drawn_and_only_they():
    pairs = [("a", "b"), ("c", "d"), ("e", "f")] * 50
    made = to_triplets(pairs, [1] * 150, seed=3)
    drawn = defaultdict(set)
    for anchor, _, negative in made:
        drawn[anchor].add(negative)
    assert drawn == {"a": set("cdef"), "c": set("abef"), "e": set("abcd")}
    assert made != to_triplets(pairs, [1] * 150, seed=4)


def test_an_anchor_stands_in_as_its_own_positive():
    pairs = [("a", "b"), ("c", "d"), ("b", "e"), ("f", "f")]
    labels = [1, 0, 0, 0]
    assert list(to_triplets(pairs, labels)) == [("a", "b", "e")]
    made = to_triplets(pairs, labels, anchor_as_positive=True)
    assert list(made) == [("a", "b", "e"), ("c", "c", "d")], "b has a match and f is itself"
    assert list(to_triplets([("a", "b")], [0], anchor_as_positive=True)) == [("a", "a", "b")]


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("names", ["匹配", "不匹配"]),
        ("digits", ["1", "0"]),
        ("truths", [True, False]),
        ("numpy", np.array([1, 0])),
        ("floats", [1.0, 0.0]),
    ],
)
def test_labels_as_readers_and_arrays_give_them(kind, labels):
    assert list(to_triplets([("a", "b"), ("a", "c")], labels)) == [("a", "b", "c")]


@pytest.mark.parametrize(
    ("pairs", "labels", "message"),
    [
        (
            [("a", "b")],
            [0],
            "none of the 1 pairs is a match, so there is no positive for any anchor; "
            "give some pairs labelled 1",
        ),
        ([], [], "none of the 0 pairs is a match"),
        ([("a", "b"), ("b", "c")], [1, 1], "all 3 texts match each other"),
        ([("a", "b")], [1, 0], "1 pair and 2 labels"),
        ([("a", "b"), ("a",)], [1, 0], "pair 2 has 1 text where 2 are needed"),
        ([("a", "b", "c")], [1], "pair 1 has 3 texts where 2 are needed"),
        (["ab"], [1], "pair 1 has 1 text where 2 are needed"),
        ([("a", "b")], ["may\nbe"], r"the label 'may\nbe' of pair 1 does not say"),
        ([("a", "b")], [2], "the label '2' of pair 1 does not say"),
        ([("a", "b")], [None], "the label 'None' of pair 1"),
        ([("a", "b")], [[1]], "the label '[1]' of pair 1"),
    ],
)
def test_bad_pairs(pairs, labels, message):
    with pytest.raises(InputError) as caught:
        to_triplets(pairs, labels)
    assert str(caught.value).startswith(message)
    assert str(caught.value).isprintable()


@given(
    st.lists(st.tuples(TEXTS, st.sampled_from("ABCD")), min_size=1, max_size=20),
    st.integers(1, 3),
    st.integers(0, 3),
)
def test_no_right_label_becomes_a_wrong_one(rows, wrong, seed):
    texts, labels = [text for text, _ in rows], [label for _, label in rows]
    if wrong >= len(set(labels)):
        with pytest.raises(InputError):
            to_text_label_pairs(texts, labels, seed=seed, wrong=wrong)
        return
    pairs, matches = to_text_label_pairs(texts, labels, seed=seed, wrong=wrong)
    assert [pair for pair, match in zip(pairs, matches, strict=True) if match] == rows
    right = set(rows)
    at = 0
    for text, _ in rows:
        others = len({label for label in labels if (text, label) not in right})
        drawn = pairs[at + 1 : at + 1 + min(wrong, others)]
        assert matches[at : at + 1 + len(drawn)] == [1] + [0] * len(drawn)
        assert {t for t, _ in drawn} <= {text}
        assert not right.intersection(drawn)
        assert len(set(drawn)) == len(drawn), "no label twice"
        assert {label for _, label in drawn} <= set(labels)
        at += 1 + len(drawn)
    assert at == len(pairs) == len(matches)
    assert (pairs, matches) == to_text_label_pairs(texts, labels, seed=seed, wrong=wrong)


def test_every_wrong_label_is_drawn():
    pairs, matches = to_text_label_pairs(["t"] * 100 + list("uvw"), list("A" * 100 + "BCD"))
    drawn = {label for (text, label), match in zip(pairs, matches, strict=True) if not match}
    assert drawn == set("ABCD")


def test_labels_that_cannot_be_drawn():
    with pytest.raises(InputError, match=r"1 wrong labels a text cannot be drawn: .* 1 label;"):
        to_text_label_pairs(["a"], ["A"])
    with pytest.raises(InputError, match="0 wrong labels"):
        to_text_label_pairs(["a", "b"], ["A", "B"], wrong=0)
    with pytest.raises(InputError, match="2 texts and 1 label;"):
        to_text_label_pairs(["a", "b"], ["A"])


@pytest.mark.real
def test_real_pairs(real_data):
    from attnpool.data import read

    rows = read(real_data / "LCQMC" / "dev.txt", dataset="lcqmc")
    pairs = list(zip(*rows.texts, strict=True))
    made = to_triplets(pairs, rows.labels)
    reached = closure([(*p, y == "匹配") for p, y in zip(pairs, rows.labels, strict=True)])
    assert len(made) == rows.labels.count("匹配")
    assert not any(n in reached[a] or n in reached[p] for a, p, n in made)
