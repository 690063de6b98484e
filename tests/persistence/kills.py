"""Processes that are killed in the middle of writing, each a copy of this one."""

import ctypes
import os
import resource
import signal
import struct
import sys

_OPERATIONS = {
    *("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.truncate"),
    *("os.link", "os.symlink", "os.scandir", "shutil.rmtree", "shutil.move", "fcntl.flock"),
    *("tempfile.mkstemp", "tempfile.mkdtemp"),
}
EXCHANGES, LOCKS = 316, 73  # renameat2 and flock on x86-64
NATIVE = os.uname().machine == "x86_64"


def killed(work, at=None, words=(), bytes_=None, without=()):
    """Call `work` in a copy of this process that is killed on the way.

    Args:
        work: What writes.
        at: At which of its file operations it is killed, counted from 0.
        words: Only operations count whose arguments have one of these in them; () for all.
        bytes_: At which byte of a file it is killed, whatever writes it.
        without: What the system does not have: `EXCHANGES`, `LOCKS`.

    Returns:
        Whether it was killed; else it came to its end.
    """
    child = os.fork()
    if child == 0:
        try:
            for call in without:
                refuse(call)
            if bytes_ is not None:
                # Python ignores the signal, so that its own writes would raise an error.
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_))
            if at is not None:
                kill_at(at, words)
            work()
        except BaseException as error:
            os.write(2, repr(error).encode())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) in (signal.SIGKILL, signal.SIGXFSZ)
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def kill_at(number, words):
    left = number

    def hook(event, arguments):
        nonlocal left
        if event not in _OPERATIONS:
            return
        said = str(arguments)
        if words and not any(word in said for word in words):
            return
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    sys.addaudithook(hook)


def refuse(call):
    """From now on the kernel answers this system call as a file system that has no such thing."""
    load, equal, give = 0x20, 0x15, 0x06  # of BPF
    allow, refuse = 0x7FFF0000, 0x00050000 | 22  # EINVAL
    steps = [(load, 0, 0, 0), (equal, 0, 1, call), (give, 0, 0, refuse), (give, 0, 0, allow)]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    kept = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(kept))
    library = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, seccomp, filtered = 38, 22, 2
    assert library.prctl(no_new_privileges, 1, 0, 0, 0) == 0
    assert library.prctl(seccomp, filtered, program, 0, 0) == 0
