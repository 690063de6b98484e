"""`load`: a saved model whose folder may name the library's classes and ours, and no others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from attnpool.errors import InputError
from attnpool.files.paths import checked_path
from attnpool.integrations.sentence_transformers.checking import OURS, check_folder
from attnpool.integrations.sentence_transformers.library import SentenceTransformer
from attnpool.sanitize import quoted, shortened

_SHOWN = 200  # characters
_STORED = ["*.json", "*.safetensors", "*.txt", "*.model", "README.md"]


def load(
    source: str | os.PathLike[str],
    *,
    device: str | None = None,
    download: bool = False,
    revision: str | None = None,
) -> SentenceTransformer:
    """Open a saved model with `AttentionPooling`; no code that the folder names or holds is run.

    `SentenceTransformer(folder)` refuses classes that are not its own unless it may run any code
    that the folder names or holds. Here the folder may name modules of sentence-transformers and
    `AttentionPooling`, and weights are read from safetensors alone. It must be whole: a folder
    that names kernels, an adapter or another model is refused, and so is one whose configuration
    gives transformers other arguments than those that are known to name none.

    Args:
        source: The folder that `model.save` wrote; or a name of the hub, which is looked up among
            what is stored here.
        device: Where it computes; default: the best there is.
        download: Whether a name that is not stored here may be downloaded.
        revision: The revision of a name; default: the newest.

    Returns:
        The model in evaluation mode.

    Raises:
        InputError: There is no such model, the folder names other classes, kernels, an adapter or
            another model, has pickled weights alone, or is damaged.
    """
    name = _name(source)
    folder, shown = _folder(name, download=download, revision=revision), quoted(name, _SHOWN)
    check_folder(folder, shown)
    try:
        model: SentenceTransformer = SentenceTransformer._load_with_module_classes(
            str(folder),
            OURS,
            device=device,
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except InputError:
        raise
    except Exception as error:  # whatever a damaged folder raises in another library
        reason = shortened(str(error) or type(error).__name__, _SHOWN)
        raise InputError(
            f"{shown} cannot be read by sentence-transformers: {reason}; give the folder that "
            "model.save wrote"
        ) from None
    return model.eval()


def _name(source: Any) -> str:
    if not isinstance(source, str | os.PathLike) or not isinstance(os.fspath(source), str):
        kind = type(source).__name__
        raise InputError(f"source is {kind}; give the folder that model.save wrote, or a name")
    if os.fspath(source):
        checked_path(source, "source")
    return os.fspath(source)


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
        how = shortened(str(error) or type(error).__name__, _SHOWN) if download else "not stored"
        what = "" if download else ", or allow the download (download=True)"
        raise InputError(
            f"{quoted(name, _SHOWN)}: no such folder, and no model of the hub ({how}); give the "
            f"folder that model.save wrote{what}"
        ) from None
