"""A run of any torch model under `Affine`, and the parts of its outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from attnpool.errors import InputError
from attnpool.explain.contribution.affine import Affine
from attnpool.explain.contribution.base import marked_base
from attnpool.explain.contribution.returned import (
    backward_alone,
    check_outputs,
    check_used,
    gradients_alone,
    is_dense,
)
from attnpool.explain.contribution.rules.modules import whole_activations
from attnpool.explain.contribution.rules.roles import Role, mark
from attnpool.models.outputs import margins
from attnpool.sanitize import quoted

Parts = tuple[np.ndarray, np.ndarray, np.ndarray]


class Run:
    """A model that ran over embeddings. Gradients must be on.

    Args:
        forward: The model.
        embeddings: Its input, `(batch, steps, dim)`.
        target: The output to split, by text; see `attribute`.
        base: Modules and parameters that give positions or token types.
        targets: The outputs to split, if they are known.
        dtype: What is computed in; default: that of the embeddings.
        mode: The context to run in.

    Attributes:
        mode: The context.
        dtype: What was computed in.
        outputs: What the model returned.
        targets: The number of the output to split of each text.
        margins: This output less the mean of all.
        margins_found: The same as an array in float64.
        scale: The largest distance of an output from their mean.
        rounding: What a margin may miss in any precision.
    """

    def __init__(
        self,
        forward: Callable[[Tensor], Tensor],
        embeddings: Tensor,
        target: Any,
        base: tuple[nn.Module | Tensor, ...],
        *,
        targets: Tensor | None = None,
        dtype: torch.dtype | None = None,
        mode: type[Affine] = Affine,
    ) -> None:
        self.dtype = dtype or embeddings.dtype
        self._leaf = mark(embeddings.to(self.dtype, copy=True).requires_grad_(), Role.LEAF)
        items, device = len(embeddings), embeddings.device
        modules = [one for one in base if isinstance(one, nn.Module)]
        given = tuple(one for one in base if not isinstance(one, nn.Module))
        self.mode = mode(items, device, self.dtype, by_side=False, base=given)
        off = torch.autocast(device.type, enabled=False)
        with off, marked_base(modules, self.mode.used):
            # A copy, which the model may change in place.
            x = mark(self._leaf.clone(), Role.VALUE)
            with gradients_alone(forward, embeddings), whole_activations(self.mode), self.mode:
                outputs = forward(x)
            check_outputs(outputs, items, self.mode)
            self.outputs: Tensor = outputs
            if targets is None:
                targets = checked_targets(target, outputs)
            self.targets: Tensor = targets
            one = outputs.shape[1] == 1
            self.margins: Tensor = outputs[:, 0] if one else margins(outputs, targets)
        check_used(base, self.mode.used)
        away = outputs if one else outputs - outputs.mean(1, keepdim=True)
        self.scale = max(float(away.detach().abs().max()), torch.finfo(outputs.dtype).tiny)
        # Of what all outputs have in common, which cancels in a margin.
        self.rounding = 8 * np.finfo(np.float64).eps * float(outputs.detach().abs().max())
        self.margins_found: np.ndarray = self.margins.detach().double().cpu().numpy()

    @property
    def unplaced(self) -> bool:
        """Whether a constant belonged to no text."""
        return self.mode.constants.unplaced

    @property
    def opaque(self) -> list[str]:
        """Names of code that the context cannot see into."""
        return [quoted(name) for name in self.mode.opaque]

    def at_once(self) -> Parts:
        """Values, base and bias of all texts by one backward pass."""
        self.mode.constants.clear()
        shares = self._shares(self.margins.sum())
        return self._arrays(shares)

    def one_by_one(self) -> Parts:
        """The same by a backward pass for each text: right whatever layout the model has."""
        self.mode.constants.clear()
        rows = []
        for item, margin in enumerate(self.margins):
            self.mode.constants.only = item
            rows.append(self._shares(margin)[item])
        return self._arrays(torch.stack(rows))

    def _shares(self, output: Tensor) -> Tensor:
        with backward_alone():
            (gradient,) = torch.autograd.grad(
                output, self._leaf, retain_graph=True, allow_unused=True, materialize_grads=True
            )
        shares: Tensor = torch.linalg.vecdot(self._leaf.detach(), gradient)
        return shares

    def _arrays(self, shares: Tensor) -> Parts:
        constants = self.mode.constants
        base, bias = (one.cpu().numpy().astype(float) for one in (constants.base, constants.bias))
        return shares.cpu().numpy(), base, bias


def checked_embeddings(embeddings: Any) -> Tensor:
    """The embeddings, in float32 at least.

    Args:
        embeddings: What was given.

    Raises:
        InputError: They are not a floating tensor `(batch, steps, dim)` of finite numbers, or
            empty.
    """
    if not isinstance(embeddings, Tensor) or not embeddings.is_floating_point():
        kind = embeddings.dtype if isinstance(embeddings, Tensor) else type(embeddings).__name__
        raise InputError(f"attribute: embeddings must be a floating tensor, not {kind}")
    if not is_dense(embeddings):
        raise InputError(
            f"attribute: embeddings must be a dense tensor with values, not {embeddings.layout} "
            f"on {embeddings.device}"
        )
    if embeddings.ndim != 3 or not embeddings.numel():
        raise InputError(
            f"attribute: embeddings must be (batch, steps, dim) with at least one token; they are "
            f"{tuple(embeddings.shape)}"
        )
    if not bool(embeddings.isfinite().all()):
        raise InputError("attribute: embeddings hold numbers that are not finite")
    with torch.inference_mode(False):
        return embeddings.detach().to(torch.promote_types(embeddings.dtype, torch.float32)).clone()


def checked_special(special: Any, embeddings: Tensor) -> np.ndarray | None:
    """The mask of special tokens.

    Args:
        special: What was given.
        embeddings: The embeddings.

    Raises:
        InputError: It is not boolean, or of another shape.
    """
    if special is None:
        return None
    mask = _array(special, "special")
    if mask.dtype.kind in "iu" and np.isin(mask, (0, 1)).all():  # as tokenizers give it
        mask = mask.astype(np.bool_)
    if mask.dtype != np.bool_ or mask.shape != tuple(embeddings.shape[:2]):
        raise InputError(
            f"attribute: special must be boolean, {tuple(embeddings.shape[:2])}; it is "
            f"{mask.dtype}, {mask.shape}"
        )
    return mask


def checked_targets(target: Any, outputs: Tensor) -> Tensor:
    """The number of an output for each text.

    Args:
        target: What was given: None for the largest output.
        outputs: What the model returned.

    Raises:
        InputError: It is not one whole number, nor one per text; or there is no such output.
    """
    items, count = outputs.shape
    if target is None:
        return outputs.detach().argmax(1)
    found = _array(target, "target")
    if found.dtype.kind not in "iu" or found.shape not in ((), (items,)):
        raise InputError(
            f"attribute: target must be one whole number, or one for each of the {items} texts; "
            f"it is {found.dtype}, {found.shape}"
        )
    wrong = (found < 0) | (found >= count)
    if wrong.any():
        raise InputError(
            f"attribute: target {found[wrong].flat[0] if found.ndim else found} is not among the "
            f"outputs; they are 0 to {count - 1}"
        )
    return torch.from_numpy(np.broadcast_to(found, items).astype(np.int64)).to(outputs.device)


def checked_base(base: Any) -> tuple[nn.Module | Tensor, ...]:
    """The modules and parameters that give positions or token types.

    Args:
        base: What was given.

    Raises:
        InputError: It is not several modules and tensors.
    """
    one = isinstance(base, nn.Module | Tensor)
    given = () if one or not isinstance(base, Iterable) else tuple(base)
    wrong = [part for part in given if not isinstance(part, nn.Module | Tensor)]
    if one or not isinstance(base, Iterable) or wrong:
        kind = type(wrong[0] if wrong else base).__name__
        raise InputError(
            "attribute: base must be a list of modules and parameters of the model; it "
            f"{'holds' if wrong else 'is'} {quoted(kind)}"
        )
    return given


def _array(given: Any, name: str) -> np.ndarray:
    try:
        return given.detach().cpu().numpy() if isinstance(given, Tensor) else np.asarray(given)
    except (ValueError, TypeError, RuntimeError, NotImplementedError) as error:
        raise InputError(
            f"attribute: {name} must be an array; its rows are not of one length"
        ) from error
