"""Faithfulness: whether the tokens with the highest values are those a prediction depends on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from attnpool._renamed import without_advice
from attnpool._shapes import Float
from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.faithfulness.bootstrap import Mean, bootstrap
from attnpool.explain.faithfulness.erasure import Erased, erase
from attnpool.explain.random_values import random_values
from attnpool.explain.removal import item_tokens

RATIOS = (0.01, 0.05, 0.1, 0.2, 0.5)
"""The shares of the tokens that AOPC averages over, as in ERASER."""

CURVE = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""The shares of the tokens at which deletion and insertion curves are computed."""

DRAWS = 20
"""The number of random orders that a method is compared with."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Faithfulness:
    """The measures of one method, per text and on average.

    Texts without tokens have NaN everywhere and count in no mean.

    Attributes:
        comprehensiveness: By how much the target's probability falls when the tokens with the
            highest values are removed, for each of `RATIOS`; higher is better.
        sufficiency: By how much it falls when they alone are kept; lower is better.
        deletion: The mean probability along `CURVE` while tokens are removed; empty unless asked
            for.
        insertion: The same while tokens are inserted.
        tau: Kendall's tau-b with leave-one-out, for the texts where it is defined.
    """

    comprehensiveness: Float[np.ndarray, "items ratios"]
    sufficiency: Float[np.ndarray, "items ratios"]
    deletion: Float[np.ndarray, "points"] = field(default_factory=lambda: np.zeros(0))
    insertion: Float[np.ndarray, "points"] = field(default_factory=lambda: np.zeros(0))
    tau: Float[np.ndarray, "items"] | None = None

    def __repr__(self) -> str:
        """The averages in one line; `to_dict()` has all of them."""
        texts = len(self.comprehensiveness)
        return (
            f"<Faithfulness of {texts:,} text{'' if texts == 1 else 's'}: "
            f"comprehensiveness {_mean_of(self.comprehensiveness)}, "
            f"sufficiency {_mean_of(self.sufficiency)}>"
        )

    @property
    def aopc_comprehensiveness(self) -> Mean:
        """The mean over `RATIOS` and texts, with its bootstrap interval over texts."""
        return bootstrap(self.comprehensiveness.mean(axis=1))

    @property
    def aopc_sufficiency(self) -> Mean:
        """The mean over `RATIOS` and texts, with its bootstrap interval over texts."""
        return bootstrap(self.sufficiency.mean(axis=1))

    @property
    def tau_leave_one_out(self) -> Mean | None:
        """The mean over texts; None without leave-one-out to compare with."""
        return None if self.tau is None else bootstrap(self.tau)

    def to_dict(self) -> dict[str, Any]:
        """The averages as values for JSON."""
        tau = self.tau_leave_one_out
        return {
            "comprehensiveness": _plain(self.aopc_comprehensiveness),
            "sufficiency": _plain(self.aopc_sufficiency),
            "tau": None if tau is None else _plain(tau),
            "at": {
                f"{ratio:g}": {
                    "comprehensiveness": _plain(bootstrap(self.comprehensiveness[:, i])),
                    "sufficiency": _plain(bootstrap(self.sufficiency[:, i])),
                }
                for i, ratio in enumerate(RATIOS)
            },
            "deletion": self.deletion.tolist(),
            "insertion": self.insertion.tolist(),
        }


def measure_faithfulness(
    request: AttributionRequest,
    values: Mapping[str, Float[np.ndarray, "tokens"]],
    *,
    masking: bool = False,
    curves: bool = True,
    draws: int = DRAWS,
    seed: int = 0,
    advance: Callable[[int], object] = lambda _: None,
) -> dict[str, Faithfulness]:
    """Measure methods, and `"random"`, the mean of many random orders.

    With values of `"leave_one_out"`, each method is compared with them too; unsigned values are
    compared with their magnitudes.

    Args:
        request: The model, the texts, and the class of each item that the values are for.
        values: The values of each method, one per token.
        masking: Whether tokens are replaced by unknown ones and not removed.
        curves: Whether to compute deletion and insertion curves, at twice the cost.
        draws: The number of random orders to average.
        seed: Decides the random orders.
        advance: Called with the number of items done, order after order: `len(values) + draws`
            times all items.

    Source:
        DeYoung et al. 2020 (ERASER), arXiv 1911.03429; Petsiuk et al. 2018 (RISE) for the
        curves; Jain & Wallace 2019 for tau.
    """
    shares = tuple(sorted({*RATIOS, *CURVE})) if curves else (0.0, *RATIOS)
    tokens, sides, items = request.tokens, request.model.sides, len(request.targets)

    def measure(order: Float[np.ndarray, "tokens"]) -> Erased:
        erased = erase(request, order, shares, masking=masking, seed=seed)
        advance(items)
        return erased

    orders = [random_values(tokens, sides, seed, draw) for draw in range(draws)]
    random = [measure(order) for order in orders]
    mean = Erased(*(np.mean([r[part] for r in random], axis=0) for part in range(2)))
    reference = values.get("leave_one_out")
    places = [item_tokens(tokens, sides, item) for item in range(items)]
    empty = np.array([not len(of_item) for of_item in places], dtype=np.bool_)
    measured = {name: (measure(order), order) for name, order in values.items()}
    measured["random"] = (mean, orders[0])
    return {
        name: _summary(
            erased,
            shares,
            empty,
            None if reference is None else _tau(order, reference, places),
        )
        for name, (erased, order) in measured.items()
    }


def explanation_faithfulness(
    request: AttributionRequest,
    values: Float[np.ndarray, "tokens"],
    *,
    draws: int = DRAWS,
    advance: Callable[[int], object] = lambda _: None,
) -> list[dict[str, Any] | None]:
    """`Explanation.faithfulness` of each item: the AOPC of its values and of random orders.

    Args:
        request: The model, the texts, and the class of each item that the values are for.
        values: One value per token.
        draws: The number of random orders to average.
        advance: Called with the number of items done, `draws + 1` times all items.

    Returns:
        The measures of each item; None for an item without tokens.
    """
    measured = measure_faithfulness(
        request, {"values": values}, curves=False, draws=draws, advance=advance
    )
    own, random = (_aopc(measured[name]) for name in ("values", "random"))
    return [
        None if np.isnan(own_aopc["comprehensiveness"]) else {**own_aopc, "random": random_aopc}
        for own_aopc, random_aopc in zip(own, random, strict=True)
    ]


def _aopc(measured: Faithfulness) -> list[dict[str, Any]]:
    """The means over `RATIOS` of each item."""
    comprehensiveness = measured.comprehensiveness.mean(axis=1).tolist()
    sufficiency = measured.sufficiency.mean(axis=1).tolist()
    return [
        {"comprehensiveness": c, "sufficiency": s}
        for c, s in zip(comprehensiveness, sufficiency, strict=True)
    ]


def _summary(
    erased: Erased, shares: tuple[float, ...], empty: np.ndarray, tau: np.ndarray | None
) -> Faithfulness:
    at = [shares.index(ratio) for ratio in RATIOS]
    whole = erased.without[:, :1]
    points = [shares.index(point) for point in CURVE] if len(shares) > len(RATIOS) + 1 else []
    some = ~empty if not empty.all() else slice(0, 0)
    blank = np.where(empty, np.nan, 0.0)[:, None]
    return Faithfulness(
        comprehensiveness=whole - erased.without[:, at] + blank,
        sufficiency=whole - erased.only[:, at] + blank,
        deletion=_mean(erased.without[some][:, points]),
        insertion=_mean(erased.only[some][:, points]),
        tau=tau,
    )


def _mean(curves: np.ndarray) -> np.ndarray:
    mean: np.ndarray = curves.mean(axis=0) if len(curves) else np.zeros(0)
    return mean


def _tau(values: np.ndarray, reference: np.ndarray, places: list[np.ndarray]) -> np.ndarray:
    from scipy.stats import kendalltau  # here, as to import it takes longer than to load a model

    reference = reference if (values < 0).any() else np.abs(reference)
    with without_advice():
        return np.array(
            [
                kendalltau(values[p], reference[p]).statistic if len(p) > 1 else np.nan
                for p in places
            ],
            dtype=np.float64,
        )


def _mean_of(measured: np.ndarray) -> str:
    known = measured[~np.isnan(measured)]
    return f"{known.mean():.3f}" if len(known) else "unknown"


def _plain(mean: Mean) -> dict[str, float | None]:
    return {k: None if np.isnan(v) else v for k, v in mean._asdict().items()}
