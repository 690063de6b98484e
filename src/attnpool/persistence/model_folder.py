"""Model folders: written whole or not at all, checked when read, no pickle."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from attnpool.errors import InputError
from attnpool.persistence.atomic import check_writable, new_folder, not_written
from attnpool.persistence.atomic import umask as umask
from attnpool.persistence.migration import migrate_config
from attnpool.sanitize import escaped

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

    The old model stands until the new one is whole, and an error leaves it there. Only a process
    that is killed between the two renames leaves it beside the place, as `.attnpool-….old`.

    Raises:
        InputError: As `check_target`, or the place cannot be written.
    """
    check_target(path, overwrite=overwrite)
    named, path = path, path.resolve()  # a link stays a link; what it names is replaced
    try:
        new = new_folder(path)
    except OSError as error:
        raise not_written(named, error) from None
    old = new.with_name(new.name + ".old")
    try:
        fill(new)
        new.chmod(0o777 & ~umask())
        if path.exists():
            path.rename(old)
        new.rename(path)
    except BaseException as error:
        if old.exists() and not path.exists():
            old.rename(path)
        shutil.rmtree(new, ignore_errors=True)
        if isinstance(error, OSError | SafetensorError):
            raise not_written(named, error) from None
        raise
    shutil.rmtree(old, ignore_errors=True)
    _log.info("wrote the model %s", escaped(str(named)))


def write_config(folder: Path, config: Mapping[str, Any]) -> None:
    """Write `config.json` with the format version and the digests of the files it speaks of."""
    sealed = (*_SEALED, *((KNOWN,) if (folder / KNOWN).exists() else ()))
    digests = {name: _digest(folder / name) for name in sealed}
    form = {"format_version": FORMAT_VERSION, **config, "sha256": digests}
    write_json(folder / CONFIG, form)


def check_model(path: Path) -> None:
    """Refuse what is no model folder.

    Raises:
        InputError: It is none.
    """
    if not path.exists():
        raise InputError(f"{path}: no such model folder")
    if not is_model(path):
        raise InputError(f"{path} is not a model folder: it has no {CONFIG} of attnpool")


def read_config(path: Path) -> dict[str, Any]:
    """Read and check a model folder's `config.json`.

    Raises:
        InputError: There is no model, a part is missing, cut short or changed, or a newer
            version of attnpool wrote it.
    """
    check_model(path)
    try:
        config: dict[str, Any] = json.loads((path / CONFIG).read_text(encoding="utf-8"))
        version, digests = config["format_version"], config["sha256"]
        if isinstance(version, int) and version > FORMAT_VERSION:
            raise InputError(
                f"{path}: format version {version} is newer than {FORMAT_VERSION}, the newest "
                "this attnpool reads; upgrade attnpool"
            )
        for name in (*_SEALED, *((KNOWN,) if KNOWN in digests else ())):
            if not (path / name).is_file():
                raise InputError(f"{path / name} is missing; copy the model again or retrain it")
            if _digest(path / name) != digests[name]:
                raise InputError(
                    f"{path / name} is cut short or was changed after it was saved; "
                    "copy the model again or retrain it"
                )
        config = migrate_config(config)
    except (ValueError, KeyError, TypeError, OSError, AttributeError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise damaged(path) from None
    return config


def damaged(path: Path) -> InputError:
    """What to say of a model whose `config.json` makes no sense."""
    return InputError(f"{path / CONFIG} is damaged; copy the model again or retrain it")


def write_json(path: Path, form: Mapping[str, Any]) -> None:
    """Write `form` for people and programs to read."""
    text = json.dumps(form, ensure_ascii=False, indent=2, allow_nan=False, default=plain)
    path.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """Read what `write_json` wrote.

    Raises:
        InputError: It is missing or damaged.
    """
    try:
        form: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise damaged_part(path) from None
    return form


def damaged_part(path: Path) -> InputError:
    """What to say of a file of a model that is not there, or makes no sense.

    Args:
        path: The file.
    """
    return InputError(f"{path} is missing or damaged; copy the model again or retrain it")


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
        head = (path / CONFIG).read_bytes()[:64]
    except OSError:
        return False
    return re.match(rb'\s*\{\s*"format_version": \d+,\s*"kind": "\w+",', head) is not None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
