"""The shapes in signatures are really checked while testing."""

import pytest
import torch

from attnpool.pooling import AttentionPooling1D, QueryAttentionPooling1D, masked_softmax

jaxtyping = pytest.importorskip("jaxtyping")
pytest.importorskip("beartype")
pytestmark = pytest.mark.skipif(
    jaxtyping.config.jaxtyping_disable, reason="JAXTYPING_DISABLE switches the checks off"
)


@pytest.mark.parametrize(
    "call",
    [
        lambda: AttentionPooling1D(4)(torch.zeros(3, 4)),
        lambda: AttentionPooling1D(4)(torch.zeros(2, 3, 4), torch.ones(2, 5, dtype=torch.bool)),
        lambda: AttentionPooling1D(4)(torch.zeros(2, 3, 4), torch.ones(2, 3)),
        lambda: QueryAttentionPooling1D(4)(torch.zeros(2, 3, 4), torch.zeros(5, 4)),
        lambda: masked_softmax(torch.zeros(2, 3), torch.ones(2, 4, dtype=torch.bool)),
        lambda: AttentionPooling1D("four"),
    ],
)
def test_wrong_arguments_are_caught(call):
    with pytest.raises(jaxtyping.TypeCheckError):
        call()
