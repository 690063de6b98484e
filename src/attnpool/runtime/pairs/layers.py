"""The layers of a small network in numpy, forward and back to what each input gives."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from attnpool._shapes import Float, Int


class Layer(NamedTuple):
    """A linear layer.

    Attributes:
        weight: What an input is multiplied by from the right, `(inputs, outputs)`.
        bias: What is added.
    """

    weight: Float[np.ndarray, "inputs outputs"]
    bias: Float[np.ndarray, "outputs"]

    def __call__(self, x: Float[np.ndarray, "rows inputs"]) -> Float[np.ndarray, "rows outputs"]:
        """The outputs of many rows."""
        y: np.ndarray = x @ self.weight + self.bias
        return y


class Convolution(NamedTuple):
    """`relu(kernel(x))`, or `x + relu(kernel(x))`, over the tokens of each text.

    Attributes:
        kernel: From the vectors of neighbouring tokens, one after the other, to one vector.
        residual: Whether the input is added.
    """

    kernel: Layer
    residual: bool

    def __call__(
        self, x: Float[np.ndarray, "tokens dim"], bounds: Int[np.ndarray, "texts_plus_1"]
    ) -> tuple[Float[np.ndarray, "tokens dim"], Float[np.ndarray, "tokens dim"]]:
        """The outputs, and 1 where the ReLU lets through, else 0.

        Args:
            x: The vectors of all tokens, text after text.
            bounds: Text `i` is `x[bounds[i]:bounds[i + 1]]`.
        """
        places = self._places(bounds)
        beyond = np.zeros((1, x.shape[1]), dtype=np.float32)
        windows = np.concatenate([x, beyond])[places]
        y = self.kernel(windows.reshape(len(x), len(self.kernel.weight)))
        open_ = (y > 0).astype(np.float32)
        y *= open_
        return (x + y if self.residual else y), open_

    def back(
        self,
        slopes: Float[np.ndarray, "tokens dim"],
        open_: Float[np.ndarray, "tokens dim"],
        bounds: Int[np.ndarray, "texts_plus_1"],
    ) -> Float[np.ndarray, "tokens dim"]:
        """The slopes of a sum by the inputs, from those by the outputs."""
        places, dim = self._places(bounds), slopes.shape[1]
        of_windows = ((slopes * open_) @ self.kernel.weight.T).reshape(*places.shape, dim)
        inputs = np.zeros((len(slopes) + 1, dim), dtype=np.float32)
        for k in range(places.shape[1]):
            # A token is the k-th neighbour of one token at most; the last row is nobody's.
            inputs[places[:, k]] += of_windows[:, k]
        return inputs[:-1] + slopes if self.residual else inputs[:-1]

    def _places(
        self, bounds: Int[np.ndarray, "texts_plus_1"]
    ) -> Int[np.ndarray, "tokens neighbours"]:
        """For each token the places of those in its window; beyond its text the last plus one."""
        tokens, lengths = int(bounds[-1]), np.diff(bounds)
        width = len(self.kernel.weight) // self.kernel.weight.shape[1]
        places = np.arange(tokens)[:, None] + np.arange(width) - (width - 1) // 2
        first, stop = np.repeat(bounds[:-1], lengths), np.repeat(bounds[1:], lengths)
        inside = (places >= first[:, None]) & (places < stop[:, None])
        return np.where(inside, places, tokens)


def gelu_slopes(z: Float[np.ndarray, "*batch"]) -> Float[np.ndarray, "*batch"]:
    """`gelu(z) / z`: the share of z that the activation lets through.

    Source:
        Hendrycks & Gimpel 2016, arXiv 1606.08415, without an approximation.
    """
    parts = [math.erf(one) for one in (z.ravel() * math.sqrt(0.5)).tolist()]
    return (np.array(parts).reshape(z.shape) + 1) / 2
