"""docs/api.md holds every public name once, and every name on it can be imported."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
API = ROOT / "docs" / "api.md"
pytestmark = pytest.mark.skipif(not API.exists(), reason="not in a checkout")


def listed():
    return re.findall(r"^### ([\w.]+)$", API.read_text("utf-8"), flags=re.M)


def test_the_page_is_up_to_date(unchecked):
    from scripts.write_api_docs import page

    assert API.read_text("utf-8") == page(), "run: make docs"


def test_every_public_name_is_on_it_once():
    from scripts.write_api_docs import PACKAGES

    names = [path.rpartition(".")[2] for path in listed()]
    assert len(listed()) == len(set(listed()))
    for package in PACKAGES:
        for name in importlib.import_module(package).__all__:
            assert name in names or name.startswith("__"), f"{package}.{name}"


@pytest.mark.parametrize("path", listed() if API.exists() else [])
def test_every_name_on_it_imports(path):
    package, _, name = path.rpartition(".")
    assert getattr(importlib.import_module(package), name) is not None


def packages():
    """All but those for other libraries, which tests/integrations imports where these are."""
    import attnpool

    source = Path(attnpool.__file__).parent
    folders = [path.parent for path in source.rglob("__init__.py")]
    folders = [folder for folder in folders if folder.parent.name != "integrations"]
    return sorted(".".join(("attnpool", *f.relative_to(source).parts)) for f in folders)


@pytest.mark.parametrize("package", packages())
def test_every_package_says_what_is_public(package):
    module = importlib.import_module(package)
    assert isinstance(module.__all__, list)
    for name in module.__all__:
        assert getattr(module, name) is not None


def test_nothing_heavy_is_imported_before_it_is_used():
    import subprocess
    import sys

    code = (
        "import sys, attnpool; attnpool.METHODS, attnpool.render, attnpool.Section, "
        "attnpool.report, attnpool.load_demo, attnpool.Progress, attnpool.Explanation\n"
        "sys.exit('torch' in sys.modules or 'sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
