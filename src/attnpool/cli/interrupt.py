"""Ctrl-C: once is to stop and tidy up, twice is to stop at once."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from attnpool.cli.streams import INTERRUPTED, finish


class Stopped(BaseException):
    """Ctrl-C, under a name that no library catches and makes something else of."""


_pressed = False
_MOMENT = 0.02  # seconds


def at_once() -> None:
    """From now on Ctrl-C ends the program on the spot: there is nothing to tidy up."""
    _handle(_end)


def tidily() -> None:
    """From now on Ctrl-C raises `Stopped`, so that what is half-written is removed."""
    _handle(_stop)
    sys.unraisablehook = _unraisable


def asked() -> bool:
    """Whether Ctrl-C was pressed. What fails afterwards fails because of it.

    A library that is being imported may turn an interruption into an error of its own.
    """
    return _pressed


def end() -> NoReturn:
    """Say so and leave, before Python tears down what was interrupted half-way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    finish(INTERRUPTED)
    # Straight to the terminal: the stream itself may be what was interrupted.
    with contextlib.suppress(OSError):
        os.write(2, b"attnpool: stopped\n")
    os._exit(INTERRUPTED)


def _handle(handler: Callable[[int, FrameType | None], None]) -> None:
    # A job in the background has Ctrl-C switched off, and keeps it so.
    if signal.getsignal(signal.SIGINT) in (signal.default_int_handler, _end, _stop):
        signal.signal(signal.SIGINT, handler)


def _end(number: int, frame: FrameType | None) -> None:
    del number, frame
    end()


def _stop(number: int, frame: FrameType | None) -> None:
    global _pressed
    if _pressed and number == signal.SIGINT:
        end()
    _pressed = True
    if _importing(frame):
        _again()
    else:
        raise Stopped


def _importing(frame: FrameType | None) -> bool:
    """Whether a module is being imported: C++ that imports may abort on an exception there."""
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _again() -> None:
    """Try once more in a moment, under another signal than a second Ctrl-C has."""
    if not hasattr(signal, "setitimer"):  # pragma: no cover - Windows has no timer
        end()
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, _MOMENT)


def _unraisable(what: sys.UnraisableHookArgs) -> None:
    # It fell into a finaliser, from where no exception leads out.
    if isinstance(what.exc_value, Stopped):
        end()
    sys.__unraisablehook__(what)
