"""`lcs`: the longest common subsequence of two texts; no model is involved. Unsigned."""

from __future__ import annotations

import numpy as np
from rapidfuzz.distance import LCSseq

from attnpool._shapes import Bool, Float, Int
from attnpool.errors import InputError
from attnpool.explain.attribution import AttributionRequest, MethodResult
from attnpool.text.normal_form import normal_texts

LIMIT = 20_000
"""The most characters of each text that are compared: memory grows with the product, to 50 MB."""


def common_characters(
    left: str, right: str
) -> tuple[Bool[np.ndarray, "left"], Bool[np.ndarray, "right"]]:
    """The characters of a longest common subsequence of two texts.

    Characters are code points, compared without any folding. Of several longest subsequences
    always the same one is chosen.

    Args:
        left: One text.
        right: The other.

    Returns:
        For each side which of its characters belong to it; none beyond the first `LIMIT`.

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
    """The share of each token of a pair that both texts have in common, as they look.

    Args:
        left: One text.
        right: The other.
        spans: Code-point offsets of the tokens of each.
        rest: Whether to return the share that they do not have in common.
    """
    normal = normal_texts([left, right])
    marked = common_characters(*normal.texts)
    in_left, in_right = normal.raw_values(0, marked[0]), normal.raw_values(1, marked[1])
    if rest:
        in_left, in_right = ~in_left, ~in_right
    return token_shares(in_left, spans[0]), token_shares(in_right, spans[1])


def lcs(request: AttributionRequest) -> MethodResult:
    """1 for the tokens of the longest common subsequence of a pair, 0 for all others.

    Raises:
        InputError: Items are no pairs.
    """
    return _marked(request, rest=False)


def lcs_rest(request: AttributionRequest) -> MethodResult:
    """0 for the tokens of the longest common subsequence of a pair, 1 for all others.

    Raises:
        InputError: Items are no pairs.
    """
    return _marked(request, rest=True)


def _marked(request: AttributionRequest, *, rest: bool) -> MethodResult:
    if len(request.texts) != 2:
        raise InputError("what two texts have in common needs pairs; choose another method")
    spans, bounds = request.tokens.spans, request.tokens.bounds.tolist()
    values = np.zeros(len(spans), dtype=np.float64)
    pairs = list(zip(*request.texts, strict=True))
    for i, (left, right) in enumerate(pairs):
        of_left, of_right = (slice(*bounds[row : row + 2]) for row in (i, len(pairs) + i))
        values[of_left], values[of_right] = common_values(
            left, right, (spans[of_left], spans[of_right]), rest=rest
        )
    return MethodResult(values)
