"""A pretrained encoder among the settings: opened, and its states computed once for training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import torch

from attnpool.encoders.opening import open_encoder
from attnpool.encoders.pretrained import PretrainedEncoder
from attnpool.encoders.states import States
from attnpool.estimators.settings import Settings, computing_device
from attnpool.models.context import ContextEncoder
from attnpool.progress import Progress
from attnpool.text.cleanup import Cleanup

S = TypeVar("S", bound=Settings)


def with_encoder(settings: S) -> S:
    """The settings with their encoder opened, and its tokeniser as theirs.

    Args:
        settings: The settings; without an encoder they stay as they are.

    Raises:
        InputError: There is no such encoder, or it cannot be used.
    """
    if settings.encoder is None:
        return settings
    opened = open_encoder(settings.encoder, download=settings.download)
    encoder = PretrainedEncoder(opened, settings.train_encoder)
    return replace(settings, encoder=encoder, tokenizer=encoder.tokenizer)


def keep_states(settings: Settings, texts: Iterable[str], progress: Progress | None = None) -> None:
    """Compute the states of all texts that training reads, where the encoder is frozen.

    Args:
        settings: The settings, with an opened encoder or none.
        texts: The texts.
        progress: Where to show how far it is.

    Raises:
        InputError: There is no room for the states.
    """
    pretrained: PretrainedEncoder | None = settings.encoder
    if pretrained is None or settings.train_encoder:
        return
    texts = list(dict.fromkeys(texts))
    encoder = pretrained.build(pretrained.config).to(computing_device(settings.device)).eval()
    whole = isinstance(settings.max_length, int | np.integer)
    limit = int(settings.max_length) if whole else settings.max_tokens
    # A limit that follows from the lengths is not known yet: what it cuts is computed in training.
    tokens = pretrained.tokenizer.encode(Cleanup(settings.cleanup)(texts), limit)
    with (progress or Progress()).bar("encoding", len(texts)) as advance:
        pretrained.stored = States(encoder, tokens, advance)


@contextmanager
def seeded(settings: Settings) -> Iterator[None]:
    """Within it the dropout of an encoder that is trained follows from the seed."""
    if not settings.trains_encoder:
        yield
        return
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        yield


def without_states(net: Any) -> Any:
    """The network, which computes its states from now on."""
    if isinstance(net.encoder, ContextEncoder):
        net.encoder.stored = None
    return net
