"""`random`: values that say nothing, to hold the others against. Unsigned."""

from __future__ import annotations

import numpy as np

from attnpool.explain.question import Attribution, Question


def random_order(question: Question) -> Attribution:
    """Evenly distributed values between 0 and 1; always the same for the same tokens."""
    return Attribution(np.random.default_rng(0).random(len(question.tokens.ids)))
