"""A Hugging Face folder to vectors, the means of the last states; needs the extra `encoders`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnpool.errors import InputError, require
from attnpool.models.usual_torch import usual_torch
from attnpool.sanitize import one_line, printable, quoted
from attnpool.teachers.teacher import Advance, Vectors, checked_vectors

_TOKENS = 8192  # of a batch, padding included
_TEXTS = 64  # of a batch
_LONGEST = 8192  # tokens of a text, for a model that names no limit
_SHOWN = 200  # characters of another library's message


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
    if not any(path.glob("*.safetensors")):
        pickled = any(path.glob("*.bin")) or any(path.glob("*.pt"))
        has = "pickled weights alone, which are not read" if pickled else "no weights"
        raise InputError(
            f"teacher {quoted(str(path), 200)} has {has}; give a folder with model.safetensors"
        )
    library = _transformers()
    place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    with _quiet(library), usual_torch(), torch.random.fork_rng(devices=[]):
        try:
            tokenizer = library.AutoTokenizer.from_pretrained(
                path, local_files_only=True, trust_remote_code=False
            )
            model, report = library.AutoModel.from_pretrained(
                path,
                local_files_only=True,
                trust_remote_code=False,
                use_safetensors=True,
                dtype=torch.float32,
                output_loading_info=True,
            )
            encoder = _MeanOfStates(_text_encoder(model).to(place).eval(), tokenizer, place)
            encoder(["a"], lambda _: None)  # a model of images fails here, not in the midst
        except Exception as error:  # whatever a damaged folder raises in another library
            reason = one_line(str(error) or type(error).__name__)[:_SHOWN]
            raise InputError(
                f"teacher {quoted(str(path), 200)} cannot be read by transformers: {reason}; "
                "give a complete folder of an encoder"
            ) from None
    # transformers makes one that knows no word where the files are missing.
    if len(tokenizer) <= len(tokenizer.all_special_tokens):
        raise InputError(
            f"teacher {quoted(str(path), 200)} has no tokenizer; give a complete folder of an "
            "encoder, with its tokenizer.json or vocabulary"
        )
    # The pooler of a head is not used, and many folders lack it.
    if missing := sorted(key for key in report["missing_keys"] if "pooler" not in key):
        raise InputError(
            f"teacher {quoted(str(path), 200)} lacks weights such as {quoted(missing[0])}; "
            "give a complete folder of an encoder"
        )
    return encoder


class _MeanOfStates:
    def __init__(self, model: Any, tokenizer: Any, device: torch.device) -> None:
        self._model, self._tokenizer, self._device = model, tokenizer, device
        if tokenizer.pad_token is None:
            tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
        self._limit = _limit(model.config, tokenizer)

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


def _text_encoder(model: Any) -> Any:
    """The model, or the half of it that reads."""
    if model.config.is_encoder_decoder:
        return model.get_encoder()
    return model


def _limit(config: Any, tokenizer: Any) -> int:
    """The most tokens of a text. Positions of RoBERTa and its like begin behind the padding."""
    positions = getattr(config, "max_position_embeddings", None) or _LONGEST
    if "roberta" in str(config.model_type) or config.model_type == "camembert":
        positions -= (config.pad_token_id or 0) + 1
    return int(min(tokenizer.model_max_length, positions, _LONGEST))


def _transformers() -> Any:
    require("a teacher from a folder", "transformers")
    return importlib.import_module("transformers")


@contextmanager
def _quiet(library: Any) -> Iterator[None]:
    """Without the warnings and progress bars of transformers."""
    log = library.utils.logging
    verbosity, bars = log.get_verbosity(), log.is_progress_bar_enabled()
    log.set_verbosity(log.CRITICAL)
    log.disable_progress_bar()
    try:
        yield
    finally:
        log.set_verbosity(verbosity)
        if bars:
            log.enable_progress_bar()
