"""Explanation to picture: six formats with one colour mapping; never torch."""

from attnpool.view.registry import BINARY, FORMATS, render, render_bytes

__all__ = ["BINARY", "FORMATS", "render", "render_bytes"]
