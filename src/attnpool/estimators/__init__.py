"""Estimators with scikit-learn's manners: what most people import."""

from attnpool.estimators.base import load
from attnpool.estimators.classifier import TextClassifier

__all__ = ["TextClassifier", "load"]
