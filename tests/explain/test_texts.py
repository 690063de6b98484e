"""What stands where a text belongs is told with what to do about it."""

import numpy as np
import pytest

from attnpool import InputError
from attnpool.explain.items import checked_items
from attnpool.explain.lists import checked_texts
from attnpool.teachers.pool import clean_pool

pandas = pytest.importorskip("pandas")
MISSING = "fill or drop missing texts"
STRINGS = "give texts as strings"
CASES = [
    (None, MISSING),
    (float("nan"), MISSING),
    (np.float32("nan"), MISSING),
    (pandas.NA, MISSING),
    (pandas.NaT, MISSING),
    (b"x", "decode it to a string"),
    (3, STRINGS),
    (0.5, STRINGS),
    (True, STRINGS),
    (object(), STRINGS),
    (["a"], "give the text itself"),
    (np.array(["a", "b"]), "give the text itself"),
]


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(("value", "advice"), CASES, ids=lambda one: type(one).__name__)
def test_what_is_no_text_is_told_by_its_kind(value, advice):
    kind = type(value).__name__
    for check, said in (
        (lambda: checked_texts(["a", value]), f"texts[1] is {kind}, not a string; {advice}"),
        (
            lambda: checked_items([("a", value)], 2),
            f"pairs[0] holds {kind}, not a string; {advice}",
        ),
        (lambda: clean_pool([value], []), f"unlabelled[0] is {kind}, not a string; {advice}"),
    ):
        with pytest.raises(InputError) as error:
            check()
        assert str(error.value) == said
