"""`attribute`: exact additive contributions of tokens to the output of any torch model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from attnpool._shapes import Float, Int
from attnpool.errors import InputError
from attnpool.explain.attribution import CannotSplitError
from attnpool.explain.contribution.guard import Watched
from attnpool.explain.contribution.run import (
    Run,
    checked_base,
    checked_embeddings,
    checked_special,
)

# Of the largest margin. Rounding is below it in float32, and far below it in float64.
_MISS = 1e-5


class Attribution(NamedTuple):
    """What `attribute` returns: numpy arrays in the precision that was computed in.

    Attributes:
        values: The part of each token, `(batch, steps)`; exactly 0 where the model masks padding.
        base: The part of positions, token types and special tokens, `(batch,)`.
        bias: The part of biases and other constants, `(batch,)`.
        outputs: What `forward` returned, `(batch, outputs)`.
        targets: The number of the output that was split, `(batch,)`.
    """

    values: Float[np.ndarray, "batch steps"]
    base: Float[np.ndarray, "batch"]
    bias: Float[np.ndarray, "batch"]
    outputs: Float[np.ndarray, "batch outputs"]
    targets: Int[np.ndarray, "batch"]


def attribute(
    forward: Callable[[Tensor], Tensor],
    embeddings: Tensor,
    target: int | np.integer | Sequence[int] | np.ndarray | Tensor | None = None,
    *,
    special: Sequence[Sequence[int]] | np.ndarray | Tensor | None = None,
    base: Iterable[nn.Module | Tensor] = (),
) -> Attribution:
    """Split an output of any torch model into exact parts of its input tokens.

    The model is taken as affine at the point computed: attention weights, gates, the standard
    deviation in a normalisation and the slopes of activations are constants, a product of two
    values is split equally between them. One backward pass gives the parts. For every text

    `values.sum() + base + bias = outputs[target] - outputs.mean()`,

    or the output itself where there is only one. This sum is checked, on every call and for every
    text, to 1e-5 of the largest such margin of the batch. Where it does not hold at once, each
    text gets a backward pass of its own (a model that is time-major needs it), then the same in
    float64; parts that do not add up are never returned.

    The outputs are those of the model while its parameters need no gradients, to the last bit on
    one machine (a cosine is rounded otherwise). Weights in half precision are computed with in
    float32, and embeddings too; the model itself is not changed. So the outputs of a model in half
    precision are those that it has in float32, which differ from its own in the third digit or so.

    Some ordinary functions have no rule: recurrent layers (`nn.RNN`, `nn.LSTM`, `nn.GRU`), a
    softmax or sigmoid as the output itself (return the logits), `logsumexp`, `prod`, `var`. A
    model whose output depends on one of them is refused.

    The parts say how this output came about, with attention as it was. They do not say what
    another text would give: `faithfulness` measures that.

    Two texts that are compared, such as a cosine of sentence embeddings, are one call: join the
    embeddings of both sides along the steps, and split them again in `forward`. The parts of both
    sides together add up to the cosine.

    Args:
        forward: Embeddings `(batch, steps, dim)` to outputs `(batch, outputs)`: anything that is
            computed with torch, such as a transformer that takes `inputs_embeds`, pooling and a
            head. The model must be in evaluation mode; it is not changed, and its parameters
            get no gradients.
        embeddings: The token embeddings, `(batch, steps, dim)`, before positions are added.
        target: The output to split: one number for all texts, or one for each; default: the
            largest output of each text.
        special: `(batch, steps)`, True for special tokens such as [CLS] and [SEP], whose parts
            belong to `base`; default: none.
        base: Modules and parameters inside the model that give positions or token types.
            Modules that have one of the names that `transformers` gives them
            (`position_embeddings`, `token_type_embeddings`, `wpe`, …) are found without it.
            Other constants are `bias`.

    Returns:
        The parts, with the outputs and targets that they belong to.

    Raises:
        InputError: An argument, or what `forward` returns, is not as above; the outputs do not
            depend on the embeddings (`torch.no_grad()`); dropout is on.
        CannotSplitError: The parts do not add up; the line names the operation that has no rule.
            It is an `InputError` too.

    Source:
        See `attnpool.explain.contribution.affine`: layer-wise relevance propagation without a
        stabiliser (Bach et al. 2015); attention and normalisation as constants (Ali et al. 2022,
        "XAI for Transformers", arXiv 2202.07304).

    Example:
        >>> import torch, attnpool
        >>> embedding, head = torch.nn.Embedding(100, 8), torch.nn.Linear(8, 3)
        >>> found = attnpool.attribute(lambda x: head(x.mean(1)), embedding(torch.tensor([[4, 7]])))
        >>> found.values.shape
        (1, 2)
    """
    if not callable(forward):
        raise InputError(f"attribute: forward must be a function, not {type(forward).__name__}")
    leaf = checked_embeddings(embeddings)
    mask = checked_special(special, leaf)
    options = (forward, leaf, target, checked_base(base))
    with torch.inference_mode(False), torch.enable_grad():
        return _attribute(options, mask)


def _attribute(options: tuple[Any, ...], special: np.ndarray | None) -> Attribution:
    run = Run(*options)
    for split in (run.at_once, run.one_by_one):
        parts = split()
        if _add_up(*parts, run):
            return _result(run, special, *parts)
    wide = _in_float64(options, run)
    if wide is not None:
        run, parts = wide, wide.one_by_one()
        if _add_up(*parts, run):
            return _result(run, special, *parts)
    raise _refused(run, _misses(*parts, run), options)


def _in_float64(options: tuple[Any, ...], run: Run) -> Run | None:
    """The same in float64, where rounding hides nothing; None where that cannot be had."""
    if run.dtype == torch.float64 or run.outputs.device.type == "mps":
        return None
    try:
        return Run(*options, targets=run.targets, dtype=torch.float64)
    except (RuntimeError, ValueError, TypeError):  # code that demands the dtype of its weights
        return None


def _misses(values: np.ndarray, base: np.ndarray, bias: np.ndarray, run: Run) -> np.ndarray:
    misses: np.ndarray = np.abs(values.sum(1, dtype=float) + base + bias - run.margins_found)
    return misses


def _add_up(values: np.ndarray, base: np.ndarray, bias: np.ndarray, run: Run) -> bool:
    if run.unplaced:
        return False
    # Rounding is a part of what cancels, which may be far larger than what remains.
    turnover = np.abs(values).sum(1, dtype=np.float64) + np.abs(base) + np.abs(bias)
    allowed = _MISS * run.scale + 8 * np.finfo(values.dtype).eps * turnover + run.rounding
    return bool((_misses(values, base, bias, run) <= allowed).all())


def _result(
    run: Run, special: np.ndarray | None, values: np.ndarray, base: np.ndarray, bias: np.ndarray
) -> Attribution:
    if special is not None:
        base = base + np.where(special, values, 0).sum(1, dtype=np.float64)
        values = np.where(special, 0, values)
    outputs, targets = run.outputs.detach().cpu().numpy(), run.targets.cpu().numpy()
    kind = values.dtype
    return Attribution(values, base.astype(kind), bias.astype(kind), outputs, targets)


def _refused(run: Run, misses: np.ndarray, options: tuple[Any, ...]) -> CannotSplitError:
    text = int(np.nanargmax(misses)) if np.isfinite(misses).any() else 0
    again = Run(*options, targets=run.targets, dtype=run.dtype, mode=Watched)
    watched = again.mode
    assert isinstance(watched, Watched)  # noqa: S101 - made with it
    name, size = watched.culprit(again.margins[text])
    if not torch.allclose(again.outputs, run.outputs, rtol=1e-3, atol=1e-3 * run.scale):
        why = "it gives another output at each call; take out what is drawn at random"
    elif size > misses[text] / 2:
        why = f"{name} has no rule, or gives a weight that the model uses as a value"
    elif run.opaque:
        why = (
            f"{run.opaque[0]} is code that torch does not show (custom, compiled, scripted, or "
            "under torch.vmap); give the plain functions"
        )
    elif len(misses) > 1:
        why = "its texts may depend on each other; try a batch of one text"
    else:
        why = "something in it has no rule, and no single operation is to blame"
    part = f"{_share(misses[text], run.scale)} of the margin of text {text} is missing"
    return CannotSplitError(f"attribute cannot split what forward computes: {why}; {part}")


def _share(miss: float, whole: float) -> str:
    """A part of a whole in per cent: with a figure that tells it from 0, and without a thousand."""
    percent = 100 * miss / whole
    if not percent < 999.5:  # nor for NaN
        return ">999%"
    return f"{percent:.0f}%" if percent >= 9.5 else f"{percent:.1g}%"
