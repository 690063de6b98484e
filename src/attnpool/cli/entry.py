"""The entry point: ready for Ctrl-C before anything that takes time is imported."""

from __future__ import annotations

import os
import sys
import warnings
from itertools import pairwise

from attnpool.cli import interrupt
from attnpool.cli.streams import finish, prepare
from attnpool.cli.terminal import start_in_utf8

_WRITING = ["demo"], ["gallery"]  # train, export and report have an output among their words
_OUTPUT = ("-o", "--output")
_ANSWERING = ("evaluate", "explain", "predict", "report")


def _prints(words: list[str]) -> bool:
    """Whether what a command line asks for is printed, rather than written to a file."""
    if {"-h", "--help", "--version"} & {*words}:
        return True
    outputs = [value for word, value in pairwise([*words, ""]) if word in _OUTPUT]
    outputs += [word.partition("=")[2] for word in words if word.startswith("--output=")]
    outputs += [word[2:] for word in words if word.startswith("-o") and word != "-o"]
    return words[:1] not in _WRITING and not any(output != "-" for output in outputs)


def main() -> None:
    """The entry point of the `attnpool` command."""
    interrupt.exit_on_sigint()
    start_in_utf8()
    prepare(is_result=_prints(sys.argv[1:]))
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
