"""The model class of each matcher architecture, by the names of `attnpool.architectures`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attnpool.models.label import LabelMatcher
from attnpool.models.pair import PAIR_ENCODERS, PairMatcher
from attnpool.models.triplet import TripletMatcher

MATCHERS: Mapping[str, type[PairMatcher | TripletMatcher | LabelMatcher]] = MappingProxyType(
    {
        **dict.fromkeys(PAIR_ENCODERS, PairMatcher),
        "triplet": TripletMatcher,
        "label": LabelMatcher,
    }
)
"""The model classes; `MATCHERS[config.architecture](config)` makes one."""
