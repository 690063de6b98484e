"""Compact files of matchers: what makes no sense is refused in one line."""

import numpy as np
import pytest

from .conftest import TEXTS
from .test_file import PAIRS, of_array, of_network, pairs_of, refusal, rewritten


@pytest.fixture(scope="module")
def pairs_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("pairs") / "pairs.safetensors"
    PAIRS.fit(pairs_of(TEXTS), [0, 1] * 15).export(path)
    return path


PAIRS_DAMAGE = {
    "architecture unknown": of_network(architecture="triplet"),
    "architecture a list": of_network(architecture=[]),
    "heads too many": of_network(heads=5),
    "heads of text": of_network(heads="2"),
    "classes below one": of_network(classes=0),
    "normalizer unknown": of_network(normalizer="argmax"),
    "residual a number": of_network(residual=1),
    "convolutions too many": of_network(convolutions=10**9),
    "convolutions below zero": of_network(convolutions=-1),
    "convolutions of text": of_network(convolutions="3"),
    "a convolution missing": lambda arrays, metadata: arrays.pop("convolutions.1"),
    "a convolution of other size": of_array("convolutions.0", lambda table: table[1:]),
    "a convolution of no size": of_array("convolutions.0", lambda table: table[:0]),
    "a bias missing": lambda arrays, metadata: arrays.pop("hidden.bias"),
    "a bias of another size": of_array("hidden.bias", lambda bias: bias[1:]),
    "no tokens": of_array("tokens", lambda table: table[:0]),
    "tokens of other width": of_array("tokens", lambda table: table[:, 1:]),
    "n-grams too few": of_array("ngrams.vectors", lambda table: table[1:]),
    "n-grams not ascending": of_array("ngrams", lambda keys: keys[::-1].copy()),
    "a head of other size": of_array("hidden", lambda table: table[1:]),
    "an output of other size": of_array("output", lambda output: output[:, :1].copy()),
    "an output without rows": of_array("output", lambda output: output[:0]),
    "score missing": lambda arrays, metadata: arrays.pop("score"),
    "a narrow table": lambda arrays, metadata: arrays.update(
        {
            "hidden": arrays["hidden"][:, :1].copy(),
            "hidden.scale": arrays["hidden.scale"][:1],
            "hidden.expand": np.ones((1, arrays["hidden"].shape[1]), np.float32),
        }
    ),
    "numbers too large on the way": lambda arrays, metadata: arrays.update(
        {
            **{f"convolutions.{i}.scale": np.full(8, 1e6, np.float32) for i in range(3)},
            "hidden.scale": np.zeros_like(arrays["hidden.scale"]),
        }
    ),
    "slopes too large together": lambda arrays, metadata: arrays.update(
        {
            **{f"convolutions.{i}.scale": np.full(8, 1e6, np.float32) for i in range(3)},
            "tokens.scale": np.full(8, 1e-35, np.float32),
        }
    ),
    "numbers too large together": lambda arrays, metadata: arrays.update(
        {f"convolutions.{i}.scale": np.full(8, 1e6, np.float32) for i in range(3)}
    ),
}


@pytest.mark.parametrize("damage", PAIRS_DAMAGE)
def test_damage_to_a_matcher_is_refused(damage, pairs_file, tmp_path):
    changed = rewritten(pairs_file, tmp_path / "changed.safetensors", PAIRS_DAMAGE[damage])
    assert refusal(changed).endswith("copy it again or export the model again")
