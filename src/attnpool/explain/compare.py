"""The faithfulness of several methods on the same texts, beside that of random orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.faithfulness.measures import DRAWS, Faithfulness, measure_faithfulness
from attnpool.explain.methods.registry import implementation

COMPARED = ("attention", "contribution", "gradient_x_input", "leave_one_out")
"""The methods that fit every model at an acceptable cost."""


def compare_methods(
    request: AttributionRequest,
    methods: Sequence[str] = COMPARED,
    *,
    masking: bool = False,
    curves: bool = True,
    draws: int = DRAWS,
    advance: Callable[[int], object] = lambda _: None,
) -> dict[str, Faithfulness]:
    """The faithfulness of methods, and of `"random"` orders.

    Args:
        request: The model, the texts and the classes to explain.
        methods: Names of methods.
        masking: Whether tokens are replaced by unknown ones and not removed.
        curves: Whether to compute deletion and insertion curves, at twice the cost.
        draws: The number of random orders to average.
        advance: Called with the number of items done, `len(methods) + draws` times all of them.

    Raises:
        InputError: A method is unknown or does not fit the model.
    """
    functions = {name: implementation(name) for name in methods}
    values = {name: function(request).values for name, function in functions.items()}
    return measure_faithfulness(
        request, values, masking=masking, curves=curves, draws=draws, advance=advance
    )
