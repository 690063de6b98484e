"""The entry point: ready for Ctrl-C before anything that takes time is imported."""

from __future__ import annotations

import sys
import warnings

from attnpool.cli import interrupt
from attnpool.cli.streams import finish, prepare


def main() -> None:
    """The entry point of the `attnpool` command."""
    interrupt.exit_on_sigint()
    prepare()
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
