"""Random values belong to an item, wherever it stands."""

from itertools import pairwise

import numpy as np

from attnpool.explain.random_values import random_values
from attnpool.text import CharTokenizer

TOKENIZER = CharTokenizer.train(["abcdefgh"] * 9)


def values(texts, sides, *seed):
    tokens = TOKENIZER.encode(texts)
    found = random_values(tokens, sides, *seed)
    return [found[start:end].tolist() for start, end in pairwise(tokens.bounds)]


def test_an_item_has_its_values_wherever_it_stands():
    alone = values(["abc"], 1, 3)
    assert values(["de", "", "abc", "abc"], 1, 3)[2:] == alone * 2
    assert values(["abc"], 1, 4) != alone
    assert values(["abd"], 1, 3) != alone


def test_a_pair_has_one_list_of_values():
    assert values(["ab", "ef", "cd", "gh"], 2, 0)[::2] == values(["ab", "cd"], 2, 0)


def test_no_two_orders_are_shared_between_seeds():
    orders = {
        tuple(values(["abcdefgh"], 1, seed, draw)[0]) for seed in range(5) for draw in range(20)
    }
    assert len(orders) == 100


def test_values_are_even():
    found = random_values(TOKENIZER.encode(["abcdefgh" * 500]), 1)
    assert 0 <= found.min() < 0.01 < 0.99 < found.max() < 1
    assert abs(np.mean(found) - 0.5) < 0.02
