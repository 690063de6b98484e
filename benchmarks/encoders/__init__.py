"""Contributions through the model families of transformers."""
