"""What the tests of the readers share: a working folder, files written in it, errors asked for."""

from pathlib import Path

import pytest

from attnpool.data import read
from attnpool.errors import InputError


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a file in a fresh working folder; paths in messages are then relative."""
    monkeypatch.chdir(tmp_path)

    def write_file(name, content, encoding="utf-8"):
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return name

    return write_file


@pytest.fixture
def fails():
    """The one line with which a reading fails."""

    def message(path, **options):
        with pytest.raises(InputError) as caught:
            read(path, **options)
        line = str(caught.value)
        assert line.isprintable(), "the message must be one line without control characters"
        return line

    return message
