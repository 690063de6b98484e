"""A program: command lines run one after the other, where the libraries of extras are refused.

It takes a folder and, on stdin, JSON: the modules to refuse, and the command lines. It prints for
each the exit status, what it printed, and which modules of extras are loaded by then.
"""

import contextlib
import io
import json
import os
import sys

EXTRAS = (
    *("torch", "sklearn", "scipy", "polars", "tokenizers", "rapidfuzz", "matplotlib"),
    *("jieba", "fastexcel", "xlsxwriter", "transformers", "sentence_transformers", "jaxtyping"),
)


class Refusing:
    """A finder that knows better: these modules are not installed."""

    def __init__(self, names):
        self.names = set(names)

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def outcome(words):
    from attnpool.cli import run

    sys.stdin = io.TextIOWrapper(io.BytesIO(b"a quiet room\na noisy room\n"))
    with (
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
    ):
        status = run(words)
    loaded = sorted({name.partition(".")[0] for name in sys.modules} & set(EXTRAS))
    return {"status": status, "out": out.getvalue(), "err": err.getvalue(), "loaded": loaded}


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    asked = json.load(sys.stdin)
    sys.meta_path.insert(0, Refusing(asked["refused"]))
    found = [outcome(words) for words in asked["commands"]]
    json.dump(found, sys.stdout)
