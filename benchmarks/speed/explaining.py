"""What it costs to say why: `contribution`, and the methods of other libraries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch

from benchmarks.speed.contenders.twin import TrainedTwin
from benchmarks.speed.contenders.twin_text import collate
from benchmarks.speed.measuring import Job, alternate, figures
from benchmarks.speed.run import Run

STEPS = 50
PREDICT = "predict_proba"
ATTENTION = "explain, attention"
CONTRIBUTION = "explain, contribution"
SHORT = ["不错", "太吵"]
"""What the other methods are warmed up with: some compile themselves at their first text."""


def measure(run: Run) -> dict:
    """attnpool's own in rounds over all test texts; the others over as many as they can."""
    model, texts = run.ours().model, run.rows.test[0]
    few = _middling(texts, run.scale.slow_singles)
    fewer = few[: run.scale.perturbed]
    work: dict[str, tuple[Callable[[], object], int, str]] = {
        PREDICT: (lambda: model.predict_proba(texts), len(texts), ""),
        ATTENTION: (lambda: model.explain(texts, method="attention"), len(texts), ""),
        CONTRIBUTION: (lambda: model.explain(texts, method="contribution"), len(texts), ""),
    }
    own = tuple(work)
    if _there("captum"):
        gradients = integrated_gradients(run.twin())
        gradients(SHORT)
        work["Captum integrated gradients"] = (
            lambda: gradients(few),
            len(few),
            f"on the plain PyTorch model, {STEPS} steps",
        )
    if _there("lime"):
        lime = lime_explainer(model)
        lime(SHORT)
        work["LIME"] = (lambda: lime(fewer), len(fewer), "by character, 5,000 samples")
    if _there("shap"):
        shap = shap_explainer(model)
        shap(SHORT)
        work["SHAP"] = (lambda: shap(fewer), len(fewer), "Partition, Text, 500 evaluations")
    for name in own:
        work[name][0]()
    rounds = {name: run.scale.rounds if name in own else run.scale.slow_rounds for name in work}
    taken = alternate([Job(name, work[name][0], rounds[name]) for name in work])
    return {
        "rows": run.rows.describe(),
        "contenders": {
            name: figures(taken[name], count) | {"note": note, "texts": count}
            for name, (_, count, note) in work.items()
        },
    }


def integrated_gradients(twin: TrainedTwin) -> Callable[[Sequence[str]], list[Any]]:
    """Captum's method on the embeddings of the twin, text by text, for the predicted class."""
    from captum.attr import IntegratedGradients

    model = twin.model.eval()

    def logits(characters: torch.Tensor, ngrams: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return model.read(characters, ngrams, mask.expand(len(characters), -1))[0]

    method = IntegratedGradients(logits)

    def explain(texts: Sequence[str]) -> list[Any]:
        found = []
        for text in texts:
            ids, rows = collate([twin.text.encode(text)])
            mask = ids > 0
            with torch.no_grad():
                characters, ngrams = model.embed(ids, rows)
                target = int(model.read(characters, ngrams, mask)[0].argmax())
            parts = method.attribute(
                (characters, ngrams), target=target, n_steps=STEPS, additional_forward_args=(mask,)
            )
            found.append(sum(part.sum(2)[0] for part in parts).numpy())
        return found

    return explain


def lime_explainer(model: Any) -> Callable[[Sequence[str]], list[Any]]:
    """LIME as it comes, on characters."""
    from lime.lime_text import LimeTextExplainer

    explainer = LimeTextExplainer(
        class_names=[str(name) for name in model.classes_], char_level=True, random_state=0
    )

    def explain(texts: Sequence[str]) -> list[Any]:
        predict = model.predict_proba
        return [explainer.explain_instance(text, predict, top_labels=1).as_map() for text in texts]

    return explain


def shap_explainer(model: Any) -> Callable[[Sequence[str]], list[Any]]:
    """SHAP's Partition explainer with its Text masker, on characters."""
    import shap

    def characters(text: str, return_offsets_mapping: bool = True) -> dict[str, list[Any]]:
        del return_offsets_mapping
        places = [(i, i + 1) for i in range(len(text))]
        return {"input_ids": list(text), "offset_mapping": places}

    # A blank gives no token, so what is masked is not read.
    masker = shap.maskers.Text(characters, mask_token=" ", collapse_mask_token=False)
    explainer = shap.PartitionExplainer(
        lambda texts: model.predict_proba([str(text) for text in texts]), masker
    )

    def explain(texts: Sequence[str]) -> list[Any]:
        return list(explainer(list(texts), silent=True).values)

    return explain


def _middling(texts: Sequence[str], count: int) -> list[str]:
    """The texts whose lengths are nearest the median: a few long ones would decide the figure."""
    lengths = np.array([len(text) for text in texts])
    order = np.argsort(np.abs(lengths - np.median(lengths)), kind="stable")
    return [texts[i] for i in order[:count]]


def _there(module: str) -> bool:
    if find_spec(module) is None:
        print(f"left out: {module}, which is not installed", flush=True)
        return False
    return True
