"""attnpool: a model folder or a compact file; its command line is `attnpool explain`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attnpool


def load(path: str) -> dict[str, Callable[[list[str]], Any]]:
    model: Any = attnpool.load(path)
    network = model.network_ if hasattr(model, "network_") else _folded(model)
    jobs = {
        "predict": lambda texts: model.predict(texts).tolist(),
        "explain": model.explain,
        "logits": lambda texts: network.run(model.reader_(texts)).logits,
    }
    if hasattr(model, "network_"):
        jobs["split"] = lambda texts: network.split(model.reader_(texts))
    return jobs


def _folded(model: Any) -> Any:
    """The folded network of torch, whichever the model itself predicts with."""
    from attnpool.models.folded import FoldedClassifier

    return FoldedClassifier(model.model_).eval()
