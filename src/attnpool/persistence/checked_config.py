"""What the `config.json` of a model says, checked: somebody may have made it up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from attnpool.data.rows import Reading
from attnpool.sanitize import printable
from attnpool.text.cleanup import RULES

_LONGEST = 1 << 40  # tokens; nobody has a longer text
_LONGEST_VERSION = 100  # characters
_DEEPEST = 4  # of parameters: a list of pairs, say


def checked_config(config: Mapping[str, Any]) -> None:
    """Refuse the configuration of a folder in which a value has another type or range.

    What only the network knows, its shape, is checked where that is made.

    Args:
        config: What `read_config` gave.

    Raises:
        KeyError: A value is missing.
        ValueError: One makes no sense; the message names it.
    """
    version, params = config["attnpool"], config["params"]
    _check(isinstance(version, str) and len(version) <= _LONGEST_VERSION, "attnpool")
    _check(version.isprintable(), "attnpool")
    _check(isinstance(config["kind"], str), "kind")
    _check(isinstance(config["model"], dict), "model")
    _check(isinstance(params, dict), "params")
    for name, value in params.items():
        _check(_plain(value), f"params: {name}")
    check_reader(config)


def check_reader(config: Mapping[str, Any]) -> None:
    """Refuse what says how texts are read and answered, if a value has another type or range.

    Args:
        config: What a folder or a compact file says.

    Raises:
        KeyError: A value is missing.
        ValueError: One makes no sense; the message names it.
    """
    rules = config["cleanup"]
    _check(isinstance(rules, list) and all(rule in RULES for rule in rules), "cleanup")
    _check(len(set(rules)) == len(rules), "cleanup")
    _check(isinstance(config["tokenizer"], str), "tokenizer")
    limit = config["limit"]
    _check(type(limit) is int and 1 <= limit <= _LONGEST, "limit")
    _check(isinstance(config.get("normalizes", False), bool), "normalizes")
    if config["reading"] is not None:
        _check(isinstance(config["reading"], dict), "reading")
        Reading.from_dict(config["reading"])
    _check_classes(config["classes"])


def _check_classes(classes: Any) -> None:
    _check(isinstance(classes, list) and len(classes) > 0, "classes")
    names = [one for one in classes if isinstance(one, str)]
    _check(len(names) in (0, len(classes)), "classes of several types")
    _check(all(isinstance(one, str | int | float) for one in classes), "classes")
    _check(all(name.strip() for name in names), "classes without a name")
    _check(all(printable(name) == name for name in names), "classes of half a character")
    floats = [one for one in classes if isinstance(one, float)]
    _check(all(map(math.isfinite, floats)), "classes that are not finite")
    _check(len(set(classes)) == len(classes), "a class twice")


def _plain(value: Any, depth: int = 0) -> bool:
    """Whether a value is what a parameter may have come to in JSON."""
    if depth > _DEEPEST:
        return False
    if isinstance(value, list):
        return all(_plain(one, depth + 1) for one in value)
    if isinstance(value, dict):
        return all(_plain(one, depth + 1) for one in value.values())
    return not isinstance(value, float) or math.isfinite(value)


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)
