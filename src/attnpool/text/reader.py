"""Raw texts to tokens, alike in training and after: normal form, clean-up, tokeniser, limit."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from attnpool.errors import InputError
from attnpool.sanitize import counted
from attnpool.text.cleanup import Cleanup
from attnpool.text.lengths import MAX_TOKENS, length_limit
from attnpool.text.normal_form import normal_texts
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokenizers.loading import make_tokenizer
from attnpool.text.tokens import Tokenizer, Tokens

MAX_VOCABULARY = 200_000
"""The largest vocabulary a tokeniser is trained to; rarer tokens are unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSettings:
    """How texts shall be read; an estimator's parameters of the same names say what each means.

    Attributes:
        tokenizer: A kind, a path, or the tokeniser of a pretrained encoder, which reads texts as
            they are.
        max_tokens: What the length limit `"auto"` is at most.
    """

    tokenizer: str | Tokenizer
    dictionary: str | os.PathLike[str] | tuple[str, ...] | None
    cleanup: tuple[str, ...]
    min_frequency: int
    max_length: int | float | str
    max_tokens: int = MAX_TOKENS


@dataclass(frozen=True, slots=True)
class TextReader:
    """What a fitted estimator reads texts with.

    Attributes:
        cleanup: What is left out of every text.
        tokenizer: The tokeniser.
        limit: How many tokens of a text are read.
        normalizes: Whether equivalent texts are read alike; models of earlier versions read every
            text as it is.
    """

    cleanup: Cleanup
    tokenizer: Tokenizer
    limit: int
    normalizes: bool = True

    @classmethod
    def learn(cls, texts: Sequence[str], settings: ReaderSettings) -> tuple[TextReader, Tokens]:
        """The reader that training texts ask for, and their tokens.

        Args:
            texts: The training texts.
            settings: Which clean-up, tokeniser and length limit.

        Raises:
            InputError: There is no such clean-up, tokeniser or length limit, or no token is
                frequent enough.
        """
        cleanup = Cleanup(settings.cleanup)
        if not isinstance(settings.tokenizer, str):
            tokens = settings.tokenizer.encode(cleanup(texts))
            limit = length_limit(tokens.lengths, settings.max_length, settings.max_tokens)
            return cls(cleanup, settings.tokenizer, limit, normalizes=False), tokens.truncated(
                limit
            )
        # Which tokeniser this is depends on the texts; any may learn from folded ones.
        normal = normal_texts(texts)
        clean = cleanup(normal.texts)
        tokenizer = make_tokenizer(
            settings.tokenizer,
            clean,
            min_frequency=settings.min_frequency,
            max_size=MAX_VOCABULARY,
            dictionary=settings.dictionary,
        )
        tokens = normal.raw_tokens(tokenizer.encode(clean))
        often = settings.min_frequency
        if often > 1 and tokenizer.size <= UNKNOWN + 1 and len(tokens.ids):
            raise InputError(
                f"no token occurs {often:,} times in {counted(len(texts), 'training text')}; "
                "give a smaller min_frequency"
            )
        limit = length_limit(tokens.lengths, settings.max_length, settings.max_tokens)
        return cls(cleanup, tokenizer, limit), tokens.truncated(limit)

    def __call__(self, texts: Sequence[str]) -> Tokens:
        """The tokens of checked texts; offsets speak of the raw texts."""
        if not self.normalizes:
            return self.tokenizer.encode(self.cleanup(texts), self.limit)
        # The tokeniser of characters folds by itself, rules of clean-up do not.
        fold = self.tokenizer.kind != "characters" or bool(self.cleanup.rules)
        normal = normal_texts(texts, fold=fold)
        return normal.raw_tokens(self.tokenizer.encode(self.cleanup(normal.texts), self.limit))

    def to_config(self) -> dict[str, Any]:
        """What `config.json` holds of it; the tokeniser has a file of its own."""
        return {
            "cleanup": list(self.cleanup.rules),
            "tokenizer": self.tokenizer.kind,
            "limit": self.limit,
            "normalizes": self.normalizes,
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any], tokenizer: Tokenizer) -> TextReader:
        """The reader that `to_config` describes.

        Args:
            config: What `to_config` gave, among whatever else; earlier versions gave less.
            tokenizer: The tokeniser, which is saved by itself.

        Raises:
            InputError: A clean-up rule is unknown.
        """
        return cls(
            Cleanup(tuple(config["cleanup"])),
            tokenizer,
            int(config["limit"]),
            normalizes=config.get("normalizes", False) is True,
        )
