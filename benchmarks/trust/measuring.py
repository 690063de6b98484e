"""One model: its accuracy, its heads, and how faithful each method's values are to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from attnpool import TextClassifier, TextMatcher
from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.faithfulness.measures import DRAWS, Faithfulness, measure_faithfulness
from attnpool.explain.methods.registry import implementation
from benchmarks.trust.cost import cost
from benchmarks.trust.run_cache import Run
from benchmarks.trust.subjects import Subject

SIZE = "size of contribution"
METHODS = (
    "attention",
    "contribution",
    "gradient_x_input",
    "integrated_gradients",
    "leave_one_out",
)
FEW = ("attention", "contribution", "leave_one_out")
"""What a model's attention is judged by."""

FEW_DRAWS = 5
"""Random orders by masking, and of each model in the comparison of models: seeds make them more."""

DECIMALS = 5


def measure(
    subject: Subject,
    seed: int,
    texts: int,
    parameters: Mapping[str, Any],
    methods: Sequence[str] = METHODS,
    *,
    whole: bool = True,
) -> Run:
    """Fit, ask and take away.

    Args:
        subject: The set.
        seed: The model's.
        texts: How many held rows to ask about.
        parameters: What is passed to the constructor beside the seed.
        methods: Names of methods.
        whole: Whether to measure by masking too, and what each method costs.
    """
    model = subject.fit(seed, **parameters)
    items = subject.asked(texts)
    overlaps = [one.overlap for one in model.explain(items)]
    request = ask(model, items)
    values = {name: implementation(name)(request).values for name in methods}
    values[SIZE] = np.abs(values["contribution"])
    run: Run = {
        "accuracy": float(model.score(*subject.test)),
        "overlap": float(np.mean([of for of in overlaps if of is not None] or [np.nan])),
        "deletion": take_away(request, values, DRAWS if whole else FEW_DRAWS),
    }
    if whole:
        run["masking"] = take_away(request, values, FEW_DRAWS, masking=True)
        run["cost"] = {name: cost(model, items, name) for name in ("random", *methods)}
    return run


def ask(model: TextClassifier | TextMatcher, items: Sequence[Any]) -> AttributionRequest:
    """Why does the model answer what it answers? Asked once, for all methods."""
    if isinstance(model, TextMatcher):
        read, _ = model._ready()
        texts = [list(side) for side in zip(*items, strict=True)]
    else:
        read, texts = model._ready(), [list(items)]
    tokens = model.reader_([text for side in texts for text in side])
    return AttributionRequest(read, texts, tokens)


def take_away(
    request: AttributionRequest,
    values: Mapping[str, np.ndarray],
    draws: int,
    *,
    masking: bool = False,
) -> dict[str, dict[str, list[float]]]:
    """The AOPC and tau of each method and of random orders, text by text."""
    found = measure_faithfulness(request, values, masking=masking, curves=False, draws=draws)
    return {name: _by_text(of) for name, of in found.items()}


def _by_text(of: Faithfulness) -> dict[str, list[float]]:
    measures = {
        "comprehensiveness": of.comprehensiveness.mean(axis=1),
        "sufficiency": of.sufficiency.mean(axis=1),
        "tau": np.full(len(of.comprehensiveness), np.nan) if of.tau is None else of.tau,
    }
    return {name: values.round(DECIMALS).tolist() for name, values in measures.items()}
