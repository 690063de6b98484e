"""The earlier place of `attnpool.Progress`, for one version."""

from __future__ import annotations

from attnpool._renamed import moved

__getattr__ = moved("attnpool.training.progress", "attnpool.progress")
