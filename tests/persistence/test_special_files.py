"""What stands where a file of a model should: pipes, devices and sparse files are refused fast."""

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from attnpool import TextClassifier, load
from attnpool.errors import InputError
from attnpool.persistence.model_folder import FILES

READ = [name for name in FILES if name != "README.md"]  # the card is for people
SAID = "not an ordinary file", "larger than", "Is a directory", "is cut short", "is damaged"
_LOAD = """
import sys
import attnpool, attnpool.estimators.loading, attnpool.runtime.loading
from attnpool.encoders.opening import open_encoder
from fuzz import child
try:
    import transformers
except ImportError:
    pass
opened = open_encoder if sys.argv[1] == "encoder" else attnpool.load
for path in sys.argv[2:]:
    found = child.run(lambda: opened(path) and "loaded", most=1 << 30)
    print(found.kind, found.detail.replace(chr(10), " "), flush=True)
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("special")
    model = TextClassifier(dim=8, epochs=1).fit(["好房", "差房"] * 8, [0, 1] * 8)
    model.save(folder / "model")
    model.export(folder / "model.safetensors")
    return folder


def pipe(path):
    os.mkfifo(path)


def zeros(path):
    path.symlink_to("/dev/zero")


def sparse(path):
    with path.open("wb") as file:
        file.truncate(3 << 30)


def sparse_with_its_beginning(path):
    """As a download that was cut short and padded; the old content stands at the beginning."""
    content = path.with_name(f"old-{path.name}").read_bytes()
    path.write_bytes(content)
    with path.open("r+b") as file:
        file.truncate(3 << 30)


def folder(path):
    path.mkdir()


KINDS = [pipe, zeros, sparse, sparse_with_its_beginning, folder]


def said_of(what, places):
    """What comes of loading each, in ten seconds and a gigabyte."""
    command = [sys.executable, "-c", _LOAD, what, *map(str, places)]
    done = subprocess.run(command, capture_output=True, timeout=300, cwd=ROOT)
    assert done.returncode == 0, done.stderr.decode()[-500:]
    lines = done.stdout.decode().splitlines()
    return dict(zip(places, lines, strict=True))


def replaced(path, kind):
    path.rename(path.with_name(f"old-{path.name}"))
    kind(path)
    path.with_name(f"old-{path.name}").unlink()


def test_a_file_of_a_folder(saved, tmp_path):
    places = {}
    for number, (name, kind) in enumerate(itertools.product(READ, KINDS)):
        place = tmp_path / f"m{number}"
        shutil.copytree(saved / "model", place)
        replaced(place / name, kind)
        places[place] = name
    card = tmp_path / "card"
    shutil.copytree(saved / "model", card)
    replaced(card / "README.md", pipe)
    found = said_of("model", [*places, card])
    assert found.pop(card) == "ok loaded"  # the card is for people
    for place, line in found.items():
        assert line.startswith("refused ")
        assert str(place / places[place]) in line
        assert "has no config.json" not in line
        assert any(what in line for what in SAID), line


def test_a_compact_file(saved, tmp_path):
    places = [tmp_path / f"{kind.__name__}.safetensors" for kind in KINDS]
    for place, kind in zip(places, KINDS, strict=True):
        shutil.copy(saved / "model.safetensors", place)
        replaced(place, kind)
    for place, line in said_of("model", places).items():
        assert line.startswith("refused ")
        assert str(place) in line


def test_a_file_of_an_encoder(saved, tmp_path):
    pytest.importorskip("transformers")
    places = {}
    names = ["config.json", "tokenizer.json", "model.safetensors"]
    for number, (name, kind) in enumerate(itertools.product(names, KINDS[:4])):
        place = tmp_path / f"e{number}"
        place.mkdir()
        for file in names[:2]:
            shutil.copy(saved / "model" / file, place)
        shutil.copy(saved / "model.safetensors", place)
        replaced(place / name, kind)
        places[place] = name
    for place, line in said_of("encoder", list(places)).items():
        assert line.startswith("refused ")
        assert str(place) in line
        assert places[place] in line


def test_whether_a_folder_is_a_model_takes_64_bytes(tmp_path):
    """Its `config.json` may be large: no more is read than what tells."""
    from attnpool.persistence.model_folder import is_model

    place = Path(tmp_path / "config.json")
    place.write_text('{"format_version": 5, "kind": "TextClassifier", ' + " " * 64)
    with place.open("r+b") as file:
        file.truncate(3 << 30)
    limited = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))"
    program = f"{limited}\nfrom pathlib import Path\n"
    program += "from attnpool.persistence.model_folder import is_model\n"
    program += f"print(is_model(Path({str(tmp_path)!r})))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    assert done.stdout == b"True\n", done.stderr.decode()[-500:]
    assert is_model(tmp_path)


def test_what_config_json_is_wrong_with(saved, tmp_path):
    """A folder without one, one of another program, one that leads nowhere, one in a circle."""
    kinds = {
        "it has no config.json": lambda place: None,
        "its config.json is not one of attnpool": lambda place: place.write_text("{}"),
        "is damaged (a link to nothing)": lambda place: place.symlink_to("nowhere"),
        "cannot be read: Too many levels": lambda place: place.symlink_to(place),
    }
    for number, (said, kind) in enumerate(kinds.items()):
        place = tmp_path / f"m{number}"
        shutil.copytree(saved / "model", place)
        (place / "config.json").unlink()
        kind(place / "config.json")
        with pytest.raises(InputError) as raised:
            load(place)
        assert said in str(raised.value)
