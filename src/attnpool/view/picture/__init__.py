"""Explanations as SVG and PNG pictures."""
