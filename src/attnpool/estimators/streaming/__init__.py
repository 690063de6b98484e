"""Training on rows that are read some at a time; see `TextClassifier.fit_stream`."""

from __future__ import annotations

__all__: list[str] = []
