"""Exported and compiled layers answer as eager ones do.

Without signature checks: they are no part of the program, and torch cannot trace them.
"""

import pytest
import torch
from tests.rounding import rounding
from torch.export import Dim

pytestmark = pytest.mark.usefixtures("unchecked")


def masks(batch, steps):
    """Rows of every length, one of them empty."""
    return torch.arange(steps) < torch.arange(batch).unsqueeze(1)


@pytest.mark.parametrize("masked", [True, False])
def test_export(case, masked):
    layer = case.layer().eval()
    example = (*case.inputs(3, 6), *((masks(3, 6),) if masked else ()))
    batch, steps = Dim("batch"), Dim("steps")
    shapes = [{0: batch, 1: steps}, *([{0: batch}] if case.takes_query else [])]
    shapes += [{0: batch, 1: steps}] * masked
    program = torch.export.export(layer, example, dynamic_shapes=tuple(shapes)).module()
    for rows, length in [(3, 6), (5, 11), (2, 2)]:
        inputs = (*case.inputs(rows, length), *((masks(rows, length),) if masked else ()))
        torch.testing.assert_close(program(*inputs), layer(*inputs), atol=rounding(24, 3), rtol=0)


def test_compile(case):
    torch.compiler.reset()
    layer = case.layer()
    compiled = torch.compile(layer, backend="aot_eager", fullgraph=True)
    for rows, length in [(3, 6), (5, 11)]:
        inputs = [part.requires_grad_() for part in case.inputs(rows, length)]
        mask = masks(rows, length)
        got, expected = compiled(*inputs, mask), layer(*inputs, mask)
        torch.testing.assert_close(got, expected, atol=rounding(24, 3), rtol=0)
        torch.testing.assert_close(
            torch.autograd.grad(got.vector.square().sum(), inputs),
            torch.autograd.grad(expected.vector.square().sum(), inputs),
            atol=rounding(48, 9),
            rtol=0,
        )
