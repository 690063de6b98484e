"""Model folders: written whole or not at all, checked when read, no pickle."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from attnpool.errors import InputError
from attnpool.files.ordinary import (
    open_ordinary,
    read_head,
    read_ordinary,
    size_of,
    too_large,
)
from attnpool.files.strict_json import strict_json
from attnpool.files.tensors import check_size
from attnpool.persistence.atomic import check_writable, not_written, sync
from attnpool.persistence.exchange import move_new, swap_in
from attnpool.persistence.migration import migrate_config
from attnpool.persistence.unfinished import former, unfinished
from attnpool.sanitize import escaped, shortened

_log = logging.getLogger(__name__)

FORMAT_VERSION = 5
CONFIG = "config.json"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
METRICS = "metrics.json"
KNOWN = "known_texts.safetensors"
CARD = "README.md"
FILES = (CONFIG, WEIGHTS, TOKENIZER, METRICS, KNOWN, CARD)
_SEALED = (WEIGHTS, TOKENIZER, METRICS)
_TENSORS = ".safetensors"
_MOST_BYTES = 256 << 20  # of a JSON file; a file of tensors says itself how large it is
_HEAD = 64  # bytes by which a model is known
_SHOWN = 80  # characters of what makes no sense


def check_target(path: Path, *, overwrite: bool) -> None:
    """Refuse a place where a model must not be written.

    Raises:
        InputError: The path holds something that is not a model, holds a model and `overwrite` is
            False, or cannot be written.
    """
    check_writable(path)
    if not (path.exists() or path.is_symlink()):
        return
    if not is_model(path):
        raise InputError(f"{path} exists and is not a model; choose another place")
    if others := sorted({p.name for p in path.iterdir()} - set(FILES)):
        raise InputError(f"{path} also holds {others[0]}, which is no part of a model; move it")
    if not overwrite:
        raise InputError(f"{path} exists; pass --overwrite (overwrite=True) to replace it")


def write_folder(path: Path, fill: Callable[[Path], None], *, overwrite: bool) -> None:
    """Let `fill` write into a new folder beside `path`, then swap it in.

    A model that is replaced stands until the new one is whole and on the disk. Then the two are
    exchanged in one step, so that there is a model at `path` at every moment. Where the file
    system cannot exchange (network file systems, other systems than Linux), there are two steps: a
    process that is killed between them leaves no model there, and the old one beside it as
    `.attnpool-….former`; `check_model` names it, and the next run to the same place puts it back,
    but for Windows and file systems without locks. The new folder has the permissions of the old.

    Raises:
        InputError: As `check_target`, or the place cannot be written.
    """
    check_target(path, overwrite=overwrite)
    named, path = path, path.resolve()  # a link stays a link; what it names is replaced
    try:
        with unfinished(path) as new:
            fill(new)
            sync(new)
            if overwrite and path.exists():
                swap_in(new, path, new)
            else:
                move_new(new, path)
                sync(path.parent, within=False)
    except (OSError, SafetensorError) as error:
        # Another run to the same place was faster.
        if getattr(error, "errno", None) in (errno.EEXIST, errno.ENOTEMPTY) and path.exists():
            raise InputError(
                f"{named} exists by now; pass --overwrite (overwrite=True) to replace it"
            ) from None
        raise not_written(named, error) from None
    _log.info("wrote the model %s", escaped(str(named)))


def write_config(folder: Path, config: Mapping[str, Any]) -> None:
    """Write `config.json`: the format version, sizes and digests of all, and of itself.

    Raises:
        InputError: It, or another file, is larger than what is read again.
    """
    sealed = (*_SEALED, *((KNOWN,) if (folder / KNOWN).exists() else ()))
    sizes = {name: (folder / name).stat().st_size for name in sealed}
    digests = {name: _digest(folder / name) for name in sealed}
    form = {"format_version": FORMAT_VERSION, **config, "bytes": sizes, "sha256": digests}
    # As it is read again: with lists in place of tuples, and names that are strings.
    digests[CONFIG] = _own_digest(json.loads(_text(form)))
    write_json(folder / CONFIG, form)
    sizes[CONFIG] = (folder / CONFIG).stat().st_size
    for name, size in sizes.items():
        if not name.endswith(_TENSORS) and size > _MOST_BYTES:
            raise InputError(f"{name} would take {size:,} bytes, more than a model may; use less")


def check_model(path: Path) -> None:
    """Refuse what is no model folder.

    Raises:
        InputError: It is none.
    """
    if not path.exists():
        left = former(path)
        hint = f"; a run that was killed left it as {left}: rename that" if left else ""
        raise InputError(f"{path}: no such model folder{hint}")
    if not is_model(path):
        raise _no_model(path)


def _no_model(path: Path) -> InputError:
    """What to say of a place that is none: what is wrong with its `config.json`, if it has one."""
    place = path / CONFIG
    try:
        read_head(place, _HEAD)
        large = size_of(place) > _MOST_BYTES
    except (FileNotFoundError, NotADirectoryError):
        if place.is_symlink():
            return damaged_part(place, "a link to nothing")
        return InputError(f"{path} is not a model folder: it has no {CONFIG}")
    except OSError as error:
        return _unread(place, error)
    if large:
        return _unread(place, too_large(place, _MOST_BYTES))
    return InputError(f"{path} is not a model folder: its {CONFIG} is not one of attnpool")


def read_config(path: Path) -> dict[str, Any]:
    """Read and check a model folder's `config.json`.

    Raises:
        InputError: There is no model, a part is missing, cut short or changed, or a newer
            version of attnpool wrote it.
    """
    check_model(path)
    try:
        config: dict[str, Any] = strict_json(read_ordinary(path / CONFIG, _MOST_BYTES))
        version, digests = config["format_version"], config["sha256"]
        if type(version) is not int or version < 1:
            raise ValueError("format_version")
        if version > FORMAT_VERSION:
            raise InputError(
                f"{path}: format version {min(version, 10**9)} is newer than {FORMAT_VERSION}, "
                "the newest this attnpool reads; upgrade attnpool"
            )
        if CONFIG in digests and digests[CONFIG] != _own_digest(config):
            raise _changed(path / CONFIG)
        for name in (*_SEALED, *((KNOWN,) if KNOWN in digests else ())):
            # Models of earlier versions state no sizes.
            _check_sealed(path / name, digests[name], config.get("bytes", {}).get(name))
        config = migrate_config(config)
    except OSError as error:
        raise _unread(path / CONFIG, error) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise damaged(path, error) from None
    return config


def _check_sealed(path: Path, digest: str, size: int | None) -> None:
    """Refuse a file that is not what it was; a wrong size alone tells, and takes no time."""
    try:
        found = size_of(path)
        if size not in (None, found):
            raise _changed(path)
        if path.suffix == _TENSORS:
            if size is None or found > _MOST_BYTES:  # the size that is stated may be made up too
                check_size(path)
        elif found > _MOST_BYTES:
            raise _changed(path)
        if _digest(path) != digest:
            raise _changed(path)
    except FileNotFoundError:
        raise InputError(f"{path} is missing; copy the model again or retrain it") from None
    except OSError as error:
        raise _unread(path, error) from None
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise _changed(path) from None


def _changed(path: Path) -> InputError:
    return InputError(
        f"{path} is cut short or was changed after it was saved; copy the model again or retrain it"
    )


def _unread(path: Path, error: OSError) -> InputError:
    return InputError(
        f"{path} cannot be read: {error.strerror or error}; copy the model again or retrain it"
    )


def damaged(path: Path, error: Exception | None = None) -> InputError:
    """What to say of a model whose `config.json` makes no sense.

    Args:
        path: The model.
        error: What showed it; a `ValueError` says what makes none.
    """
    what = shortened(str(error), _SHOWN) if isinstance(error, ValueError) else ""
    why = f" ({what})" if what else ""
    return InputError(f"{path / CONFIG} is damaged{why}; copy the model again or retrain it")


def write_json(path: Path, form: Mapping[str, Any]) -> None:
    """Write `form` for people and programs to read."""
    path.write_text(_text(form) + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """Read what `write_json` wrote.

    Raises:
        InputError: It is missing or damaged.
    """
    try:
        form: dict[str, Any] = strict_json(read_ordinary(path, _MOST_BYTES))
    except (OSError, ValueError):
        raise damaged_part(path) from None
    return form


def damaged_part(path: Path, what: str = "") -> InputError:
    """What to say of a file of a model that is not there, or makes no sense.

    Args:
        path: The file.
        what: What makes none.
    """
    wrong = f"is damaged ({shortened(what, _SHOWN)})" if what else "is missing or damaged"
    return InputError(f"{path} {wrong}; copy the model again or retrain it")


def plain(value: Any) -> Any:
    """Python's own number for one of numpy's, which parameter searches hand over.

    Args:
        value: What JSON does not know.

    Raises:
        TypeError: It is no number of numpy's.
    """
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"config.json cannot hold {type(value).__name__}")


def is_model(path: Path) -> bool:
    """Whether `write_config` wrote what stands there, be it damaged since."""
    try:
        head = read_head(path / CONFIG, _HEAD)
    except OSError:
        return False
    return re.match(rb'\s*\{\s*"format_version": \d+,\s*"kind": "\w+",', head) is not None


def _text(form: Mapping[str, Any]) -> str:
    return json.dumps(form, ensure_ascii=False, indent=2, allow_nan=False, default=plain)


def _own_digest(config: Mapping[str, Any]) -> str:
    """The digest of all that a `config.json` says, but for itself; its layout does not count."""
    others = {name: digest for name, digest in config["sha256"].items() if name != CONFIG}
    text = json.dumps({**config, "sha256": others}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(path: Path) -> str:
    with open_ordinary(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
