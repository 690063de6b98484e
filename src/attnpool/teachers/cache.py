"""Vectors of texts kept in a folder while a teacher reads: what was read before a kill stays."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from attnpool.errors import InputError
from attnpool.files.tensors import check_size
from attnpool.sanitize import counted, printable, quoted
from attnpool.teachers.teacher import Advance, Teacher, Vectors

_CHUNK = 128  # texts per file, so per kill lost at most
_KEY = 16  # bytes
_SPARE = 2**20  # bytes for what is in the files besides vectors
_PROBE = "attnpool 文本 1"


def vectors_of(
    teacher: Teacher, texts: Sequence[str], advance: Advance, cache: Path | None = None
) -> np.ndarray:
    """The teacher's vectors of the texts; equal texts are read once.

    Args:
        teacher: One that gives vectors.
        texts: The texts.
        advance: Told how many more texts are done, those of the cache included.
        cache: A folder for the vectors; it is made when the first are written. None: kept nowhere.

    Returns:
        (texts, dimensions) float32.

    Raises:
        InputError: The folder cannot be written, the disk has no room for all vectors, or the
            teacher gave none.
    """
    read = teacher.vectors
    if read is None:
        raise InputError(f"teacher {quoted(teacher.name)} gives no vectors")
    places: dict[str, int] = {}
    rows = [places.setdefault(text, len(places)) for text in texts]
    distinct = list(places)
    advance(len(texts) - len(distinct))
    if cache is None or teacher.of_all_texts or not distinct:
        return read(distinct, advance)[rows]
    return _Cache(cache, teacher.name, read).vectors(distinct, advance)[rows]


class _Cache:
    """The files of one teacher, which is known by its name and by its vector of one text."""

    def __init__(self, folder: Path, name: str, read: Vectors) -> None:
        self._folder, self._read = folder, read
        probe = read([_PROBE], lambda _: None)
        self._dim = probe.shape[1]
        digest = blake2b(name.encode(), digest_size=_KEY)
        digest.update(np.ascontiguousarray(probe, dtype="<f4").tobytes())
        self._teacher = digest.digest()

    def vectors(self, texts: list[str], advance: Advance) -> np.ndarray:
        keys = [self._key(text) for text in texts]
        vectors = np.zeros((len(texts), self._dim), dtype=np.float32)
        places = {key: i for i, key in enumerate(keys)}
        missing = np.ones(len(texts), dtype=bool)
        for found, kept in self._files():
            for key, vector in zip(found, kept, strict=True):
                if (i := places.get(key)) is not None:
                    vectors[i], missing[i] = vector, False
        advance(len(texts) - int(missing.sum()))
        # Texts of like length together, so that little of a batch is padding.
        left = sorted(np.flatnonzero(missing).tolist(), key=lambda i: -len(texts[i]))
        if left:
            self._make_room(len(left))
        for start in range(0, len(left), _CHUNK):
            rows = left[start : start + _CHUNK]
            vectors[rows] = self._read([texts[i] for i in rows], advance)
            self._write([keys[i] for i in rows], vectors[rows])
        return vectors

    def _key(self, text: str) -> bytes:
        # Of the text as the teacher reads it: lone surrogates have no UTF-8.
        return blake2b(printable(text).encode(), digest_size=_KEY, key=self._teacher).digest()

    def _files(self) -> list[tuple[list[bytes], np.ndarray]]:
        """Keys and vectors of each file; one that is damaged or of another teacher is passed by."""
        read = []
        try:
            paths = sorted(self._folder.glob(f"{self._teacher.hex()}-*.safetensors"))
        except OSError as error:
            raise self._refused(error) from None
        for path in paths:
            try:
                check_size(path)
                tensors = load_file(path)
                keys, vectors = tensors["keys"], tensors["vectors"]
            # A type of numbers that numpy lacks is a TypeError or an AttributeError.
            except (OSError, SafetensorError, KeyError, ValueError, TypeError, AttributeError):
                continue
            if (
                vectors.shape[1:] == (self._dim,)
                and keys.shape == (len(vectors), _KEY)
                and keys.dtype == np.uint8
                and vectors.dtype == np.float32
                and np.isfinite(vectors).all()
            ):
                read.append(([bytes(key) for key in keys], vectors))
        return read

    def _write(self, keys: list[bytes], vectors: np.ndarray) -> None:
        name = blake2b(b"".join(keys), digest_size=_KEY).hexdigest()
        path = self._folder / f"{self._teacher.hex()}-{name}.safetensors"
        part = self._folder / f".attnpool-{token_hex(8)}"
        numbers = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, _KEY)
        try:
            # By Python, whose files have the permissions of any: others may share the folder.
            part.write_bytes(save({"keys": numbers, "vectors": np.ascontiguousarray(vectors)}))
            part.replace(path)
        except OSError as error:
            raise self._refused(error) from None
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def _make_room(self, texts: int) -> None:
        """Make the folder, or refuse one that has no room, before any text is read."""
        needed = texts * (self._dim * 4 + _KEY)
        place = self._folder if self._folder.exists() else self._folder.parent
        try:
            free = shutil.disk_usage(place).free
            if needed + _SPARE > free:
                raise InputError(
                    f"{self._folder}: the teacher's vectors of {counted(texts, 'text')} take "
                    f"{_size(needed)}, and {_size(free)} are free there; free some, or "
                    "give fewer unlabelled texts"
                )
            self._folder.mkdir(exist_ok=True)
        except OSError as error:
            raise self._refused(error) from None

    def _refused(self, error: Exception) -> InputError:
        reason = getattr(error, "strerror", None) or "the system refused"
        return InputError(
            f"{self._folder}: cannot keep the teacher's vectors there: {reason}; "
            "choose another place"
        )


def _size(size: int) -> str:
    for unit, of in (("GB", 1e9), ("MB", 1e6)):
        if size >= of:
            return f"{size / of:,.1f} {unit}"
    return f"{size / 1e3:,.0f} kB"
