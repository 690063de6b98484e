"""Texts, and a teacher that needs no library."""

import numpy as np

CLASSES = np.array(["bad", "good"])
TEXTS = [
    "a fine film , warm and funny",
    "dull",
    "what a horrible , endless thing to sit through , and it never gets any better than that",
    "",
    "good \ud800 acting",
    "the acting is bad and the plot is worse",
]


def ignore(steps):
    """Progress that nobody sees."""


def by_words(texts):
    """Vectors that tell good texts from bad ones."""
    words = ("good", "fine", "bad", "dull", "a", "e")
    return np.array([[text.count(word) for word in words] for text in texts], dtype=float)


def reviews(n, seed=0):
    """Texts, and their classes: 1 is good."""
    draw = np.random.default_rng(seed)
    y = draw.integers(0, 2, n)
    words = (("bad", "dull"), ("good", "fine"))
    return [f"{draw.choice(words[k])} room {draw.integers(1000)}" for k in y], y
