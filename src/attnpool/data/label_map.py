"""Rules that group labels, `1,2,3=差评`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnpool.errors import InputError
from attnpool.label_values import same_number
from attnpool.sanitize import printable, quoted, quoted_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OPTION = "--label-map"
_SHOWN = 6  # so many rules are listed in a message


def parse_label_map(rules: Sequence[str]) -> dict[str, str]:
    """From each label to the name of its group.

    Args:
        rules: Such as `1,2,3=差评`: labels of the file, and behind the last `=` their new name.

    Raises:
        InputError: A rule has another form, two rules name the same label, or the name of a group
            is a label of another.
    """
    names: dict[str, str] = {}
    for rule in rules:
        labels, equals, name = (part.strip() for part in printable(rule).rpartition("="))
        given = [label.strip() for label in labels.split(",")]
        if not equals or not name or not all(given):
            raise InputError(
                f"{OPTION} {quoted(rule)}: give LABEL,LABEL=NAME, such as {OPTION} 1,2,3=bad"
            )
        for label in given:
            if label in names:
                raise InputError(
                    f"{OPTION}: the label {quoted(label)} is in two rules; leave it in one"
                )
            names[label] = name
    check_group_names(names)
    return names


def check_group_names(names: Mapping[str, str]) -> None:
    """Refuse names of groups that are labels of other groups.

    A file that is grouped already has such names, and would be grouped once more.

    Args:
        names: From each label to the name of its group.

    Raises:
        InputError: There is such a name.
    """
    groups: dict[str, str] = {}
    for label, name in names.items():
        if groups.setdefault(same_number(label), name) != name:
            raise InputError(
                f"{OPTION}: the label {quoted(label)} is in two rules; leave it in one"
            )
    for name in names.values():
        becomes = groups.get(same_number(name), name)
        if becomes != name:
            raise InputError(
                f"{OPTION}: {quoted(name)} names a group and is also a label that becomes "
                f'{quoted(becomes)}; choose other names, such as {OPTION} "1,2,3=bad"'
            )


def shown_rules(names: Mapping[str, str]) -> str:
    """The rules in a message: `'1,2,3=差评', '4,5=好评'`."""
    groups: dict[str, list[str]] = {}
    for label, name in names.items():
        groups.setdefault(name, []).append(label)
    rules = (f"{','.join(labels)}={name}" for name, labels in groups.items())
    return quoted_list(rules, _SHOWN)
