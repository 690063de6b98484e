"""`attnpool.explain` exports its measures without importing torch before one needs it."""

import subprocess
import sys

import pytest

from attnpool import explain

LIGHT = """
import sys
from attnpool.explain import Mean, agreement, bootstrap
assert "torch" not in sys.modules
"""


@pytest.mark.parametrize("name", explain.__all__)
def test_every_public_name_imports(name):
    assert getattr(explain, name) is not None
    assert name in dir(explain)


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="no attribute 'diviner'"):
        _ = explain.diviner


def test_measures_of_agreement_need_no_torch():
    subprocess.run([sys.executable, "-c", LIGHT], check=True)
