"""A program: command lines run one after the other, where the libraries of extras are refused.

It takes a folder and, on stdin, JSON: the modules to refuse, and the command lines. It prints for
each the exit status, what it printed, and which modules of extras are loaded by then. The model
`stand-in` answers by numpy alone; any other is a folder.
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

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


class StandIn:
    """A classifier by one word."""

    architecture = None
    reading_ = None
    metrics_: dict = {}  # noqa: RUF012

    def __init__(self):
        import numpy as np

        self.classes_ = np.array(["good", "bad"])

    def predict_proba(self, texts, progress=None):
        import numpy as np

        return np.array([[0.25, 0.75] if "noisy" in text else [0.625, 0.375] for text in texts])

    def explain(self, texts, *, method=None, target=None, labels=None, progress=None, **_):
        from attnpool.explanation import Explanation

        explanations = []
        for text, p, label in zip(
            texts, self.predict_proba(texts), labels or [None] * len(texts), strict=True
        ):
            spans = [(i, i + 1) for i in range(len(text))]
            values = [(-1) ** i / len(text) for i in range(len(text))]
            explanations.append(
                Explanation.from_values(
                    *(text, spans, values),
                    method=method or "contribution",
                    weights=[1 / len(text)] * len(text),
                    probabilities=dict(zip(self.classes_.tolist(), p.tolist(), strict=True)),
                    target=target,
                    label=label,
                )
            )
        return explanations

    def known_rows(self, texts):
        return None


def load_stand_in():
    from attnpool.cli import arguments

    load = arguments.load_model
    arguments.load_model = lambda path: StandIn() if path == Path("stand-in") else load(path)


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
    load_stand_in()
    found = [outcome(words) for words in asked["commands"]]
    json.dump(found, sys.stdout)
