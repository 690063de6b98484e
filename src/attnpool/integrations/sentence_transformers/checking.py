"""What a folder may name: classes of the library and ours, and nothing that lies elsewhere."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attnpool.encoders.opening import CODE
from attnpool.errors import InputError
from attnpool.integrations.sentence_transformers.library import (
    Module,
    Transformer,
    WordTokenizer,
    import_from_string,
)
from attnpool.integrations.sentence_transformers.pooling import AttentionPooling
from attnpool.integrations.sentence_transformers.reading import read_json
from attnpool.sanitize import quoted

_PACKAGE = "attnpool.integrations.sentence_transformers"
OURS = {
    f"{_PACKAGE}.AttentionPooling": AttentionPooling,
    f"{_PACKAGE}.pooling.AttentionPooling": AttentionPooling,
}
"""Our class under the names that a folder may have for it."""

_THEIRS = "sentence_transformers."
_SHOWN = 200  # characters
_AGAIN = "give the folder that model.save wrote"

_OF_TRANSFORMER = re.compile(r"sentence_.*_config\.json")  # sentence_bert_config.json and earlier
_OF_WORDS = "wordembedding_config.json"
_CONFIGS = re.compile(rf"(router_)?config\.json|{_OF_TRANSFORMER.pattern}|{_OF_WORDS}")
_ADAPTER = "adapter_config.json"

_OF_MODEL = ("attn_implementation", "dtype", "torch_dtype", "use_safetensors", "add_pooling_layer")
_OF_PROCESSOR = ("model_max_length", "padding_side", "truncation_side", "use_fast", "do_lower_case")
# What the library hands on to transformers, under its present and its earlier names.
_ARGUMENTS = {
    **dict.fromkeys(("model_kwargs", "model_args"), _OF_MODEL),
    **dict.fromkeys(("processor_kwargs", "tokenizer_args"), _OF_PROCESSOR),
    **dict.fromkeys(("config_kwargs", "config_args"), ()),
}
_SETTINGS = {*Transformer.config_keys, *_ARGUMENTS, "max_seq_length", "do_lower_case"}
_METHOD = re.compile(r"forward|get_[a-z]+_features")  # of the model, which the library calls


def check_folder(folder: Path, shown: str) -> None:
    """Refuse a folder that names what is not its own, before anything of it is imported.

    Args:
        folder: The folder of a model.
        shown: How messages name it.

    Raises:
        InputError: It names classes of others, kernels, an adapter or another model, has pickled
            weights alone, or a file of it cannot be read.
    """
    files = sorted(_files(folder, shown))
    named = [*_modules(folder / "modules.json", f"modules.json in {shown}")]
    for path in files:
        where = f"{quoted(str(path.relative_to(folder)), _SHOWN)} in {shown}"
        if path.name.lower() == _ADAPTER:
            raise InputError(
                f"{where} is of an adapter, which names another model; merge it into its model "
                "(merge_and_unload of peft) and save that"
            )
        if _CONFIGS.fullmatch(path.name.lower()):
            named += _configured(path, where)
    for name, kind, where in named:
        _check_name(name, kind, where)
    for name, kind, where in named:
        if name not in OURS and not _is_a(name, kind):
            raise InputError(
                f"{where} names {quoted(name, _SHOWN)}, which is no module of the installed "
                f"sentence-transformers; {_AGAIN}"
            )
    _check_no_pickle(files, shown)


def _configured(path: Path, where: str) -> Iterator[tuple[Any, type, str]]:
    """The names of classes in a configuration that asks for nothing from elsewhere."""
    form, name = read_json(path, where), path.name.lower()
    if foreign := _foreign(form):
        raise InputError(
            f"{where} asks for code from elsewhere ({foreign}), which is not run; give a model "
            "that names none"
        )
    if not isinstance(form, dict):
        return
    if _OF_TRANSFORMER.fullmatch(name) and (unknown := _unknown(form)):
        raise InputError(
            f"{where} has {quoted(unknown)}, which may name code or files from elsewhere and is "
            "not taken; give a model without it"
        )
    if isinstance(form.get("types"), dict):  # of a Router; an earlier one's in its config.json
        yield from ((one, Module, where) for one in form["types"].values())
    if name == _OF_WORDS:
        yield form.get("tokenizer_class"), WordTokenizer, where


def _files(folder: Path, shown: str) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        for name in folders:
            if (Path(place) / name).is_symlink():
                raise InputError(
                    f"{shown} has a link to another folder ({quoted(name)}); give a folder that "
                    "holds all of the model"
                )
        yield from (Path(place) / name for name in names)


def _modules(path: Path, listed: str) -> Iterator[tuple[Any, type, str]]:
    """The names of the modules; their folders are in this one."""
    form = read_json(path, listed)
    if (
        not form
        or not isinstance(form, list)
        or not all(isinstance(one, dict) and isinstance(one.get("type"), str) for one in form)
    ):
        raise InputError(f"{listed} is no list of modules; {_AGAIN}")
    for one in form:
        _check_name(one["type"], Module, listed)
        path_of = one.get("path")
        if (
            not isinstance(path_of, str)
            or Path(path_of).is_absolute()
            or ".." in Path(path_of).parts
        ):
            raise InputError(f"{listed} has {quoted(str(path_of))} as a path; {_AGAIN}")
        yield one["type"], Module, listed


def _check_name(name: Any, kind: type, where: str) -> None:
    if not isinstance(name, str):
        raise InputError(f"{where} has {quoted(str(name))} as the name of a class; {_AGAIN}")
    if not name.startswith(_THEIRS) and not (kind is Module and name in OURS):
        raise InputError(
            f"{where} names the class {quoted(name, _SHOWN)}, which is neither of "
            "sentence-transformers nor of attnpool and is not imported; to run the code of "
            "others, open it with SentenceTransformer(..., trust_remote_code=True)"
        )


def _is_a(name: str, kind: type) -> bool:
    """Whether a dotted name is a class of theirs, not what such a file imports."""
    try:
        found: Any = import_from_string(name)
    except Exception:
        return False
    own = isinstance(found, type) and found.__module__.startswith(_THEIRS)
    return own and issubclass(found, kind)


def _foreign(form: Any) -> str | None:
    """The first key that makes transformers, or the library, fetch or import code."""
    if isinstance(form, list):
        return next(filter(None, map(_foreign, form)), None)
    if not isinstance(form, dict):
        return None
    for name in CODE:  # of flash attention transformers fetches kernels where it is not installed
        if re.search(r"/|flash", str(form.get(name, ""))):
            return name
    for name in ("use_kernels", "kernel_config", "allow_all_kernels"):
        if form.get(name):
            return name
    if re.match(r"torch\.(?!nn\.)", str(form.get("activation_function", ""))):
        return "activation_function"
    return _foreign([*form.values()])


def _unknown(form: dict[str, Any]) -> str | None:
    """The first argument of a `Transformer` that may name code or another model, or is unknown."""
    if unknown := [name for name in form if name not in _SETTINGS]:
        return str(unknown[0])
    for name, known in _ARGUMENTS.items():
        given = form.get(name) or {}
        if not isinstance(given, dict):
            return name
        for key, value in given.items():
            # The library leaves trust_remote_code out; what is set in a config.json is a number.
            plain = not known and (value is None or isinstance(value, bool | int | float))
            if key not in (*known, "trust_remote_code") and not plain:
                return str(key)
    ways = form.get("modality_config") or {}
    for way in ways.values() if isinstance(ways, dict) else [ways]:
        if not isinstance(way, dict) or not _METHOD.fullmatch(str(way.get("method"))):
            return "modality_config"
    return None


def _check_no_pickle(files: list[Path], shown: str) -> None:
    for path in files:
        safe = path.with_suffix(".safetensors").name.replace("pytorch_model", "model")
        if (
            path.name.lower() in ("pytorch_model.bin", "adapter_model.bin")
            and not (path.parent / safe).exists()
        ):
            raise InputError(
                f"{shown} has pickled weights alone ({quoted(path.name)}), which are not read; "
                "save the model again with safetensors"
            )
