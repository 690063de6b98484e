"""Every layer as a case of the harness: the tests here take `case` and run for each of them."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch

from attnpool.pooling import (
    AttentionPooling1D,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    MeanQueryAttentionPooling1D,
    MinVariancePooling1D,
    MultiHeadAttentionPooling1D,
    QueryAttentionPooling1D,
)

DIM, HIDDEN, HEADS, QUERY = 5, 7, 3, 4


@dataclass(frozen=True)
class Case:
    """A layer on token vectors of size DIM, called alike whether it takes a query or not."""

    make: Callable[[], torch.nn.Module]
    features: int
    heads: int | None = None
    takes_query: bool = False

    def layer(self, dtype=torch.float32):
        torch.manual_seed(0)
        return self.make().to(dtype)

    def inputs(self, batch, steps, dtype=torch.float32, seed=1):
        """x, and the query where the layer takes one."""
        make = torch.Generator().manual_seed(seed)
        x = torch.randn(batch, steps, DIM, generator=make, dtype=torch.float64)
        query = torch.randn(batch, QUERY, generator=make, dtype=torch.float64)
        return (x.to(dtype), query.to(dtype))[: 1 + self.takes_query]

    def weights_shape(self, batch, steps):
        return (batch, steps) if self.heads is None else (batch, self.heads, steps)


CASES = {
    "attention": Case(lambda: AttentionPooling1D(DIM, HIDDEN), DIM),
    "attention-sparsemax": Case(lambda: AttentionPooling1D(DIM, HIDDEN, "sparsemax"), DIM),
    "attention-entmax15": Case(lambda: AttentionPooling1D(DIM, normalizer="entmax15"), DIM),
    "multi-head": Case(
        lambda: MultiHeadAttentionPooling1D(DIM, HEADS, HIDDEN), HEADS * DIM, heads=HEADS
    ),
    "multi-head-sparsemax": Case(
        lambda: MultiHeadAttentionPooling1D(DIM, HEADS, normalizer="sparsemax"),
        HEADS * DIM,
        heads=HEADS,
    ),
    "mean_query": Case(lambda: MeanQueryAttentionPooling1D(DIM, HIDDEN), DIM),
    "mean-query-sparsemax": Case(
        lambda: MeanQueryAttentionPooling1D(DIM, normalizer="sparsemax"), DIM
    ),
    "query": Case(lambda: QueryAttentionPooling1D(DIM, QUERY, HIDDEN), HIDDEN, takes_query=True),
    "query-as-it-is": Case(
        lambda: QueryAttentionPooling1D(DIM, attention_dim=QUERY), QUERY, takes_query=True
    ),
    "max": Case(GlobalMaxPooling1D, DIM),
    "average": Case(GlobalAveragePooling1D, DIM),
    "min_variance": Case(MinVariancePooling1D, DIM),
}


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """On tensors this small threads only wait for each other, long where cores are busy."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session", params=CASES.values(), ids=CASES.keys())
def case(request):
    return request.param


@pytest.fixture
def mask():
    """Rows of 6, 4 and 1 real tokens: all, some, one."""
    return torch.arange(6) < torch.tensor([[6], [4], [1]])


@pytest.fixture
def ragged():
    """Real tokens anywhere in the row."""
    return torch.tensor(
        [
            [False, True, True, False, True, True],
            [True, False, False, False, False, True],
            [False, False, False, True, False, False],
        ]
    )
