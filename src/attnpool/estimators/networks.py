"""Settings and training tokens to an untrained network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from attnpool._shapes import Int
from attnpool.encoders.pretrained import PretrainedEncoder
from attnpool.estimators.settings import ClassifierSettings, MatcherSettings, Settings
from attnpool.models.char_ngrams import CharNgrams
from attnpool.models.classifier import Classifier
from attnpool.models.config import ClassifierConfig, EncoderConfig, MatcherConfig, PretrainedConfig
from attnpool.models.ngrams import count_rows, known_ngrams
from attnpool.models.registry import MATCHERS
from attnpool.pooling import ATTENDING
from attnpool.text import Tokens, WordTokenizer
from attnpool.text.reader import TextReader


class Found(NamedTuple):
    """What an encoder must know of the training texts.

    Attributes:
        ngrams: The packed n-grams that get an embedding, ascending.
        unknown: Words that the vocabulary lacks.
    """

    ngrams: Int[np.ndarray, "ngrams"]
    unknown: Sequence[str]

    @classmethod
    def of(cls, settings: Settings, tokens: Tokens) -> Found:
        """What these texts have."""
        frequency = settings.ngram_min_frequency or 2
        ngrams = known_ngrams(tokens.ids, tokens.bounds, settings.ngrams, min_frequency=frequency)
        return cls(ngrams, tokens.unknown)


def build_classifier(
    settings: ClassifierSettings, reader: TextReader, tokens: Tokens, classes: int
) -> Classifier:
    """An untrained classifier that knows the n-grams of the training texts.

    Args:
        settings: Its shape.
        reader: What the texts were read with.
        tokens: The training texts.
        classes: The number of classes.
    """
    net = build_counted(settings, reader, Found.of(settings, tokens), classes)
    counts = count_rows(
        tokens.ids, tokens.bounds, net.encoder.config.vocabulary, net.encoder.ngrams
    )
    return with_counts(net, counts)


def build_counted(
    settings: ClassifierSettings, reader: TextReader, found: Found, classes: int
) -> Classifier:
    """The same from what was found in the texts.

    Args:
        settings: Its shape.
        reader: What the texts were read with.
        found: What was found.
        classes: The number of classes.
    """
    shape, tables = _learn_encoder(settings, reader, found)
    config = ClassifierConfig(
        encoder=shape,
        classes=classes,
        dropout=settings.dropout,
        counted=True,
        **_attention(settings),
    )
    return Classifier(config, **tables)


def with_counts(net: Classifier, counts: np.ndarray) -> Classifier:
    """The classifier, which remembers how often training had each token and n-gram."""
    assert net.counts is not None  # noqa: S101 - counted
    net.counts.copy_(torch.from_numpy(counts))
    return net


def build_matcher(
    settings: MatcherSettings, reader: TextReader, tokens: Tokens, classes: int
) -> nn.Module:
    """An untrained matcher that knows the n-grams of the training texts.

    Args:
        settings: Its shape.
        reader: What the texts were read with.
        tokens: The training texts, of all sides.
        classes: The number of classes.
    """
    shape, tables = _learn_encoder(settings, reader, Found.of(settings, tokens))
    config = MatcherConfig(
        encoder=shape,
        architecture=settings.architecture.name,
        classes=classes,
        dropout=settings.dropout,
        head_dim=settings.head_dim,
        distance=settings.distance,
        **_attention(settings),
    )
    return MATCHERS[config.architecture](config, **tables)


def _learn_encoder(
    settings: Settings, reader: TextReader, found: Found
) -> tuple[EncoderConfig | PretrainedConfig, dict[str, Any]]:
    """The shape of the encoder; the n-grams and character n-grams that it knows, or it itself."""
    ngrams = found.ngrams
    lengths = settings.ngrams if len(ngrams) else ()
    pretrained: PretrainedEncoder | None = settings.encoder
    if pretrained is not None:
        shape = replace(
            pretrained.config,
            ngrams=lengths,
            ngram_rows=len(ngrams),
            embedding_dropout=settings.embedding_dropout,
        )
        return shape, {"encoder": pretrained.build(shape, ngrams)}
    char_ngrams = None
    if isinstance(reader.tokenizer, WordTokenizer) and settings.char_ngrams:
        learned = CharNgrams.learn(reader.tokenizer.words, found.unknown, settings.char_ngrams)
        char_ngrams = learned if len(learned.keys) else None
    config = EncoderConfig(
        vocabulary=reader.tokenizer.size,
        dim=settings.dim,
        kernel_sizes=settings.kernel_sizes,
        residual=settings.residual,
        ngrams=lengths,
        ngram_rows=len(ngrams),
        char_ngrams=settings.char_ngrams if char_ngrams else (),
        char_ngram_rows=len(char_ngrams.keys) if char_ngrams else 0,
        char_ngram_uses=len(char_ngrams.vocabulary.rows) if char_ngrams else 0,
        positions=reader.limit if settings.positions else 0,
        equal_length=settings.equal_length,
        embedding_dropout=settings.embedding_dropout,
        token_dropout=settings.token_dropout,
    )
    return config, {"ngrams": ngrams, "char_ngrams": char_ngrams}


def _attention(settings: Settings) -> dict[str, Any]:
    """The pooling, with the arguments that only poolings with learned weights have."""
    if settings.pooling not in ATTENDING:
        return {"pooling": settings.pooling}
    return {
        "pooling": settings.pooling,
        "heads": settings.heads,
        "attention_dim": settings.attention_dim,
        "normalizer": settings.normalizer,
    }
