"""A program: every path that computes, in processes forked after the parent computed with threads.

It prints one line of JSON: for each path what the child answered, or how it ended.
"""

import json
import multiprocessing
import os
import signal
import sys
from pathlib import Path

import numpy as np
import polars as pl
import torch

import attnpool
from attnpool import InputError, TextClassifier, TextMatcher
from attnpool.data import read

FOLDER, LIMIT = Path(sys.argv[1]), 20
TEXTS = [f"room {i} is clean" if i % 2 else f"noisy bad place {i}" for i in range(200)]
LABELS = ["good" if i % 2 else "bad" for i in range(200)]
METHODS = (
    *("attention", "contribution", "gradient_x_input", "integrated_gradients"),
    *("leave_one_out", "random"),
)
PAIRS = list(zip(TEXTS, TEXTS[1:] + TEXTS[:1], strict=True))

torch.set_num_threads(2)
TextClassifier(epochs=1, dim=16).fit(TEXTS, LABELS).save(FOLDER / "model")
model = attnpool.load(FOLDER / "model")
matcher = TextMatcher(epochs=1, dim=16, architecture="alignment").fit(PAIRS, LABELS)
faithful = TextClassifier(epochs=1, dim=16, faithful=True).fit(TEXTS, LABELS)
for one, items in ((model, TEXTS), (matcher, PAIRS), (faithful, TEXTS)):
    one.predict(items)  # many threads
torch.mm(torch.ones(1000, 1000), torch.ones(1000, 1000))
attnpool.render(model.explain(TEXTS[:2]), format="png")
table = pl.DataFrame({"text": TEXTS, "label": LABELS})
table.write_csv(FOLDER / "rows.csv")
table.write_parquet(FOLDER / "rows.parquet")
read(FOLDER / "rows.parquet")


def values(of, items, method):
    sides = [side for row in of.explain(items, method=method) for side in row.sides]
    return round(float(np.abs(np.concatenate([side.values for side in sides])).sum()), 4)


def saved():
    model.save(FOLDER / f"again-{os.getpid()}")
    return attnpool.load(FOLDER / f"again-{os.getpid()}").predict(TEXTS[:3]).tolist()


PATHS = {
    "predict": lambda: model.predict(TEXTS).tolist(),
    "predict_proba": lambda: model.predict_proba(TEXTS * 20).round(4).sum(0).tolist(),
    "matcher": lambda: matcher.predict(PAIRS).tolist(),
    "series": lambda: model.predict(table["text"]).tolist(),
    **{
        f"{name} {method}": lambda of=of, items=items, method=method: values(of, items, method)
        for name, of, items in (("model", model, TEXTS[:40]), ("faithful", faithful, TEXTS[:40]))
        for method in METHODS
    },
    "matcher contribution": lambda: values(matcher, PAIRS[:40], "contribution"),
    "matcher lcs": lambda: values(matcher, PAIRS[:40], "lcs"),
    "faithfulness": lambda: sorted(model.faithfulness(TEXTS[:5])),
    "report": lambda: len(attnpool.report(model, TEXTS[:20], LABELS[:20])) > 1000,
    "png": lambda: attnpool.render(model.explain(TEXTS[:2]), format="png")[:4].hex(),
    "fit": lambda: TextClassifier(epochs=1, dim=16).fit(TEXTS, LABELS).predict(TEXTS[:5]).tolist(),
    **{
        f"fit {name}": lambda name=name: (
            TextMatcher(epochs=1, dim=16, architecture=name).fit(PAIRS, LABELS).classes_.tolist()
        )
        for name in ("siamese", "triplet")
    },
    "save": saved,
    "csv": lambda: len(read(FOLDER / "rows.csv").labels),
    "parquet": lambda: len(read(FOLDER / "rows.parquet").labels),
    "originals": lambda: len(read(FOLDER / "rows.csv", originals=True).originals["text"]),
    "originals of parquet": lambda: read(FOLDER / "rows.parquet", originals=True).originals.height,
    "frame": lambda: read(FOLDER / "rows.csv", originals=True).originals.to_polars().height,
}

RAISED = (
    *("predict", "predict_proba", "matcher", "fit", "fit siamese", "report"),
    *("model contribution", "model integrated_gradients", "faithful contribution"),
)
"""The paths that are also asked in a child that raises its number of threads again."""


def answer(path):
    """What a path answers, in this process or the next."""
    try:
        return PATHS[path]()
    except InputError as error:
        return f"InputError: {error}"


def forked(path, threads=None):
    """The same in a forked process; how that ended where it did not answer.

    Args:
        path: The path.
        threads: What the child sets torch's number of threads to.
    """
    out, into = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(LIMIT)
        if threads:
            torch.set_num_threads(threads)
        os.write(into, json.dumps(answer(path)).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return json.loads(said) if said else f"ended with {status}"


if __name__ == "__main__":
    found = {path: [answer(path), forked(path)] for path in PATHS}
    with multiprocessing.get_context("fork").Pool(2) as pool:
        found["pool"] = [answer("predict"), pool.map_async(answer, ["predict"]).get(LIMIT)[0]]
    for path in RAISED:
        found[f"{path} with threads"] = [answer(path), forked(path, threads=2)]
    found["threads"] = [2, torch.get_num_threads()]
    json.dump(found, sys.stdout)
