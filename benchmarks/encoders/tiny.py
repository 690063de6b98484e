"""Tiny random models that show whether parts add up, and nothing about how faithful they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from benchmarks.encoders.families import DIM, Family

STEPS = 9
LENGTHS = (9, 4, 7, 1)


def strong(module: nn.Module, seed: int = 0) -> nn.Module:
    """The module with random weights that make margins of order 1, in evaluation mode.

    Fresh models have weights of 0.02 and biases of 0, behind which a missing part hides.
    """
    drawn = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            noise = torch.randn(parameter.shape, generator=drawn)
            if parameter.ndim > 1:
                parameter.copy_(noise * 1.2 / parameter[0].numel() ** 0.5)
            else:
                parameter.copy_((parameter == 1) + noise * 0.3)  # a factor stays near 1
    return module.eval()


class Tiny(NamedTuple):
    """A tiny model and a batch for it.

    Attributes:
        model: The model.
        forward: Embeddings to outputs, for `attribute`.
        embeddings: `(batch, steps, dim)`.
        mask: `(batch, steps)`, True for a real token.
    """

    model: nn.Module
    forward: Callable[[Tensor], Tensor]
    embeddings: Tensor
    mask: Tensor


def build(family: Family, implementation: str = "eager", seed: int = 0) -> Tiny:
    """A tiny random model of a family, which reads a batch with padding.

    Args:
        family: The family.
        implementation: That of attention.
        seed: Of weights and embeddings.
    """
    from transformers import AutoConfig, AutoModel, AutoModelForCausalLM

    torch.manual_seed(seed)  # of one-dimensional parameters
    config = AutoConfig.for_model(family.model_type, **family.config)
    config._attn_implementation = implementation
    kind = AutoModelForCausalLM if family.causal else AutoModel
    whole = kind.from_config(config, attn_implementation=implementation)
    model = strong(getattr(whole, family.part) if family.part else whole, seed)
    head = strong(nn.Linear(DIM, 3), seed + 1)
    embeddings = torch.randn(
        len(LENGTHS), STEPS, DIM, generator=torch.Generator().manual_seed(seed + 2)
    )
    mask = torch.arange(STEPS) < torch.tensor(LENGTHS).unsqueeze(1)

    def last_states(x: Tensor) -> Tensor:
        return head(_mean(model(inputs_embeds=x, attention_mask=mask.long())[0], mask))

    def next_token(x: Tensor) -> Tensor:
        logits = model(inputs_embeds=x, attention_mask=mask.long()).logits
        return logits[torch.arange(len(LENGTHS)), mask.sum(1) - 1]

    return Tiny(model, next_token if family.causal else last_states, embeddings, mask)


def _mean(states: Tensor, mask: Tensor) -> Tensor:
    real = mask.unsqueeze(2)
    return (states * real).sum(1) / real.sum(1)
