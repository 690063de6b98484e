"""A classifier whose linear maps are multiplied into its tables: it looks up and adds."""

from __future__ import annotations

from typing import NamedTuple, TypeGuard

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Float, Int
from attnpool.models.char_ngrams import Bags
from attnpool.models.classifier import Classifier
from attnpool.models.config import ClassifierConfig, EncoderConfig
from attnpool.models.encoder import TextEncoder
from attnpool.models.linear import norms
from attnpool.models.net import TextNet
from attnpool.models.ngrams import NgramRows
from attnpool.models.outputs import ModelOutput
from attnpool.pooling import (
    ATTENDING,
    AttentionPooling1D,
    GlobalAveragePooling1D,
    MeanQueryAttentionPooling1D,
    MultiHeadAttentionPooling1D,
)
from attnpool.pooling.mean_query import match


class Shares(NamedTuple):
    """A batch classified, and the part of each table row in the targets' margins.

    Attributes:
        output: The output.
        parts: For the tokens themselves and for the n-grams of each length that begin at them:
            their parts of the target's margin (see `margins`), `(batch, steps)`, and the number
            of tokens that each extends over.
        linear: What the linear part alone gives to each margin; None without one.
    """

    output: ModelOutput
    parts: list[tuple[Float[Tensor, "batch steps"], int]]
    linear: Float[Tensor, "batch"] | None


_ATTENTION = AttentionPooling1D | MultiHeadAttentionPooling1D | MeanQueryAttentionPooling1D
_SMALL = 100_000  # numbers that take no time to add up


class FoldedClassifier(TextNet):
    """The same outputs as a classifier's, from tables of keys and of class scores per head.

    A token vector without convolutions is a sum of table rows: `x = Σ_r E[r]`. So the key of a
    token is `W x = Σ_r (E Wᵀ)[r]`, and the value of head `h` for class `c` is `x · C_hc =
    Σ_r (E C)[r]`. Both products are computed once, for whole tables; then no token needs a matrix
    product of the width of its vector. `logit_c = b_c + Σ_t Σ_h a_ht Σ_r (E C)[r]`, so the part
    of each table row in a logit is known too: see `shares`.

    The rows that meet at a token are its own and those of the n-grams that begin there, and the
    longest of these decides the others. So its row here is the sum of all, and one is read.

    Args:
        model: The classifier, of which `foldable` is True. Later changes of its weights have no
            effect here: see `is_current`.

    Call arguments:
        ids: Token ids, 0 for padding.
        mask: True for a real token.
        unknown: The character n-grams of words that the vocabulary lacks (see `TensorBatches`).

    Input shape:
        `(batch, steps)`

    Output shape:
        logits `(batch, classes)`, weights `(batch, heads, steps)`; equal to the classifier's up
        to the rounding of sums.

    Attributes:
        unfolded: The classifier.
        key_table: Twice `W x` of each token, and of all that the longest n-gram at a token stands
            for, `(rows, attention_dim)`.
        key_char_ngrams: The same of each character n-gram; None without them.
        value_table: The class scores of the same, `(rows, heads * classes)`; with a linear part
            its scores and its squares beside them, `classes + 1` columns more.
        value_char_ngrams: The class scores of each character n-gram; None without them.
    """

    sides = 1
    config: ClassifierConfig
    encoder: TextEncoder

    def __init__(self, model: Classifier) -> None:
        super().__init__(model.config, model.encoder)
        pooling, head, encoder = model.pooling, model.head, model.encoder
        assert isinstance(pooling, _ATTENTION)  # noqa: S101
        assert isinstance(encoder, TextEncoder)  # noqa: S101
        self.unfolded = model
        self.origin = model.origin
        self._state = _state(model)
        self.normalize = pooling.normalize
        self.heads, self.classes = model.config.heads, model.config.classes
        dim = model.config.encoder.dim
        with torch.no_grad():
            by_class = head.weight.reshape(self.classes, self.heads, dim)
            values = by_class.permute(2, 1, 0).reshape(dim, -1)
            keys = 2 * pooling.projection.weight.T
            self.key_table, self.key_char_ngrams = _fold(encoder, keys)
            self.value_table, self.value_char_ngrams = _fold(encoder, values)
            self.score = 2 * pooling.score.weight
        self.mean_query = isinstance(pooling, MeanQueryAttentionPooling1D)
        self.average = GlobalAveragePooling1D()
        self._lengths = (1, *(() if encoder.ngrams is None else encoder.ngrams.lengths))
        self.bias = head.bias.detach()
        by_head = self.value_table.view(-1, self.heads, self.classes)
        self.linear = model.linear is not None
        if model.linear is not None:
            # In the same table, so that one look-up gives both.
            table, squares = model.linear.table.weight.detach(), model.linear.squares
            by_head = torch.cat([by_head, table.unsqueeze(1)], dim=1)
            self.value_table = torch.cat([by_head.flatten(1), squares.unsqueeze(1)], dim=1)
            self.bias = self.bias + model.linear.bias
        centred = by_head - by_head.mean(2, keepdim=True)
        # Class after class, so that a look-up reads the numbers of one class alone.
        self._centred = centred.permute(2, 0, 1).flatten(0, 1).contiguous()
        if encoder.ngrams is not None:
            for table in (self.key_table, self.value_table):
                add_beginnings(table, encoder.ngrams, encoder.config.vocabulary)

    def differentiable(self) -> TextNet:
        """The classifier: the tables here are no parameters."""
        return self.unfolded

    def is_current(self, model: nn.Module) -> bool:
        """Whether this is the folded form of `model`, whose weights have not changed since."""
        return model is self.unfolded and _state(model) == self._state

    def forward(
        self,
        ids: Int[Tensor, "batch steps"],
        mask: Bool[Tensor, "batch steps"],
        unknown: Bags | None = None,
    ) -> ModelOutput:
        """Classify the batch."""
        rows = self.encoder.table_rows(ids, mask).flatten(0, 1)
        return self._output(rows, mask, _Unknown(ids, unknown, self.encoder))[0]

    def shares(
        self,
        ids: Int[Tensor, "batch steps"],
        mask: Bool[Tensor, "batch steps"],
        unknown: Bags | None = None,
        targets: Int[Tensor, "batch"] | None = None,
    ) -> Shares:
        """Classify the batch, with the part of each table row in the target's margin.

        Args:
            ids: As the call's.
            mask: As the call's.
            unknown: As the call's.
            targets: The class of each text whose margin is split; default: the predicted one.

        Returns:
            The output and the shares.
        """
        rows = self.encoder.table_rows(ids, mask).flatten(0, 1)
        words = _Unknown(ids, unknown, self.encoder)
        output, bags = self._output(rows, mask, words)
        chosen = output.logits.argmax(1) if targets is None else targets
        of_token = chosen.repeat_interleave(ids.shape[1])[:, None]
        centred = F.embedding(rows + of_token * len(self.value_table), self._centred)
        if self.value_char_ngrams is not None:
            of_words = words.add(
                self.value_table.new_zeros(len(rows), self.heads * self.classes),
                self.value_char_ngrams,
            )
            by_class = of_words.view(-1, self.heads, self.classes)
            of_target = by_class.take_along_dim(of_token[:, None], 2).squeeze(2)
            centred[:, 0, : self.heads] += of_target - by_class.mean(2)
        weights, linear = output.weights, None
        if bags is not None:
            everywhere = (mask / bags.norms).unsqueeze(1)
            weights = torch.cat([weights, everywhere], dim=1)
            linear = bags.logits.gather(1, chosen[:, None]).squeeze(1) - bags.logits.mean(1)
        weights = weights.transpose(1, 2).reshape(-1, weights.shape[1], 1)
        parts = torch.bmm(centred, weights).view(*ids.shape, rows.shape[1])
        return Shares(output, list(zip(parts.unbind(2), self._lengths, strict=True)), linear)

    def _output(
        self,
        rows: Int[Tensor, "tokens rows"],
        mask: Bool[Tensor, "batch steps"],
        words: _Unknown,
    ) -> tuple[ModelOutput, _Bags | None]:
        """The output, and the bags of the linear part."""
        rows = self._longest(rows)
        x = words.add(F.embedding(rows, self.key_table), self.key_char_ngrams)
        # tanh(z) = 2 sigmoid(2z) - 1, of which torch computes the right side many times as fast;
        # the constant shifts all scores of a head alike, which changes no normaliser's weights.
        weights = self.normalize(self._scores(x.sigmoid_(), mask), mask.unsqueeze(1))
        of_tokens = F.embedding(rows, self.value_table)
        columns = self.heads * self.classes
        words.add(of_tokens[:, :columns], self.value_char_ngrams)
        of_tokens = of_tokens.view(*mask.shape, of_tokens.shape[1])
        # Each head with the values of all of them, of which its own are kept: no copy is made.
        crossed = torch.bmm(weights, of_tokens[:, :, :columns])
        own = crossed.view(-1, self.heads, self.heads, self.classes).diagonal(dim1=1, dim2=2)
        logits = own.sum(2)
        if not self.linear:
            return ModelOutput(logits + self.bias, weights), None
        real = mask.unsqueeze(1).to(of_tokens.dtype)
        sums = torch.bmm(real, of_tokens[:, :, columns:]).squeeze(1)
        norm = norms(sums[:, -1])
        bags = _Bags(sums[:, :-1] / norm, norm)
        return ModelOutput(logits + bags.logits + self.bias, weights), bags

    def _longest(self, rows: Int[Tensor, "tokens rows"]) -> Int[Tensor, "tokens"]:
        """The row of the longest n-gram that begins at each token; its own where none does."""
        own, *of_ngrams = rows.unbind(1)
        lengths = self._lengths[1:]
        for i in sorted(range(len(lengths)), key=lengths.__getitem__):
            known = of_ngrams[i] > self.encoder.config.vocabulary
            own = torch.where(known, of_ngrams[i], own)
        return own

    def _scores(
        self, keys: Float[Tensor, "tokens attention_dim"], mask: Bool[Tensor, "batch steps"]
    ) -> Float[Tensor, "batch heads steps"]:
        if self.mean_query:
            keys = keys.view(*mask.shape, keys.shape[1])
            query = 2 * self.average(keys, mask).vector - 1
            return match(keys, query, self.score).unsqueeze(1)
        return F.linear(keys, self.score).view(*mask.shape, self.heads).transpose(1, 2)


class _Bags(NamedTuple):
    """What the linear part makes of each text: logits without the bias, and norms."""

    logits: Float[Tensor, "batch classes"]
    norms: Float[Tensor, "batch 1"]


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
    """Whether a model can be folded, and is faster then.

    It is not faster if heads times classes are more numbers than a token vector has.
    """
    return can_fold(model) and model.config.heads * model.config.classes <= model.config.encoder.dim


def can_fold(model: nn.Module) -> TypeGuard[Classifier]:
    """Whether nothing but a sum of table rows enters an attention pooling."""
    if not isinstance(model, Classifier):
        return False
    encoder = model.config.encoder
    if not isinstance(encoder, EncoderConfig):
        return False
    sums = not (encoder.kernel_sizes or encoder.positions or encoder.equal_length)
    return model.config.pooling in ATTENDING and sums


def _state(model: nn.Module) -> list[tuple[int, int, float]]:
    """What shows a change of weights: their address, torch's count of changes, a sum.

    Some optimisers change weights without torch counting it, but all change the small ones too.
    """
    return [
        (
            weight.data_ptr(),
            # Weights that were created in inference mode have no count.
            0 if weight.is_inference() else weight._version,
            float(weight.detach().sum()) if weight.numel() <= _SMALL else 0.0,
        )
        for weight in (*model.parameters(), *model.buffers())
    ]


def _fold(encoder: TextEncoder, factor: Tensor) -> tuple[Tensor, Tensor | None]:
    """The tables of tokens and n-grams, concatenated, and of character n-grams, times `factor`."""
    tables = [encoder.embedding.weight @ factor]
    char_ngrams = None
    if encoder.char_ngrams is not None:
        char_ngrams = encoder.char_ngrams.table.weight @ factor
        bags = encoder.char_ngrams.rows, char_ngrams, encoder.char_ngrams.bounds
        tables[0] += F.embedding_bag(*bags, mode="mean", include_last_offset=True)
    if encoder.ngrams is not None:
        tables.append(encoder.ngrams.table.weight @ factor)
    return torch.cat(tables), char_ngrams


def add_beginnings(table: Tensor, ngrams: NgramRows, vocabulary: int) -> None:
    """Add to the row of each n-gram those of all that it begins with, in place.

    Args:
        table: Rows of the tokens, of unknown n-grams, and of the n-grams.
        ngrams: The n-grams.
        vocabulary: The number of tokens.
    """
    for rows, longest, first in ngrams.beginnings():  # shorter ones are sums already
        first = torch.where(first < vocabulary, first, 0)  # of keys that somebody made up
        table[rows + vocabulary] += table[torch.where(longest > 0, longest + vocabulary, first)]
