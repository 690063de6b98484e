"""All contenders, by the names that tables and processes know them by."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.speed.contender import Contender
from benchmarks.speed.contenders.fasttext import FastText
from benchmarks.speed.contenders.keras import Keras
from benchmarks.speed.contenders.ours import PLAINER, Ours
from benchmarks.speed.contenders.tfidf import Tfidf
from benchmarks.speed.contenders.twin import Twin

OURS = "attnpool"
OURS_ALONE = "attnpool, attention alone"
TWIN = "the same in plain PyTorch"
FUSED = "the same in plain PyTorch, fused AdamW"
OURS_PLAINER = "attnpool, plainer shape"
TWIN_PLAINER = "plainer shape in plain PyTorch"
KERAS = Keras.name
FASTTEXT = FastText.name
TFIDF = Tfidf.name

CONTENDERS: dict[str, Callable[[], Contender]] = {
    OURS: lambda: Ours(OURS),
    OURS_ALONE: lambda: Ours(OURS_ALONE, linear=False),
    TWIN: lambda: Twin(TWIN),
    FUSED: lambda: Twin(FUSED, fused=True),
    OURS_PLAINER: lambda: Ours(OURS_PLAINER, **PLAINER),
    TWIN_PLAINER: lambda: Twin(TWIN_PLAINER, **PLAINER),
    KERAS: Keras,
    FASTTEXT: FastText,
    TFIDF: Tfidf,
}


def ready() -> list[str]:
    """The contenders whose library is there; a line for each that is left out."""
    names = []
    for name, make in CONTENDERS.items():
        if make().ready():
            names.append(name)
        else:
            print(f"left out: {name}, for want of {make().library}", flush=True)
    return names
