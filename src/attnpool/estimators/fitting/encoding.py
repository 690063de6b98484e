"""A pretrained encoder among the settings: opened, and its states computed once for training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import torch

from attnpool.encoders.opening import open_encoder
from attnpool.encoders.pretrained import PretrainedEncoder
from attnpool.encoders.states import States
from attnpool.estimators.settings import Settings, computing_device
from attnpool.models.context import ContextEncoder
from attnpool.progress import Progress
from attnpool.text.reader import TextReader

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


def keep_states(
    settings: S,
    texts: Sequence[str],
    others: Iterable[str] = (),
    progress: Progress | None = None,
) -> S:
    """Compute the states of all texts that training reads, where the encoder is frozen.

    Args:
        settings: The settings, with an opened encoder or none.
        texts: The texts to learn from.
        others: What else is read.
        progress: Where to show how far it is.

    Returns:
        The settings. Where states were computed, the length limit is a number: a text that is cut
        elsewhere has other states.

    Raises:
        InputError: There is no room for the states, or no such length limit.
    """
    pretrained: PretrainedEncoder | None = settings.encoder
    if pretrained is None or settings.train_encoder:
        return settings
    reader, _ = TextReader.learn(texts, settings)
    encoder = pretrained.build(pretrained.config).to(computing_device(settings.device)).eval()
    every = list(dict.fromkeys([*texts, *others]))
    with (progress or Progress()).bar("encoding", len(every)) as advance:
        pretrained.stored = States(encoder, reader(every), advance)
    return replace(settings, max_length=reader.limit)


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
