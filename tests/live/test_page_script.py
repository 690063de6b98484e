"""The engine as pages carry it: one name, one block of data, and refusals in one line."""

import base64
import gzip
import json
import re
import subprocess
from collections import Counter
from importlib.resources import files
from itertools import chain

import numpy as np
import pytest
from safetensors.numpy import load, save

from attnpool.errors import InputError
from attnpool.estimators.exporting import compact_model
from attnpool.view.live.engine import engine_script, packed, tables_of

from .node import NODE, needs_node, run
from .test_engine import matcher, trained

TEXT = "房间很干净，ＷＯＮＤＥＲ e\u0301 👨‍👩‍👧 don't"


@pytest.fixture(scope="module")
def model():
    return compact_model(trained(tokenizer="words"))


@needs_node
def test_it_defines_one_name():
    last = "\nconsole.log(Object.getOwnPropertyNames(globalThis).join());"
    before, after = (
        subprocess.run([NODE, "-e", code + last], capture_output=True, text=True, check=True).stdout
        for code in ("", engine_script().replace("const openModel", "globalThis.openModel", 1))
    )
    assert set(after.strip().split(",")) - set(before.strip().split(",")) == {"openModel"}
    assert "</" not in engine_script().replace("<\\/", "")
    assert engine_script().isascii() or "<!--" not in engine_script()


@needs_node
def test_numbers_of_half_precision_are_those_of_numpy():
    inside = engine_script().replace("return openModel;", "return fromHalves;")
    all_of_them = "[...openModel(Uint16Array.from({ length: 65536 }, (_, i) => i))]"
    said = f"{inside}\nconsole.log(JSON.stringify({all_of_them}.map(String)));"
    done = subprocess.run([NODE, "-e", said], capture_output=True, text=True, check=True)
    numbers = np.arange(65536).astype(np.uint16).view(np.float16).astype(np.float32)
    found = np.array([float(one.replace("Infinity", "inf")) for one in json.loads(done.stdout)])
    np.testing.assert_array_equal(found.astype(np.float32), numbers)


def test_equal_models_are_packed_alike(model):
    assert packed(model) == packed(model)
    assert gzip.decompress(base64.b64decode(packed(model))) == model.to_bytes()
    assert packed(model).isascii()


def test_tables_are_small_and_those_of_the_tokenizer(model):
    words, characters = (
        tables_of(one) for one in (model, compact_model(trained(tokenizer="characters")))
    )
    assert len(json.dumps(words)) < 70_000
    assert "kinds" in words
    assert "kinds" not in characters
    assert "lower" not in characters


@pytest.mark.parametrize("kind", ["pretrained", "jieba"])
def test_a_tokenizer_that_no_browser_can_run_is_refused(model, kind):
    class Other:
        pass

    Other.kind = kind
    reader = type("Reader", (), {"tokenizer": Other(), "normalizes": True})
    other = type("Model", (), {"reader_": reader, "classes_": model.classes_})
    with pytest.raises(InputError, match=f"{kind} tokenizer.*--tokenizer characters or words"):
        tables_of(other)


def changed(model, change):
    """The packed model after a change of its arrays and its description."""
    whole = model.to_bytes()
    size = int.from_bytes(whole[:8], "little")
    described = json.loads(whole[8 : 8 + size])["__metadata__"]["attnpool_compact"]
    arrays, described = {k: v.copy() for k, v in load(whole).items()}, json.loads(described)
    change(arrays, described)
    data = save(arrays, metadata={"attnpool_compact": json.dumps(described)})
    return base64.b64encode(gzip.compress(data)).decode()


def to_nan(arrays, _):
    arrays["bias"][0] = float("nan")


def disordered(arrays, _):
    arrays["ngrams"][:] = arrays["ngrams"][::-1]


def fewer_rows(arrays, _):
    arrays["values"] = arrays["values"][:-1]


def another_pooling(_, described):
    described["network"]["pooling"] = "max"


def later_version(_, described):
    described["format_version"] = 9


def no_tokenizer(_, described):
    described["tokenizer"] = "[]"


def no_lengths(_, described):
    described["network"]["ngrams"] = 3


DAMAGES = {
    "base64": lambda whole: "§" + whole,
    "gzip": lambda whole: whole[:-400],
    "no gzip": lambda _: base64.b64encode(b"\x08" + b"\0" * 99).decode(),
    "no header": lambda _: base64.b64encode(gzip.compress(b"\x08" + b"\0" * 99)).decode(),
    "empty": lambda _: "",
}
CHANGES = [
    *(to_nan, disordered, fewer_rows, another_pooling, later_version, no_tokenizer, no_lengths)
]


@needs_node
@pytest.mark.parametrize("damage", [*DAMAGES, *CHANGES])
def test_a_damaged_model_is_refused_in_one_line(model, damage, tmp_path):
    cut = changed(model, damage) if callable(damage) else DAMAGES[damage](packed(model))
    with pytest.raises(RuntimeError, match=r"^[^\n]*export the page again$"):
        run(model, [{"texts": [TEXT]}], tmp_path, base64=cut)


def one_of_many(arrays, described):
    described["network"]["convolutions"] = 2


def no_head(arrays, _):
    del arrays["hidden.bias"]


def narrow(arrays, _):
    arrays["projection"] = arrays["projection"][:-1]


def another_architecture(_, described):
    described["network"]["architecture"] = "triplet"


@needs_node
@pytest.mark.parametrize("change", [no_head, narrow, another_architecture, one_of_many, disordered])
def test_a_damaged_matcher_is_refused_in_one_line(change, tmp_path):
    model = compact_model(matcher(ngrams=(2,), kernel_sizes=(3,)))
    with pytest.raises(RuntimeError, match=r"^[^\n]*export the page again$"):
        run(model, [], tmp_path, base64=changed(model, change))


def test_no_name_stands_for_two_things():
    """Files become one script, in which a second function of a name takes the first's place."""
    page = files("attnpool.view.live")
    folders = [page.joinpath("engine"), page.joinpath("templates")]
    code = "\n".join(
        one.read_text("utf-8")
        for folder in folders
        for one in folder.iterdir()
        if one.name.endswith(".js")
    )
    names = re.findall(r"^(?:async )?function\*? (\w+)|^(?:const|let) (\w+) =", code, re.MULTILINE)
    assert [name for name, count in Counter(filter(None, chain(*names))).items() if count > 1] == []
