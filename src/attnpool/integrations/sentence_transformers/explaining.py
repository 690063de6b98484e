"""Token weights of a model with `AttentionPooling` as explanations, which `render` draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from attnpool._shapes import Float
from attnpool.errors import InputError
from attnpool.explanation import Explanation
from attnpool.integrations.sentence_transformers.library import SentenceTransformer


def explain(
    model: SentenceTransformer, texts: Sequence[str], *, prompt: str | None = None
) -> list[Explanation]:
    """What a model looks at in each text: the weights of its `AttentionPooling`.

    Tokens are those of the model, with their places in the raw text. Of several heads the mean is
    coloured, and each is kept in the weights. Weights are as the model has them: what is missing
    to 1 lies on special tokens such as `[CLS]`, and on the prompt. They show what a vector is made
    of, not why two texts are near.

    Args:
        model: A model with `AttentionPooling` and a fast tokeniser.
        texts: The texts, as for `model.encode`.
        prompt: What `model.encode` was given as prompt.

    Returns:
        One explanation per text, in order, for `attnpool.render`. A text that the model cut short
        says where.

    Raises:
        InputError: The model has no `AttentionPooling`, or its tokeniser gives no offsets.

    Example:
        >>> first, second = explain(model, ["A cat sat.", "Dogs bark."])
        >>> [token.text for token in first.tokens[0]]
        ['A', 'cat', 'sat', '.']
    """
    if isinstance(texts, str):
        raise InputError("texts is one string; give a list of texts")
    tokenizer = model.tokenizer
    if not getattr(tokenizer, "is_fast", False):
        raise InputError(
            f"the tokenizer of the model is {type(tokenizer).__name__}, which gives no offsets; "
            "save it with a tokenizer.json (a fast tokenizer)"
        )
    # One at a time: without padding, a row is its text's, whether the batch is flat or not.
    found: Any = model.encode(
        list(texts),
        prompt=prompt,
        output_value=None,
        batch_size=1,
        show_progress_bar=False,
    )
    return [
        _explained(model, text, one, prompt or "") for text, one in zip(texts, found, strict=True)
    ]


def _explained(model: Any, text: str, features: dict[str, Any], prompt: str) -> Explanation:
    if "token_weights" not in features:
        raise InputError("the model gives no token_weights; give one with AttentionPooling")
    ids = features["input_ids"].reshape(-1).tolist()
    read = model.tokenizer(
        prompt + text, truncation=True, max_length=model.max_seq_length, return_offsets_mapping=True
    )
    if read["input_ids"] != ids:
        raise InputError(
            "the model reads other tokens than its tokenizer gives for the text; give a model "
            "whose first module hands the text on as it is"
        )
    offsets = np.array(read["offset_mapping"]).reshape(-1, 2) - len(prompt)
    weights = np.atleast_2d(features["token_weights"].double().numpy(force=True))
    spans, weights = _words(np.maximum(offsets, 0), weights)
    explanation = Explanation.from_values(text, spans, weights.mean(0), weights=weights)
    if len(model.tokenizer(prompt + text, verbose=False)["input_ids"]) > len(ids):
        end = int(offsets.max(initial=0))
        explanation = replace(explanation, sides=(replace(explanation.sides[0], read_until=end),))
    return explanation


def _words(
    offsets: np.ndarray, weights: Float[np.ndarray, "heads tokens"]
) -> tuple[np.ndarray, np.ndarray]:
    """Spans in the text and their weights: no special tokens, no prompt, no character twice."""
    kept = offsets[:, 0] < offsets[:, 1]
    spans, weights = offsets[kept], weights[:, kept]
    if not len(spans):
        return spans, weights
    # A character of several tokens, as byte-level tokenisers have them, is one with their sum.
    furthest = np.maximum.accumulate(spans[:, 1])
    first = np.flatnonzero(np.r_[True, spans[1:, 0] >= furthest[:-1]])
    ends = np.maximum.reduceat(spans[:, 1], first)
    return np.stack([spans[first, 0], ends], axis=1), np.add.reduceat(weights, first, axis=1)
