"""A model on its way into a pipeline's folder or bytes, and out of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attnpool  # what is heavy in it comes when it is used: every pipeline imports this file
from attnpool.errors import InputError
from attnpool.integrations.spacy.library import srsly
from attnpool.sanitize import quoted

_ROOT = "model"  # of the component's bytes: the compact file, or the folder


def read(path: str | Path) -> attnpool.Model:
    """A classifier, wherever `attnpool.load` finds it.

    Args:
        path: A model folder, a compact file, or the address of either on the hub.

    Raises:
        InputError: There is none, it cannot be read, or it is no classifier.
    """
    model = attnpool.load(path)
    if getattr(model, "architecture", None) is not None:
        raise InputError(
            f"{path} is a matcher, which reads pairs of texts; a doc is one text: give a classifier"
        )
    return model


def write(model: Any, path: Path) -> None:
    """Write a compact model as a file, another as a folder without hashes of training texts.

    Args:
        model: The model.
        path: The file or folder; a model of either kind in its place is replaced.

    Raises:
        InputError: Something else stands there, or it cannot be written.
    """
    _check_place(path)
    if path.exists() and path.is_file() != isinstance(model, attnpool.CompactModel):
        _replace(model, path)
    else:
        _save(model, path)


def _save(model: Any, path: Path) -> None:
    from attnpool.runtime import file
    from attnpool.runtime.model import contents

    if isinstance(model, attnpool.CompactModel):
        file.write(path, contents(model))  # its own `save` wants a suffix
    else:
        model.save(path, overwrite=True, hashes=False, with_encoder=True)


def _check_place(path: Path) -> None:
    """Refuse what is no model: it may be somebody's only copy."""
    from attnpool.persistence.atomic import check_writable
    from attnpool.persistence.model_folder import check_target
    from attnpool.runtime.file import is_ours

    if path.is_dir():
        check_target(path, overwrite=True)
    elif path.exists() and not is_ours(path):
        raise InputError(f"{path} exists and is no model of attnpool; choose another place")
    else:
        check_writable(path)


def _replace(model: Any, path: Path) -> None:
    """Put a folder where a file is, or the other way round; the old model stands until then."""
    from attnpool.persistence.atomic import not_written
    from attnpool.persistence.exchange import swap_in
    from attnpool.persistence.unfinished import unfinished

    place = path.resolve()  # a link stays a link; what it names is replaced
    try:
        with unfinished(place) as beside:
            new = beside / _ROOT
            with _renamed({str(new): str(path)}):
                _save(model, new)
            swap_in(new, place, beside)
    except OSError as error:
        raise not_written(path, error) from None


def packed(model: Any) -> bytes:
    """A model as bytes.

    Args:
        model: The model.
    """
    with TemporaryDirectory() as place:
        root = Path(place) / _ROOT
        _save(model, root)
        files = [root] if root.is_file() else sorted(root.iterdir())
        parts = {file.relative_to(place).as_posix(): file.read_bytes() for file in files}
    made: bytes = srsly.msgpack_dumps(parts)
    return made


def unpacked(data: bytes, name: str) -> attnpool.Model:
    """The model that `packed` made bytes of.

    Args:
        data: The bytes.
        name: That of the component, for messages.

    Raises:
        InputError: They hold no model, it cannot be read, or it is no classifier.
    """
    from attnpool.persistence.model_folder import FILES, WEIGHTS

    bytes_of = f"the bytes of {quoted(name)}"
    with TemporaryDirectory() as place:
        root = Path(place) / _ROOT
        parts = {part: root / part for part in FILES}
        allowed = {_ROOT: root, **{f"{_ROOT}/{part}": path for part, path in parts.items()}}
        try:
            for part, content in srsly.msgpack_loads(data).items():
                allowed[part].parent.mkdir(exist_ok=True)
                allowed[part].write_bytes(content)
        except Exception:  # whatever strange bytes give rise to
            raise InputError(f"{bytes_of} hold no model; write them anew") from None
        names = {str(path): f"{part} in {bytes_of}" for part, path in parts.items()}
        with _renamed({**names, str(root): f"the model in {bytes_of}"}):
            model = read(root)
    network = getattr(model, "model_", None)
    if network is not None:  # of a folder; messages of later on name the file of its weights
        network.origin = names[str(parts[WEIGHTS])]
    return model


@contextmanager
def _renamed(names: dict[str, str]) -> Iterator[None]:
    """Within it errors say what the user knows, and not where it lies for the moment.

    Args:
        names: What to call each path; paths within others come before these.
    """
    try:
        yield
    except InputError as error:
        said = str(error)
        for path, known in names.items():
            said = said.replace(path, known)
        raise type(error)(said) from None
