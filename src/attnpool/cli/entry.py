"""The entry point: ready for Ctrl-C before anything that takes time is imported."""

from __future__ import annotations

import sys
import warnings

from attnpool.cli import interrupt
from attnpool.cli.streams import finish, prepare


def main() -> None:
    """The entry point of the `attnpool` command."""
    interrupt.at_once()
    prepare()
    warnings.simplefilter("ignore")  # a library's advice to developers is no output of ours
    from attnpool.cli.app import run

    try:
        interrupt.tidily()
        status = finish(run(sys.argv[1:]))
        interrupt.over()
    except BaseException:
        if not interrupt.asked():
            raise
        interrupt.end()
    if interrupt.asked():
        interrupt.end()
    sys.exit(status)
