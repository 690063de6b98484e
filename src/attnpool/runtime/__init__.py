"""The compact model: a trained classifier in one file, run by numpy alone.

`attnpool.load` reads such a file and gives a `CompactModel`; `TextClassifier.export` writes it.
"""

from __future__ import annotations

__all__: list[str] = []
