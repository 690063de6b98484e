"""`lcs`: what two texts have in common, in the same order. Of the texts alone, not of a model."""

from __future__ import annotations

import numpy as np
from rapidfuzz.distance import LCSseq

from attnpool._shapes import Bool, Float, Int
from attnpool.errors import InputError
from attnpool.explain.attribution import Attribution, AttributionRequest

LIMIT = 20_000
"""Characters of each text that are compared: the memory grows with the product, to 50 MB."""


def common_characters(
    left: str, right: str
) -> tuple[Bool[np.ndarray, "left"], Bool[np.ndarray, "right"]]:
    """The characters of a longest common subsequence of two texts.

    Characters are code points and compared as they are. Of several longest subsequences one is
    chosen, always the same.

    Args:
        left: One text.
        right: The other.

    Returns:
        For each side which of its characters belong to it. Beyond `LIMIT` characters nothing is
        compared and nothing belongs to it.

    Source:
        Hyyrö 2004, "Bit-parallel LCS-length computation revisited", as built in rapidfuzz.
    """
    in_left, in_right = np.zeros(len(left), np.bool_), np.zeros(len(right), np.bool_)
    edits = LCSseq.editops(left[:LIMIT], right[:LIMIT])
    for block in edits.as_matching_blocks():
        in_left[block.a : block.a + block.size] = True
        in_right[block.b : block.b + block.size] = True
    return in_left, in_right


def token_shares(
    characters: Bool[np.ndarray, "characters"], spans: Int[np.ndarray, "tokens 2"]
) -> Float[np.ndarray, "tokens"]:
    """The share of each token's characters that are marked: 0 or 1 where tokens are characters.

    Args:
        characters: Which characters of a text are marked.
        spans: Code-point offsets `[start, end)` of the text's tokens.

    Returns:
        From 0 to 1; 0 for a token without characters.
    """
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(characters, dtype=np.int64)])
    starts, ends = spans[:, 0], spans[:, 1]
    shares: np.ndarray = (before[ends] - before[starts]) / np.maximum(ends - starts, 1)
    return shares


def common_values(
    left: str,
    right: str,
    spans: tuple[Int[np.ndarray, "left_tokens 2"], Int[np.ndarray, "right_tokens 2"]],
    *,
    rest: bool = False,
) -> tuple[Float[np.ndarray, "left_tokens"], Float[np.ndarray, "right_tokens"]]:
    """What to colour in a pair: for each token the share of it that both texts have in common.

    Args:
        left: One text.
        right: The other.
        spans: Code-point offsets of the tokens of each.
        rest: Whether to colour what they do not have in common instead.
    """
    masks = common_characters(left, right)
    one, other = (
        token_shares(~mask if rest else mask, span) for mask, span in zip(masks, spans, strict=True)
    )
    return one, other


def lcs(request: AttributionRequest) -> Attribution:
    """`lcs`: what the two texts of each pair have in common, 1, and the rest, 0."""
    return _marked(request, rest=False)


def lcs_rest(request: AttributionRequest) -> Attribution:
    """`lcs_rest`: what the two texts of each pair do not have in common, 1, and the rest, 0."""
    return _marked(request, rest=True)


def _marked(request: AttributionRequest, *, rest: bool) -> Attribution:
    if len(request.texts) != 2:
        raise InputError("what two texts have in common needs pairs; choose another method")
    spans, bounds = request.tokens.spans, request.tokens.bounds.tolist()
    values = np.zeros(len(spans), dtype=np.float64)
    pairs = list(zip(*request.texts, strict=True))
    for i, (left, right) in enumerate(pairs):
        places = [slice(bounds[row], bounds[row + 1]) for row in (i, len(pairs) + i)]
        of_pair = common_values(left, right, (spans[places[0]], spans[places[1]]), rest=rest)
        for place, shares in zip(places, of_pair, strict=True):
            values[place] = shares
    return Attribution(values)
