"""The command line: parse, call, print. Whatever goes wrong is one line and exit status 2."""

from attnpool.cli.app import main, run

__all__ = ["main", "run"]
