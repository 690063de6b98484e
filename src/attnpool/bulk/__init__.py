"""Answers for more rows than memory holds: by chunks, in several processes, on other engines."""

from attnpool.bulk.predictor import Predictor

__all__ = ["Predictor"]
