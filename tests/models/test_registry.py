"""Each architecture that has a record has a model."""

from __future__ import annotations

from attnpool.architectures import ARCHITECTURES
from attnpool.models.registry import MATCHERS


def test_models_and_records_have_the_same_names() -> None:
    assert list(MATCHERS) == list(ARCHITECTURES)
