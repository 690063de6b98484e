"""`ScikitLearnManners`: an estimator that scikit-learn takes for one of its own."""

from __future__ import annotations

import inspect
import reprlib
from collections.abc import Callable, Sequence
from typing import Any

from attnpool.estimators.scikit_learn.lending import lent, setting

_WIDTH = 80

_SHORT = reprlib.Repr()
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxset = _SHORT.maxdict = 30
_SHORT.maxstring = _SHORT.maxother = 300


class ScikitLearnManners:
    """Parameters, tags and pictures of an estimator, as `BaseEstimator` has them.

    To inherit from `BaseEstimator` is to import scikit-learn with scipy.stats and pandas, which
    takes longer than to load a model and ask it. scikit-learn itself asks an estimator for its
    methods, not for its class, so they are here; what else its base classes know, they lend once
    it was imported. One thing is lost: `isinstance(model, BaseEstimator)` is False, for Python
    lets a plain class neither register others as its subclasses nor become a base later, short of
    a hook in all imports. Whoever needs it writes
    `class Mine(TextClassifier, ClassifierMixin, BaseEstimator)`.

    Source:
        "Developing scikit-learn estimators" in its guide: duck typing, not `isinstance`. catboost
        does the same.
    """

    _estimator_type = "classifier"  # scikit-learn 1.5 reads this, later versions the tags

    @classmethod
    def _get_param_names(cls) -> list[str]:
        return sorted(_parameters(cls))

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters by name.

        Args:
            deep: Whether to add the parameters of those that are estimators themselves.
        """
        found = {name: getattr(self, name) for name in self._get_param_names()}
        for name, value in list(found.items()) if deep else ():
            if hasattr(value, "get_params") and not isinstance(value, type):
                found |= {f"{name}__{inner}": own for inner, own in value.get_params().items()}
        return found

    def set_params(self, **params: Any) -> Any:
        """Set parameters.

        Returns:
            The estimator.

        Raises:
            ValueError: There is no such parameter.
        """
        if set(params) - set(self._get_param_names()):
            # Parameters of parameters, and the error for those that are none.
            from sklearn.base import BaseEstimator

            BaseEstimator.set_params(self, **params)
        else:
            for name, value in params.items():
                setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        """The call that makes it; without parameters that are as usual, unless told otherwise."""
        given, usual = self.get_params(deep=False), _parameters(type(self))
        if setting("print_changed_only", usual=True):
            given = {k: v for k, v in given.items() if repr(v) != repr(usual[k].default)}
        return _call(type(self).__name__, [f"{k}={_SHORT.repr(v)}" for k, v in given.items()])

    def __getattr__(self, name: str) -> Any:
        """What scikit-learn asks for and only its own base classes know."""
        return lent(self, name)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore a copy."""
        self.__dict__.update(state)

    def __sklearn_tags__(self) -> Any:
        """A classifier; asked for by scikit-learn 1.6 and newer."""
        from sklearn.utils import ClassifierTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags(),
        )

    def _more_tags(self) -> dict[str, Any]:
        """The same for scikit-learn 1.5."""
        from sklearn.base import BaseEstimator, ClassifierMixin

        return {**BaseEstimator._more_tags(self), **ClassifierMixin._more_tags(self)}

    def _repr_mimebundle_(self, **options: Any) -> dict[str, str]:
        """What a notebook shows: a picture, unless scikit-learn is told to show text."""
        del options
        bundle = {"text/plain": repr(self)}
        if _shows_pictures():
            bundle["text/html"] = self._picture()
        return bundle

    @property
    def _repr_html_(self) -> Callable[[], str]:
        """The same for consumers without media types; there only where pictures are shown."""
        if not _shows_pictures():
            raise AttributeError("scikit-learn is set to show text")
        return self._picture

    def _picture(self) -> str:
        """scikit-learn's diagram."""
        from sklearn.utils import estimator_html_repr

        picture: str = estimator_html_repr(self)
        return picture


def _shows_pictures() -> bool:
    return bool(setting("display", usual="diagram") == "diagram")


def _parameters(kind: type) -> dict[str, inspect.Parameter]:
    """What `kind` is made with; further keywords are no parameters."""
    taken = inspect.signature(kind).parameters.items()
    return {name: one for name, one in taken if one.kind is not one.VAR_KEYWORD}


def _call(name: str, arguments: Sequence[str]) -> str:
    """A call, broken into lines where scikit-learn breaks it."""
    whole = f"{name}({', '.join(arguments)})"
    if len(whole) <= _WIDTH:
        return whole
    lines, indent = [""], " " * (len(name) + 1)
    for i, argument in enumerate(arguments, 1):
        room = _WIDTH - 1 - (i == len(arguments))  # what follows, and scikit-learn's one to spare
        if lines[-1] and len(indent + lines[-1] + argument) > room:
            lines.append("")
        lines[-1] += f"{argument}, "
    body = f"\n{indent}".join(line.rstrip() for line in lines)
    return f"{name}({body.removesuffix(',')})"
