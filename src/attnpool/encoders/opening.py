"""A pretrained encoder and its tokeniser from a folder, a name or objects: no pickle, no code."""

from __future__ import annotations

import importlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import torch

from attnpool._renamed import Shared
from attnpool.errors import InputError, require
from attnpool.files.ordinary import read_ordinary, size_of
from attnpool.files.paths import checked_path
from attnpool.files.tensors import check_size
from attnpool.models.usual_torch import usual_torch
from attnpool.sanitize import quoted, shortened

_LONGEST = 8192  # tokens at a time, for a model that names no limit
_LONGEST_NAME = 1024  # characters
_PATIENCE = 20  # seconds until the hub answers
_MOST_BYTES = 256 << 20  # of a file beside the weights
_READ = ("*.json", "*.txt", "*.model", "*.jinja", "*.safetensors")
_FULL = "original_full"  # attention of BigBird
_SHOWN = 200  # characters of a path, and of another library's message

_BEHIND_PADDING = {
    *("camembert", "mpnet", "longformer", "luke", "data2vec-text", "ibert", "xmod", "esm"),
}

KINDS = (
    "the folder or the name of a Hugging Face encoder, a pair of a loaded model and its "
    "tokenizer, or a SentenceTransformer"
)


CODE = ("attn_implementation", "_attn_implementation", "experts_implementation")
"""What names code in a configuration."""

WITH_MODEL = "(saved with the model)"
"""What stands for an encoder whose weights were saved with a model."""


class Opened(NamedTuple):
    """An encoder, ready to compute in single precision.

    Attributes:
        model: A model of transformers, or the half of it that reads.
        tokenizer: Its tokeniser.
        source: What opens it again: a folder, or a name of the hub; None for objects that came
            from neither.
        revision: The revision of a name, if the hub gave one.
    """

    model: Any
    tokenizer: Any
    source: str | None = None
    revision: str | None = None


def open_encoder(
    given: Any, *, what: str = "encoder", download: bool = False, revision: str | None = None
) -> Opened:
    """Open an encoder; nothing is downloaded unless that is asked for.

    Args:
        given: The folder of a Hugging Face encoder; its name, which is looked up among what the
            hub's library has stored here; a pair of a loaded model and its tokeniser; or a
            `SentenceTransformer`, whose first module is taken.
        what: What the encoder is for, for messages.
        download: Whether a name that is not stored here may be downloaded.
        revision: The revision of a name; default: the newest.

    Raises:
        InputError: It is none of these, transformers is not installed, or the folder holds no
            encoder.
    """
    if isinstance(given, str | os.PathLike):
        return _named(given, what, download=download, revision=revision)
    require(f"{what}: a model of transformers", "transformers")
    if isinstance(given, tuple | list):
        if len(given) != 2:
            many = f"{len(given)} objects" if given else f"an empty {type(given).__name__}"
            raise InputError(f"{what} is {many}; give {KINDS}")
        model, tokenizer = given
    elif hasattr(given, "encode") and isinstance(given, torch.nn.Sequential):
        first = given[0]
        model, tokenizer = getattr(first, "auto_model", None), getattr(first, "tokenizer", None)
    else:
        raise InputError(f"{what} is {type(given).__name__}; give {KINDS}")
    if not isinstance(model, torch.nn.Module) or not hasattr(model, "config"):
        raise InputError(
            f"{what}: {type(model).__name__} is no model of transformers; give {KINDS}"
        )
    if not callable(tokenizer) or not hasattr(tokenizer, "is_fast"):
        raise InputError(
            f"{what}: {type(tokenizer).__name__} is no tokenizer of transformers; give {KINDS}"
        )
    # What an object holds may be something else by now than what it was read from.
    return Opened(reading_half(_base(model)), tokenizer)


def _named(
    given: str | os.PathLike[str], what: str, *, download: bool, revision: str | None
) -> Opened:
    name = os.fspath(given)
    shown = f"{what} {quoted(name, _SHOWN)}"
    if not name.strip():
        raise InputError(f"{what} is empty; give {KINDS}")
    if name == WITH_MODEL:
        raise InputError(f"the {what} was saved with the model; to train again, give {KINDS}")
    if len(name) > _LONGEST_NAME or "\0" in name:
        raise InputError(f"{shown} is no name; give {KINDS}")
    checked_path(name, what)
    if Path(name).is_dir():
        model, tokenizer = read_folder(Path(name), what)
        return Opened(model, tokenizer, str(Path(name).resolve()))
    if Path(name).exists():
        raise InputError(f"{shown} is a file; give the folder of a Hugging Face encoder")
    require(f"{what}: a model of transformers", "transformers")
    if name.count("/") > 1 or name.startswith((".", "/", "~")) or "\\" in name:
        raise InputError(f"{shown}: no such folder; give {KINDS}")
    unreached = _download(name, revision) if download else ""
    from transformers.utils.hub import cached_file

    try:
        found = cached_file(name, "config.json", revision=revision, local_files_only=True)
    except Exception:  # whatever the hub's library raises: there is no such file
        how = unreached or (
            "it is no folder, and not stored here; allow the download (--download, "
            "download=True), or give a folder"
        )
        raise InputError(f"{shown}: {how}") from None
    folder = Path(str(found)).parent
    model, tokenizer = read_folder(folder, what, shown=shown)
    return Opened(model, tokenizer, name, revision or folder.name)


def _download(name: str, revision: str | None) -> str:
    """Store a model of the hub here; why not, where that fails."""
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        # Asked once: downloads try a hub that cannot be reached for half a minute.
        HfApi().model_info(name, revision=revision, timeout=_PATIENCE)
        patterns = ["*.json", "*.safetensors", "*.txt", "*.model"]
        snapshot_download(name, revision=revision, allow_patterns=patterns)
    except (HfHubHTTPError, HFValidationError):
        return "the hub has no such model that may be read; look at the name and the revision"
    except Exception as error:
        reason = shortened(str(error) or type(error).__name__, _SHOWN)
        return f"it could not be downloaded; look at the network ({reason})"
    return ""


def read_folder(path: Path, what: str, *, shown: str | None = None) -> tuple[Any, Any]:
    """Read a model and its tokeniser from a folder, without network, pickle or foreign code.

    Args:
        path: The folder: `config.json`, weights as safetensors, a tokeniser.
        what: What it is for, for messages.
        shown: How messages name it; default: by its path.

    Returns:
        The model in evaluation mode, in single precision, or the half of it that reads; and the
        tokeniser.

    Raises:
        InputError: transformers is not installed, or the folder holds no such model.
    """
    shown = shown or f"{what} {quoted(str(path), _SHOWN)}"
    if not any(path.glob("*.safetensors")):
        pickled = any(path.glob("*.bin")) or any(path.glob("*.pt"))
        has = "pickled weights alone, which are not read" if pickled else "no weights"
        raise InputError(f"{shown} has {has}; give a folder with model.safetensors")
    require(f"a {what} from a folder", "transformers")
    _check_files(path, shown)
    _check_config(path, shown)
    library = importlib.import_module("transformers")
    with quiet(), usual_torch(), torch.random.fork_rng(devices=[]):
        try:
            tokenizer = library.AutoTokenizer.from_pretrained(
                path, local_files_only=True, trust_remote_code=False
            )
            model, report = _kind(path, library).from_pretrained(
                path,
                local_files_only=True,
                trust_remote_code=False,
                use_safetensors=True,
                dtype=torch.float32,
                output_loading_info=True,
            )
            model = settled(reading_half(model)).eval()
            model(input_ids=torch.tensor([[0]]))  # a model of images fails here, not later
        except Exception as error:  # whatever a damaged folder raises in another library
            reason = shortened(str(error) or type(error).__name__, _SHOWN)
            raise InputError(
                f"{shown} cannot be read by transformers: {reason}; "
                "give a complete folder of an encoder"
            ) from None
    # transformers makes one that knows no word where the files are missing.
    if len(tokenizer) <= len(tokenizer.all_special_tokens):
        raise InputError(
            f"{shown} has no tokenizer; give a complete folder of an encoder, with its "
            "tokenizer.json or vocabulary"
        )
    # The pooler of a head is not used, and many folders lack it.
    if missing := sorted(key for key in report["missing_keys"] if "pooler" not in key):
        raise InputError(
            f"{shown} lacks weights such as {quoted(missing[0])}; "
            "give a complete folder of an encoder"
        )
    return model, tokenizer


def _check_files(path: Path, shown: str) -> None:
    """Refuse files that no reading would end of, before transformers opens one."""
    for file in sorted(one for pattern in _READ for one in path.glob(pattern)):
        named = f"{shown}: its {quoted(file.name)}"
        try:
            large = size_of(file) > _MOST_BYTES
            if file.suffix == ".safetensors":
                check_size(file)
            elif large:
                raise InputError(f"{named} is larger than 256 MiB; give a folder of an encoder")
        except InputError:
            raise
        except OSError as error:
            raise InputError(
                f"{named} cannot be read ({error.strerror}); give a complete folder of an encoder"
            ) from None
        except ValueError as error:
            raise InputError(
                f"{shown} cannot be read by transformers: its {quoted(file.name)} is damaged "
                f"({shortened(str(error), _SHOWN)}); give a complete folder of an encoder"
            ) from None


def _check_config(path: Path, shown: str) -> None:
    """Refuse a configuration that asks for code from elsewhere: transformers would fetch it."""
    try:
        form = json.loads(read_ordinary(path / "config.json", _MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return  # transformers says what is wrong
    # Of flash attention transformers fetches kernels where it is not installed.
    if foreign := [name for name in CODE if re.search("/|flash", str(form.get(name, "")))]:
        raise InputError(
            f"{shown} asks for code from elsewhere ({foreign[0]}), which is not run; give an "
            "encoder of transformers itself"
        )


def _kind(path: Path, library: Any) -> Any:
    """What opens a folder: `AutoModel` would give an encoder alone a decoder without weights."""
    config = library.AutoConfig.from_pretrained(
        path, local_files_only=True, trust_remote_code=False
    )
    names = config.architectures or []
    alone = [name for name in names if _reads_alone(name)]
    return public_class(alone, config) or library.AutoModel


def public_class(names: Any, config: Any) -> Any:
    """The class of a model of transformers that has this name; None if there is none.

    Args:
        names: The `architectures` of a configuration: a list of one name.
        config: The configuration, which must be of the kind that the class takes.
    """
    library = importlib.import_module("transformers")
    name = names[0] if isinstance(names, list | tuple) and len(names) == 1 else None
    found: Any = getattr(library, name, None) if isinstance(name, str) else None
    if not isinstance(found, type) or not issubclass(found, library.PreTrainedModel):
        return None
    known: Any = found
    own = known.__module__.startswith("transformers.models.")
    return known if own and known.config_class is type(config) else None


def settled(model: Any) -> Any:
    """The model, so that what it answers does not depend on what it read before.

    BigBird goes over from sparse to full attention at the first short batch, for good; it starts
    with full attention here. RecurrentGemma keeps states where it uses a cache.
    """
    if getattr(model.config, "use_cache", False):
        model.config.use_cache = False
    for part in list(model.modules()):
        if hasattr(part, "set_attention_type"):
            part.set_attention_type(_FULL)
            model.config.attention_type = _FULL
    return model


def reading_half(model: Any) -> Any:
    """The model, or its encoder where it also writes."""
    writes = getattr(model.config, "is_encoder_decoder", False)
    # UMT5EncoderModel says that it does, and has no decoder.
    return model.get_encoder() if writes and not _reads_alone(type(model).__name__) else model


def _reads_alone(name: str) -> bool:
    return name.endswith("EncoderModel")


def most_tokens(config: Any, tokenizer: Any) -> int:
    """The most tokens at a time. Positions of RoBERTa and its like begin behind the padding."""
    positions = getattr(config, "max_position_embeddings", None) or _LONGEST
    if "roberta" in str(config.model_type) or config.model_type in _BEHIND_PADDING:
        positions -= (config.pad_token_id or 0) + 1
    return int(min(tokenizer.model_max_length, positions if positions > 0 else _LONGEST, _LONGEST))


@contextmanager
def _without_messages() -> Iterator[None]:
    log = importlib.import_module("transformers").utils.logging
    verbosity, bars = log.get_verbosity(), log.is_progress_bar_enabled()
    log.set_verbosity(log.CRITICAL)
    log.disable_progress_bar()
    try:
        yield
    finally:
        log.set_verbosity(verbosity)
        if bars:
            log.enable_progress_bar()


quiet = Shared(_without_messages)
"""Without the warnings and progress bars of transformers."""


def _base(model: Any) -> Any:
    """The encoder of a model that has a head: a classifier of sequences, say."""
    base = getattr(model, "base_model", model)
    return base if isinstance(base, torch.nn.Module) else model
