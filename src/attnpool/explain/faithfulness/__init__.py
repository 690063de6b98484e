"""Faithfulness: whether the answer depends on the tokens that a method marks."""
