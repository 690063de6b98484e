"""What every attribution must hold: its parts add up, and its outputs are those of the model."""

import numpy as np
import torch

import attnpool

BATCH, STEPS, DIM = 3, 5, 8


def drawn(*shape, seed=0, dtype=torch.float32):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def embeddings(dtype=torch.float32):
    return drawn(BATCH, STEPS, DIM, dtype=dtype)


HEAD = drawn(DIM, 3, seed=1)


def margins_of(found):
    outputs = found.outputs.astype(float)
    if outputs.shape[1] == 1:
        return outputs[:, 0], np.abs(outputs).max()
    away = outputs - outputs.mean(1, keepdims=True)
    return away[np.arange(len(away)), found.targets], np.abs(away).max()


def miss(found):
    """The largest distance of a sum of parts from its margin, relative to the largest margin."""
    margins, scale = margins_of(found)
    return np.abs(found.values.sum(1) + found.base + found.bias - margins).max() / scale


def split(forward, x=None, **options):
    """The attribution, after checks that hold for any model."""
    x = embeddings() if x is None else x
    plain = forward(x.clone().requires_grad_().clone()).detach()
    before = x.clone()
    found = attnpool.attribute(forward, x, **options)
    assert torch.equal(x, before)
    assert miss(found) < 1e-5
    assert all(np.isfinite(one).all() for one in found)
    return found, plain.numpy()
