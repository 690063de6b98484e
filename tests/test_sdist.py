"""The source distribution holds all that its tests read."""

import ast
import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[1]
MADE = {".git", ".venv", "dist", "demo", "gallery"}  # by tools and make, or not of a distribution


def included():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns = project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    return [pattern.lstrip("/") for pattern in patterns] + ["pyproject.toml", ".gitignore"]


def strings(file):
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_what_tests_name_of_the_checkout_is_included():
    top = {path.name for path in ROOT.iterdir()} - MADE
    named = {}
    for file in sorted((ROOT / "tests").rglob("*.py")):
        for text in strings(file):
            first = text.partition("/")[0]
            if first in top:
                named.setdefault(first, file.name)
    assert {"pyproject.toml", "constraints.txt", "scripts", "docs"} <= set(named)
    missing = {
        name: file
        for name, file in named.items()
        if not any(fnmatch(name, pattern) for pattern in included())
    }
    assert not missing
