"""Explanations in the terminal."""
