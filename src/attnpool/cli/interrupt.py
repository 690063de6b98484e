"""Ctrl-C, and SIGTERM and SIGHUP alike: once is to stop and tidy up, twice is to stop at once."""

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


_SIGNALS: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGTERM)
if sys.platform != "win32":
    _SIGNALS += (signal.SIGHUP,)  # the terminal was closed
_pressed = 0  # the number of the signal
_MOMENT = 0.02  # seconds


def exit_on_sigint() -> None:
    """From now on Ctrl-C ends the program on the spot: there is nothing to tidy up."""
    _handle(_end)


def raise_on_sigint() -> None:
    """From now on Ctrl-C raises `Stopped`, so that what is half-written is removed."""
    _handle(_stop)
    sys.unraisablehook = _unraisable


def ignore_sigint() -> None:
    """From now on Ctrl-C does nothing: all is done, and is not to look as if it were not."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def interrupted() -> bool:
    """Whether Ctrl-C was pressed. What fails afterwards fails because of it.

    A library may turn an interruption into an error of its own.
    """
    return bool(_pressed)


def go_on() -> None:
    """What was stopped is dropped and the program goes on: the next Ctrl-C is a first one.

    After other signals it does not go on.
    """
    global _pressed
    if _pressed not in (0, signal.SIGINT):
        exit_now()
    _pressed = 0


def exit_now() -> NoReturn:
    """Say so and leave, before Python tears down what was interrupted half-way."""
    ignore_sigint()
    status = 128 + _pressed if _pressed else INTERRUPTED
    finish(status)
    # Straight to the terminal: the stream itself may be what was interrupted.
    with contextlib.suppress(OSError):
        os.write(2, b"attnpool: stopped\n")
    os._exit(status)


def _handle(handler: Callable[[int, FrameType | None], None]) -> None:
    # A job in the background has Ctrl-C switched off, and keeps it so.
    for number in _SIGNALS:
        usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        if signal.getsignal(number) in (usual, _end, _stop):
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    global _pressed
    _pressed = number
    exit_now()


def _stop(number: int, frame: FrameType | None) -> None:
    global _pressed
    if _pressed:
        exit_now()
    _pressed = number
    _stop_outside_of_imports(frame)


def _retry(number: int, frame: FrameType | None) -> None:
    del number
    # By now the program may have come to its end, where nothing is to be raised any more. The one
    # that came tells: in a job in the background the other may be switched off.
    if _pressed and signal.getsignal(_pressed) is _stop:
        _stop_outside_of_imports(frame)


def _stop_outside_of_imports(frame: FrameType | None) -> None:
    """Raise `Stopped`, or look again in a moment while a module is being imported.

    C++ that imports may abort the program on an exception, and Python code that imports may take
    it for a module that is missing. Where the system has no timer, the program ends at once.
    """
    if not _importing(frame):
        raise Stopped
    if not hasattr(signal, "setitimer"):  # pragma: no cover - Windows
        exit_now()
    # Not SIGINT, which would be taken for a second Ctrl-C.
    signal.signal(signal.SIGALRM, _retry)
    signal.setitimer(signal.ITIMER_REAL, _MOMENT)


def _importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _unraisable(what: sys.UnraisableHookArgs) -> None:
    # It fell into a finaliser, from where no exception leads out.
    if isinstance(what.exc_value, Stopped):
        exit_now()
    sys.__unraisablehook__(what)
