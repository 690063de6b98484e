"""Every model that can be loaded is an `attnpool.Model`, and each kind loads its own folders."""

import subprocess
import sys

import pytest
import torch

import attnpool
from attnpool import InputError, Model, TextClassifier, TextMatcher
from attnpool.pooling import POOLINGS, Pooled, make_pooling

TEXTS = ["a b", "c d"] * 10


class MyClassifier(TextClassifier):
    pass


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kinds")
    pairs = [(text, text) for text in TEXTS]
    models = {
        TextClassifier: TextClassifier(epochs=1, dim=4).fit(TEXTS, [0, 1] * 10),
        TextMatcher: TextMatcher(epochs=1, dim=4).fit(pairs, [0, 1] * 10),
        MyClassifier: MyClassifier(epochs=1, dim=4).fit(TEXTS, [0, 1] * 10),
    }
    for kind, model in models.items():
        model.save(folder / kind.__name__)
    return folder


@pytest.mark.parametrize("kind", [TextClassifier, TextMatcher, MyClassifier])
def test_each_kind_loads_its_own(folders, kind):
    path = folders / kind.__name__
    assert type(kind.load(path)) is kind
    assert type(attnpool.load(str(path))) is kind
    assert isinstance(attnpool.load(path), Model)
    assert not isinstance(kind(), Model)  # nothing was fitted yet


def test_a_subclass_is_of_the_kind_too(folders):
    assert type(TextClassifier.load(folders / "MyClassifier")) is MyClassifier


@pytest.mark.parametrize(
    ("kind", "other"),
    [(TextClassifier, "TextMatcher"), (TextMatcher, "TextClassifier"),
     (MyClassifier, "TextClassifier")],
)  # fmt: skip
def test_a_folder_of_another_kind_is_one_line(folders, kind, other):
    path = folders / other
    with pytest.raises(InputError) as error:
        kind.load(path)
    assert str(error.value) == (
        f"{path} holds a {other}, not a {kind.__name__}; use {other}.load or attnpool.load"
    )


def test_no_model_is_told_as_by_load(tmp_path):
    for load in (attnpool.load, TextClassifier.load, TextMatcher.load):
        with pytest.raises(InputError, match="no such model folder"):
            load(tmp_path / "nothing")


def test_the_protocol_imports_no_torch():
    code = "import sys, attnpool; attnpool.Model; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("name", POOLINGS)
def test_hooks_of_layers_still_run(name):
    layer, seen = make_pooling(name, 4), []
    layer.register_forward_hook(lambda *given: seen.append(given))
    assert isinstance(layer(torch.zeros(2, 3, 4)), Pooled)
    assert len(seen) == 1
