"""A Hugging Face folder to vectors, the means of the last states; needs the extra `encoders`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnpool.encoders.opening import most_tokens, read_folder
from attnpool.models.usual_torch import usual_torch
from attnpool.sanitize import printable
from attnpool.teachers.teacher import Advance, Vectors, checked_vectors

_TOKENS = 8192  # of a batch, padding included
_TEXTS = 64  # of a batch


def folder_encoder(path: Path, device: str | None = None) -> Vectors:
    """Read an encoder and its tokeniser from a folder, without network, pickle or foreign code.

    Args:
        path: The folder: `config.json`, weights as safetensors, a tokeniser.
        device: Where to compute; default: a GPU if there is one.

    Returns:
        A function from texts to vectors, (texts, dimensions) float32.

    Raises:
        InputError: transformers is not installed, or the folder holds no such encoder.
    """
    model, tokenizer = read_folder(path, "teacher")
    place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    return _MeanOfStates(model.to(place), tokenizer, place)


class _MeanOfStates:
    def __init__(self, model: Any, tokenizer: Any, device: torch.device) -> None:
        self._model, self._tokenizer, self._device = model, tokenizer, device
        if tokenizer.pad_token is None:
            tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
        self._limit = most_tokens(model.config, tokenizer)

    def __call__(self, texts: list[str], advance: Advance) -> np.ndarray:
        """The vectors of the texts, in batches of texts of like length, the longest first."""
        with usual_torch(), torch.inference_mode():
            tokens = self._tokenizer(
                [printable(text) for text in texts], truncation=True, max_length=self._limit
            )["input_ids"]
            order = sorted(range(len(texts)), key=lambda i: -len(tokens[i]))
            parts, start = [], 0
            while start < len(order):
                size = max(1, min(_TEXTS, _TOKENS // max(1, len(tokens[order[start]]))))
                rows = order[start : start + size]
                parts.append(self._batch([tokens[i] for i in rows]).cpu().numpy())
                advance(len(rows))
                start += size
        vectors = np.empty_like(sorted_vectors := np.concatenate(parts))
        vectors[order] = sorted_vectors
        return checked_vectors(vectors, texts)

    def _batch(self, tokens: list[list[int]]) -> Tensor:
        steps = max(1, *map(len, tokens))
        padding = self._tokenizer.pad_token_id or 0
        ids = torch.full((len(tokens), steps), padding, dtype=torch.int64)
        mask = torch.zeros((len(tokens), steps), dtype=torch.int64)
        for row, own in enumerate(tokens):
            ids[row, : len(own)] = torch.tensor(own, dtype=torch.int64)
            mask[row, : len(own)] = 1
        ids, mask = ids.to(self._device), mask.to(self._device)
        states = self._model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        weights = mask.unsqueeze(-1).to(states.dtype)
        means: Tensor = (states * weights).sum(1) / weights.sum(1).clamp(min=1)
        return means
