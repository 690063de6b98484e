"""The earlier place of `attnpool.view.picture.png`, for one version."""

from __future__ import annotations

from attnpool._renamed import moved

__getattr__ = moved("attnpool.view.png", "attnpool.view.picture.png")
