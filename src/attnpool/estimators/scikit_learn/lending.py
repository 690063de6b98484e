"""scikit-learn's own code, used where somebody has imported it already, or nothing else will do."""

from __future__ import annotations

import functools
import inspect
import sys
from typing import Any


def check_fitted(estimator: Any) -> None:
    """Refuse an estimator without a model.

    Raises:
        NotFittedError: It is not fitted.
    """
    if "model_" not in estimator.__dict__:
        from sklearn.utils.validation import check_is_fitted  # which words the error

        check_is_fitted(estimator, "model_")


def setting(name: str, usual: Any) -> Any:
    """A setting of scikit-learn; nobody can have changed it before importing it.

    Args:
        name: Its name in `sklearn.get_config`.
        usual: Its value where scikit-learn was not imported.
    """
    if "sklearn" not in sys.modules:
        return usual
    from sklearn import get_config

    return get_config()[name]


def lent(estimator: Any, name: str) -> Any:
    """What scikit-learn's base classes have under a name, bound to an estimator without them.

    Each version of scikit-learn asks estimators for other things that only its own base classes
    know: how metadata is routed, parts of a diagram. It asks when it was imported, so before that
    nothing is lent.

    Raises:
        AttributeError: They have no such thing, or scikit-learn was not imported.
    """
    kind: type = type(estimator)
    # A property of the class itself that raised an error comes here too, and dunder names are
    # Python's own.
    if "sklearn" in sys.modules and not name.startswith("__") and not hasattr(kind, name):
        lender = _lender(kind)
        found = inspect.getattr_static(lender, name, None)
        if found is not None:
            return found.__get__(estimator, lender) if hasattr(found, "__get__") else found
    message = f"{kind.__name__!r} object has no attribute {name!r}"
    raise AttributeError(message, name=name, obj=estimator)


@functools.cache
def _lender(kind: type) -> type:
    """scikit-learn's base classes, with the methods of `kind`, whose signatures they read."""
    from sklearn.base import BaseEstimator, ClassifierMixin

    names = [name for name in dir(kind) if not name.startswith("__")]
    members = {name: inspect.getattr_static(kind, name) for name in names}
    return type(kind.__name__, (ClassifierMixin, BaseEstimator), members)
