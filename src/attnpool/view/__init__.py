"""Explanation to picture: terminal, HTML and JSON, with one colour mapping; never torch."""

from attnpool.view.registry import FORMATS, render

__all__ = ["FORMATS", "render"]
