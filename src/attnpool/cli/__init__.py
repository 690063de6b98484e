"""The command line: parse, call, print. Whatever goes wrong is one line and exit status 2."""

from __future__ import annotations

from collections.abc import Sequence

from attnpool.cli.entry import main

__all__ = ["main", "run"]


def run(arguments: Sequence[str]) -> int:
    """Run one command line, as `attnpool.cli.app.run` does, which is imported only now."""
    from attnpool.cli import app

    return app.run(arguments)
