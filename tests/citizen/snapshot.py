"""What a process has set for all of its code: taken as it is, to be compared."""

import decimal
import gc
import locale
import logging
import multiprocessing
import os
import random
import re
import signal
import sys
import tempfile
import threading
import warnings
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch


def umask():
    status = Path("/proc/self/status")
    found = re.search(r"^Umask:\s*(\d+)", status.read_text("utf-8"), re.M) if status.exists() else 0
    return found and found[1]


def descriptors():
    """How many files, pipes and sockets are open, whatever they are."""
    opened = Path("/proc/self/fd")
    return len(list(opened.iterdir())) if opened.exists() else 0


def loggers():
    """The settings of each logger that somebody has set."""
    named = logging.root.manager.loggerDict.items()
    found = {
        name: (one.level, one.disabled, one.propagate, tuple(one.handlers), tuple(one.filters))
        for name, one in named
        if isinstance(one, logging.Logger)
    }
    return {name: set_ for name, set_ in found.items() if set_ != (0, False, True, (), ())}


def matplotlib_state():
    matplotlib = sys.modules.get("matplotlib")
    return matplotlib and (dict(matplotlib.rcParams.copy()), "matplotlib.pyplot" in sys.modules)


def taken():
    """All of it, by what it is."""
    return {
        "random": random.getstate(),
        "numpy.random": str(np.random.get_state()),  # noqa: NPY002 - the one of the process
        "torch.random": torch.get_rng_state().numpy().tobytes(),
        "torch": (
            torch.are_deterministic_algorithms_enabled(),
            torch.is_deterministic_algorithms_warn_only_enabled(),
            torch.backends.cudnn.deterministic,
            torch.backends.cudnn.benchmark,
            torch.get_default_dtype(),
            torch.get_default_device(),
            torch.is_grad_enabled(),
            torch.is_inference_mode_enabled(),
            torch.is_anomaly_enabled(),
            torch.is_autocast_enabled("cpu"),
            torch.get_float32_matmul_precision(),
            torch.is_warn_always_enabled(),
            torch.get_num_threads(),
            torch.get_num_interop_threads(),
        ),
        "environment": dict(os.environ),
        "warnings": (list(warnings.filters), warnings.showwarning, warnings.formatwarning),
        "logging": (
            logging.root.level,
            list(logging.root.handlers),
            logging.root.manager.disable,
            logging.getLoggerClass(),
            logging.getLogRecordFactory(),
            logging.raiseExceptions,
        ),
        "loggers": loggers(),
        "signals": {one: signal.getsignal(one) for one in signal.valid_signals()},
        "locale": locale.setlocale(locale.LC_ALL),
        "folder": Path.cwd(),
        "path": list(sys.path),
        "streams": (sys.stdin, sys.stdout, sys.stderr),
        "hooks": (
            *(sys.excepthook, sys.displayhook, sys.unraisablehook, threading.excepthook),
            *(sys.gettrace(), sys.getprofile()),
            *(list(sys.meta_path), list(sys.path_hooks)),
        ),
        "limits": (
            sys.getrecursionlimit(),
            sys.getswitchinterval(),
            sys.get_int_max_str_digits(),
        ),
        "umask": umask(),
        "decimal": repr(decimal.getcontext()),
        "numpy": (np.geterr(), np.get_printoptions()),
        "gc": (gc.isenabled(), gc.get_threshold(), gc.get_debug()),
        "matplotlib": matplotlib_state(),
        "start method": multiprocessing.get_start_method(allow_none=True),
        "temporary": tempfile.tempdir,
        "descriptors": descriptors(),
        "threads": sorted(one.name for one in threading.enumerate()),
    }


def differences(before, after):
    """What is no longer as it was."""
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}


@contextmanager
def left_alone():
    """Within it a call must leave everything as it finds it, however it ends."""
    before = taken()
    try:
        yield
    finally:
        changed = differences(before, taken())
        assert changed == {}, f"changed: {', '.join(changed)}"
