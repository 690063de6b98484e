"""Agreement of values with the tokens that people marked as the reason for a text's label.

All measures are of one text: which of its tokens are marked, and the value of each. None of them
shows whether the model used those tokens; faithfulness does.
"""

from __future__ import annotations

import numpy as np

from attnpool._shapes import Bool, Float, Int
from attnpool.errors import InputError

IOU = 0.5
"""The share of overlap from which on a run of chosen tokens counts as a marked one."""

MEASURES = ("token_f1", "iou_f1", "auprc", "reciprocal_rank", "hit_at_3")


def agreement(
    marked: Bool[np.ndarray, "tokens"], values: Float[np.ndarray, "tokens"], *, seed: int = 0
) -> dict[str, float]:
    """All `MEASURES` of one text; as many tokens are chosen as are marked, those of highest value.

    Args:
        marked: Which tokens people marked.
        values: The importance of each token.
        seed: Decides the order of equal values.

    Returns:
        For each of `MEASURES` its value; NaN if no token is marked.
    """
    order = ranking(values, seed=seed)
    chosen = np.zeros(len(values), dtype=np.bool_)
    chosen[order[: int(marked.sum())]] = True
    return {
        "token_f1": token_f1(marked, chosen),
        "iou_f1": iou_f1(marked, chosen),
        "auprc": auprc(marked, values),
        "reciprocal_rank": reciprocal_rank(marked, order),
        "hit_at_3": hit_at(marked, order, 3),
    }


def ranking(values: Float[np.ndarray, "tokens"], *, seed: int = 0) -> Int[np.ndarray, "tokens"]:
    """The positions of the tokens, the highest value first; equal values in a random order.

    Args:
        values: The importance of each token.
        seed: Decides the order of equal values.
    """
    return np.lexsort((np.random.default_rng(seed).random(len(values)), -values))


def token_f1(marked: Bool[np.ndarray, "tokens"], chosen: Bool[np.ndarray, "tokens"]) -> float:
    """The harmonic mean of precision and recall of the chosen tokens; NaN if none is marked.

    Args:
        marked: Which tokens people marked.
        chosen: Which tokens a method chose.

    Source:
        DeYoung et al. 2020 (ERASER), arXiv 1911.03429.
    """
    return _f1(int((marked & chosen).sum()), int(marked.sum()), int(chosen.sum()))


def iou_f1(
    marked: Bool[np.ndarray, "tokens"], chosen: Bool[np.ndarray, "tokens"], threshold: float = IOU
) -> float:
    """The F1 of runs of adjacent tokens; NaN if none is marked.

    A run of chosen tokens is right if its intersection over union with a run of marked tokens is
    at least `threshold`.

    Args:
        marked: Which tokens people marked.
        chosen: Which tokens a method chose.
        threshold: The least intersection over union, from 0.5 to 1.

    Raises:
        InputError: The threshold is out of range.

    Source:
        DeYoung et al. 2020 (ERASER), arXiv 1911.03429, with the F1 of each text by itself, whose
        mean is reported; ERASER takes the F1 of the mean precision and the mean recall.
    """
    marked_runs, chosen_runs = _runs(marked), _runs(chosen)
    if not 0.5 <= threshold <= 1:
        raise InputError(f"the threshold is {threshold}; give one from 0.5 to 1")
    # Two runs cannot both be half of a third without touching: no marked run is matched twice.
    right = sum(
        any(_overlap(run, marked_run) >= threshold for marked_run in marked_runs)
        for run in chosen_runs
    )
    return _f1(right, len(marked_runs), len(chosen_runs))


def auprc(marked: Bool[np.ndarray, "tokens"], values: Float[np.ndarray, "tokens"]) -> float:
    """The area under the curve of precision over recall; NaN if no token is marked.

    Args:
        marked: Which tokens people marked.
        values: The importance of each token.

    Source:
        DeYoung et al. 2020 (ERASER), arXiv 1911.03429: by the trapezoidal rule, as there.
    """
    if not marked.any():
        return float("nan")
    from sklearn.metrics import auc, precision_recall_curve

    precision, recall, _ = precision_recall_curve(marked, values)
    return float(auc(recall, precision))


def reciprocal_rank(marked: Bool[np.ndarray, "tokens"], order: Int[np.ndarray, "tokens"]) -> float:
    """One over the rank, from 1 on, of the first marked token; NaN if none is marked.

    Args:
        marked: Which tokens people marked.
        order: The positions of the tokens, the most important first (see `ranking`).

    Source:
        Voorhees 1999, "The TREC-8 Question Answering Track Report".
    """
    return float(1 / (1 + marked[order].argmax())) if marked.any() else float("nan")


def hit_at(marked: Bool[np.ndarray, "tokens"], order: Int[np.ndarray, "tokens"], k: int) -> float:
    """1 if one of the first `k` tokens is marked, else 0; NaN if no token is marked.

    Args:
        marked: Which tokens people marked.
        order: The positions of the tokens, the most important first (see `ranking`).
        k: The number of tokens to look at.
    """
    return float(marked[order[:k]].any()) if marked.any() else float("nan")


def _f1(right: int, marked: int, chosen: int) -> float:
    # 2 / (1 / precision + 1 / recall), without a division by 0.
    return 2 * right / (marked + chosen) if marked else float("nan")


def _runs(selected: Bool[np.ndarray, "tokens"]) -> list[tuple[int, int]]:
    """The bounds `[start, end)` of each run of True."""
    steps = np.diff(np.concatenate([[0], selected.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist()
    return list(zip(starts, ends, strict=True))


def _overlap(first: tuple[int, int], second: tuple[int, int]) -> float:
    """The intersection over union of two runs."""
    (start, end), (other_start, other_end) = first, second
    shared = min(end, other_end) - max(start, other_start)
    return shared / (max(end, other_end) - min(start, other_start)) if shared > 0 else 0.0
