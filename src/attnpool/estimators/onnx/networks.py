"""Networks that do not fold as graphs: classifiers of other poolings, and all matchers."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Int
from attnpool.estimators.onnx.encoders import encoder_graph
from attnpool.estimators.onnx.folded import FoldedGraph
from attnpool.models.classifier import Classifier
from attnpool.models.label import LabelMatcher
from attnpool.models.folded import add_beginnings
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
        self.encoder, self.pooling, self.head = encoder_graph(model.encoder), model.pooling, model.head
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
        self.parts = nn.ModuleDict(
            {name: part for name, part in model.named_children() if name != "encoder"}
        )
        self.aligns = isinstance(model, PairMatcher) and model.config.architecture == "alignment"
        self._model = [model]  # in a list: its own encoder is no part of the graph

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
        if "pair_encoder" in self.parts:
            encoding = self.parts["pair_encoder"](x, texts)
            vectors = encoding.vectors.unflatten(0, (2, ids.shape[1]))
            logits = self.parts["head"](vectors[0], vectors[1])
            weights = encoding.weights.unflatten(0, (2, ids.shape[1]))
            aligned = () if encoding.alignment is None else (encoding.alignment,)
            return logits, weights, *aligned
        vector, weights = pooled(self.parts["pooling"], x, texts)
        vectors = vector.unflatten(0, (2, ids.shape[1]))
        model = self._model[0]
        assert isinstance(model, TripletMatcher)  # noqa: S101 - see above
        odds = model.odds(model.similarity(vectors[0], vectors[1]))
        logits = torch.stack([-odds, odds], dim=-1) / 2
        return logits, weights.unflatten(0, (2, ids.shape[1]))


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
