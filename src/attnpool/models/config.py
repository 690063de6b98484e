"""The shapes of models, in plain values that `config.json` can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType
from typing import Any

from attnpool.errors import InputError
from attnpool.text.char_ngrams import MAX_CHAR_NGRAM

MOST: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("dim", "attention_dim", "head_dim"), 1 << 14),  # numbers of a vector
        "heads": 1024,
        "kernel_sizes": 128,  # tokens
    }
)
"""The most that each of these can be, of a model to train as of one that is loaded."""

MOST_LAYERS = 100
_MOST_IDS = 1 << 31
_WIDEST = 1 << 20  # tokens of a window
_LONGEST_NGRAM = 3  # tokens
_LONGEST_NAME = 4096  # characters


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """The shape of a `TextEncoder`.

    Attributes:
        vocabulary: The number of token ids, padding (0) and unknown (1) included.
        dim: The width of a token vector.
        kernel_sizes: The kernel sizes of the convolutions in tokens, applied one after the other;
            `()` for no convolutions.
        residual: Whether each convolution adds its input to its output.
        ngrams: The lengths of the n-grams that have embeddings of their own, in tokens.
        ngram_rows: The number of these n-grams, all lengths together.
        char_ngrams: The lengths of the character n-grams of words that have embeddings.
        char_ngram_rows: The number of these character n-grams, all lengths together.
        char_ngram_uses: The number of them in all words of the vocabulary, counted per word.
        positions: The number of learned positions; 0 for none.
        equal_length: Whether all token vectors are scaled to one learned length.
        embedding_dropout: The share of embedding entries dropped in training.
        token_dropout: The share of whole tokens dropped in training.
    """

    vocabulary: int
    dim: int = 128
    kernel_sizes: tuple[int, ...] = (3,)
    residual: bool = False
    ngrams: tuple[int, ...] = ()
    ngram_rows: int = 0
    char_ngrams: tuple[int, ...] = ()
    char_ngram_rows: int = 0
    char_ngram_uses: int = 0
    positions: int = 0
    equal_length: bool = False
    embedding_dropout: float = 0.2
    token_dropout: float = 0.0


@dataclass(frozen=True, slots=True)
class PretrainedConfig:
    """The shape of a pretrained encoder under a model, and where it comes from.

    Attributes:
        vocabulary: The number of token ids, padding (0) and unknown (1) included.
        dim: The width of a token vector.
        form: The configuration of the encoder as transformers writes it; `model_type` names its
            architecture.
        prefix: The encoder's ids of the special tokens before a text.
        suffix: Those after it.
        unknown: The encoder's id of the unknown token; None if it has none.
        window: The most tokens at a time, special ones included.
        source: What opens it again: a folder or a name; None if its weights are saved with the
            model.
        revision: The revision of a name.
        sha256: The digest of its weights.
        trained: How many layers were trained, counted from the last; -1: everything.
        ngrams: The lengths of the n-grams that the linear part counts, in tokens.
        ngram_rows: The number of these n-grams, all lengths together.
        embedding_dropout: The share of entries of token vectors dropped in training.
    """

    vocabulary: int
    dim: int
    form: dict[str, Any]
    prefix: tuple[int, ...]
    suffix: tuple[int, ...]
    unknown: int | None
    window: int
    source: str | None
    revision: str | None
    sha256: str
    trained: int = 0
    ngrams: tuple[int, ...] = ()
    ngram_rows: int = 0
    embedding_dropout: float = 0.0


@dataclass(frozen=True, slots=True)
class ClassifierConfig:
    """The shape of a `Classifier`: an encoder, a pooling, a head, and perhaps a linear part.

    Attributes:
        encoder: The shape of the encoder.
        classes: The number of classes.
        pooling: A key of `attnpool.pooling.POOLINGS`.
        heads: The number of attention heads; 1 for other poolings.
        attention_dim: The width in which attention scores tokens; default: `dim`.
        normalizer: `"softmax"`, `"sparsemax"` or `"entmax15"`.
        dropout: The share of pooled entries dropped in training.
        linear: Whether tokens and n-grams also count wherever they occur (see `LinearPart`).
        counted: Whether it knows how often the training texts have each token and n-gram.
    """

    encoder: EncoderConfig | PretrainedConfig
    classes: int
    pooling: str = "attention"
    heads: int = 1
    attention_dim: int | None = None
    normalizer: str = "softmax"
    dropout: float = 0.3
    linear: bool = False
    counted: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, form: dict[str, Any]) -> ClassifierConfig:
        """Read `to_dict` back.

        Raises:
            InputError: A name is unknown or missing.
        """
        return cls(**_parts(cls, form))


@dataclass(frozen=True, slots=True)
class MatcherConfig:
    """The shape of a matcher: an encoder, a pair encoder or a pooling, a head.

    Attributes:
        encoder: The shape of the encoder.
        architecture: `"siamese"`, `"interaction"`, `"alignment"`, `"triplet"` or `"label"`.
        classes: The number of classes of a pair; `"label"` does not use it.
        pooling: As a classifier's; `"attention"` where a text is pooled with the other text.
        heads: The number of attention heads.
        attention_dim: The width in which attention scores tokens; default: `dim`.
        normalizer: `"softmax"`, `"sparsemax"` or `"entmax15"`.
        dropout: The share of entries dropped before and inside the head in training.
        head_dim: The width of the head's hidden layer, and of the comparison of aligned tokens.
        distance: The distance between texts of a triplet: `"cosine"`, `"euclidean"` or
            `"learned"`.
    """

    encoder: EncoderConfig | PretrainedConfig
    architecture: str
    classes: int = 2
    pooling: str = "attention"
    heads: int = 1
    attention_dim: int | None = None
    normalizer: str = "softmax"
    dropout: float = 0.3
    head_dim: int = 128
    distance: str = "cosine"

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, form: dict[str, Any]) -> MatcherConfig:
        """Read `to_dict` back.

        Raises:
            InputError: A name is unknown or missing.
        """
        return cls(**_parts(cls, form))


def _parts(kind: type, form: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(form, dict) or not isinstance(form.get("encoder"), dict):
        raise InputError(f"{kind.__name__}: not a shape with an encoder")
    encoder: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in form["encoder"].items()
    }
    of_encoder = PretrainedConfig if "form" in encoder else EncoderConfig
    for part, values in ((of_encoder, encoder), (kind, form)):
        names = {field.name for field in fields(part)}
        if unknown := set(values) ^ names:
            raise InputError(f"{part.__name__}: unknown or missing {sorted(unknown)}")
        for name in names - {"encoder"}:
            if not _FITS[name](values[name]):
                raise InputError(f"{part.__name__}: {name} out of range")
    return {**form, "encoder": of_encoder(**encoder)}


def _whole(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _lengths(least: int, most: int, *, distinct: bool = True) -> Callable[[Any], bool]:
    """Few numbers in a range; where they are lengths of n-grams, each once."""
    fits = _whole(least, most)
    return lambda value: (
        isinstance(value, tuple)
        and len(value) <= MOST_LAYERS
        and all(map(fits, value))
        and (not distinct or len(set(value)) == len(value))
    )


def _share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1


def _switch(value: Any) -> bool:
    return isinstance(value, bool)


def _name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME


def _or_none(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or fits(value)


# Which names there are (of poolings, architectures) say those who make the parts.
_FITS: dict[str, Callable[[Any], bool]] = {
    "vocabulary": _whole(2, _MOST_IDS),
    **{name: _whole(1, MOST[name]) for name in ("dim", "heads", "head_dim")},
    "attention_dim": _or_none(_whole(1, MOST["attention_dim"])),
    "classes": _whole(1, _MOST_IDS),
    "kernel_sizes": _lengths(1, MOST["kernel_sizes"], distinct=False),
    "ngrams": _lengths(2, _LONGEST_NGRAM),
    "char_ngrams": _lengths(2, MAX_CHAR_NGRAM),
    **dict.fromkeys(("ngram_rows", "char_ngram_rows"), _whole(0, _MOST_IDS)),
    **dict.fromkeys(("char_ngram_uses", "positions"), _whole(0, _MOST_IDS)),
    **dict.fromkeys(("residual", "equal_length", "linear", "counted"), _switch),
    **dict.fromkeys(("embedding_dropout", "token_dropout", "dropout"), _share),
    **dict.fromkeys(("pooling", "normalizer", "architecture", "distance"), _name),
    "form": lambda value: isinstance(value, dict),
    **dict.fromkeys(("prefix", "suffix"), _lengths(0, _MOST_IDS, distinct=False)),
    "unknown": _or_none(_whole(0, _MOST_IDS)),
    "window": _whole(1, _WIDEST),
    **dict.fromkeys(("source", "revision"), _or_none(_name)),
    "sha256": _name,
    "trained": _whole(-1, _WIDEST),
}
"""For each value of a shape, which types and ranges it can have."""
