"""Shapes in signatures: `Float[Tensor, "batch steps dim"]`.

They are read by people always, and checked while testing, when jaxtyping and beartype are
installed. Without jaxtyping (it is no dependency of users) a shape is its array type.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int, Integer
else:
    try:
        from jaxtyping import Bool, Float, Int, Integer
    except ImportError:

        class _Unchecked:
            def __class_getitem__(cls, item: tuple[Any, str]) -> Any:
                return item[0]

        Bool = Float = Int = Integer = _Unchecked

__all__ = ["Bool", "Float", "Int", "Integer"]
