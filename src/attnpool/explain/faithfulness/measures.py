"""How far values can be trusted: whether the tokens they mark are those the answer hangs on."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.stats import kendalltau
from torch import nn

from attnpool._shapes import Float, Int
from attnpool.explain.faithfulness.bootstrap import Mean, bootstrap
from attnpool.explain.faithfulness.erasure import Erased, erase
from attnpool.explain.random_values import chance
from attnpool.explain.removal import item_tokens
from attnpool.text.tokens import Tokens

RATIOS = (0.01, 0.05, 0.1, 0.2, 0.5)
"""The shares of the tokens that AOPC is the mean over, ERASER's."""

CURVE = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""The shares of the tokens at which deletion and insertion curves are drawn."""

DRAWS = 20
"""How many random orders a method is held against."""


@dataclass(frozen=True, slots=True, eq=False)
class Faithfulness:
    """The measures of one method, text by text and on average.

    Texts without tokens have NaN everywhere and count in no mean.

    Attributes:
        comprehensiveness: By how much the target's probability falls when the highest values'
            tokens go, for each of `RATIOS`; higher is better.
        sufficiency: By how much it falls when they alone remain; lower is better.
        deletion: The mean probability along `CURVE` as tokens go; empty if not asked for.
        insertion: The same as they come.
        tau: Kendall's tau-b with leave-one-out, of those texts where it is defined.
    """

    comprehensiveness: Float[np.ndarray, "items ratios"]
    sufficiency: Float[np.ndarray, "items ratios"]
    deletion: Float[np.ndarray, "points"] = field(default_factory=lambda: np.zeros(0))
    insertion: Float[np.ndarray, "points"] = field(default_factory=lambda: np.zeros(0))
    tau: Float[np.ndarray, "items"] | None = None

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
        """The mean over texts; None where there was no leave-one-out to compare with."""
        return None if self.tau is None else bootstrap(self.tau)

    def to_dict(self) -> dict[str, Any]:
        """The averages, ready for JSON."""
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


def faithfulness(
    model: nn.Module,
    tokens: Tokens,
    targets: Int[np.ndarray, "items"],
    values: Mapping[str, Float[np.ndarray, "tokens"]],
    *,
    masking: bool = False,
    curves: bool = True,
    draws: int = DRAWS,
    seed: int = 0,
    advance: Callable[[int], object] = lambda _: None,
) -> dict[str, Faithfulness]:
    """Measure methods, and beside them `"random"`, the mean of many random orders.

    Where there are values of `"leave_one_out"` each method is compared with them too; values
    that are never negative, which know no sign, with their magnitudes.

    Args:
        model: The model, in evaluation mode.
        tokens: The texts, all first sides before all second ones.
        targets: The class of each item that the values are for.
        values: The values of each method, one a token.
        masking: Whether tokens become unknown rather than go.
        curves: Whether to draw deletion and insertion curves, at twice the cost.
        draws: How many random orders to average.
        seed: Decides the random orders.
        advance: Is told how many items are done, order after order: `len(values) + draws`
            times all items.

    Source:
        DeYoung et al. 2020 (ERASER), arXiv 1911.03429; Petsiuk et al. 2018 (RISE) for the
        curves; Jain & Wallace 2019 for tau.
    """
    shares = tuple(sorted({*RATIOS, *CURVE})) if curves else (0.0, *RATIOS)
    sides: int = model.sides  # type: ignore[assignment]

    def measure(of: Float[np.ndarray, "tokens"]) -> Erased:
        erased = erase(model, tokens, targets, of, shares, masking=masking, seed=seed)
        advance(len(targets))
        return erased

    orders = [chance(tokens, sides, seed, draw) for draw in range(draws)]
    random = [measure(order) for order in orders]
    mean = Erased(*(np.mean([r[part] for r in random], axis=0) for part in range(2)))
    reference = values.get("leave_one_out")
    places = [item_tokens(tokens, sides, item) for item in range(len(targets))]
    nothing = np.array([not len(of_item) for of_item in places], dtype=np.bool_)
    measured = {name: (measure(of), of) for name, of in values.items()}
    measured["random"] = (mean, orders[0])
    return {
        name: _summary(
            erased,
            shares,
            nothing,
            None if reference is None else _tau(of, reference, places),
        )
        for name, (erased, of) in measured.items()
    }


def trust(
    model: nn.Module,
    tokens: Tokens,
    targets: Int[np.ndarray, "items"],
    values: Float[np.ndarray, "tokens"],
    *,
    draws: int = DRAWS,
) -> list[dict[str, Any] | None]:
    """What each `Explanation.faithfulness` holds: AOPC of its values and of a random order.

    None for an item without tokens.
    """
    found = faithfulness(model, tokens, targets, {"": values}, curves=False, draws=draws)
    both = [
        (of.comprehensiveness.mean(axis=1).tolist(), of.sufficiency.mean(axis=1).tolist())
        for of in (found[""], found["random"])
    ]
    (own, own_alone), (chance, chance_alone) = both
    return [
        None
        if np.isnan(own[i])
        else {
            "comprehensiveness": own[i],
            "sufficiency": own_alone[i],
            "random": {"comprehensiveness": chance[i], "sufficiency": chance_alone[i]},
        }
        for i in range(len(targets))
    ]


def _summary(
    erased: Erased, shares: tuple[float, ...], nothing: np.ndarray, tau: np.ndarray | None
) -> Faithfulness:
    at = [shares.index(ratio) for ratio in RATIOS]
    whole = erased.without[:, :1]
    drawn = [shares.index(point) for point in CURVE] if len(shares) > len(RATIOS) + 1 else []
    some = ~nothing if not nothing.all() else slice(0, 0)
    blank = np.where(nothing, np.nan, 0.0)[:, None]
    return Faithfulness(
        comprehensiveness=whole - erased.without[:, at] + blank,
        sufficiency=whole - erased.only[:, at] + blank,
        deletion=_mean(erased.without[some][:, drawn]),
        insertion=_mean(erased.only[some][:, drawn]),
        tau=tau,
    )


def _mean(curves: np.ndarray) -> np.ndarray:
    found: np.ndarray = curves.mean(axis=0) if len(curves) else np.zeros(0)
    return found


def _tau(values: np.ndarray, reference: np.ndarray, places: list[np.ndarray]) -> np.ndarray:
    reference = reference if (values < 0).any() else np.abs(reference)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # constant values have no tau, which is NaN
        return np.array(
            [
                kendalltau(values[p], reference[p]).statistic if len(p) > 1 else np.nan
                for p in places
            ],
            dtype=np.float64,
        )


def _plain(mean: Mean) -> dict[str, float | None]:
    return {k: None if np.isnan(v) else v for k, v in mean._asdict().items()}
