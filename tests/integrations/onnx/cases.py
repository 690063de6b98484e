"""Every kind of model as a case: how it is trained, and items to compare it on."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from tests.skips import NO_ONNX

for library in ("onnx", "onnxscript", "onnxruntime"):
    pytest.importorskip(library, reason=NO_ONNX)

from attnpool import TextClassifier, TextMatcher  # noqa: E402

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "onnx_explain.py"
ROWS = {
    "房间干净": "好",
    "服务热情周到": "好",
    "隔音太差": "差",
    "态度恶劣": "差",
    "位置很好很安静": "好",
    "早餐太差了，不会再来": "差",
}
CHINESE = [*ROWS, "", "不知道🙂", "好", " ", "房间干净但是早餐太差"]
ENGLISH_ROWS = {
    "a wonderful film": "good",
    "dull and lifeless": "bad",
    "wonderfully acted films": "good",
    "the dullest of stories": "bad",
}
# With words that no vocabulary knows, some of whose parts are known, some of none.
ENGLISH = [*ENGLISH_ROWS, "unwonderful filmish dullness, filmish", "", "zzz a 蟹 b", "!", "a " * 40]
PAIR_ROWS = [
    ("great film", "wonderful movie", 1),
    ("great film", "dull plot", 0),
    ("the dull film of stories", "zz plot", 1),
    ("怎么还款", "如何还款啊", 0),
]
PAIRS = [
    *((left, right) for left, right, _ in PAIR_ROWS),
    ("", ""),
    ("", "film"),
    ("a film of stories " * 6, "great"),
    ("greatest", "filmish plot"),
]


class Case(NamedTuple):
    """A fitted model, and items of several lengths, some without tokens."""

    model: Any
    items: list[Any]


def chinese(**params: Any) -> Case:
    model = TextClassifier(**{"epochs": 3, "seed": 0, **params})
    return Case(model.fit([*ROWS] * 5, [*ROWS.values()] * 5), CHINESE)


def english(**params: Any) -> Case:
    model = TextClassifier(**{"epochs": 3, "seed": 0, **params})
    return Case(model.fit([*ENGLISH_ROWS] * 6, [*ENGLISH_ROWS.values()] * 6), ENGLISH)


def pairs(architecture: str, **params: Any) -> Case:
    model = TextMatcher(**{"architecture": architecture, "epochs": 2, "seed": 0, **params})
    rows = PAIR_ROWS * 10
    return Case(model.fit([row[:2] for row in rows], [row[2] for row in rows]), PAIRS)


def labels(**params: Any) -> Case:
    names = [f"a {name} film" for name in ENGLISH_ROWS.values()]
    model = TextMatcher(architecture="label", epochs=2, seed=0, **params)
    return Case(model.fit([*ENGLISH_ROWS] * 6, names * 6), ENGLISH)


FOLDED: dict[str, Callable[[], Case]] = {
    "characters": chinese,
    "words": english,
    "three classes": lambda: Case(
        TextClassifier(epochs=3, seed=0).fit([*ROWS] * 5, [1, 2, 3] * 10), CHINESE
    ),
    "no n-grams": lambda: chinese(ngrams=()),
    "2-grams alone": lambda: chinese(ngrams=(2,)),
    "no character n-grams": lambda: english(char_ngrams=()),
    "neither": lambda: english(ngrams=(), char_ngrams=()),
    "one head": lambda: chinese(heads=1),
    "no linear part": lambda: english(linear=False),
    "mean query": lambda: english(pooling="mean_query", heads=1),
    "mean query of characters": lambda: chinese(pooling="mean_query", heads=1, linear=False),
    "sparsemax": lambda: english(normalizer="sparsemax"),
    "entmax15": lambda: chinese(normalizer="entmax15"),
    "jieba": lambda: chinese(tokenizer="jieba"),
    "cleanup": lambda: chinese(cleanup=("html", "bracket-emoji")),
    "a length limit": lambda: english(max_length=3),
}
WHOLE: dict[str, Callable[[], Case]] = {
    "faithful": lambda: english(faithful=True),
    "convolutions": lambda: english(kernel_sizes=(3, 2), residual=True),
    "positions": lambda: english(positions=True),
    "equal length": lambda: chinese(equal_length=True),
    **{
        pool: lambda pool=pool: english(pooling=pool) for pool in ("max", "average", "min_variance")
    },
    **{
        architecture: lambda architecture=architecture: pairs(architecture)
        for architecture in ("siamese", "interaction", "alignment", "triplet")
    },
    "siamese of sparsemax": lambda: pairs("siamese", normalizer="sparsemax", heads=2),
    "siamese of mean query": lambda: pairs("siamese", pooling="mean_query", heads=1),
    "alignment of n-grams": lambda: pairs("alignment", ngrams=(2, 3), char_ngrams=(3, 4)),
    "euclidean": lambda: pairs("triplet", distance="euclidean"),
    "learned": lambda: pairs("triplet", distance="learned"),
    "label": labels,
}


def network(model: Any) -> Any:
    """The network, not folded; a text–label matcher's with its labels."""
    return model._ready()[0] if getattr(model, "architecture", None) == "label" else model.model_


def reference(model: Any, items: list[Any]) -> tuple[np.ndarray, list[np.ndarray], list[Any]]:
    """What torch gives: logits, the weights of each item, and alignments."""
    net = network(model)
    sides = [items] if net.sides == 1 else [[*side] for side in zip(*items, strict=True)]
    tokens = model.reader_([text for side in sides for text in side])
    found = net.run(tokens, weights=True)
    parts = [found.weights[a:b] for a, b in zip(tokens.bounds, tokens.bounds[1:], strict=False)]
    weights = [np.concatenate(parts[i :: len(items)]).T for i in range(len(items))]
    return found.logits, weights, found.alignments or []


def largest(one: np.ndarray, other: np.ndarray) -> float:
    """The largest difference of two arrays of one shape."""
    assert one.shape == other.shape
    return float(np.abs(one - other).max(initial=0))


def explained(*arguments, folder=None):
    """The example in a process in which torch, onnx and onnxscript cannot be imported."""
    code = (
        "import runpy, sys; sys.modules.update(dict.fromkeys(('torch', 'onnx', 'onnxscript'))); "
        "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-c", code, str(EXAMPLE), *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def refused(path):
    """The one line that the example says of a file."""
    ran = explained(path, "a film")
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert len(ran.stderr.splitlines()) == 1, ran.stderr
    assert ran.stderr.startswith("onnx_explain: ")
    return ran.stderr
