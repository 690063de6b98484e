"""Methods of Captum, and AttnLRP of lxt, beside `attribute` on the same encoder, text by text."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

import attnpool
from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.faithfulness.measures import measure_faithfulness
from attnpool.models.context import ContextEncoder
from attnpool.models.outputs import margins
from benchmarks.encoders.faithful import STEPS, plain

Shares = Callable[["One"], Tensor]
_TIMED = 64  # texts


class One(NamedTuple):
    """A text as other libraries want it.

    Attributes:
        forward: Embeddings `(copies, steps, dim)` to the margin of the target `(copies,)`.
        logits: Embeddings `(1, steps, dim)` to logits.
        embeddings: Those of the text, special tokens behind.
        own: How many tokens are the text's own.
        target: The class.
        margin: The margin.
    """

    forward: Callable[[Tensor], Tensor]
    logits: Callable[[Tensor], Tensor]
    embeddings: Tensor
    own: int
    target: int
    margin: float


def measure(
    model: attnpool.TextClassifier, texts: list[str], works: dict[str, Shares]
) -> dict[str, Any]:
    """Of each method how faithful it is, what its values add up to, and what it costs."""
    net: Any = model.model_
    tokens = model.reader_(texts)
    ones = [_opened(net, ids) for ids in np.split(tokens.ids, tokens.bounds[1:-1])]
    values, sums = {}, {}
    for name, work in works.items():
        shares = [work(one).detach().double().numpy() for one in ones]
        values[name] = np.concatenate([of[: one.own] for of, one in zip(shares, ones, strict=True)])
        sums[name] = np.array([of.sum() for of in shares])
    targets = np.array([one.target for one in ones])
    request = AttributionRequest(net, [texts], tokens, targets)
    measured = measure_faithfulness(request, values, curves=False)
    costs = _costs(works, ones[:_TIMED])
    truth = np.array([one.margin for one in ones])
    return {
        name: {
            "comprehensiveness": plain(measured[name].aopc_comprehensiveness),
            "missing": float(np.abs(sums[name] - truth).mean() / np.abs(truth).mean()),
            "predictions": costs[name],
        }
        for name in works
    }


def _opened(net: Any, ids: np.ndarray) -> One:
    encoder: ContextEncoder = net.encoder
    row = torch.from_numpy(ids.astype(np.int64)).unsqueeze(0)

    def logits(embeddings: Tensor) -> Tensor:
        of_all = row.expand(len(embeddings), -1).contiguous()
        encoder.given = of_all, embeddings
        try:
            found: Tensor = net(of_all, torch.ones_like(of_all, dtype=torch.bool)).logits
        finally:
            encoder.given = None
        return found

    with torch.no_grad():
        embeddings = encoder.embedded(row)
        first = logits(embeddings)
    target = int(first.argmax())

    def forward(embeddings: Tensor) -> Tensor:
        found = logits(embeddings)
        return margins(found, torch.full((len(found),), target))

    return One(
        forward, logits, embeddings, row.shape[1], target, float(forward(embeddings).detach())
    )


def ours_and_captum() -> dict[str, Shares]:
    """`attribute` and methods of Captum."""
    from captum.attr import FeatureAblation, InputXGradient, IntegratedGradients

    def ours(one: One) -> Tensor:
        found = attnpool.attribute(one.logits, one.embeddings, one.target)
        own = torch.from_numpy(found.values[0])
        return torch.cat([own, torch.from_numpy(found.base + found.bias)])

    def integrated(one: One) -> Tensor:
        found: Tensor = IntegratedGradients(one.forward).attribute(
            one.embeddings, n_steps=STEPS, internal_batch_size=STEPS
        )
        return found.sum(2)[0]

    def product(one: One) -> Tensor:
        found: Tensor = InputXGradient(one.forward).attribute(one.embeddings)
        return found.sum(2)[0]

    def ablation(one: One) -> Tensor:
        steps = torch.arange(one.embeddings.shape[1]).reshape(1, -1, 1)
        mask = steps.expand_as(one.embeddings)
        found: Tensor = FeatureAblation(one.forward).attribute(one.embeddings, feature_mask=mask)
        return found[0, :, 0]

    return {
        "attribute": ours,
        f"IntegratedGradients, {STEPS} steps (Captum)": integrated,
        "FeatureAblation (Captum)": ablation,
        "InputXGradient (Captum)": product,
    }


def attention_lrp() -> dict[str, Shares]:
    """AttnLRP: embedding times gradient, once lxt has replaced classes of transformers.

    It changes the gradients of every other method too, so it wants a process of its own.
    """
    from lxt.efficient import monkey_patch
    from transformers.models.bert import modeling_bert

    monkey_patch(modeling_bert)

    def product(one: One) -> Tensor:
        leaf = one.embeddings.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(one.forward(leaf).sum(), leaf)
        return torch.linalg.vecdot(leaf.detach(), gradient)[0]

    return {"AttnLRP (lxt)": product}


def _costs(works: dict[str, Shares], ones: list[One]) -> dict[str, float]:
    """The time of each method over that of predicting the same text; in turn, medians."""
    ratios: dict[str, list[float]] = {name: [] for name in works}
    for one in ones:
        base = _time(lambda one=one: _predict(one))
        for name, work in works.items():
            ratios[name].append(_time(lambda one=one, work=work: work(one)) / base)
    return {name: float(median(of)) for name, of in ratios.items()}


def _predict(one: One) -> Tensor:
    with torch.inference_mode():
        return one.logits(one.embeddings)


def _time(work: Callable[[], Any]) -> float:
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return median(seconds)
