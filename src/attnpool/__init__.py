"""Small text models that pool with attention, and pictures of what they looked at.

Example:
    >>> import attnpool
    >>> texts = ["房间干净", "服务热情", "隔音太差", "态度恶劣"] * 10
    >>> model = attnpool.TextClassifier(epochs=8).fit(texts, ["好", "好", "差", "差"] * 10)
    >>> model.explain(["房间很干净"])[0].prediction
    '好'
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from attnpool._version import __version__
from attnpool.errors import InputError, explained

if TYPE_CHECKING:
    from attnpool.attribution_methods import METHODS
    from attnpool.data import load_demo
    from attnpool.estimators import TextClassifier, TextMatcher
    from attnpool.explain.contribution.attribute import Attribution, attribute
    from attnpool.explain.faithfulness.of_function import faithfulness_of
    from attnpool.explain.phrases import phrases
    from attnpool.explanation import Explanation
    from attnpool.loading import load
    from attnpool.persistence.model import Model
    from attnpool.progress import Progress, TerminalProgress
    from attnpool.runtime.model import CompactModel
    from attnpool.view import Section, render
    from attnpool.view.report import report

# What is done is logged, for those who turn it on: logging.basicConfig(level="INFO").
logging.getLogger(__name__).addHandler(logging.NullHandler())

__all__ = [
    "METHODS",
    "Attribution",
    "CompactModel",
    "Explanation",
    "InputError",
    "Model",
    "Progress",
    "Section",
    "TerminalProgress",
    "TextClassifier",
    "TextMatcher",
    "__version__",
    "attribute",
    "faithfulness_of",
    "load",
    "load_demo",
    "phrases",
    "render",
    "report",
]

# Imported when first used: torch and scikit-learn take seconds, `import attnpool` does not.
_LAZY = {
    "METHODS": "attnpool.attribution_methods",
    "Attribution": "attnpool.explain.contribution.attribute",
    "CompactModel": "attnpool.runtime.model",
    "Explanation": "attnpool.explanation",
    "Model": "attnpool.persistence.model",
    "Progress": "attnpool.progress",
    "Section": "attnpool.view",
    "TerminalProgress": "attnpool.progress",
    "TextClassifier": "attnpool.estimators",
    "TextMatcher": "attnpool.estimators",
    "faithfulness_of": "attnpool.explain.faithfulness.of_function",
    "attribute": "attnpool.explain.contribution.attribute",
    "load": "attnpool.loading",
    "load_demo": "attnpool.data",
    "render": "attnpool.view",
    "phrases": "attnpool.explain.phrases",
    "report": "attnpool.view.report",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'attnpool' has no attribute {name!r}")
    from importlib import import_module

    try:
        return getattr(import_module(_LAZY[name]), name)
    except ModuleNotFoundError as error:
        raise explained(error, f"attnpool.{name}") from None


def __dir__() -> list[str]:
    return sorted(__all__)
