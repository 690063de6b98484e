"""The entry point: ready for Ctrl-C before anything that takes time is imported."""

from __future__ import annotations

import os
import sys
import warnings

from attnpool.cli import interrupt
from attnpool.cli.streams import finish, prepare
from attnpool.cli.terminal import start_in_utf8

_ANSWERING = ("evaluate", "explain", "predict", "report")


def main() -> None:
    """The entry point of the `attnpool` command."""
    interrupt.exit_on_sigint()
    start_in_utf8()
    prepare()
    if sys.argv[1:2] and sys.argv[1] in _ANSWERING:
        # Its threads take longer to start than an answer takes, which needs no large products.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    warnings.simplefilter("ignore")  # a library's advice to developers is no output of ours
    from attnpool.cli.app import run

    try:
        interrupt.raise_on_sigint()
        status = finish(run(sys.argv[1:]))
        interrupt.ignore_sigint()
    except BaseException:
        if not interrupt.interrupted():
            raise
        interrupt.exit_now()
    if interrupt.interrupted():
        interrupt.exit_now()
    sys.exit(status)
