"""What scikit-learn asks of an estimator, answered without importing scikit-learn."""

from __future__ import annotations

from attnpool.estimators.scikit_learn.lending import check_fitted
from attnpool.estimators.scikit_learn.manners import ScikitLearnManners

__all__ = ["ScikitLearnManners", "check_fitted"]
