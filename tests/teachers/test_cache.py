"""Vectors are kept while a teacher reads, and read once."""

import os
import shutil
import signal
import stat
from collections import namedtuple

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tests.teachers.samples import CLASSES, by_words, ignore

from attnpool import InputError
from attnpool.teachers import open_teacher
from attnpool.teachers.cache import vectors_of

TEXTS = [f"a {'good' if i % 3 else 'bad'} text {i}" for i in range(300)]


class Reader:
    """A teacher that remembers what it was asked, and may fail after some texts."""

    def __init__(self, fails_after=None, factor=1):
        self.seen, self.fails_after, self.factor = [], fails_after, factor

    def __call__(self, texts):
        if self.fails_after is not None and len(self.seen) >= self.fails_after:
            raise KeyboardInterrupt
        self.seen += [text for text in texts if text in TEXTS]
        return self.factor * by_words(texts)


def read(reader, texts, folder, advance=ignore):
    return vectors_of(open_teacher(reader, CLASSES), texts, advance, folder)


def test_a_run_that_was_interrupted_goes_on(tmp_path):
    folder = tmp_path / "vectors"
    first = Reader(fails_after=200)
    with pytest.raises(KeyboardInterrupt):
        read(first, TEXTS, folder)
    kept = len(first.seen) // 128 * 128
    assert kept
    steps, second = [], Reader()
    vectors = read(second, TEXTS, folder, steps.append)
    assert len(second.seen) == len(TEXTS) - kept
    assert not {*second.seen} & {*first.seen[:kept]}
    assert sum(steps) == len(TEXTS)
    assert np.array_equal(vectors, by_words(TEXTS).astype(np.float32))
    third = Reader()
    assert np.array_equal(read(third, [*TEXTS[50:], "bad"], folder)[:-1], vectors[50:])
    assert third.seen == []
    assert not list(folder.glob(".*"))  # nothing half-written


def test_equal_texts_are_read_once_with_a_cache_and_without(tmp_path):
    for folder in (None, tmp_path / "vectors"):
        steps, reader = [], Reader()
        vectors = read(reader, [TEXTS[0], TEXTS[1], TEXTS[0]], folder, steps.append)
        assert (sorted(reader.seen), sum(steps)) == ([TEXTS[0], TEXTS[1]], 3)
        assert np.array_equal(vectors[0], vectors[2])


def test_another_teacher_of_the_same_name_has_vectors_of_its_own(tmp_path):
    read(Reader(), TEXTS[:5], tmp_path)
    other = Reader(factor=2)
    assert np.array_equal(read(other, TEXTS[:5], tmp_path), 2 * by_words(TEXTS[:5]))
    assert len(other.seen) == 5


@pytest.mark.parametrize("damage", [b"", b"no safetensors", None])
def test_a_damaged_file_is_read_anew(tmp_path, damage):
    vectors = read(Reader(), TEXTS, tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:-100] if damage is None else damage)
    again = Reader()
    assert np.array_equal(read(again, TEXTS, tmp_path), vectors)
    assert len(again.seen) == len(TEXTS)


@pytest.mark.parametrize(
    "vectors",
    [
        torch.full((2, 2), float("nan")),
        torch.zeros(2, 2, dtype=torch.bfloat16),
        torch.zeros(2, 2, dtype=torch.float64),
        torch.zeros(2, 2, dtype=torch.float8_e4m3fn),
        torch.zeros(()),
        torch.zeros(2),
        torch.zeros(2, 3),
    ],
    ids=str,
)
def test_a_file_of_other_numbers_is_read_anew(tmp_path, vectors):
    right = read(Reader(), ["a", "b"], tmp_path)
    (file,) = tmp_path.glob("*.safetensors")
    keys = load_file(file)["keys"]
    save_file({"keys": keys, "vectors": vectors}, file)
    np.testing.assert_array_equal(read(Reader(), ["a", "b"], tmp_path), right)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes have names here")
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path):
    right = read(Reader(), ["a", "b"], tmp_path)
    (file,) = tmp_path.glob("*.safetensors")
    file.unlink()
    os.mkfifo(file)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(20)  # what waits is killed
    try:
        np.testing.assert_array_equal(read(Reader(), ["a", "b"], tmp_path), right)
    finally:
        signal.alarm(0)
    assert file.is_file()


def test_others_may_read_the_files_as_any_other(tmp_path):
    """A folder may be shared by those who train with one teacher."""
    (tmp_path / "any").touch()
    read(Reader(), ["a"], tmp_path / "vectors")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()}
    assert len(modes) == 1


def test_a_lone_surrogate_has_a_key(tmp_path):
    for _ in "ab":
        assert read(Reader(), ["good \ud800"], tmp_path).shape == (1, 6)


def test_vectors_without_room_are_one_line_before_any_is_read(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage(1, 1, 5000))
    reader = Reader()
    with pytest.raises(InputError, match=r"of 300 texts take 12 kB, and 5 kB are free"):
        read(reader, TEXTS, tmp_path / "vectors")
    assert reader.seen == []
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "vectors", tmp_path / ("a" * 300)):
        with pytest.raises(InputError, match="cannot keep the teacher's vectors there") as error:
            read(reader := Reader(), TEXTS, folder)
        assert reader.seen == []
        assert "\n" not in str(error.value)


def test_vectors_of_all_texts_are_not_kept(tmp_path):
    vectors_of(open_teacher("lsa", CLASSES), TEXTS, ignore, tmp_path)
    assert list(tmp_path.iterdir()) == []
