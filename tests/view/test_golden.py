import pytest

from . import regenerate


@pytest.mark.parametrize("name", regenerate.CASES)
def test_the_drawing_is_the_golden_file(name):
    golden = (regenerate.GOLDEN / name).read_bytes().decode()
    assert regenerate.CASES[name]() == golden, "run `python -m tests.view.regenerate`, look at it"
