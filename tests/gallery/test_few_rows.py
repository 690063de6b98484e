"""Rows among which there is nothing to draw, or nothing coloured."""

import numpy as np
import pytest

from attnpool import Explanation, InputError
from attnpool.gallery.evidence import evidence_share
from attnpool.gallery.samples import partner_from
from attnpool.gallery.sources import GalleryRows


def rows(pairs, labels):
    return GalleryRows("demo", "here", True, len(pairs), (), pairs, labels, pairs, labels)


@pytest.mark.parametrize(
    ("pairs", "labels"),
    [
        ([("a", "b"), ("b", "c")], ["1", "1"]),
        ([("a", "b"), ("a", "c")], ["0", "0"]),
    ],
    ids=["one group", "all its own"],
)
def test_pairs_without_a_partner_are_refused(pairs, labels):
    with pytest.raises(InputError, match="give more rows"):
        partner_from(rows(pairs, labels), np.random.default_rng(0))("a")


def test_a_partner_is_neither_its_own_nor_alike():
    draw = partner_from(rows([("a", "b"), ("c", "d")], ["1", "1"]), np.random.default_rng(0))
    assert {draw("a") for _ in range(20)} == {"d"}


@pytest.mark.parametrize("values", [[0.0, 0.0], [-0.5, -0.1]])
def test_values_that_speak_for_nothing_have_no_share(values):
    one = Explanation.from_values("很好", [(0, 1), (1, 2)], values, method="contribution")
    assert evidence_share([one], [("好",)]) == (0.0, 0.0)
