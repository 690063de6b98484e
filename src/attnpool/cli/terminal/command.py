"""A command whose words may begin with a dash where they cannot be options: `-5 degrees inside`."""

from __future__ import annotations

import re
import shlex
from itertools import islice
from typing import Any

import typer
from typer.core import TyperCommand, TyperOption

from attnpool.errors import InputError

_OPTION = re.compile(r"--?[A-Za-z][A-Za-z0-9-]*(=.*)?", re.DOTALL)


class Command(TyperCommand):
    """A command of typer that takes what cannot be an option for a text or a file."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of a command line.

        Args:
            ctx: Where the values go.
            args: The words.

        Raises:
            InputError: A word looks like an option and is none, where it may be a text: the message
                says what to type.
        """
        known = {
            name: not option.is_flag
            for option in self.get_params(ctx)
            if isinstance(option, TyperOption)
            for name in (*option.opts, *option.secondary_opts)
        }
        options, others, unknown = _split(args, known)
        try:
            return super().parse_args(ctx, [*options, "--", *others] if others else options)
        except typer.TyperException as error:
            if unknown is None or self.name != "explain":
                raise
            words = ["attnpool", "explain", *(others[:1] or ["MODEL"]), "--", unknown]
            raise InputError(
                f"{error.format_message()}. See: attnpool explain --help; to read it as a text: "
                f"{shlex.join(words)}"
            ) from None


def _split(words: list[str], known: dict[str, bool]) -> tuple[list[str], list[str], str | None]:
    """The options with their values, the other words, and the first option that there is not.

    There are no other words where a value is missing: what followed would be taken for it.

    Args:
        words: The words.
        known: The names of the options, and whether a value follows.
    """
    options: list[str] = []
    others: list[str] = []
    unknown = None
    rest = iter(words)
    for word in rest:
        if word == "--":
            others.extend(rest)
        elif known.get(word[:2]) or word.partition("=")[0] in known:
            options.append(word)
            if known.get(word):
                value = list(islice(rest, 1))
                if not value:
                    return options, [], unknown
                options += value
        elif _OPTION.fullmatch(word):
            options.append(word)
            unknown = unknown or word
        else:
            others.append(word)
    return options, others, unknown
