"""A terminal of its own for a command: what somebody types there, and what they see."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time

_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")
_MAIN = "from attnpool.cli import main; main()"
CTRL_C = "\x03"
_PATIENCE = 60  # seconds


class Terminal:
    """A pseudo-terminal of 80 columns with `attnpool` in it."""

    def __init__(self, *words, first="", **environ):
        self._own, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        plain = {"NO_COLOR": "1", "TERM": "xterm", "INPUTRC": os.devnull, "OMP_NUM_THREADS": "1"}
        unwanted = ("COLUMNS", "LINES", "FORCE_COLOR", "LC_ALL", "LC_CTYPE")
        kept = {name: value for name, value in os.environ.items() if name not in unwanted}
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"{first}\n{_MAIN}", *map(os.fspath, words)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**kept, "LANG": "C.UTF-8", **plain, **environ},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)

    def see(self, end="> "):
        """What appears until the screen ends with this, without codes of the terminal."""
        seen, limit = b"", time.monotonic() + _PATIENCE
        while not self._text(seen).endswith(end):
            assert time.monotonic() < limit, self._text(seen)
            if select.select([self._own], [], [], 1)[0]:
                seen += os.read(self._own, 1 << 16)
        return self._text(seen)

    def type(self, keys, end="> "):
        """Press keys, and see what appears."""
        self._press(keys)
        return self.see(end)

    def leave(self, keys="\x04"):
        """Press keys after which the command ends.

        Returns:
            The exit status, and what appears until then.
        """
        status, seen = self.raw(keys)
        return status, self._text(seen)

    def raw(self, keys=""):
        """The same, and every byte that comes to the screen."""
        self._press(keys)
        seen = b""
        try:
            while piece := os.read(self._own, 1 << 16):
                seen += piece
        except OSError:  # how Linux says that nobody is left in the terminal
            pass
        return self._process.wait(_PATIENCE), seen

    def _press(self, keys):
        if keys == CTRL_C:
            time.sleep(0.5)  # while Python passes on the last key it does not hear of signals
        os.write(self._own, keys if isinstance(keys, bytes) else keys.encode())

    def close(self):
        self._process.kill()
        self._process.wait()
        os.close(self._own)

    @staticmethod
    def _text(seen):
        return _CODES.sub("", seen.decode("utf-8", "replace"))
