"""`AttentionPooling`: attnpool's attention layers as a module of sentence-transformers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor

from attnpool.integrations.sentence_transformers.batches import tokens_of, without_prompt
from attnpool.integrations.sentence_transformers.library import Module
from attnpool.integrations.sentence_transformers.reading import read_config, read_weights
from attnpool.pooling import AttentionPooling1D, MultiHeadAttentionPooling1D
from attnpool.pooling.pooled import Pooled

_FROM = ("token", "cache_folder", "revision", "local_files_only")


class AttentionPooling(Module):
    """The token vectors of a text, weighted by learned attention: one vector for each head.

    `weights = normalizer(v . tanh(W x))`, `vector = sum of weights * x`, by
    `attnpool.pooling.AttentionPooling1D`; with several heads by `MultiHeadAttentionPooling1D`,
    whose vectors are concatenated. It stands where `Pooling` stands, behind a `Transformer`:
    `SentenceTransformer(modules=[transformer, AttentionPooling(dim)])`.

    Args:
        dim: Size of the token vectors, `transformer.get_embedding_dimension()`.
        heads: The number of learned queries.
        attention_dim: The size in which tokens are scored; default: `dim`.
        normalizer: `"softmax"`, `"sparsemax"` or `"entmax15"`.
        include_prompt: Whether tokens of a prompt are pooled too, as in `Pooling`.

    Call arguments:
        features: `token_embeddings`, with `attention_mask`, or `cu_seq_lens_q` where flash
            attention kept the batch flat; `prompt_length` where there is a prompt. Not changed.

    Input shape:
        token_embeddings `(batch, steps, dim)`, or `(1, tokens, dim)` of a flat batch.

    Output shape:
        The features with `sentence_embedding` `(batch, heads * dim)`, and `token_weights`
        `(batch, steps)`, of several heads `(batch, heads, steps)`; both in the dtype of the token
        vectors. Weights are exactly 0 on padding and on an excluded prompt, and each head's sum
        to 1; a row without a token that counts is zero in both. A flat batch has as many steps
        as its longest text has tokens.

    Raises:
        InputError: A size is below 1, or the normaliser is unknown.

    Example:
        >>> module = AttentionPooling(dim=3, heads=2)
        >>> features = module({"token_embeddings": torch.randn(5, 4, 3)})
        >>> features["sentence_embedding"].shape, features["token_weights"].shape
        (torch.Size([5, 6]), torch.Size([5, 2, 4]))
    """

    config_keys: ClassVar[list[str]] = [  # type: ignore[misc] # theirs is no ClassVar
        *("dim", "heads", "attention_dim", "normalizer", "include_prompt"),
    ]

    def __init__(
        self,
        dim: int,
        heads: int = 1,
        attention_dim: int | None = None,
        normalizer: str = "softmax",
        include_prompt: bool = True,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # theirs has no types
        self.pool: AttentionPooling1D | MultiHeadAttentionPooling1D = (
            AttentionPooling1D(dim, attention_dim, normalizer)
            if heads == 1 and type(heads) is int
            else MultiHeadAttentionPooling1D(dim, heads, attention_dim, normalizer)
        )
        self.attention_dim, self.dim = self.pool.projection.weight.shape
        self.heads = len(self.pool.score.weight)
        self.normalizer = normalizer
        self.include_prompt = include_prompt

    def forward(self, features: Mapping[str, Any], **kwargs: Any) -> dict[str, Any]:  # noqa: ARG002
        """Pool; see the class for features and shapes."""
        x, mask = tokens_of(features)
        if not self.include_prompt and features.get("prompt_length") is not None:
            mask = without_prompt(mask, features["prompt_length"])
        pooled = self._pooled(x, mask)
        return {
            **features,
            "sentence_embedding": pooled.vector,
            "token_weights": pooled.weights,
        }

    def _pooled(self, x: Tensor, mask: Tensor) -> Pooled:
        own = self.pool.score.weight.dtype
        if x.dtype == own or torch.is_autocast_enabled(x.device.type):
            return self.pool(x, mask)
        pooled = self.pool(x.to(own), mask)  # a transformer in half precision before this module
        return Pooled(*(part.to(x.dtype) for part in pooled))

    def get_embedding_dimension(self) -> int:
        """The size of the vector of a text: `heads * dim`."""
        return self.heads * self.dim

    def save(
        self,
        output_path: str,
        *args: Any,  # noqa: ARG002
        safe_serialization: bool = True,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> None:
        """Write `config.json` and `model.safetensors`; never a pickle, whatever is asked for.

        Args:
            output_path: The folder, which exists.
            *args: Not used.
            safe_serialization: Not used.
            **kwargs: Not used.
        """
        self.save_config(output_path)
        self.save_torch_weights(output_path, safe_serialization=True)

    @classmethod
    def load(  # type: ignore[override] # the library gives all but the first two by name
        cls, model_name_or_path: str, subfolder: str = "", **kwargs: Any
    ) -> AttentionPooling:
        """Read what `save` wrote; the library calls it.

        Args:
            model_name_or_path: The folder of the model, or its name on the hub.
            subfolder: The folder of this module in it.
            **kwargs: `token`, `cache_folder`, `revision`, `local_files_only`: where from. Others
                are for other modules.

        Raises:
            InputError: A file is missing, too long, damaged, or does not fit the other.
        """
        where = {name: kwargs[name] for name in _FROM if name in kwargs}
        shown = str(Path(model_name_or_path) / subfolder)
        config, weights = (
            cls.load_file_path(model_name_or_path, name, subfolder=subfolder, **where)
            for name in ("config.json", "model.safetensors")
        )
        sizes = read_config(config, shown)
        tensors = read_weights(weights, sizes, shown)
        module = cls(**sizes)
        module.load_state_dict(tensors)
        return module
