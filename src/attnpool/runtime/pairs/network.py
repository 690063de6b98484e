"""`PairNetwork`: what a siamese matcher computes, by numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.explain.contribution.shared_tokens import balance_shared
from attnpool.models.predictions import Predictions
from attnpool.runtime.network import Split
from attnpool.runtime.ngrams import Ngrams, sums
from attnpool.runtime.normalizers import NORMALIZERS
from attnpool.runtime.pairs.head import Head
from attnpool.runtime.pairs.layers import Convolution, Layer
from attnpool.runtime.tables import Table
from attnpool.runtime.words import char_ngram_means
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokens import Tokens

_CHUNK = 4_096  # tokens of one side at a time, unless a text is longer
_ITEMS = 512  # at a time at most


@dataclass(frozen=True, slots=True)
class PairShape:
    """What the network of a pair is, beside its tables.

    Attributes:
        classes: The number of classes.
        heads: The number of attention heads.
        normalizer: `"softmax"`, `"sparsemax"` or `"entmax15"`.
        convolutions: The number of convolutions.
        residual: Whether a convolution adds its input.
        architecture: `"siamese"`.
    """

    classes: int
    heads: int
    normalizer: str
    convolutions: int
    residual: bool
    architecture: str = "siamese"


class Words(NamedTuple):
    """The vectors of words that the vocabulary lacks: means of those of their character n-grams.

    Attributes:
        char_ngrams: The hashes of the character n-grams, ascending (see `text.char_ngrams`).
        lengths: Their lengths in characters.
        vectors: The vector of each, `(char_ngrams, dim)`.
    """

    char_ngrams: Int[np.ndarray, "char_ngrams"]
    lengths: tuple[int, ...]
    vectors: Table


class _Side(NamedTuple):
    """One side of a chunk of pairs, up to its pooled vectors.

    Attributes:
        bounds: The tokens of each text.
        own: The vectors of the tokens themselves.
        opens: What the ReLU of each convolution lets through.
        rows: The rows of the tokens, and of the longest n-grams up to each length.
        x: The vectors that are pooled.
        weights: The attention weights.
        pooled: The pooled texts, zero for one without tokens.
    """

    bounds: Int[np.ndarray, "items_plus_1"]
    own: Float[np.ndarray, "tokens dim"]
    opens: list[Float[np.ndarray, "tokens dim"]]
    rows: list[Int[np.ndarray, "tokens"]]
    x: Float[np.ndarray, "tokens dim"]
    weights: Float[np.ndarray, "heads tokens"]
    pooled: Float[np.ndarray, "items width"]


@dataclass(frozen=True, eq=False)
class PairNetwork:
    """A siamese matcher: embeddings, convolutions, n-grams, attention pooling, head.

    The vector of a token is a row of `tokens` through the convolutions, plus the row of the longest
    known n-gram that begins there, which is the sum of all that do. A text is pooled by
    `a = normalizer(score · tanh(P x))`, head by head. See `attnpool.models.pair.PairMatcher`.

    Attributes:
        shape: Classes, heads, normaliser, convolutions.
        matrices: The tables, by name: `tokens` `(tokens, dim)`; `ngrams.vectors` `(ngrams, dim)`;
            `convolutions.N` `(neighbours * dim, dim)`; `projection` `(dim, attention_dim)`;
            `hidden` `(4 * heads * dim, hidden)`.
        vectors: The other numbers, by name: `score` `(heads, attention_dim)`, `output`
            `(hidden, classes)`, and the biases `convolutions.N.bias`, `hidden.bias`,
            `output.bias`.
        ngrams: The n-grams that have rows.
        words: How words that the vocabulary lacks are read; None: they are all alike.
    """

    shape: PairShape
    matrices: Mapping[str, Table]
    vectors: Mapping[str, np.ndarray]
    ngrams: Ngrams
    words: Words | None

    @property
    def sides(self) -> int:
        """The number of texts of an item."""
        return 2

    @property
    def config(self) -> PairShape:
        """The shape, as networks of torch call it."""
        return self.shape

    @property
    def form(self) -> dict[str, Any]:
        """What the file says of the network beside its arrays."""
        lengths = [] if self.words is None else list(self.words.lengths)
        return {**asdict(self.shape), "ngrams": list(self.ngrams.lengths), "char_ngrams": lengths}

    @property
    def row_bytes(self) -> int:
        """The bytes that an n-gram takes."""
        return self.ngrams.keys.itemsize + self.matrices["ngrams.vectors"].row_bytes

    @property
    def size(self) -> int:
        """The bytes of all arrays."""
        return sum(array.nbytes for array in self.arrays().values())

    def tables(self) -> dict[str, Table]:
        """The tables by the names that they have in a file."""
        tables = dict(self.matrices)
        if self.words is not None:
            tables["char_ngrams.vectors"] = self.words.vectors
        return tables

    def arrays(self) -> dict[str, np.ndarray]:
        """All arrays by the names that they have in a file."""
        arrays = {**self.vectors, "ngrams": self.ngrams.keys}
        if self.words is not None:
            arrays["char_ngrams"] = self.words.char_ngrams
        for name, table in self.tables().items():
            arrays |= table.arrays(name)
        return arrays

    def run(
        self,
        tokens: Tokens,
        *,
        weights: bool = False,
        advance: Callable[[int], object] = lambda _: None,
    ) -> Predictions:
        """The outputs for many pairs.

        Args:
            tokens: The texts, all left ones before all right ones.
            weights: Whether to return the attention weights.
            advance: Called with the number of pairs of each chunk that is done.
        """
        logits = np.zeros((len(tokens) // 2, self.shape.classes), dtype=np.float32)
        kept = _weights(self, tokens) if weights else None
        for items, sides in self._chunks(tokens, advance):
            logits[items] = self._head(*(side.pooled for side in sides))[0]
            if kept is not None:
                _keep_weights(kept, tokens, items, sides)
        return Predictions(logits, kept)

    def split(
        self,
        tokens: Tokens,
        targets: Int[np.ndarray, "items"] | None = None,
        *,
        advance: Callable[[int], object] = lambda _: None,
    ) -> Split:
        """The outputs for many pairs, and the part of each token in the targets' margins.

        Args:
            tokens: The texts, all left ones before all right ones.
            targets: The class of each pair whose margin is split; default: the predicted one.
            advance: Called with the number of pairs of each chunk that is done.
        """
        count = len(tokens) // 2
        logits = np.zeros((count, self.shape.classes), dtype=np.float32)
        values, bias = np.zeros(len(tokens.ids)), np.zeros(count)
        kept = _weights(self, tokens)
        for items, sides in self._chunks(tokens, advance):
            u, v = (side.pooled for side in sides)
            of_items, open_ = self._head(u, v)
            logits[items] = of_items
            _keep_weights(kept, tokens, items, sides)
            chosen = of_items.argmax(axis=1) if targets is None else targets[items]
            wide = of_items.astype(np.float64)
            bias[items] = wide[np.arange(len(wide)), chosen] - wide.mean(axis=1)
            of_sides = self._head.back(u, v, open_, chosen)
            for number, (side, slopes) in enumerate(zip(sides, of_sides, strict=True)):
                parts = self._parts(side, slopes)
                values[_slice(tokens, number * count, items)] = parts
                bias[items] -= sums(parts[:, None], side.bounds)[:, 0]
        return Split(
            Predictions(logits, kept), balance_shared(values, tokens, self.sides), bias, None
        )

    @cached_property
    def _head(self) -> Head:
        output = Layer(self.vectors["output"], self.vectors["output.bias"])
        return Head(self._layer("hidden"), output)

    @cached_property
    def _convolutions(self) -> list[Convolution]:
        every = range(self.shape.convolutions)
        return [Convolution(self._layer(f"convolutions.{i}"), self.shape.residual) for i in every]

    @cached_property
    def _projection(self) -> np.ndarray:
        return self.matrices["projection"].all()

    def _layer(self, name: str) -> Layer:
        return Layer(self.matrices[name].all(), self.vectors[f"{name}.bias"])

    def _chunks(
        self, tokens: Tokens, advance: Callable[[int], object]
    ) -> Iterator[tuple[slice, list[_Side]]]:
        """The pairs, chunk by chunk: which items they are, and both sides up to the pooling."""
        count = len(tokens) // 2
        longest = np.maximum(tokens.lengths[:count], tokens.lengths[count:])
        ends = np.cumsum(longest)
        unknown = np.cumsum(tokens.ids == UNKNOWN) if tokens.unknown else None
        first = 0
        while first < count:
            begun = int(ends[first - 1]) if first else 0
            fits = int(np.searchsorted(ends, begun + _CHUNK, side="right"))
            items = slice(first, min(max(first + 1, fits), first + _ITEMS))
            sides = [
                self._side(tokens, slice(start + items.start, start + items.stop), unknown)
                for start in (0, count)
            ]
            yield items, sides
            advance(items.stop - items.start)
            first = items.stop

    def _side(self, tokens: Tokens, texts: slice, unknown: np.ndarray | None) -> _Side:
        bounds = tokens.bounds[texts.start : texts.stop + 1]
        start, stop = int(bounds[0]), int(bounds[-1])
        ids, bounds = tokens.ids[start:stop].astype(np.int64), bounds - start
        own = self.matrices["tokens"].take(ids)
        if self.words is not None and unknown is not None:
            first = int(unknown[start - 1]) if start else 0
            words = tokens.unknown[first : int(unknown[stop - 1]) if stop else 0]
            means, of_word = char_ngram_means(
                words, self.words.lengths, self.words.char_ngrams, [self.words.vectors]
            )
            own[ids == UNKNOWN] += means[0][of_word]
        x, opens = own, []
        for convolution in self._convolutions:
            x, open_ = convolution(x, bounds)
            opens.append(open_)
        lengths = np.diff(bounds)
        rows = self.ngrams.rows(ids, np.repeat(bounds[1:], lengths) - np.arange(len(ids)))
        if self.ngrams.lengths:
            x = x + self._of_ngrams(rows[-1])
        weights = self._attention(x, bounds)
        heads = [sums(x * of_head[:, None], bounds) for of_head in weights]
        return _Side(bounds, own, opens, rows, x, weights, np.concatenate(heads, axis=1))

    def _attention(
        self, x: Float[np.ndarray, "tokens dim"], bounds: Int[np.ndarray, "items_plus_1"]
    ) -> Float[np.ndarray, "heads tokens"]:
        scores = np.tanh(x @ self._projection) @ self.vectors["score"].T
        lengths = np.diff(bounds)
        filled = lengths > 0
        if not filled.any():
            return np.ascontiguousarray(scores.T)
        normalizer = NORMALIZERS[self.shape.normalizer]
        return normalizer(np.ascontiguousarray(scores.T), bounds[:-1][filled], lengths[filled])

    def _of_ngrams(self, rows: Int[np.ndarray, "tokens"]) -> Float[np.ndarray, "tokens dim"]:
        """The vectors of the n-grams of these rows; zero where a row is that of a token."""
        known = np.flatnonzero(rows >= self.ngrams.first)
        table = self.matrices["ngrams.vectors"]
        vectors = np.zeros((len(rows), table.columns), dtype=np.float32)
        vectors[known] = table.take(rows[known] - self.ngrams.first)
        return vectors

    def _parts(
        self, side: _Side, of_pooled: Float[np.ndarray, "items width"]
    ) -> Float[np.ndarray, "tokens"]:
        """What each token of a side gives to the margins, in float64."""
        by_head = of_pooled.reshape(len(of_pooled), self.shape.heads, -1)
        of_tokens = np.repeat(by_head, np.diff(side.bounds), axis=0)
        slopes: np.ndarray = np.einsum("ht,thd->td", side.weights, of_tokens)
        parts = np.zeros(len(slopes))
        for n in range(len(side.rows) - 1, 0, -1):
            at = np.flatnonzero(side.rows[n] != side.rows[n - 1])
            added = self._of_ngrams(side.rows[n][at]) - self._of_ngrams(side.rows[n - 1][at])
            length = self.ngrams.lengths[n - 1]
            equal = np.einsum("td,td->t", added, slopes[at]).astype(np.float64) / length
            for k in range(length):
                parts[at + k] += equal
        for convolution, open_ in zip(self._convolutions[::-1], side.opens[::-1], strict=True):
            slopes = convolution.back(slopes, open_, side.bounds)
        parts += np.einsum("td,td->t", side.own, slopes)
        return parts


def _weights(network: PairNetwork, tokens: Tokens) -> np.ndarray:
    return np.zeros((len(tokens.ids), network.shape.heads), dtype=np.float32)


def _keep_weights(kept: np.ndarray, tokens: Tokens, items: slice, sides: list[_Side]) -> None:
    for number, side in enumerate(sides):
        kept[_slice(tokens, number * (len(tokens) // 2), items)] = side.weights.T


def _slice(tokens: Tokens, first: int, items: slice) -> slice:
    """The tokens of some texts that follow each other."""
    return slice(int(tokens.bounds[first + items.start]), int(tokens.bounds[first + items.stop]))
