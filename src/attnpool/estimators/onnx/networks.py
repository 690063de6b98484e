"""Networks that do not fold as graphs: classifiers of other poolings, and all matchers."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Float, Int
from attnpool.estimators.onnx.encoders import encoder_graph
from attnpool.estimators.onnx.folded import FoldedGraph
from attnpool.estimators.onnx.pairs import AlignmentGraph, halves, pair_graph
from attnpool.models.classifier import Classifier
from attnpool.models.folded import add_beginnings
from attnpool.models.label import LabelMatcher
from attnpool.models.linear import norms
from attnpool.models.ngrams import NgramRows
from attnpool.models.pair import PairMatcher
from attnpool.models.triplet import TripletMatcher


class ClassifierGraph(nn.Module):
    """What a `Classifier` computes.

    Args:
        model: The classifier.

    Call arguments:
        ids: Token ids, 0 for padding.
        mask: True for a real token.
        inputs: The other inputs of the encoder; `ngrams` of the linear part too.

    Output shape:
        logits `(batch, classes)`, weights `(batch, heads, steps)`
    """

    linear: Tensor
    linear_bias: Tensor

    def __init__(self, model: Classifier) -> None:
        super().__init__()
        self.encoder, self.pooling, self.head = (
            encoder_graph(model.encoder),
            model.pooling,
            model.head,
        )
        self.vocabulary = model.encoder.config.vocabulary
        self.has_linear = model.linear is not None
        if model.linear is not None:
            table = torch.cat(
                [model.linear.table.weight.detach(), model.linear.squares.unsqueeze(1)], dim=1
            )
            if model.encoder.ngrams is not None:
                table = longest_rows(table, model.encoder.ngrams, self.vocabulary)
            self.register_buffer("linear", table)
            self.register_buffer("linear_bias", model.linear.bias)

    def forward(
        self, ids: Int[Tensor, "batch steps"], mask: Bool[Tensor, "batch steps"], **inputs: Tensor
    ) -> tuple[Tensor, ...]:
        """Classify the batch."""
        vector, weights = pooled(self.pooling, self.encoder(ids, mask, **inputs), mask)
        logits = self.head(vector)
        if self.has_linear:
            rows = torch.where(ids < self.vocabulary, ids, 1)
            if "ngrams" in inputs:
                rows = inputs["ngrams"][:, -1]
            sums = (F.embedding(rows, self.linear) * mask.unsqueeze(2)).sum(1)
            logits = logits + sums[:, :-1] / norms(sums[:, -1]) + self.linear_bias
        return logits, weights


class MatcherGraph(nn.Module):
    """What a matcher of pairs computes.

    Args:
        model: The matcher.

    Call arguments:
        ids: Token ids, 0 for padding.
        mask: True for a real token.
        inputs: The other inputs of the encoder.

    Input shape:
        `(2, batch, steps)`; ngrams `(2, batch, lengths, steps)`

    Output shape:
        logits `(batch, classes)`, weights `(2, batch, heads, steps)`, and of a matcher that aligns
        alignment `(batch, steps, steps)`
    """

    def __init__(self, model: PairMatcher | TripletMatcher) -> None:
        super().__init__()
        self.encoder = encoder_graph(model.encoder)
        self.pair_encoder = None
        if isinstance(model, PairMatcher):
            self.pair_encoder, self.head = pair_graph(model.pair_encoder), model.head
        else:
            self.pooling, self.odds = model.pooling, Odds(model)
        self.aligns = isinstance(self.pair_encoder, AlignmentGraph)

    def forward(
        self,
        ids: Int[Tensor, "sides batch steps"],
        mask: Bool[Tensor, "sides batch steps"],
        **inputs: Tensor,
    ) -> tuple[Tensor, ...]:
        """Match the pairs."""
        flat = {
            name: array if name in WHOLE else array.flatten(0, 1) for name, array in inputs.items()
        }
        texts = mask.flatten(0, 1)
        x = self.encoder(ids.flatten(0, 1), texts, **flat)
        if self.pair_encoder is not None:
            encoding = self.pair_encoder(x, texts)
            logits = self.head(*halves(encoding.vectors))
            aligned = () if encoding.alignment is None else (encoding.alignment,)
            return logits, torch.stack(halves(encoding.weights)), *aligned
        vector, weights = pooled(self.pooling, x, texts)
        odds = self.odds(*halves(vector))
        return torch.stack([-odds, odds], dim=-1) / 2, torch.stack(halves(weights))


class Odds(nn.Module):
    """The log-odds that texts match, as a `TripletMatcher` computes them of their vectors.

    Args:
        model: The matcher.
    """

    def __init__(self, model: TripletMatcher) -> None:
        super().__init__()
        self.scale, self.threshold, self.judge = model.scale, model.threshold, model.judge
        self._model = [model]  # in a list: its encoder is no part of the graph

    def forward(
        self, left: Float[Tensor, "batch width"], right: Float[Tensor, "batch width"]
    ) -> Float[Tensor, "batch"]:
        """Compare the pairs."""
        return self._model[0].odds(self._model[0].similarity(left, right))


class LabelGraph(nn.Module):
    """What a text–label matcher computes, for labels that are known beforehand.

    Args:
        model: The matcher, with its `labels`.

    Call arguments:
        ids: Token ids, 0 for padding.
        mask: True for a real token.
        inputs: The other inputs of the encoder.

    Output shape:
        logits `(batch, labels)`, weights `(batch, heads, steps)`
    """

    names: Tensor

    def __init__(self, model: LabelMatcher) -> None:
        super().__init__()
        self.encoder, self.pooling = encoder_graph(model.encoder), model.pooling
        with torch.no_grad():
            vectors = F.normalize(model.embed(*model.labels)[0], dim=-1)
            self.register_buffer("names", (model.log_scale.exp() * vectors).detach())

    def forward(
        self, ids: Int[Tensor, "batch steps"], mask: Bool[Tensor, "batch steps"], **inputs: Tensor
    ) -> tuple[Tensor, ...]:
        """Rank the labels."""
        vector, weights = pooled(self.pooling, self.encoder(ids, mask, **inputs), mask)
        return F.linear(F.normalize(vector, dim=-1), self.names), weights


class Graph(nn.Module):
    """Any of these, or `FoldedGraph`, with all inputs by name, as the exporter asks.

    Args:
        body: What computes the outputs.

    Attributes:
        outputs: The names of the outputs.
    """

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.outputs = ["logits", "weights"]
        if isinstance(body, FoldedGraph):
            self.outputs.append("contributions")
        if isinstance(body, MatcherGraph) and body.aligns:
            self.outputs.append("alignment")

    def forward(
        self,
        ids: Tensor,
        mask: Tensor,
        ngrams: Tensor | None = None,
        char_ngrams: Tensor | None = None,
        window_texts: Tensor | None = None,
        window_places: Tensor | None = None,
        token_windows: Tensor | None = None,
        token_steps: Tensor | None = None,
    ) -> tuple[Tensor, ...]:
        """The outputs."""
        inputs = {
            "ngrams": ngrams,
            "char_ngrams": char_ngrams,
            "window_texts": window_texts,
            "window_places": window_places,
            "token_windows": token_windows,
            "token_steps": token_steps,
        }
        given = {name: array for name, array in inputs.items() if array is not None}
        found: tuple[Tensor, ...] = self.body(ids, mask, **given)
        return found


def network_graph(model: nn.Module) -> nn.Module:
    """The graph of a network that does not fold.

    Args:
        model: The network; a text–label matcher with its labels.
    """
    if isinstance(model, Classifier):
        return ClassifierGraph(model)
    if isinstance(model, LabelMatcher):
        return LabelGraph(model)
    assert isinstance(model, PairMatcher | TripletMatcher)  # noqa: S101 - there are no others
    return MatcherGraph(model)


WHOLE = ("char_ngrams", "window_texts", "window_places")
"""The inputs that have no axes of sides and items."""


def pooled(pooling: nn.Module, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """The pooled vectors, and the weights per head.

    Args:
        pooling: The pooling layer.
        x: Token vectors.
        mask: True for a real token.
    """
    found = pooling(x, mask)
    return found.vector, found.by_head


def longest_rows(table: Tensor, ngrams: NgramRows, vocabulary: int) -> Tensor:
    """The table of which one row at a token, that of the longest n-gram, is the sum of all there.

    Args:
        table: Rows of the tokens, of unknown n-grams, and of the n-grams.
        ngrams: The n-grams.
        vocabulary: The number of tokens.

    Returns:
        The same without the row of unknown n-grams.
    """
    whole = table.clone()
    add_beginnings(whole, ngrams, vocabulary)
    return torch.cat([whole[:vocabulary], whole[vocabulary + 1 :]])
