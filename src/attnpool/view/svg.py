"""The earlier place of `attnpool.view.picture.svg`, for one version."""

from __future__ import annotations

from attnpool._renamed import moved

__getattr__ = moved("attnpool.view.svg", "attnpool.view.picture.svg")
