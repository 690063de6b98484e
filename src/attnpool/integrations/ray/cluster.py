"""The cluster on which a command runs."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attnpool.errors import InputError
from attnpool.integrations.ray.library import ray
from attnpool.sanitize import shortened


@contextmanager
def connected(workers: int) -> Iterator[None]:
    """A cluster: the one that is connected or that `RAY_ADDRESS` names, else one of this machine.

    Args:
        workers: How many processes it should run, where it is begun here.

    Raises:
        InputError: There is none, or Ray gave up what it was doing.
    """
    ours = not ray.is_initialized()
    try:
        if ours:
            _connect(workers)
        yield
    except (ray.exceptions.RayError, ConnectionError) as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        raise InputError(f"Ray gave up: {shortened(lines[-1] if lines else repr(error))}") from None
    finally:
        if ours:
            ray.shutdown()


def _connect(workers: int) -> None:
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if "RAY_ADDRESS" not in os.environ:
        options["num_cpus"] = max(workers, os.cpu_count() or 1)
        options["include_dashboard"] = False
    for handler in logging.getLogger("ray.data").handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setLevel(logging.ERROR)
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # of what is written in C++
    with _without_stderr():  # where that says which level it has
        ray.init(**options)


@contextmanager
def _without_stderr() -> Iterator[None]:
    """What libraries in C++ print on stderr goes nowhere."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
