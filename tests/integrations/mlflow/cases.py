"""Every kind of model as a case, with items to answer; MLflow is told to send nothing."""

import os
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from tests.skips import NO_MLFLOW

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
pytest.importorskip("mlflow.pyfunc", reason=NO_MLFLOW)  # which warns of itself
mlflow = pytest.importorskip("mlflow")

import pandas as pd  # noqa: E402

import attnpool  # noqa: E402
from attnpool import TextClassifier, TextMatcher  # noqa: E402

ROWS = {
    "房间干净": "好",
    "服务热情周到": "好",
    "隔音太差": "差",
    "态度恶劣": "差",
    "位置很好很安静": "好",
    "早餐太差了，不会再来": "差",
}
TEXTS = [*ROWS, "", "不知道🙂", "好\ud800", "\x1b[31m房间"]
PAIR_ROWS = [
    ("great film", "wonderful movie", 1),
    ("great film", "dull plot", 0),
    ("the dull film of stories", "zz plot", 1),
    ("怎么还款", "如何还款啊", 0),
]
PAIRS = [*((left, right) for left, right, _ in PAIR_ROWS), ("", ""), ("", "film")]


class Case(NamedTuple):
    """A trained model and items that it answers."""

    model: Any
    items: list[Any]

    @property
    def table(self) -> pd.DataFrame:
        """The items as MLflow takes them."""
        names = ["text"] if isinstance(self.items[0], str) else ["left", "right"]
        return pd.DataFrame(self.items, columns=names)


def classifier(labels: Any = None, **params: Any) -> Case:
    model = TextClassifier(**{"epochs": 3, "seed": 0, **params})
    return Case(model.fit([*ROWS] * 5, (labels or [*ROWS.values()]) * 5), TEXTS)


def matcher(architecture: str) -> Case:
    model = TextMatcher(architecture=architecture, epochs=2, seed=0)
    rows = PAIR_ROWS * 10
    return Case(model.fit([row[:2] for row in rows], [row[2] for row in rows]), PAIRS)


def labels() -> Case:
    names = [f"{name}的评论" for name in ROWS.values()]
    model = TextMatcher(architecture="label", epochs=2, seed=0)
    return Case(model.fit([*ROWS] * 5, names * 5), TEXTS)


def compact(case: Case, folder: Any) -> Case:
    """The same as a file that needs no torch."""
    case.model.export(folder / "compact.safetensors")
    return Case(attnpool.load(folder / "compact.safetensors"), case.items)


CASES: dict[str, Callable[[], Case]] = {
    "classifier": classifier,
    "whole numbers": lambda: classifier([1, 2, 3] * 2),
    "numbers": lambda: classifier([0.5, 1.5, 2.5] * 2),
    "yes and no": lambda: classifier([True, False] * 3),
    "jieba": lambda: classifier(tokenizer="jieba"),
    "no contributions": lambda: classifier(pooling="max"),
    **{
        name: lambda name=name: matcher(name)
        for name in ("siamese", "interaction", "alignment", "triplet")
    },
    "label": labels,
}
COMPACT = ("classifier", "whole numbers", "jieba", "siamese")
