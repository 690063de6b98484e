"""A plugin: matrix products and sums round as on another processor (`make test-kernels`).

Each result is moved by up to two roundings of what was added up, the same way whenever the same
operation meets the same shapes. So what runs twice stays the same to the bit, and what runs in
a batch of another shape does not, whatever kernels this machine has.
"""

import zlib

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

_ATEN = torch.ops.aten
_SUMS = {
    *(_ATEN.mm.default, _ATEN.addmm.default, _ATEN.bmm.default, _ATEN.baddbmm.default),
    *(_ATEN.mv.default, _ATEN.dot.default, _ATEN.linear.default, _ATEN.matmul.default),
    *(_ATEN.convolution.default, _ATEN.sum.dim_IntList, _ATEN.mean.dim, _ATEN._softmax.default),
}


class OtherRounding(TorchDispatchMode):
    """Move the results of float32 sums."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        """Run the operation, then round its result in another way."""
        result = func(*args, **(kwargs or {}))
        tensors = [arg for arg in args if isinstance(arg, torch.Tensor)]
        if func not in _SUMS or result.dtype != torch.float32 or result.is_meta:
            return result
        if all((tensor * 16 == (tensor * 16).round()).all() for tensor in tensors):
            return result  # sums of whole numbers and of sixteenths are exact in any order
        # The softmax's own size, elsewhere the sum of magnitudes.
        size = result
        if func is not _ATEN._softmax.default:
            plain = [arg.abs() if isinstance(arg, torch.Tensor) else arg for arg in args]
            size = func(*plain, **(kwargs or {}))
        name = repr((str(func), [tuple(tensor.shape) for tensor in tensors]))
        generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        moved = torch.rand(result.shape, generator=generator) * 2 - 1
        moved = moved * 2 * torch.finfo(torch.float32).eps * size
        return torch.where(moved.isfinite() & (result != 0), result + moved, result)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    """A test with its fixtures."""
    with OtherRounding():
        return (yield)
