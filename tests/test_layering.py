"""Imports run up the floor plan and never in circles; files, folders and functions stay small."""

import ast
import re
import tomllib
from graphlib import CycleError, TopologicalSorter
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
        "sanitize",
        "files",
        "_explanation_checks",
        "attribution_methods",
        "architectures",
        "progress",
        "label_values",
        "metrics",
        "explanation",
        "pooling",
    ),
    *(
        "text",
        "data",
        "tables",
        "models",
        "encoders",
        "training",
        "teachers",
        "persistence",
        "explain",
        "view",
        "runtime",
        "estimators",
    ),
    *("loading", "bulk", "gallery", "integrations", "cli", "__main__"),
)
# The one place where a leaf reaches down, when a notebook asks it to draw itself.
LAZY = {("explanation", "view")}


def imports(path):
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by dots, which this test cannot follow"
            if node.module == "attnpool":
                yield from (f"attnpool.{name.name}" for name in node.names)
            else:
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


def module_name(path):
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in FILES}


def run_on_import(body):
    """The imports that run when the module is imported: not those of types, nor in functions."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from run_on_import(node.orelse)
        elif isinstance(node, ast.If | ast.Try | ast.With):
            for part in ("body", "orelse", "finalbody"):
                yield from run_on_import(getattr(node, part, []))
            for handler in getattr(node, "handlers", []):
                yield from run_on_import(handler.body)


def imported_modules(path):
    """Those of attnpool; `from package import name` is the module where there is one."""
    for node in run_on_import(ast.parse(path.read_text("utf-8")).body):
        if isinstance(node, ast.ImportFrom):
            for name in node.names:
                submodule = f"{node.module}.{name.name}"
                yield submodule if submodule in MODULES else node.module
        else:
            yield from (name.name for name in node.names)


def check_no_circle(graph):
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' -> '.join(error.args[1])}")


def test_no_module_imports_itself_in_a_circle():
    graph = {name: {*imported_modules(path)} - {name} for name, path in MODULES.items()}
    check_no_circle({name: needs & MODULES.keys() for name, needs in graph.items()})


PACKAGES = sorted({module_name(path.parent / "__init__.py") for path in FILES})


@pytest.mark.parametrize("package", PACKAGES)
def test_no_parts_of_a_package_import_each_other_in_a_circle(package):
    """Parts: the modules and sub-packages right below it."""
    graph = {}
    for name, path in MODULES.items():
        if name.startswith(f"{package}."):
            own, *needs = (
                ".".join(other.split(".")[: package.count(".") + 2])
                for other in (name, *imported_modules(path))
                if other.startswith(f"{package}.")
            )
            graph.setdefault(own, set()).update({*needs} - {own})
    check_no_circle(graph)


# Folders that may hold more than twelve.
LARGE_FOLDERS = {
    SOURCE: 14,  # what all floors share
    SOURCE / "cli": 24,  # one file per command, and what they share
    SOURCE / "data": 15,  # one file per step from a file to rows
    SOURCE / "data" / "formats": 16,  # one file per format, and what they share
    SOURCE / "estimators": 14,  # one file per step from rows to a model
    SOURCE / "models": 31,  # one file per layer or model: folders of two would read worse
    SOURCE / "pooling": 15,  # one file per layer
}
FOLDERS = sorted({path.parent for path in FILES})


@pytest.mark.parametrize(
    "folder",
    FOLDERS,
    ids=lambda folder: str(folder.relative_to(SOURCE)),
)
def test_no_folder_holds_many_files(folder):
    files = [file for file in folder.glob("*.py") if file.name != "__init__.py"]
    assert len(files) <= LARGE_FOLDERS.get(folder, 12)


def functions(path):
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_command(path, function):
    """Functions of the command line whose parameters are its options."""
    return path.parent.name == "cli" and function.name == path.stem


def lines_of_statements(function):
    first = function.body[0]
    start = first.end_lineno + 1 if ast.get_docstring(function) else first.lineno
    return function.end_lineno - start + 1


# What users call: a signature that they read whole.
WIDE = {"data/reader.py:read", "explanation.py:from_values"}


def offenders(offends):
    return {
        f"{path.relative_to(SOURCE).as_posix()}:{function.name}"
        for path in FILES
        for function in functions(path)
        if offends(path, function)
    }


def is_long(path, function):
    if is_command(path, function):
        return lines_of_statements(function) > 40
    return function.end_lineno - function.lineno + 1 > 80


def is_wide(path, function):
    if is_command(path, function) or function.name == "__init__":
        return False  # what a user may choose
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")]) > 8


def test_no_function_is_long():
    assert offenders(is_long) == set()


def test_no_function_takes_many_parameters():
    assert offenders(is_wide) == WIDE


IGNORED = [
    f"{path.relative_to(SOURCE)}:{number}: {line.strip()}"
    for path in FILES
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
    if "type: ignore" in line
]


def test_types_are_seldom_ignored():
    assert len(IGNORED) <= 12


def test_types_are_ignored_for_a_reason():
    reason = re.compile(r"# type: ignore\[[\w, -]+\]  ?# \w")
    assert [line for line in IGNORED if not reason.search(line)] == []


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


def bare_lengths(path):
    """Lengths in messages of errors that are written without thousands separators."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(call, ast.Call) and ast.unparse(call.func).endswith("InputError")):
            continue
        for part in ast.walk(call):
            bare = isinstance(part, ast.FormattedValue) and part.format_spec is None
            if bare and ast.unparse(part.value).startswith("len("):
                yield ast.unparse(part.value)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_counts_in_messages_have_thousands_separators(path):
    allowed = ["len(texts)"] if path.name == "teacher.py" else []  # a shape
    assert [*bare_lengths(path)] == allowed
