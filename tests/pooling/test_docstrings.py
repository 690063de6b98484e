"""Every layer is described in the same order, and every example runs."""

import doctest
import inspect

import pytest
import torch

from attnpool import pooling
from attnpool.pooling import attention, normalizers, padding, registry

PUBLIC = [getattr(pooling, name) for name in pooling.__all__ if name[0].islower() or "1D" in name]
LAYERS = [thing for thing in PUBLIC if inspect.isclass(thing)]
SECTIONS = ["Args", "Call arguments", "Input shape", "Output shape", "Raises", "Example"]


def test_all_seven_layers_are_public():
    assert len(LAYERS) == 7
    assert all(issubclass(layer, torch.nn.Module) for layer in LAYERS)


@pytest.mark.parametrize("layer", LAYERS)
def test_anatomy_of_a_layer(layer):
    lines = inspect.getdoc(layer).splitlines()
    assert lines[0].endswith(".")
    assert lines[1] == ""
    headings = [line[:-1] for line in lines if line.endswith(":") and not line.startswith(" ")]
    assert headings == SECTIONS
    formula = "\n".join(lines[2 : lines.index("Args:")])
    assert "vector" in formula
    assert "weights" in formula
    assert "key_padding_mask` is the opposite" in inspect.getdoc(layer)


@pytest.mark.parametrize("thing", PUBLIC, ids=lambda thing: thing.__name__)
def test_examples_run(thing):
    scope = {"torch": torch} | {name: getattr(pooling, name) for name in pooling.__all__}
    tests = doctest.DocTestFinder(recurse=False).find(thing, module=False, globs=scope)
    assert sum(len(test.examples) for test in tests) > 0
    for test in tests:
        assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test).failed == 0


@pytest.mark.parametrize("module", [attention, normalizers, padding, registry])
def test_every_public_thing_is_described(module):
    for name, thing in vars(module).items():
        if not name.startswith("_") and getattr(thing, "__module__", "") == module.__name__:
            assert inspect.getdoc(thing), name
