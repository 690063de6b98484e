"""Token weights of a model with `AttentionPooling` as explanations, which `render` draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from attnpool.errors import InputError
from attnpool.explain.lists import checked_texts
from attnpool.explanation import Explanation
from attnpool.integrations.sentence_transformers.library import SentenceTransformer
from attnpool.sanitize import printable, quoted, quoted_list


def explain(
    model: SentenceTransformer,
    texts: Iterable[Any],
    *,
    prompt: str | None = None,
    prompt_name: str | None = None,
) -> list[Explanation]:
    """What a model looks at in each text: the weights of its `AttentionPooling`.

    Tokens are those of the model, with their places in the raw text. Of several heads the mean is
    coloured, and each is kept in the weights. Weights are as the model has them: what is missing
    to 1 lies on special tokens such as `[CLS]`, and on the prompt. They show what a vector is made
    of, not why two texts are near.

    Args:
        model: A model with `AttentionPooling` and a fast tokeniser.
        texts: The texts, as for `model.encode`.
        prompt: What `model.encode` is given as prompt; default: the model's default prompt.
        prompt_name: The name of a prompt of the model instead, as for `model.encode`.

    Returns:
        One explanation per text, in order, for `attnpool.render`. A text that the model cut short
        says where.

    Raises:
        InputError: The model has no `AttentionPooling`, its tokeniser gives no offsets, a text
            or the prompt is no string, or the model has no prompt of that name.

    Example:
        >>> first, second = explain(model, ["A cat sat.", "Dogs bark."])
        >>> [token.text for token in first.tokens[0]]
        ['A', 'cat', 'sat', '.']
    """
    _check_model(model)
    texts = checked_texts(texts)
    tokenizer = model.tokenizer
    if not getattr(tokenizer, "is_fast", False):
        raise InputError(
            f"the tokenizer of the model is {type(tokenizer).__name__}, which gives no offsets; "
            "save it with a tokenizer.json (a fast tokenizer)"
        )
    prompt = _prompt(model, prompt, prompt_name)
    # Tokenisers refuse lone surrogates.
    whole = [printable(text) for text in texts]
    # One at a time: without padding, a row is its text's, whether the batch is flat or not.
    found: Any = model.encode(
        whole, prompt=prompt, output_value=None, batch_size=1, show_progress_bar=False
    )
    return [
        _explained(model, text, one, prompt or "") for text, one in zip(texts, found, strict=True)
    ]


def _check_model(model: Any) -> None:
    if not isinstance(model, SentenceTransformer):
        raise InputError(
            f"the model is {type(model).__name__}; give a SentenceTransformer, as load opens one"
        )


def _prompt(model: Any, prompt: Any, name: Any) -> str | None:
    """The prompt that stands before the texts."""
    prompts: dict[str, str] = model.prompts
    if name is None:
        if prompt is None:
            return prompts.get(model.default_prompt_name or "")
        if not isinstance(prompt, str):
            raise InputError(f"prompt is {type(prompt).__name__}, not a string")
        return prompt
    if prompt is not None:
        raise InputError("prompt and prompt_name are both given; give one of them")
    if not isinstance(name, str) or name not in prompts:
        known = quoted_list(prompts, near=name) or "none"
        raise InputError(
            f"the model has no prompt of the name {quoted(str(name))}; its prompts: {known}"
        )
    return prompts[name]


def _explained(model: Any, text: str, features: dict[str, Any], prompt: str) -> Explanation:
    if "token_weights" not in features:
        raise InputError("the model gives no token_weights; give one with AttentionPooling")
    ids = features["input_ids"].reshape(-1).tolist()
    whole = printable(prompt + text)
    read = model.tokenizer(
        whole, truncation=True, max_length=model.max_seq_length, return_offsets_mapping=True
    )
    if read["input_ids"] != ids:
        raise InputError(
            "the model reads other tokens than its tokenizer gives for the text; give a model "
            "whose first module hands the text on as it is"
        )
    offsets = np.maximum(np.array(read["offset_mapping"]).reshape(-1, 2) - len(prompt), 0)
    kept = offsets[:, 0] < offsets[:, 1]  # not special tokens, not the prompt
    weights = np.atleast_2d(features["token_weights"].double().numpy(force=True))[:, kept]
    explanation = Explanation.from_values(text, offsets[kept], weights.mean(0), weights=weights)
    if len(model.tokenizer(whole, verbose=False)["input_ids"]) > len(ids):
        end = int(offsets.max(initial=0))
        explanation = replace(explanation, sides=(replace(explanation.sides[0], read_until=end),))
    return explanation
