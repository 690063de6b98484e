"""Without the library an integration is one line that says what to install."""

import subprocess
import sys

import pytest


def imported(without, module):
    """What the last line of the traceback says."""
    code = f"import sys; sys.modules.update(dict.fromkeys({without!r})); import {module}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stderr.strip().splitlines()[-1:]


def test_without_keras():
    status, said = imported(["keras"], "attnpool.integrations.keras")
    assert status
    assert said == [
        "attnpool.errors.MissingLibraryError: attnpool.integrations.keras needs keras, which is "
        'not installed; pip install "attnpool[keras]"'
    ]


@pytest.mark.parametrize("library", ["keras", "torch"])
def test_the_package_of_integrations_imports_none_of_them(library):
    assert imported([library], "attnpool.integrations") == (0, [])
