"""Token ids to the states of a pretrained encoder, which each token has from its whole context."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from attnpool._shapes import Bool, Float, Int
from attnpool.models.config import PretrainedConfig
from attnpool.models.dropout import dropout
from attnpool.models.encoder import TextEncoder
from attnpool.models.ngrams import NgramRows
from attnpool.text.batches import lay_out
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokenizers.pretrained import SHIFT

_AT_ONCE = 16_384  # tokens that are read at once, where no gradient is kept

Stored = Callable[[Tensor, Tensor], Tensor | None]
"""From ids and mask to states that were computed before; None if one of the texts is new."""


class ContextEncoder(nn.Module):
    """A pretrained encoder, over windows where a text is longer than it reads at a time.

    Each text stands between the encoder's special tokens, whose states are left out. Windows
    overlap by a quarter; a token has its state from the window in which it is farthest from an
    edge.

    Args:
        config: The shape.
        model: A model of transformers that takes `inputs_embeds` and gives `last_hidden_state`.
        ngrams: The keys of the n-grams that the linear part counts (see `known_ngrams`).

    Call arguments:
        ids: Token ids, 0 for padding.
        mask: True for a real token.
        unknown: Not used; encoders that are trained here take it.

    Input shape:
        `(batch, steps)`

    Output shape:
        `(batch, steps, dim)`, zero on padding

    Attributes:
        embedding: The embeddings of tokens, before positions are added.
        special: Those of the special tokens.
        stored: Looks up states that were computed before; None to compute them.
        given: Token ids, and the embeddings to take for them in place of the table's: those of
            `embedded`, which explanations differentiate.
    """

    char_ngrams = None  # as a `TextEncoder` without
    positions = None

    def __init__(
        self, config: PretrainedConfig, model: Any, ngrams: Int[np.ndarray, "ngrams"] | None = None
    ) -> None:
        super().__init__()
        self.config = config
        self.model = model
        table = model.get_input_embeddings()
        self.embedding = WordEmbedding(table, config.unknown)
        self.special = SpecialEmbedding(table, (*config.prefix, *config.suffix))
        keys = np.zeros(config.ngram_rows, dtype=np.int64) if ngrams is None else ngrams
        self.ngrams = NgramRows(keys, config.ngrams) if config.ngrams else None
        self.stored: Stored | None = None
        self.given: tuple[Tensor, Tensor] | None = None
        train_last(model, config.trained)

    @property
    def content(self) -> int:
        """The most tokens of a text at a time, special ones not counted."""
        return self.config.window - len(self.config.prefix) - len(self.config.suffix)

    def train(self, mode: bool = True) -> ContextEncoder:
        """Switch dropout on or off; a frozen encoder has none."""
        super().train(mode)
        if not self.config.trained:
            self.model.eval()
        return self

    def forward(
        self,
        ids: Int[Tensor, "batch steps"],
        mask: Bool[Tensor, "batch steps"],
        unknown: Any = None,
    ) -> Float[Tensor, "batch steps dim"]:
        """Encode the tokens."""
        del unknown
        states = None if self.stored is None else self.stored(ids, mask)
        if states is None:
            states = self.states(ids, mask)
        return dropout(states, self.config.embedding_dropout, self.training)

    def states(
        self, ids: Int[Tensor, "batch steps"], mask: Bool[Tensor, "batch steps"]
    ) -> Float[Tensor, "batch steps dim"]:
        """The states of the tokens."""
        lengths = _lengths(mask)
        if not lengths.any():
            return torch.zeros(*ids.shape, self.config.dim, device=ids.device)
        before, special = len(self.config.prefix), self.special.count
        # Training hides the last tokens of all texts at times.
        windows = Windows.of(lengths, self.content, before, special, steps=ids.shape[1])
        windows = windows.on(ids.device)
        embeddings = self.embedded(ids)
        if self.given is not None and self.given[0] is ids:
            embeddings = self.given[1]
        # A row of zeros, for padding, stands behind all.
        nothing = embeddings.new_zeros(len(ids), 1, embeddings.shape[2])
        rows = torch.cat([embeddings, nothing], dim=1)
        of_rows = torch.cat([mask, mask.new_ones(len(ids), self.special.count)], dim=1)
        of_rows = torch.cat([of_rows, mask.new_zeros(len(ids), 1)], dim=1)
        text = windows.text.unsqueeze(1)
        width = windows.places.shape[1]
        at_once = max(1, _AT_ONCE // width) if not torch.is_grad_enabled() else len(text)
        seen = torch.cat(
            [
                self.model(
                    inputs_embeds=rows[of_text, places],
                    attention_mask=of_rows[of_text, places].to(torch.int64),
                    return_dict=True,
                ).last_hidden_state
                for of_text, places in zip(
                    torch.split(text, at_once), torch.split(windows.places, at_once), strict=True
                )
            ]
        )
        found: Tensor = seen[windows.window, windows.step]
        return found * mask.unsqueeze(2)

    def embedded(
        self, ids: Int[Tensor, "batch steps"]
    ) -> Float[Tensor, "batch steps_and_special width"]:
        """The embeddings of the texts' own tokens, and of special tokens behind them."""
        return torch.cat([self.embedding(ids), self.special(len(ids))], dim=1)

    @property
    def table_size(self) -> int:
        """How many tokens and n-grams the linear part counts, unknown ones included."""
        return self.config.vocabulary + (0 if self.ngrams is None else len(self.ngrams.keys) + 1)

    def table_rows(
        self, ids: Int[Tensor, "batch steps"], mask: Bool[Tensor, "batch steps"]
    ) -> Int[Tensor, "batch steps kinds"]:
        """The number of each token, and of the n-grams of each length that begin at it."""
        of_ngrams = [] if self.ngrams is None else self.ngrams.rows(ids, mask)
        size = self.config.vocabulary
        return torch.stack([ids, *(rows + size for rows in of_ngrams)], dim=2)


AnyEncoder = TextEncoder | ContextEncoder
"""What makes token vectors of token ids."""


class WordEmbedding(nn.Module):
    """The embeddings of the encoder's own table, by ids that are shifted by 2.

    Args:
        table: The encoder's.
        unknown: The encoder's id of unknown tokens.
    """

    def __init__(self, table: nn.Embedding, unknown: int | None) -> None:
        super().__init__()
        # Held in a list: the table is a part of the encoder already.
        self._table, self._unknown = [table], unknown or 0

    @property
    def weight(self) -> Tensor:
        """The table, whose device is the model's."""
        return self._table[0].weight

    def forward(self, ids: Int[Tensor, "batch steps"]) -> Float[Tensor, "batch steps width"]:
        """Look up."""
        own = torch.where(ids == UNKNOWN, self._unknown, (ids - SHIFT).clamp(min=0))
        vectors: Tensor = self._table[0](own)
        return vectors


class SpecialEmbedding(nn.Module):
    """The embeddings of special tokens, the same for every text.

    Args:
        table: The encoder's.
        ids: The encoder's ids of them.
    """

    def __init__(self, table: nn.Embedding, ids: tuple[int, ...]) -> None:
        super().__init__()
        self._table, self._ids = [table], ids
        self.count = len(ids)

    def forward(self, texts: int) -> Float[Tensor, "texts special width"]:
        """Look up, for so many texts."""
        ids = torch.tensor(self._ids, dtype=torch.int64, device=self._table[0].weight.device)
        vectors: Tensor = self._table[0](ids.expand(texts, -1))
        return vectors


class Windows(NamedTuple):
    """How texts are laid out in windows, and where each token's state is found.

    Attributes:
        text: The number of the text of each window.
        places: For each step of each window the place in its text's row: a token of the text, a
            special token behind these, or the padding behind all.
        window: The window in which each token of each text is read.
        step: The step at which it stands there.
    """

    text: Int[Tensor, "windows"]
    places: Int[Tensor, "windows width"]
    window: Int[Tensor, "texts steps"]
    step: Int[Tensor, "texts steps"]

    @classmethod
    def of(
        cls,
        lengths: Int[np.ndarray, "texts"],
        content: int,
        before: int,
        special: int,
        *,
        steps: int | None = None,
    ) -> Windows:
        """Lay out texts.

        Args:
            lengths: How many tokens of each text are read.
            content: The most tokens of a text in a window.
            before: How many special tokens stand before a text's own.
            special: How many there are in all.
            steps: How many steps the rows of texts have; default: as many as the longest text.
        """
        layout = lay_out(lengths, content, before, special, steps=steps)
        return cls(*map(torch.from_numpy, layout))

    def on(self, device: torch.device) -> Windows:
        """The same on a device."""
        return Windows(*(tensor.to(device) for tensor in self))


def train_last(model: nn.Module, layers: int) -> None:
    """Let the last layers of an encoder be trained, and nothing else.

    Args:
        model: The encoder.
        layers: How many; -1: everything.
    """
    for parameter in model.parameters():
        parameter.requires_grad_(layers < 0)
    if layers > 0:
        count = len(layers_of(model))
        # Some models hold attention and the rest of each layer in lists of their own.
        for one in _outer_lists(model):
            for layer in one[-layers:] if len(one) == count else ():
                for parameter in layer.parameters():
                    parameter.requires_grad_(True)


def layers_of(model: nn.Module) -> nn.ModuleList:
    """The layers of an encoder: of its lists of modules the one with most weights."""
    empty = nn.ModuleList()
    return max(
        _outer_lists(model), key=lambda one: sum(p.numel() for p in one.parameters()), default=empty
    )


def _outer_lists(model: nn.Module) -> list[nn.ModuleList]:
    """The lists of modules that are inside no other list."""
    found: list[nn.ModuleList] = []
    for child in model.children():
        found += [child] if isinstance(child, nn.ModuleList) else _outer_lists(child)
    return found


def _lengths(mask: Bool[Tensor, "batch steps"]) -> Int[np.ndarray, "batch"]:
    """Up to which step there are real tokens; at least one step is read where any text has one."""
    steps = torch.arange(1, mask.shape[1] + 1, device=mask.device)
    lengths: np.ndarray = (mask * steps).amax(1).cpu().numpy() if mask.shape[1] else np.zeros(0)
    return lengths
