"""Whether an encoder does what models need: found by trying it on a few tokens."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import torch
from torch import Tensor, nn

from attnpool.errors import InputError
from attnpool.sanitize import quoted, shortened

_TRIED = 1024  # tokens; longer windows are not tried before training
_SHOWN = 200  # characters of another library's message
_TOKENS, _PADDED = 3, 3  # of a text, and of padding behind it


def token_table(model: Any, name: str) -> Tensor:
    """The table of token embeddings, `(tokens, width)`.

    Args:
        model: The encoder.
        name: Its name, for messages.

    Raises:
        InputError: It has none: it reads images, sound or characters.
    """
    try:
        table = model.get_input_embeddings()
    except Exception:  # transformers raises NotImplementedError and others
        table = None
    weight = getattr(table, "weight", None)
    if not isinstance(table, nn.Module) or not isinstance(weight, Tensor) or weight.ndim != 2:
        raise InputError(f"{name} has no table of token embeddings; give an encoder of texts")
    return weight


def check_weights(model: nn.Module, name: str) -> None:
    """Refuse weights that are no numbers.

    Args:
        model: The encoder.
        name: Its name, for messages.

    Raises:
        InputError: A weight is NaN or infinite.
    """
    for part, weight in model.named_parameters():
        if not bool(weight.isfinite().all()):
            raise InputError(
                f"{name} has weights that are not finite ({quoted(part, _SHOWN)}); give another "
                "encoder, or read it again in float32"
            )


def state_width(model: Any, name: str, window: int) -> int:
    """The width of a state, by trying: embeddings in place of ids, with padding, in full.

    Args:
        model: The encoder, in evaluation mode.
        name: Its name, for messages.
        window: The most tokens at a time.

    Raises:
        InputError: It does not read embeddings, not as it reads ids, or not always alike.
    """
    known = len(token_table(model, name))
    table = model.get_input_embeddings()
    size = min(_TOKENS, window)
    ids = _probe(model.config, known)[:, :size]
    padding = min(_PADDED, window - size)
    try:
        with torch.inference_mode():
            by_ids = _states(model, input_ids=ids, attention_mask=torch.ones_like(ids))
            alone = _of_table(model, ids)
            # As models here do it.
            padded = nn.functional.pad(table(ids), (0, 0, 0, padding))
            mask = torch.tensor([[1] * size + [0] * padding])
            beside = _states(model, inputs_embeds=padded, attention_mask=mask)[:, :size]
            if window <= _TRIED:
                _of_table(model, ids[:, :1].expand(1, window))
            again = _of_table(model, ids)
        _differentiate(model, ids)
    except Exception as error:  # whatever a model of another kind raises
        short = isinstance(error, IndexError)  # torch says "index out of range in self"
        reason = "its table of positions is too short" if short else str(error)
        reason = shortened(reason or type(error).__name__, _SHOWN)
        raise InputError(
            f"{name} cannot read {window} tokens as embeddings with a mask ({reason}); give an "
            "encoder of texts, or a tokenizer whose model_max_length is what it reads"
        ) from None
    if alone.shape != by_ids.shape or alone.shape[:2] != ids.shape:
        raise InputError(f"{name} does not give a state for each token; give another encoder")
    if not bool(alone.isfinite().all() and by_ids.isfinite().all() and beside.isfinite().all()):
        raise InputError(
            f"{name} gives states that are not finite: its weights are too large; give another "
            "encoder"
        )
    for other, why in (
        (by_ids, "gives other states for embeddings than for ids"),
        (beside, "gives other states for embeddings than for the same text beside padding"),
        (again, "gives other states after it has read other texts"),
    ):
        if not _alike(alone, other):
            raise InputError(f"{name} {why}; give another encoder")
    return int(alone.shape[-1])


def check_restored(model: Any, restored: Any, name: str) -> None:
    """Refuse an encoder that does more than its weights and its configuration say.

    Args:
        model: The encoder.
        restored: What they give.
        name: Its name, for messages.

    Raises:
        InputError: The two give other states.
    """
    with torch.inference_mode():
        ids = _probe(model.config, len(model.get_input_embeddings().weight))
        same = _alike(_of_table(model, ids), _of_table(restored, ids))
    if not same:
        raise InputError(
            f"{name} gives other states than its weights do in a fresh model, such as by a hook, "
            "so that a saved model could not be restored; give it without"
        )


def _differentiate(model: Any, ids: Tensor) -> None:
    """Read ids as explanations and training do: some models demand more for gradients."""
    with torch.inference_mode(False), torch.enable_grad():
        given = model.get_input_embeddings()(ids).detach().requires_grad_()
        # What is changed in place stands in the way here, and not where explanations replace it.
        with suppress(RuntimeError):
            mask = torch.ones_like(ids)
            found = _states(model, inputs_embeds=given.clone(), attention_mask=mask)
            torch.autograd.grad(found.sum(), given)


def _of_table(model: Any, ids: Tensor) -> Tensor:
    embeddings = model.get_input_embeddings()(ids)
    return _states(model, inputs_embeds=embeddings, attention_mask=torch.ones_like(ids))


def _states(model: Any, **inputs: Tensor) -> Tensor:
    found: Tensor = model(**inputs, return_dict=True).last_hidden_state
    return found


def _alike(one: Tensor, other: Tensor) -> bool:
    return torch.allclose(one, other, rtol=1e-3, atol=1e-3 * float(one.abs().max()))


def _probe(config: Any, size: int) -> Tensor:
    """Three ids, `(1, 3)`; that of padding has no position of its own in RoBERTa and its like."""
    padding = getattr(config, "pad_token_id", None)
    ids = [number for number in range(min(size, 8)) if number != padding]
    return torch.tensor([(ids * _TOKENS)[-_TOKENS:]])
