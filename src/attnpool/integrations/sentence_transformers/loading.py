"""`load`: a saved model whose folder may name the library's classes and ours, and no others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from attnpool.encoders.opening import CODE
from attnpool.errors import InputError
from attnpool.integrations.sentence_transformers.library import (
    Module,
    SentenceTransformer,
    import_from_string,
)
from attnpool.integrations.sentence_transformers.pooling import AttentionPooling
from attnpool.integrations.sentence_transformers.reading import read_json
from attnpool.sanitize import one_line, quoted

_THEIRS = "sentence_transformers."
_PACKAGE = "attnpool.integrations.sentence_transformers"
_OURS = {
    f"{_PACKAGE}.AttentionPooling": AttentionPooling,
    f"{_PACKAGE}.pooling.AttentionPooling": AttentionPooling,
}
_SHOWN = 200  # characters
_CONFIGS = ("config.json", "sentence_*_config.json")
_STORED = ["*.json", "*.safetensors", "*.txt", "*.model", "README.md"]


def load(
    source: str | os.PathLike[str],
    *,
    device: str | None = None,
    download: bool = False,
    revision: str | None = None,
) -> SentenceTransformer:
    """Open a saved model with `AttentionPooling`; no code of the folder is run.

    `SentenceTransformer(folder)` refuses classes that are not its own unless it may run any code
    that the folder names or holds. Here the folder may name the classes of
    sentence-transformers and `AttentionPooling`, and weights are read from safetensors alone.

    Args:
        source: The folder that `model.save` wrote; or a name of the hub, which is looked up among
            what is stored here.
        device: Where it computes; default: the best there is.
        download: Whether a name that is not stored here may be downloaded.
        revision: The revision of a name; default: the newest.

    Returns:
        The model in evaluation mode.

    Raises:
        InputError: There is no such model, the folder names other classes, has pickled weights
            alone, or is damaged.
    """
    name = os.fspath(source)
    folder, shown = _folder(name, download=download, revision=revision), quoted(name, _SHOWN)
    _check_modules(folder, shown)
    _check_no_code(folder, shown)
    _check_no_pickle(folder, shown)
    try:
        model: SentenceTransformer = SentenceTransformer._load_with_module_classes(
            str(folder),
            _OURS,
            device=device,
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except InputError:
        raise
    except Exception as error:  # whatever a damaged folder raises in another library
        reason = one_line(str(error) or type(error).__name__)[:_SHOWN]
        raise InputError(
            f"{shown} cannot be read by sentence-transformers: {reason}; give the folder that "
            "model.save wrote"
        ) from None
    return model.eval()


def _folder(name: str, *, download: bool, revision: str | None) -> Path:
    if name.strip() and Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download

    try:
        return Path(
            snapshot_download(
                name, revision=revision, local_files_only=not download, allow_patterns=_STORED
            )
        )
    except Exception as error:  # whatever the hub's library raises
        how = one_line(str(error) or type(error).__name__)[:_SHOWN] if download else "not stored"
        what = "" if download else ", or allow the download (download=True)"
        raise InputError(
            f"{quoted(name, _SHOWN)}: no such folder, and no model of the hub ({how}); give the "
            f"folder that model.save wrote{what}"
        ) from None


def _check_modules(folder: Path, shown: str) -> None:
    """Refuse classes of others, before anything is imported."""
    listed = f"modules.json in {shown}"
    form = read_json(folder / "modules.json", listed)
    if (
        not form
        or not isinstance(form, list)
        or not all(isinstance(one, dict) and isinstance(one.get("type"), str) for one in form)
    ):
        raise InputError(f"{listed} is no list of modules; give the folder that model.save wrote")
    for one in form:
        if one["type"] not in _OURS and not one["type"].startswith(_THEIRS):
            raise InputError(
                f"{listed} names the class {quoted(one['type'], _SHOWN)}, which is neither of "
                "sentence-transformers nor of attnpool and is not imported; to run the code of "
                "others, open it with SentenceTransformer(..., trust_remote_code=True)"
            )
    for one in form:
        if one["type"] not in _OURS and not _is_module(one["type"]):
            raise InputError(
                f"{listed} names {quoted(one['type'], _SHOWN)}, which is no module of the "
                "installed sentence-transformers; give the folder that model.save wrote"
            )
        path = one.get("path")
        if not isinstance(path, str) or Path(path).is_absolute() or ".." in Path(path).parts:
            raise InputError(
                f"{listed} has {quoted(str(path))} as a path; give the folder that model.save wrote"
            )


def _is_module(name: str) -> bool:
    """Whether a dotted name is a module's class of theirs, not what such a file imports."""
    try:
        found: Any = import_from_string(name)
    except Exception:
        return False
    own = isinstance(found, type) and found.__module__.startswith(_THEIRS)
    return own and issubclass(found, Module)


def _check_no_code(folder: Path, shown: str) -> None:
    """Refuse configurations that ask for kernels from elsewhere: transformers would fetch them."""
    # Of parts of a module too, as those of a Router.
    for path in sorted(p for name in _CONFIGS for p in folder.rglob(name)):
        where = quoted(str(path.relative_to(folder)), _SHOWN)
        if foreign := _foreign(read_json(path, f"{where} in {shown}")):
            raise InputError(
                f"{shown} asks for code from elsewhere ({foreign}), which is not run; give a "
                "model that names none"
            )


def _foreign(form: Any) -> str | None:
    if isinstance(form, list):
        return next(filter(None, map(_foreign, form)), None)
    if not isinstance(form, dict):
        return None
    named = (name for name in CODE if "/" in str(form.get(name, "")))
    return next(named, None) or _foreign([*form.values()])


def _check_no_pickle(folder: Path, shown: str) -> None:
    for path in sorted(folder.rglob("*.bin")):
        safe = path.with_suffix(".safetensors").name.replace("pytorch_model", "model")
        if (
            path.name in ("pytorch_model.bin", "adapter_model.bin")
            and not (path.parent / safe).exists()
        ):
            raise InputError(
                f"{shown} has pickled weights alone ({quoted(path.name)}), which are not read; "
                "save the model again with safetensors"
            )
