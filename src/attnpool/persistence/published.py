"""What the Hugging Face hub is told of a model, at the beginning of its card."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Any

from attnpool.errors import InputError
from attnpool.sanitize import quoted, quoted_list

_NAME = r"[A-Za-z0-9][\w.-]{0,95}"
_FORMS = {
    "license": (r"[a-z0-9][a-z0-9.+-]*", "the hub's name of a licence, such as 'apache-2.0'"),
    "language": (r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a code such as 'zh', or a list of them"),
    "datasets": (rf"({_NAME}/)?{_NAME}", "the hub's name of a dataset, or a list of them"),
}
_BASE = re.compile(rf"{_NAME}/{_NAME}|[a-z0-9][\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Published:
    """A model as the hub shows it.

    Attributes:
        address: `hf://user/repository`, with the branch if it is not the main one.
        about: By the hub's keys `license`, `language`, `datasets`: their values.
    """

    address: str
    about: Mapping[str, list[str]]

    @classmethod
    def of(
        cls, repository: str, card: Mapping[str, Any] | None, revision: str | None = None
    ) -> Published:
        """Check what a user says.

        Args:
            repository: `user/repository`.
            card: `license`, `language` and `datasets`, each a string or a list of strings.
            revision: The branch; None: the main one.

        Raises:
            InputError: A key is unknown, or a value has not the form that the hub wants.
        """
        if not isinstance(card, Mapping | None):
            raise InputError(
                f"card is {type(card).__name__}; give a dict such as {{'license': 'mit'}}"
            )
        about = {}
        for key, given in (card or {}).items():
            if key not in _FORMS:
                raise InputError(
                    f"card: unknown key {quoted(str(key))}; known are {quoted_list(_FORMS)}"
                )
            if given is None:
                continue
            form, what = _FORMS[key]
            several = isinstance(given, Iterable) and not isinstance(given, str)
            values = list(given) if several else [given]
            for value in values:
                if not (isinstance(value, str) and re.fullmatch(form, value, re.ASCII)):
                    raise InputError(f"card: {key} {quoted(str(value))} is not {what}")
            if key == "license" and len(values) != 1:
                raise InputError(f"card: license has {len(values):,} values; give one")
            about[key] = values
        return cls(f"hf://{repository}" + (f"@{revision}" if revision else ""), about)

    def front_matter(self, encoder: Mapping[str, Any]) -> str:
        """The lines of YAML for the card.

        Args:
            encoder: The encoder's part of `config.json`; a pretrained one from the hub is named.
        """
        about = dict(self.about)
        if encoder.get("revision") is not None and _BASE.fullmatch(str(encoder.get("source"))):
            about["base_model"] = [encoder["source"]]
        # JSON is YAML, and what it quotes cannot break out: "no" stays a language.
        return "".join(
            f"{key}: {json.dumps(values[0] if key == 'license' else values)}\n"
            for key, values in about.items()
        )


def without_places(value: Any) -> Any:
    """The value with the last part alone of every path: where files lie here is nobody's business.

    Args:
        value: Figures, as JSON takes them: they name the teacher.
    """
    if isinstance(value, Mapping):
        return {key: without_places(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_places(item) for item in value]
    if isinstance(value, str) and (value.startswith(("~", ".", "/", "file:")) or "\\" in value):
        return PureWindowsPath(value).name  # which splits at both slashes
    return value
