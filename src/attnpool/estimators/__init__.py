"""The estimators, which follow the scikit-learn API."""

from attnpool.estimators.classifier import TextClassifier
from attnpool.estimators.matcher import TextMatcher

__all__ = ["TextClassifier", "TextMatcher"]
