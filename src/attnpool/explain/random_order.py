"""`random`: values that say nothing, to hold the others against. Unsigned."""

from __future__ import annotations

from attnpool.explain.attribution import Attribution, AttributionRequest
from attnpool.explain.random_values import chance


def random_order(request: AttributionRequest) -> Attribution:
    """Evenly distributed values between 0 and 1; always the same for the same tokens."""
    sides: int = request.model.sides  # type: ignore[assignment]
    return Attribution(chance(request.tokens, sides))
