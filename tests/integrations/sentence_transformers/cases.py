"""Modules, batches and models that several tests of the sentence-transformers module need."""

import pytest

pytest.importorskip("sentence_transformers")
torch = pytest.importorskip("torch")

from sentence_transformers import SentenceTransformer  # noqa: E402
from sentence_transformers.base.modules import Router, Transformer  # noqa: E402
from sentence_transformers.sentence_transformer.modules import Pooling  # noqa: E402

from attnpool.integrations.sentence_transformers import AttentionPooling  # noqa: E402

__all__ = ["AttentionPooling", "Pooling", "Router", "SentenceTransformer", "Transformer", "torch"]

DIM = 5
HEADS = pytest.mark.parametrize("heads", [1, 3])
DTYPES = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
MASK = torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0]])
LEFT = MASK.flip(1)


def module(heads=1, dtype=torch.float32, **more):
    torch.manual_seed(0)
    return AttentionPooling(DIM, heads, **more).to(dtype)


def even(**more):
    """A module that looks at every token alike, so that it is their mean."""
    made = module(**more)
    torch.nn.init.zeros_(made.pool.score.weight)
    return made


def states(dtype=torch.float32, seed=1):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*MASK.shape, DIM, generator=generator, dtype=torch.float64).to(dtype)


def flat(x, mask):
    """The same batch as flash attention keeps it: one row without padding."""
    ends = torch.nn.functional.pad(mask.sum(1).cumsum(0), (1, 0)).int()
    return {"token_embeddings": x[mask.bool()].unsqueeze(0), "cu_seq_lens_q": ends}


def whole(folder, **more):
    """A model of this encoder with attention in the place of its pooling."""
    torch.manual_seed(0)
    encoder = Transformer(str(folder))
    pooling = AttentionPooling(encoder.get_embedding_dimension(), **more)
    return SentenceTransformer(modules=[encoder, pooling], device="cpu")
