"""The earlier place of `attnpool.Section` and of `attnpool.view.page.html`, for one version."""

from __future__ import annotations

from attnpool._renamed import moved

__getattr__ = moved("attnpool.view.html", "attnpool.view.page.html")
