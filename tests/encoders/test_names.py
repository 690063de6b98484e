"""Names of the hub: found among what is stored here, downloaded only if that is asked for."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REVISION = "0123456789abcdef0123456789abcdef01234567"
OPEN = """
import json, sys
from attnpool import InputError
from attnpool.encoders.opening import open_encoder

for name in ("nobody/stored", "nobody/elsewhere", "not a name/at all"):
    for download in (False, True):
        try:
            opened = open_encoder(name, download=download)
            said = [opened.source, opened.revision, opened.model.config.model_type]
        except InputError as error:
            said = str(error)
        print(json.dumps([name, download, said]))
"""


@pytest.fixture(scope="module")
def said(tiny, tmp_path_factory):
    """What is said of each name where the hub cannot be reached, with and without a download."""
    cache = tmp_path_factory.mktemp("hub")
    stored = cache / "models--nobody--stored"
    shutil.copytree(tiny, stored / "snapshots" / REVISION)
    (stored / "refs").mkdir()
    (stored / "refs" / "main").write_text(REVISION)
    src = Path(__file__).parents[2] / "src"
    unreachable = "http://127.0.0.1:9"
    env = {**os.environ, "HF_HUB_CACHE": str(cache), "HF_ENDPOINT": unreachable}
    env |= {"PYTHONPATH": str(src), "HF_HUB_OFFLINE": "0"}
    ran = subprocess.run(
        [sys.executable, "-c", OPEN], env=env, capture_output=True, text=True, check=True
    )
    assert ran.stderr == ""
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    return {(name, download): of for name, download, of in found}


@pytest.mark.parametrize("download", [False, True])
def test_a_name_that_is_stored_here_is_opened(said, download):
    """With a download asked for as well: without a network it is what it was."""
    assert said["nobody/stored", download] == ["nobody/stored", REVISION, "bert"]


def test_nothing_is_downloaded_unless_asked_for(said):
    assert "not stored here; allow the download" in said["nobody/elsewhere", False]


def test_a_hub_that_is_not_reached_is_one_line(said):
    assert "it could not be downloaded; look at the network" in said["nobody/elsewhere", True]
    assert "\n" not in said["nobody/elsewhere", True]


def test_what_is_no_name_is_told_from_a_missing_network(said):
    assert "look at the name" in said["not a name/at all", True]
