"""Imports run up the floor plan and never down it; files stay small; versions agree."""

import ast
import tomllib
from pathlib import Path

import pytest

import attnpool

SOURCE = Path(attnpool.__file__).parent
FLOORS = (
    *(
        "_shapes",
        "_version",
        "_renamed",
        "errors",
        "_explanation_checks",
        "sanitize",
        "attribution_methods",
        "architectures",
        "progress",
        "metrics",
        "explanation",
        "pooling",
    ),
    *("text", "data", "models", "training", "persistence", "explain", "view", "estimators"),
    *("gallery", "cli", "__main__"),
)
# The one place where a leaf reaches down, when a notebook asks it to draw itself.
LAZY = {("explanation", "view")}


def imports(path):
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by dots, which this test cannot follow"
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


FILES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_run_one_way(path):
    own = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    for module in imports(path):
        parts = module.split(".")
        if parts[0] == "attnpool" and len(parts) > 1 and (own, parts[1]) not in LAZY:
            assert FLOORS.index(parts[1]) <= FLOORS.index(own), f"{own} imports {module}"
        if own in ("view", "explanation", "text", "data"):
            assert parts[0] != "torch"
        if own in ("pooling", "explanation"):
            assert parts[0] not in ("sklearn", "polars", "rich", "tokenizers")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_file_is_long(path):
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_torch_is_pinned_exactly_and_every_dependency_is_pinned():
    root = Path(__file__).parents[1]
    pins = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (root / "constraints.txt").read_text().splitlines()
        if "==" in line
    }
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    wanted = {d.split(">=")[0].lower() for d in project["dependencies"]}
    assert wanted <= pins
    assert "torch==2.13.0" in (root / "constraints.txt").read_text().splitlines()


def test_public_names_are_all_there():
    for name in attnpool.__all__:
        assert getattr(attnpool, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'TextDiviner'"):
        _ = attnpool.TextDiviner
