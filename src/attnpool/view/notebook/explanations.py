"""A list of explanations that a notebook shows as cards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, SupportsIndex, overload

from attnpool.explanation import Explanation

SHOWN = 20
"""The most explanations of a list that are drawn; a slice draws others."""


class Explanations(list[Explanation]):
    """A list of explanations; a notebook shows the first of them as cards.

    It is a list in all else, and its slices, copies and sums are of this class too.
    """

    __slots__ = ()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        from attnpool.view.notebook.one import mimebundle  # here, as it loads the templates

        if not self:
            return {"text/plain": "[]"}
        return mimebundle(list(self[:SHOWN]), more=max(0, len(self) - SHOWN))

    def _repr_html_(self) -> str | None:
        return self._repr_mimebundle_().get("text/html")

    @overload
    def __getitem__(self, at: SupportsIndex) -> Explanation: ...

    @overload
    def __getitem__(self, at: slice) -> Explanations: ...

    def __getitem__(self, at: SupportsIndex | slice) -> Explanation | Explanations:
        """One explanation, or a slice of the same class."""
        if isinstance(at, slice):
            return Explanations(super().__getitem__(at))
        return super().__getitem__(at)

    def __add__(self, others: Iterable[Explanation]) -> Explanations:  # type: ignore[override] # of list
        """These and others."""
        return Explanations([*self, *others])

    def copy(self) -> Explanations:
        """A shallow copy."""
        return Explanations(self)
