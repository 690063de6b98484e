"""`CompactNetwork`: what a folded classifier computes, by numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.models.predictions import Predictions
from attnpool.runtime.ngrams import Ngrams, sums
from attnpool.runtime.normalizers import NORMALIZERS
from attnpool.runtime.tables import Table
from attnpool.runtime.words import Unknown, UnknownWords
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokens import Tokens

_CHUNK = 16_384  # tokens at a time, unless a text is longer
_CELLS = 1 << 20  # numbers of a table that are looked up at a time, unless a text has more


@dataclass(frozen=True, slots=True)
class Shape:
    """What a compact network is, beside its tables.

    Attributes:
        classes: The number of classes.
        heads: The number of attention heads.
        pooling: `"attention"` or `"mean_query"`.
        normalizer: `"softmax"`, `"sparsemax"` or `"entmax15"`.
    """

    classes: int
    heads: int
    pooling: str
    normalizer: str


class Split(NamedTuple):
    """The outputs for some items, and the parts of each token in the targets' margins.

    Attributes:
        predictions: The outputs, with weights.
        values: The part of each token.
        bias: The part of the biases in each item's margin.
        linear: The part of the linear part, which is inside the values; None without one.
    """

    predictions: Predictions
    values: Float[np.ndarray, "tokens"]
    bias: Float[np.ndarray, "items"]
    linear: Float[np.ndarray, "items"] | None


class _Read(NamedTuple):
    """A chunk of texts, none of them empty, up to their logits.

    Attributes:
        texts: The numbers of the texts.
        bounds: Their tokens in the chunk.
        rows: The rows of the tokens, and of the longest n-grams up to each length.
        values: The values at each token, unknown words included.
        linear: The same of the linear part.
        unknown: Where unknown words stand, and what they are; None without any.
        weights: The attention weights.
        norms: What the sums of the linear part are divided by.
        logits: The logits.
    """

    texts: Int[np.ndarray, "texts"]
    bounds: Int[np.ndarray, "texts_plus_1"]
    rows: list[Int[np.ndarray, "tokens"]]
    values: Float[np.ndarray, "tokens columns"]
    linear: Float[np.ndarray, "tokens classes_plus_1"] | None
    unknown: tuple[Int[np.ndarray, "words"], Unknown] | None
    weights: Float[np.ndarray, "heads tokens"]
    norms: Float[np.ndarray, "texts 1"] | None
    logits: Float[np.ndarray, "texts classes"]


@dataclass(frozen=True, slots=True, eq=False)
class CompactNetwork:
    """A classifier of folded tables: it looks rows up and adds; see `FoldedClassifier`.

    `logit_c = bias_c + Σ_t Σ_h a_ht V[r_t, h, c] + Σ_t L[r_t, c] / norm`, where `r_t` is the row of
    the longest known n-gram that begins at token `t`, `a_h = normalizer(S[r_t, h])` and
    `norm² = Σ_t L[r_t, -1]`. A row is the sum of all that meet at a token: the token itself, its
    2-gram, its 3-gram; so the part of each is the difference of two rows. A row decides the score
    of its token too, so scores are computed beforehand, and no key is needed. Only a mean query
    needs keys: `a = normalizer(Q[r_t] · (mean of Q * score))`, where `Q` is tanh of the keys.

    Attributes:
        shape: Classes, heads, pooling, normaliser.
        keys: `S`, `(rows, heads)`; with a mean query `Q`, `(rows, attention_dim)`.
        score: The score vector of each head, `(heads, attention_dim)`.
        values: `V`, `(rows, heads * classes)`.
        linear: `L`, `(rows, classes + 1)`, the last column being squares; None without a linear
            part.
        bias: The bias of each class.
        ngrams: The n-grams that have rows, after those of the tokens.
        words: How words that the vocabulary lacks are read; None: they are all alike.
    """

    shape: Shape
    keys: Table
    score: Float[np.ndarray, "heads attention_dim"]
    values: Table
    linear: Table | None
    bias: Float[np.ndarray, "classes"]
    ngrams: Ngrams
    words: UnknownWords | None

    @property
    def sides(self) -> int:
        """The number of texts of an item."""
        return 1

    @property
    def config(self) -> Shape:
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
        tables = [self.keys, self.values, *([] if self.linear is None else [self.linear])]
        return self.ngrams.keys.itemsize + sum(table.row_bytes for table in tables)

    @property
    def size(self) -> int:
        """The bytes of all arrays."""
        return sum(array.nbytes for array in self.arrays().values())

    def arrays(self) -> dict[str, np.ndarray]:
        """All arrays by the names that they have in a file."""
        arrays = {"score": self.score, "bias": self.bias, "ngrams": self.ngrams.keys}
        if self.words is not None:
            arrays["char_ngrams"] = self.words.char_ngrams
        for name, table in self.tables().items():
            arrays |= table.arrays(name)
        return arrays

    def tables(self) -> dict[str, Table]:
        """The tables by the names that they have in a file."""
        tables = {"keys": self.keys, "values": self.values, "linear": self.linear}
        if self.words is not None:
            tables["char_ngrams.keys"] = self.words.char_keys
            tables["char_ngrams.values"] = self.words.char_values
            tables["unknown.keys"] = self.words.keys
        return {name: table for name, table in tables.items() if table is not None}

    def run(
        self,
        tokens: Tokens,
        *,
        weights: bool = False,
        advance: Callable[[int], object] = lambda _: None,
    ) -> Predictions:
        """The outputs for many texts.

        Args:
            tokens: The texts.
            weights: Whether to return the attention weights.
            advance: Called with the number of texts of each chunk that is done.
        """
        outputs = _Outputs(self, tokens, weights=weights)
        for read in self._chunks(tokens, advance):
            outputs.add(read)
        return outputs.predictions

    def split(
        self,
        tokens: Tokens,
        targets: Int[np.ndarray, "items"] | None = None,
        *,
        advance: Callable[[int], object] = lambda _: None,
    ) -> Split:
        """The outputs for many texts, and the part of each token in the targets' margins.

        Args:
            tokens: The texts.
            targets: The class of each text whose margin is split; default: the predicted one.
            advance: Called with the number of texts of each chunk that is done.
        """
        outputs = _Outputs(self, tokens, weights=True)
        values = np.zeros(len(tokens.ids), dtype=np.float64)
        linear = None if self.linear is None else np.zeros(len(tokens))
        for read in self._chunks(tokens, advance):
            outputs.add(read)
            chosen = read.logits.argmax(axis=1) if targets is None else targets[read.texts]
            start = int(tokens.bounds[read.texts[0]])
            parts, of_linear = self._parts(read, chosen)
            values[start : start + len(parts)] = parts
            if linear is not None:
                linear[read.texts] = of_linear
        predictions = outputs.predictions
        biases = self.bias.astype(np.float64)
        explained = predictions.logits.argmax(axis=1) if targets is None else targets
        return Split(predictions, values, biases[explained] - biases.mean(), linear)

    def _chunks(self, tokens: Tokens, advance: Callable[[int], object]) -> Iterator[_Read]:
        """The texts that have tokens, chunk by chunk."""
        lengths = tokens.lengths
        filled = np.flatnonzero(lengths)
        ends = np.cumsum(lengths[filled])
        unknown = np.cumsum(tokens.ids == UNKNOWN) if tokens.unknown else None
        first, most = 0, min(_CHUNK, _CELLS // (self.shape.heads * self.shape.classes))
        while first < len(filled):
            begun = int(ends[first - 1]) if first else 0
            last = max(first + 1, int(np.searchsorted(ends, begun + most, side="right")))
            texts, stop = filled[first:last], int(ends[last - 1])
            ids = tokens.ids[begun:stop].astype(np.int64)
            words: tuple[str, ...] = ()
            if unknown is not None:
                words = tokens.unknown[int(unknown[begun - 1]) if begun else 0 : unknown[stop - 1]]
            bounds = np.concatenate([[0], ends[first:last] - begun])
            yield self._read(texts, ids, bounds, words)
            advance(len(texts))
            first = last
        if len(filled) < len(lengths):
            advance(len(lengths) - len(filled))

    def _read(
        self,
        texts: Int[np.ndarray, "texts"],
        ids: Int[np.ndarray, "tokens"],
        bounds: Int[np.ndarray, "texts_plus_1"],
        unknown: tuple[str, ...],
    ) -> _Read:
        lengths = np.diff(bounds)
        left = np.repeat(bounds[1:], lengths) - np.arange(len(ids))
        rows = self.ngrams.rows(ids, left)
        values = self.values.take(rows[-1])
        words = None
        if self.words is not None and unknown:
            places = np.flatnonzero(ids == UNKNOWN)
            words = places, self.words.read(unknown, rows[-1][places])
            values[places] += words[1].values
        weights = NORMALIZERS[self.shape.normalizer](
            self._scores(rows[-1], words, bounds, lengths), bounds[:-1], lengths
        )
        by_head = values.reshape(-1, self.shape.heads, self.shape.classes)
        logits = sums(np.einsum("ht,thc->tc", weights, by_head), bounds) + self.bias
        linear = norms = None
        if self.linear is not None:
            linear = self.linear.take(rows[-1])
            bags = sums(linear, bounds)
            squares = bags[:, -1:]
            norms = np.sqrt(np.where(squares > 0, squares, 1))
            logits += bags[:, :-1] / norms
        return _Read(texts, bounds, rows, values, linear, words, weights, norms, logits)

    def _scores(
        self,
        rows: Int[np.ndarray, "tokens"],
        words: tuple[Int[np.ndarray, "words"], Unknown] | None,
        bounds: Int[np.ndarray, "texts_plus_1"],
        lengths: Int[np.ndarray, "texts"],
    ) -> Float[np.ndarray, "heads tokens"]:
        keys = self.keys.take(rows)
        if self.shape.pooling != "mean_query":
            if words is not None:
                keys[words[0]] = words[1].keys @ self.score.T
            return np.ascontiguousarray(keys.T)
        if words is not None:
            keys[words[0]] = words[1].keys
        queries = sums(keys, bounds) / lengths[:, None].astype(np.float32) * self.score
        scores: np.ndarray = np.einsum("td,td->t", keys, np.repeat(queries, lengths, axis=0))
        return scores[None]

    def _parts(
        self, read: _Read, targets: Int[np.ndarray, "texts"]
    ) -> tuple[Float[np.ndarray, "tokens"], Float[np.ndarray, "texts"] | None]:
        """The part of each token in the targets' margins, and that of the linear part in each."""
        lengths = np.diff(read.bounds)
        of_token = np.repeat(targets, lengths)
        norms = None if read.norms is None else np.repeat(read.norms[:, 0], lengths)
        added = None
        if read.unknown is not None:
            added = np.zeros_like(read.values)
            added[read.unknown[0]] = read.unknown[1].values

        # What the longest rows give is known; that of shorter ones only where they differ.
        parts = np.zeros(len(of_token), dtype=np.float64)
        longer = self._margins(read.values, read.linear, read.weights, of_token, norms)
        for n in range(len(read.rows) - 1, 0, -1):
            at = np.flatnonzero(read.rows[n] != read.rows[n - 1])
            if not len(at):
                continue
            rows, length = read.rows[n - 1][at], self.ngrams.lengths[n - 1]
            values = self.values.take(rows)
            if added is not None:
                values += added[at]
            linear = None if self.linear is None else self.linear.take(rows)
            of_norms = None if norms is None else norms[at]
            shorter = self._margins(values, linear, read.weights[:, at], of_token[at], of_norms)
            equal = (longer[at] - shorter) / length
            for k in range(length):
                parts[at + k] += equal
            longer[at] = shorter
        parts += longer
        return parts, self._of_linear(read, targets)

    def _margins(
        self,
        values: Float[np.ndarray, "tokens columns"],
        linear: Float[np.ndarray, "tokens classes_plus_1"] | None,
        weights: Float[np.ndarray, "heads tokens"],
        targets: Int[np.ndarray, "tokens"],
        norms: Float[np.ndarray, "tokens"] | None,
    ) -> Float[np.ndarray, "tokens"]:
        """What rows give to the margin of a class each, in float64."""
        place = np.arange(len(values))
        by_head = values.reshape(-1, self.shape.heads, self.shape.classes)
        centred = by_head[place, :, targets] - by_head.mean(axis=2)
        margins: np.ndarray = np.einsum("ht,th->t", weights, centred).astype(np.float64)
        if linear is not None:
            margins += (linear[place, targets] - linear[:, :-1].mean(axis=1)) / norms
        return margins

    def _of_linear(self, read: _Read, targets: np.ndarray) -> np.ndarray | None:
        """The part of the linear part in the targets' margins."""
        if read.linear is None:
            return None
        logits = sums(read.linear[:, :-1], read.bounds) / read.norms
        of_targets: np.ndarray = logits[np.arange(len(targets)), targets] - logits.mean(axis=1)
        return of_targets


class _Outputs:
    """Gathers the outputs of chunks; an empty text has the bias alone, and no weights."""

    def __init__(self, network: CompactNetwork, tokens: Tokens, *, weights: bool) -> None:
        bias = network.bias.astype(np.float32)
        self._logits = np.tile(bias, (len(tokens), 1))
        shape = len(tokens.ids), network.shape.heads
        self._weights = np.zeros(shape, dtype=np.float32) if weights else None
        self._bounds = tokens.bounds

    def add(self, read: _Read) -> None:
        self._logits[read.texts] = read.logits
        if self._weights is not None:
            start = int(self._bounds[read.texts[0]])
            self._weights[start : start + read.weights.shape[1]] = read.weights.T

    @property
    def predictions(self) -> Predictions:
        return Predictions(self._logits, self._weights)
