"""Explanations as SVG and PNG pictures."""

__all__: list[str] = []
