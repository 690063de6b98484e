"""docs/api.md from the docstrings: every public name once, by the path it is imported from."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

PAGE = Path(__file__).parents[1] / "docs" / "api.md"

PACKAGES = (
    "attnpool",
    "attnpool.pooling",
    "attnpool.text",
    "attnpool.data",
    "attnpool.explain",
    "attnpool.view",
    "attnpool.integrations.onnx",
)
"""The packages whose `__all__` is public; a name that two of them export belongs to the first."""

_HEAD = """\
# The Python API

Made from the docstrings by `make docs`; a test fails when this page is behind. Every public name
stands here once. What is not here is private and may change in any version.
"""

_SECTION = re.compile(r"^([A-Z][A-Za-z ]+):$")
_ITEM = re.compile(r"^(\*{0,2}[\w, *]+): (.*)$")


def public_names() -> dict[str, Any]:
    """Every public object by the path it is imported from."""
    names: dict[str, Any] = {}
    seen: dict[int, str] = {}
    for package in PACKAGES:
        module = import_module(package)
        for name in sorted(module.__all__, key=str.casefold):
            value = getattr(module, name)
            if name.startswith("__") or isinstance(value, ModuleType):
                continue
            # Small constants may be one object by chance; functions and classes are not.
            if callable(value) and seen.setdefault(id(value), f"{package}.{name}") != (
                f"{package}.{name}"
            ):
                continue
            if not callable(value) and any(
                names[path] is value for path in names if path.endswith(f".{name}")
            ):
                continue
            names[f"{package}.{name}"] = value
    return names


def page() -> str:
    """The whole page."""
    names = public_names()
    parts = [_HEAD]
    for package in PACKAGES:
        own = {p: v for p, v in names.items() if p.rpartition(".")[0] == package}
        summary = inspect.getdoc(import_module(package)) or ""
        parts.append(f"## {package}\n\n{summary.splitlines()[0]}\n")
        parts.append("".join(f"- [`{path}`](#{_anchor(path)})\n" for path in own))
        parts += [_entry(path, value) for path, value in own.items()]
    return "\n".join(parts).rstrip() + "\n"


def _anchor(path: str) -> str:
    return re.sub(r"[^\w-]", "", path.lower())


def _entry(path: str, value: Any) -> str:
    lines = [f"### {path}\n"]
    if inspect.isclass(value):
        lines.append(_code(f"class {path}{_signature(value)}"))
        lines.append(_markdown(value))
        lines += [_member(path, name, member) for name, member in _members(value)]
    elif callable(value):
        lines.append(_code(f"{path}{_signature(value)}"))
        lines.append(_markdown(value))
    else:
        lines.append(_constant(path, value))
    return "\n".join(line for line in lines if line)


def _members(cls: type) -> list[tuple[str, Any]]:
    """The public methods and properties that the class or a base of this project defines."""
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        if not base.__module__.startswith("attnpool"):
            continue
        for name, member in vars(base).items():
            own = isinstance(member, property | classmethod | staticmethod)
            if not name.startswith("_") and (own or inspect.isfunction(member)):
                found[name] = member
    return list(found.items())


def _member(path: str, name: str, member: Any) -> str:
    if isinstance(member, property):
        text = inspect.getdoc(member) or ""
        return f"**`{name}`**: {text.splitlines()[0] if text else ''}\n"
    function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
    call = f"{path}.{name}" if isinstance(member, classmethod) else name
    return f"#### {name}\n\n{_code(call + _signature(function))}\n{_markdown(function)}"


def _signature(value: Any) -> str:
    """The parameters with their types and defaults; one a line where they are many."""
    if getattr(value, "_is_protocol", False):
        return "(Protocol)"
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return ""
    parameters: list[str] = []
    for parameter in signature.parameters.values():
        if parameter.name in ("self", "cls"):
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in parameters:
            parameters.append("*")
        parameters.append(_parameter(parameter))
    returns = "" if inspect.isclass(value) else _annotation(signature.return_annotation, " -> ")
    line = f"({', '.join(parameters)}){returns}"
    if len(line) <= 80:
        return line
    return "(\n" + "".join(f"    {one},\n" for one in parameters) + f"){returns}"


def _parameter(parameter: inspect.Parameter) -> str:
    stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    text = f"{stars}{parameter.name}{_annotation(parameter.annotation, ': ')}"
    if parameter.default is parameter.empty:
        return text
    default = getattr(parameter.default, "__name__", None) or repr(parameter.default)
    return f"{text} = {'…' if default.startswith('<') else default}"


def _annotation(annotation: Any, before: str) -> str:
    """A type as it stands in the source, with short names."""
    if annotation is inspect.Parameter.empty:
        return ""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return before + re.sub(r"(?:attnpool|collections|typing|numpy|torch)[\w.]*\.(\w+)", r"\1", text)


def _code(text: str) -> str:
    return f"```python\n{text}\n```\n"


def _constant(path: str, value: Any) -> str:
    if isinstance(value, str | int | float | tuple | frozenset):
        shown = repr(sorted(value) if isinstance(value, frozenset) else value)
    elif hasattr(value, "keys"):
        shown = "{" + ", ".join(repr(key) + ": …" for key in value) + "}"
    else:
        shown = type(value).__name__
    return _code(f"{path} = {shown}")


def _markdown(value: Any) -> str:
    """A Google-style docstring as Markdown."""
    parts = [_part(heading, lines) for heading, lines in _sections(inspect.getdoc(value) or "")]
    return "\n\n".join(part for part in parts if part) + "\n"


def _sections(text: str) -> list[tuple[str, list[str]]]:
    """The lines of a docstring under their headings; those before the first have none."""
    sections: list[tuple[str, list[str]]] = [("", [])]
    lines = text.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        heading = _SECTION.match(line)
        if heading and following.startswith("    "):
            sections.append((heading[1], []))
        else:
            sections[-1][1].append(line)
    return sections


def _part(heading: str, lines: list[str]) -> str:
    if not heading:
        return "\n".join(lines).strip()
    body = inspect.cleandoc("\n".join(lines))
    if heading == "Example":
        body = f"```python\n{body}\n```"
    elif heading in ("Args", "Attributes", "Raises", "Call arguments"):
        body = _items(body)
    return f"**{heading}**\n\n{body}"


def _items(text: str) -> str:
    """`name: what it is` as a list."""
    lines = []
    for line in text.splitlines():
        item = None if line.startswith(" ") else _ITEM.match(line)
        lines.append(f"- `{item[1]}`: {item[2]}" if item else f"  {line.strip()}".rstrip())
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
