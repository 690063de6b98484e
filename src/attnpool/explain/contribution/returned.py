"""What a model does where it is split: what it returns, and what it raises with gradients on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from attnpool.errors import InputError
from attnpool.explain.attribution import CannotSplitError
from attnpool.explain.contribution.affine import Affine, code_of
from attnpool.explain.contribution.rules.roles import role
from attnpool.sanitize import one_line, quoted

_SHOWN = 160  # characters of another library's message
_PLAIN = (
    "give the model without checkpointing (gradient_checkpointing_disable()), torch.compile and "
    "flex_attention"
)
_OWN = "transformers."


def check_outputs(outputs: Any, items: int, mode: Affine) -> None:
    """Refuse what cannot be split, and note what came out of code that is not shown.

    Args:
        outputs: What the model returned.
        items: The number of texts.
        mode: The context that it ran in.

    Raises:
        InputError: It is no dense floating tensor `(batch, outputs)` of finite numbers, or does
            not depend on the embeddings.
    """
    if not isinstance(outputs, Tensor):
        what, todo = _kind_of(outputs)
        raise InputError(
            f"attribute: forward must return a tensor (batch, outputs), not {what}; {todo}"
        )
    if not is_dense(outputs) or not outputs.is_floating_point():
        raise InputError(
            "attribute: forward must return a dense tensor of real numbers, not "
            f"{outputs.dtype} with layout {outputs.layout}"
        )
    if outputs.ndim != 2 or len(outputs) != items or not outputs.shape[1]:
        raise InputError(
            f"attribute: forward must return (batch, outputs), here ({items}, outputs); it "
            f"returned {tuple(outputs.shape)}"
        )
    if not bool(outputs.isfinite().all()):
        raise InputError("attribute: forward returned numbers that are not finite")
    if outputs.requires_grad and role(outputs) is None:
        mode.opaque.append(code_of(outputs))
    if mode.unseen and not mode.opaque:
        name, where = mode.unseen[0]
        if where.startswith(_OWN):
            raise CannotSplitError(
                f"attribute cannot split what forward computes: {quoted(name)} of the embeddings "
                f"under torch.no_grad() in {where.removeprefix(_OWN)} of transformers has no rule"
            )
        raise InputError(
            f"attribute: forward computes {quoted(name)} of the embeddings "
            "under torch.no_grad(), so that their parts are lost; remove it"
        )
    if not outputs.requires_grad:
        raise InputError(
            "attribute: the outputs of forward do not depend on the embeddings; remove "
            "torch.no_grad(), torch.inference_mode() and detach() from it"
        )


def check_used(base: tuple[nn.Module | Tensor, ...], used: set[int]) -> None:
    """Refuse what gives no positions: something that the model left alone.

    Args:
        base: Modules and parameters that are to give positions or token types.
        used: The ids of those that the model called or read.

    Raises:
        InputError: The model did without one of them.
    """
    for number, one in enumerate(base):
        if id(one) not in used:
            what = "call" if isinstance(one, nn.Module) else "read"
            raise InputError(
                f"attribute: base[{number}] is {quoted(type(one).__name__)}, which forward does "
                f"not {what}; give modules that it calls and parameters that it reads, or leave "
                "it out"
            )


def is_dense(tensor: Tensor) -> bool:
    """Whether every number of a tensor is there."""
    return tensor.layout == torch.strided and not tensor.is_nested and not tensor.is_meta


@contextmanager
def gradients_alone(forward: Callable[[Tensor], Any], embeddings: Tensor) -> Iterator[None]:
    """A context in which what a model raises only where gradients are kept is one line.

    What it raises in any case is its own, and passes.

    Args:
        forward: The model.
        embeddings: Its input.

    Raises:
        CannotSplitError: The model raised, and does not without gradients.
    """
    try:
        yield
    except (InputError, torch.OutOfMemoryError):
        raise
    except Exception as error:
        if _raises(forward, embeddings):
            raise
        raise CannotSplitError(
            "attribute cannot split what forward computes: it does not run where gradients are "
            f"kept ({_reason(error)}); {_PLAIN}"
        ) from None


@contextmanager
def backward_alone() -> Iterator[None]:
    """A context in which whatever a backward pass raises is one line.

    Raises:
        CannotSplitError: It raised.
    """
    try:
        yield
    except torch.OutOfMemoryError:
        raise
    except Exception as error:
        raise CannotSplitError(
            "attribute cannot split what forward computes: its backward pass fails "
            f"({_reason(error)}); {_PLAIN}"
        ) from None


def _raises(forward: Callable[[Tensor], Any], embeddings: Tensor) -> bool:
    try:
        with torch.no_grad():
            forward(embeddings.clone())
    except Exception:
        return True
    return False


def _reason(error: Exception) -> str:
    said = one_line(str(error) or type(error).__name__)
    return said if len(said) <= _SHOWN else said[:_SHOWN] + "…"


def _kind_of(outputs: Any) -> tuple[str, str]:
    if outputs is None:
        return "None", "end it with return"
    if hasattr(outputs, "logits"):
        return quoted(type(outputs).__name__), "return its .logits"
    if hasattr(outputs, "last_hidden_state"):
        return quoted(type(outputs).__name__), "pool its .last_hidden_state, or return .logits"
    return (
        quoted(type(outputs).__name__),
        "return what torch computed, without .numpy(), .tolist() or a tuple around it",
    )
