"""Texts as the inputs of an ONNX model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

import numpy as np

from attnpool._shapes import Int
from attnpool.explain.items import by_side, checked_for
from attnpool.runtime.ngrams import Ngrams, find
from attnpool.runtime.onnx.metadata import Metadata, read_metadata
from attnpool.text.batches import lay_out, pad
from attnpool.text.char_ngrams import char_ngram_keys
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokens import Tokens


class OnnxReader:
    """What makes the inputs of an ONNX model of texts; it needs numpy alone.

    Args:
        metadata: What the file says of itself.

    Attributes:
        metadata: The same.
        classes: The labels, one for each logit.

    Example:
        >>> import onnxruntime
        >>> session = onnxruntime.InferenceSession("model.onnx")
        >>> reader = OnnxReader.of(session.get_modelmeta().custom_metadata_map)
        >>> logits, weights, *contributions = session.run(None, reader(["房间干净"]))
    """

    metadata: Metadata
    classes: np.ndarray

    def __init__(self, metadata: Metadata) -> None:
        self.metadata, self.classes = metadata, metadata.classes

    @classmethod
    def of(cls, props: Mapping[str, str], where: str = "model.onnx") -> OnnxReader:
        """The reader that the metadata of a file describe.

        Args:
            props: `session.get_modelmeta().custom_metadata_map` of onnxruntime.
            where: The file, for messages.

        Raises:
            InputError: attnpool did not write the file, it is damaged, or a library is missing.
        """
        return cls(read_metadata(props, where))

    def __call__(self, items: Iterable[Any]) -> dict[str, np.ndarray]:
        """The inputs for some texts, or pairs of them, as one batch.

        Args:
            items: Raw texts, or pairs of them; at least one.

        Returns:
            `ids` and `mask`, `(batch, steps)`; those of pairs `(2, batch, steps)`. The model's
            other inputs are there if it has them, see `inputs`.

        Raises:
            InputError: Items are not texts, or not pairs.
        """
        tokens = self.tokens(items)
        return self.inputs(tokens, np.arange(len(tokens) // self.metadata.sides))

    def tokens(self, items: Iterable[Any]) -> Tokens:
        """The tokens of texts, or of pairs: all left texts before all right ones.

        Args:
            items: Raw texts, or pairs of them.

        Raises:
            InputError: Items are not texts, or not pairs.
        """
        sides = self.metadata.sides
        checked = checked_for(items, sides)
        return self.metadata.reader(checked if sides == 1 else [*chain(*by_side(checked, sides))])

    def inputs(self, tokens: Tokens, items: Int[np.ndarray, "batch"]) -> dict[str, np.ndarray]:
        """The inputs for some of the items that were read.

        Args:
            tokens: What `tokens` gave.
            items: The numbers of the items.

        Returns:
            `ids` int64 and `mask` bool, `(batch, steps)`. Where the model has n-grams, `ngrams`
            int64 `(batch, lengths, steps)`: for each length the table row of the longest n-gram
            up to it that begins at each token. Where it has character n-grams, `char_ngrams`
            int64 `(words, uses)`: 1 plus the rows of those of each word that the vocabulary
            lacks, 0 behind them; the ids of these words are those after the vocabulary's. A
            pretrained encoder has `window_texts`, `window_places`, `token_windows` and
            `token_steps` (see `attnpool.text.batches.Layout`). Pairs have an axis of 2 before
            all others but the last two of these inputs' own.
        """
        sides, metadata = self.metadata.sides, self.metadata
        count = len(tokens) // sides
        rows = np.concatenate([items + side * count for side in range(sides)])
        ids, mask = pad(tokens, rows)
        ids = ids.astype(np.int64)
        if not ids.shape[1]:  # of empty texts alone
            ids, mask = np.zeros((len(rows), 1), np.int64), np.zeros((len(rows), 1), np.bool_)
        shaped = {"ids": ids, "mask": mask}
        whole: dict[str, np.ndarray] = {}
        if metadata.ngrams is not None:
            shaped["ngrams"] = _ngram_rows(metadata.ngrams, ids, mask)
        if metadata.char_ngrams is not None:
            shaped["ids"], whole["char_ngrams"] = self._words(tokens, rows, ids)
        if metadata.window is not None:
            layout = lay_out(mask.sum(1), *metadata.window, steps=ids.shape[1])
            whole["window_texts"], whole["window_places"] = layout.text, layout.places
            shaped["token_windows"], shaped["token_steps"] = layout.window, layout.step
        if sides > 1:
            shaped = {
                name: array.reshape(sides, len(items), *array.shape[1:])
                for name, array in shaped.items()
            }
        return {**shaped, **whole}

    def _words(
        self, tokens: Tokens, rows: np.ndarray, ids: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The ids with those of unknown words, and the character n-grams of these."""
        known, size = self.metadata.char_ngrams, self.metadata.reader.tokenizer.size
        assert known is not None  # noqa: S101 - asked before
        places = np.nonzero(ids == UNKNOWN)
        if not tokens.unknown or not len(places[0]):
            return ids, np.zeros((1, 1), np.int64)
        number = np.concatenate([[0], np.cumsum(tokens.ids == UNKNOWN)])
        of_token = number[tokens.bounds[rows][places[0]] + places[1]]
        words = [tokens.unknown[i] for i in of_token.tolist()]
        numbers = {word: i for i, word in enumerate(dict.fromkeys(words))}
        wanted, bounds = char_ngram_keys(list(numbers), self.metadata.char_lengths)
        found = find(known, wanted)
        kept = found >= 0
        bounds = np.concatenate([[0], np.cumsum(kept)])[bounds]
        uses = np.diff(bounds)
        bags = np.zeros((len(uses), max(1, int(uses.max()))), np.int64)
        bags[np.arange(bags.shape[1]) < uses[:, None]] = found[kept] + 1
        ids = ids.copy()
        ids[places] = size + np.array([numbers[word] for word in words], np.int64)
        return ids, bags


def _ngram_rows(ngrams: Ngrams, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The row of the longest n-gram up to each length that begins at each token."""
    lengths = mask.sum(1)
    left = (lengths[:, None] - np.arange(ids.shape[1]))[mask]
    found = np.zeros((len(ids), len(ngrams.lengths), ids.shape[1]), np.int64)
    for i, rows in enumerate(ngrams.rows(ids[mask], left)[1:]):
        found[:, i][mask] = rows
    return found
