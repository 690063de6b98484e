"""attnpool inside other libraries: one package for each, which alone imports that library."""

from __future__ import annotations

__all__: list[str] = []
