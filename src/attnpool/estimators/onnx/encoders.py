"""Encoders as graphs: token ids to token vectors, without look-ups of keys."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Float, Int
from attnpool.estimators.exporting_pairs import ngram_table, token_table
from attnpool.estimators.onnx.folded import word_means
from attnpool.models.context import ContextEncoder
from attnpool.models.encoder import TextEncoder
from attnpool.text.special_tokens import UNKNOWN


class EncoderGraph(nn.Module):
    """What a `TextEncoder` computes, with the rows of n-grams as inputs.

    Args:
        encoder: The encoder.

    Call arguments:
        ids: Token ids, 0 for padding; words beyond the vocabulary have the ids after its last.
        mask: True for a real token.
        inputs: `ngrams`, the rows of the longest n-grams up to each length, and `char_ngrams`,
            those of words beyond the vocabulary, where the encoder has any (see
            `OnnxReader.inputs`).

    Input shape:
        ids and mask `(texts, steps)`, ngrams `(texts, lengths, steps)`, char_ngrams
        `(words, uses)`

    Output shape:
        `(texts, steps, dim)`
    """

    tokens: Tensor
    ngrams: Tensor
    char_ngrams: Tensor

    def __init__(self, encoder: TextEncoder) -> None:
        super().__init__()
        self.vocabulary = encoder.config.vocabulary
        with torch.no_grad():
            self.register_buffer("tokens", token_table(encoder).detach().clone())
            if encoder.ngrams is not None:
                # A row of zeros first: no n-gram.
                self.register_buffer("ngrams", F.pad(ngram_table(encoder).detach(), (0, 0, 1, 0)))
            if encoder.char_ngrams is not None:
                table = encoder.char_ngrams.table.weight.detach()
                self.register_buffer("char_ngrams", F.pad(table, (0, 0, 1, 0)))
        self.convolutions, self.positions = encoder.convolutions, encoder.positions
        self.length = encoder.length

    def forward(
        self, ids: Int[Tensor, "texts steps"], mask: Bool[Tensor, "texts steps"], **inputs: Tensor
    ) -> Float[Tensor, "texts steps dim"]:
        """Encode the tokens."""
        own = torch.where(ids < self.vocabulary, ids, UNKNOWN)
        x = F.embedding(own, self.tokens)
        if "char_ngrams" in inputs:
            words = (ids - self.vocabulary + 1).clamp(min=0)
            x = x + F.embedding(words, word_means(self.char_ngrams, inputs["char_ngrams"]))
        x = x * mask.unsqueeze(2)
        for convolution in self.convolutions:
            x = convolution(x, mask)
        if "ngrams" in inputs:
            rows = (inputs["ngrams"][:, -1] - self.vocabulary + 1).clamp(min=0)
            x = x + F.embedding(rows, self.ngrams)
        if self.positions is not None:
            x = x + self.positions(mask)
        if self.length is not None:
            x = F.normalize(x, dim=2) * self.length
        return x


class ContextGraph(nn.Module):
    """What a `ContextEncoder` computes, with the layout of its windows as inputs.

    Args:
        encoder: The encoder.

    Call arguments:
        ids: Token ids, 0 for padding.
        mask: True for a real token.
        inputs: `window_texts`, `window_places`, `token_windows` and `token_steps` (see
            `OnnxReader.inputs`).

    Input shape:
        ids, mask, token_windows and token_steps `(texts, steps)`, window_texts `(windows,)`,
        window_places `(windows, width)`

    Output shape:
        `(texts, steps, dim)`, zero on padding
    """

    def __init__(self, encoder: ContextEncoder) -> None:
        super().__init__()
        self.encoder, self.model = encoder, encoder.model

    def forward(
        self, ids: Int[Tensor, "texts steps"], mask: Bool[Tensor, "texts steps"], **inputs: Tensor
    ) -> Float[Tensor, "texts steps dim"]:
        """Encode the tokens."""
        # A size by `len` would be fixed in the graph.
        special_rows = self.encoder.special(1).expand(ids.shape[0], -1, -1)
        rows = torch.cat([self.encoder.embedding(ids), special_rows], dim=1)
        rows = F.pad(rows, (0, 0, 0, 1))  # of padding, behind all
        special = self.encoder.special.count
        real = F.pad(F.pad(mask, (0, special), value=True), (0, 1), value=False)
        text, places = inputs["window_texts"].unsqueeze(1), inputs["window_places"]
        states: Any = self.model(
            inputs_embeds=rows[text, places],
            attention_mask=real[text, places].to(torch.int64),
            return_dict=True,
        ).last_hidden_state
        found: Tensor = states[inputs["token_windows"], inputs["token_steps"]]
        return found * mask.unsqueeze(2)


def encoder_graph(encoder: TextEncoder | ContextEncoder) -> EncoderGraph | ContextGraph:
    """The graph of an encoder.

    Args:
        encoder: The encoder.
    """
    if isinstance(encoder, ContextEncoder):
        return ContextGraph(encoder)
    return EncoderGraph(encoder)
