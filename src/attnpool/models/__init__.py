"""Token ids to logits and pooling weights: encoder, pooling, head.

Internal: `attnpool.TextClassifier` and `attnpool.TextMatcher` build and use these models.
"""

from __future__ import annotations

__all__: list[str] = []
