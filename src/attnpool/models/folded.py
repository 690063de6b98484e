"""A classifier whose maps are multiplied into its tables: to read is to look up and to add."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Float, Int
from attnpool.models.char_ngrams import Bags
from attnpool.models.classifier import Classifier
from attnpool.models.encoder import TextEncoder
from attnpool.models.outputs import ModelOutput
from attnpool.pooling import (
    ATTENDING,
    AttentionPooling1D,
    GlobalAveragePooling1D,
    MeanQueryAttentionPooling1D,
    MultiHeadAttentionPooling1D,
)
from attnpool.pooling.mean_query import match
from attnpool.text.special_tokens import UNKNOWN

_ATTENTION = AttentionPooling1D | MultiHeadAttentionPooling1D | MeanQueryAttentionPooling1D
_SMALL = 100_000  # numbers that take no time to add up


class FoldedClassifier(nn.Module):
    """The same answers as a classifier's, from tables of `W x` and of each head's class scores.

    A token vector without convolutions is a sum of table rows: `x = Σ_r E[r]`. So what attention
    asks of it is `W x = Σ_r (E Wᵀ)[r]`, and what head `h` carries to class `c` is
    `x · C_hc = Σ_r (E C)[r]`. Both products are made once, for whole tables; then no token needs
    a matrix product of the width of its vector. `logit_c = b_c + Σ_t Σ_h a_ht Σ_r (E C)[r]`, so
    every row's part of a logit is at hand too: see `shares`.

    Args:
        model: The classifier, of which `foldable` is True. Later changes of its weights are not
            seen here: see `of`.

    Call arguments:
        ids: Token ids, 0 for padding.
        mask: True for a real token.
        unknown: The character n-grams of words that the vocabulary lacks (see `TensorBatches`).

    Input shape:
        `(batch, steps)`

    Output shape:
        logits `(batch, classes)`, weights `(batch, heads, steps)`; equal to the classifier's but
        for the rounding of sums.
    """

    sides = 1

    def __init__(self, model: Classifier) -> None:
        super().__init__()
        encoder, pooling, head = model.encoder, model.pooling, model.head
        assert isinstance(pooling, _ATTENTION)  # noqa: S101
        self.unfolded = model
        self.config = model.config
        self.encoder = encoder
        self._made_of = _state(model)
        self.normalize = pooling.normalize
        self.heads, self.classes = model.config.heads, model.config.classes
        dim = model.config.encoder.dim
        with torch.no_grad():
            by_class = head.weight.reshape(self.classes, self.heads, dim)
            carry = by_class.permute(2, 1, 0).reshape(dim, -1)
            key_table, value_table = (
                _fold(encoder, by) for by in (2 * pooling.projection.weight.T, carry)
            )
            self.score = 2 * pooling.score.weight
        self.mean_query = isinstance(pooling, MeanQueryAttentionPooling1D)
        self.average = GlobalAveragePooling1D()
        self.bias = head.bias.detach()
        self.key_table, self.key_char_ngrams = key_table
        self.value_table, self.value_char_ngrams = value_table
        by_class = self.value_table.view(-1, self.heads, self.classes)
        apart = by_class - by_class.mean(2, keepdim=True)
        # Class after class, so that a look-up reads the numbers of one class alone.
        self._centred = apart.permute(2, 0, 1).reshape(-1, self.heads).contiguous()

    def of(self, model: nn.Module) -> bool:
        """Whether it was made of this model, whose weights have not changed since."""
        return model is self.unfolded and _state(model) == self._made_of

    def forward(
        self,
        ids: Int[Tensor, "batch steps"],
        mask: Bool[Tensor, "batch steps"],
        unknown: Bags | None = None,
    ) -> ModelOutput:
        """Classify the batch."""
        return self._answer(self._rows(ids, mask), mask, _Unknown(ids, unknown, self.encoder))

    def shares(
        self,
        ids: Int[Tensor, "batch steps"],
        mask: Bool[Tensor, "batch steps"],
        unknown: Bags | None = None,
        targets: Int[Tensor, "batch"] | None = None,
    ) -> tuple[ModelOutput, list[tuple[Float[Tensor, "batch steps"], int]]]:
        """Classify the batch, and say what each table row adds to the target's margin.

        Args:
            ids: As the call's.
            mask: As the call's.
            unknown: As the call's.
            targets: The class of each text that is key_table about; the answer unless given.

        Returns:
            The answer; and for tokens themselves and for the n-grams of each length that begin at
            them, what they add to the target's logit less the mean of all, and over how many
            tokens each extends.
        """
        rows, new = self._rows(ids, mask), _Unknown(ids, unknown, self.encoder)
        answer = self._answer(rows, mask, new)
        aims = answer.logits.argmax(1) if targets is None else targets
        of_token = aims.repeat_interleave(ids.shape[1])[:, None]
        apart = F.embedding(rows + of_token * len(self.value_table), self._centred)
        if self.value_char_ngrams is not None:
            words = new.add(
                self.value_table.new_zeros(len(rows), self.value_table.shape[1]),
                self.value_char_ngrams,
            )
            by_class = words.view(-1, self.heads, self.classes)
            of_target = by_class.take_along_dim(of_token[:, None], 2).squeeze(2)
            apart[:, 0] += of_target - by_class.mean(2)
        weights = answer.weights.transpose(1, 2).reshape(-1, self.heads, 1)
        moved = torch.bmm(apart, weights).view(*ids.shape, rows.shape[1]).unbind(2)
        lengths = (1, *(self.encoder.ngrams.lengths if self.encoder.ngrams is not None else ()))
        return answer, list(zip(moved, lengths, strict=True))

    def _answer(
        self,
        rows: Int[Tensor, "tokens rows"],
        mask: Bool[Tensor, "batch steps"],
        new: _Unknown,
    ) -> ModelOutput:
        x = new.add(F.embedding_bag(rows, self.key_table, mode="sum"), self.key_char_ngrams)
        # tanh(z) = 2 sigmoid(2z) - 1, of which torch computes the right side many times as fast;
        # the constant moves all scores of a head alike, which no normaliser heeds.
        weights = self.normalize(self._scores(x.sigmoid_(), mask), mask.unsqueeze(1))
        value_table = new.add(
            F.embedding_bag(rows, self.value_table, mode="sum"), self.value_char_ngrams
        )
        batch, steps = mask.shape
        logits = torch.bmm(
            weights.transpose(1, 2).reshape(batch, 1, steps * self.heads),
            value_table.view(batch, steps * self.heads, self.classes),
        ).squeeze(1)
        return ModelOutput(logits + self.bias, weights)

    def _scores(
        self, keys: Float[Tensor, "tokens attention_dim"], mask: Bool[Tensor, "batch steps"]
    ) -> Float[Tensor, "batch heads steps"]:
        if self.mean_query:
            keys = keys.view(*mask.shape, keys.shape[1])
            query = 2 * self.average(keys, mask).vector - 1
            return match(keys, query, self.score).unsqueeze(1)
        return F.linear(keys, self.score).view(*mask.shape, self.heads).transpose(1, 2)

    def _rows(
        self, ids: Int[Tensor, "batch steps"], mask: Bool[Tensor, "batch steps"]
    ) -> Int[Tensor, "tokens rows"]:
        """The rows of each token in the tables: its own, and those of the n-grams that begin."""
        size = self.encoder.config.vocabulary
        own = ids
        if self.encoder.char_ngrams is not None:  # else there are no ids beyond the vocabulary
            own = torch.where(ids < size, ids, UNKNOWN)
        ngrams = self.encoder.ngrams
        more = [] if ngrams is None else [rows + size for rows in ngrams.rows(own, mask)]
        return torch.stack([own, *more], dim=2).flatten(0, 1)


class _Unknown:
    """The words of a batch beyond the vocabulary, and the bags of their character n-grams."""

    def __init__(self, ids: Tensor, unknown: Bags | None, encoder: TextEncoder) -> None:
        size = encoder.config.vocabulary
        self._places = (ids.flatten() >= size).nonzero().squeeze(1) if unknown else None
        if unknown is not None:
            words, self._of_word = torch.unique(ids.flatten()[self._places], return_inverse=True)
            self._bags = unknown.take(words - size)

    def add(self, x: Tensor, char_ngrams: Tensor | None) -> Tensor:
        """Add the mean of their n-grams' rows in a folded table where such words stand."""
        if self._places is None or char_ngrams is None:
            return x
        rows, bounds = self._bags
        means = F.embedding_bag(rows, char_ngrams, bounds, mode="mean", include_last_offset=True)
        return x.index_add_(0, self._places, means[self._of_word])


def foldable(model: nn.Module) -> bool:
    """Whether a model can be folded, and gains by it.

    It can where nothing but a sum of table rows reaches an attention pooling; it does not where
    heads times classes are more numbers than a token vector has.
    """
    if not isinstance(model, Classifier):
        return False
    shape, encoder = model.config, model.config.encoder
    pays = shape.heads * shape.classes <= encoder.dim
    plain = not (encoder.kernel_sizes or encoder.positions or encoder.equal_length)
    return shape.pooling in ATTENDING and plain and pays


def _state(model: nn.Module) -> list[tuple[int, int, float]]:
    """What tells whether weights have changed: where they lie, torch's count of changes, a sum.

    Some optimisers change weights behind torch's back, but none leaves the small ones alone.
    """
    return [
        (
            weight.data_ptr(),
            # Weights that were made in inference mode have no count.
            0 if weight.is_inference() else weight._version,
            float(weight.detach().sum()) if weight.numel() <= _SMALL else 0.0,
        )
        for weight in (*model.parameters(), *model.buffers())
    ]


def _fold(encoder: TextEncoder, by: Tensor) -> tuple[Tensor, Tensor | None]:
    """The tables of tokens and n-grams, concatenated, and of character n-grams, times `by`."""
    tables = [encoder.embedding.weight @ by]
    char_ngrams = None
    if encoder.char_ngrams is not None:
        char_ngrams = encoder.char_ngrams.table.weight @ by
        bags = encoder.char_ngrams.rows, char_ngrams, encoder.char_ngrams.bounds
        tables[0] += F.embedding_bag(*bags, mode="mean", include_last_offset=True)
    if encoder.ngrams is not None:
        tables.append(encoder.ngrams.table.weight @ by)
    return torch.cat(tables), char_ngrams
