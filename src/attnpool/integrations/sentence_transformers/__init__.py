"""Attention pooling for sentence-transformers: a module that learns which tokens count.

`AttentionPooling` takes the place of the library's `Pooling`, behind its `Transformer`; models are
trained, saved and encoded as any other. `load` opens a saved model and trusts no classes but the
library's and this one; `explain` gives its weights as pictures need them.
"""

from __future__ import annotations

from attnpool.integrations.sentence_transformers.explaining import explain
from attnpool.integrations.sentence_transformers.loading import load
from attnpool.integrations.sentence_transformers.pooling import AttentionPooling

__all__ = ["AttentionPooling", "explain", "load"]
