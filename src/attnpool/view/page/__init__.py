"""Explanations as one HTML page, or as a fragment for notebooks."""

__all__: list[str] = []
