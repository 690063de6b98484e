"""The training loop: recipe, optimiser, early stopping, averaged weights.

Internal: the `fit` of `attnpool.TextClassifier` and `attnpool.TextMatcher` uses it.
"""

from __future__ import annotations

__all__: list[str] = []
