"""The light core, and what each extra brings: pyproject.toml and the messages agree."""

import re
import tomllib
from pathlib import Path

import pytest

from attnpool import InputError, errors
from attnpool.errors import require

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CORE = {"jinja2", "numpy", "regex", "rich", "safetensors", "typer"}
LIBRARIES = dict(errors._EXTRAS)


def names(requirements):
    """The packages of requirements, and all of the extras of our own that they name."""
    found = set()
    for one in requirements:
        name, extras = re.match(r"([\w.-]+)(?:\[([\w,]+)\])?", one).groups()
        if name == PROJECT["name"]:
            for extra in extras.split(","):
                found |= names(PROJECT["optional-dependencies"][extra])
        else:
            found.add(name.lower())
    return found


EXTRAS = {extra: names(brings) for extra, brings in PROJECT["optional-dependencies"].items()}


def package(library):
    return errors._PACKAGES.get(library, library)


def test_the_core_is_light():
    assert names(PROJECT["dependencies"]) == CORE


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_extra_that_a_message_names_brings_the_library(library, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(InputError) as error:
        require("drawing", library)
    said = str(error.value)
    assert said.startswith(f"drawing needs {package(library)}, which is not installed; ")
    extra = re.search(r'pip install "attnpool\[(\w+)\]"$', said)[1]
    assert package(library) in EXTRAS[extra]


def test_training_is_brought_by_one_extra():
    assert {package(library) for library in errors.TRAINING} <= EXTRAS["train"]


def test_excel_is_brought_by_one_extra():
    assert {"fastexcel", "polars", "xlsxwriter"} <= EXTRAS["excel"]


def test_all_is_what_users_may_want_and_dev_has_it():
    for extra in ("train", "images", "words", "excel", "encoders", "zstd"):
        assert EXTRAS[extra] <= EXTRAS["all"] <= EXTRAS["dev"]
    assert EXTRAS["train"] <= EXTRAS["compare"]


def test_every_package_that_users_may_get_is_pinned():
    pins = {
        re.split("==", line)[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if "==" in line
    }
    assert CORE | EXTRAS["all"] <= pins


def test_what_is_installed_is_not_refused():
    require("drawing", "numpy", "json")
