"""Type checkers pass on the code of the documents and know the types of what it uses."""

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.test_docs import ROOT, blocks

pytestmark = pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="not in a checkout")

# What runs inside other libraries is run where these are: by tests/integrations.
ELSEWHERE = ROOT / "docs" / "integrations.md"
LIBRARY_OF_EXAMPLES = "onnxruntime"
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *(path for path in sorted((ROOT / "docs").glob("*.md")) if path != ELSEWHERE),
]
# What readers of a document have at hand, and of an example on the API page.
PRELUDE = """\
from typing import Any

import torch

import attnpool

texts: list[str] = []
labels: list[str] = []
folder: str = ""
tokenizer: Any = None
classifier: Any = None
sentence_encoder: Any = None
"""
API = """\
import torch

from attnpool import *
from attnpool.data import *
from attnpool.integrations.onnx import *
from attnpool.pooling import *
from attnpool.text import *

"""
TYPES = """\
from pathlib import Path
from typing import assert_type

import numpy as np
import torch
from torch import Tensor

import attnpool
from attnpool import Explanation, Model, TextClassifier, TextMatcher
from attnpool.pooling import (
    AttentionPooling1D,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    MeanQueryAttentionPooling1D,
    MinVariancePooling1D,
    MultiHeadAttentionPooling1D,
    Pooled,
    QueryAttentionPooling1D,
    make_pooling,
)

x, mask = torch.zeros(2, 3, 4), torch.ones(2, 3, dtype=torch.bool)
assert_type(AttentionPooling1D(4)(x, mask), Pooled)
assert_type(MultiHeadAttentionPooling1D(4, 2)(x), Pooled)
assert_type(MeanQueryAttentionPooling1D(4)(x), Pooled)
assert_type(GlobalMaxPooling1D()(x, mask=mask), Pooled)
assert_type(GlobalAveragePooling1D()(x), Pooled)
assert_type(MinVariancePooling1D()(x), Pooled)
assert_type(QueryAttentionPooling1D(4)(x, torch.zeros(2, 4), mask), Pooled)
assert_type(make_pooling("max", 4)(x), Pooled)
assert_type(AttentionPooling1D(4)(x).vector, Tensor)

any_kind = attnpool.load(Path("model"))
assert_type(any_kind, Model)
assert_type(any_kind.predict(["a"]), np.ndarray)
assert_type(any_kind.predict_proba(["a"]), np.ndarray)
assert_type(any_kind.explain(["a"])[0], Explanation)
assert_type(any_kind.classes_, np.ndarray)
any_kind.save("model", overwrite=True)
assert_type(TextClassifier.load("model"), TextClassifier)
assert_type(TextMatcher.load("model"), TextMatcher)
assert_type(TextMatcher().fit([("a", "b")], [1]), TextMatcher)
one: Model = TextClassifier()
other: Model = TextMatcher()
"""
WRONG = """\
import torch

import attnpool
from attnpool.pooling import AttentionPooling1D

AttentionPooling1D(4)("text")
AttentionPooling1D(4)(torch.zeros(1, 2, 4)).weight
attnpool.load("model").predict_probabilities(["a"])
attnpool.load(7)
attnpool.TextClassifier(poling="max")
attnpool.TextClassifier.load("model").explain(["a"], metod="attention")
"""


# Pages whose blocks go on where the one before ended.
ONE_SCRIPT = {"draw-anything.md"}


def snippets():
    """The code of documents by file name; that of the API page is in its examples."""
    for path in DOCUMENTS:
        of_page = blocks(path, "python")
        if path.name in ONE_SCRIPT:
            of_page = ["\n".join(of_page)]
        for number, block in enumerate(of_page):
            lines = re.findall(r"^(?:>>>|\.\.\.) ?(.*\n)", block, flags=re.M)
            if path.name == "api.md" and not lines:
                continue
            if LIBRARY_OF_EXAMPLES in block and find_spec(LIBRARY_OF_EXAMPLES) is None:
                continue
            name = f"{re.sub(r'[^a-zA-Z]', '_', path.stem)}_{number}.py"
            yield name, (API if path.name == "api.md" else PRELUDE) + ("".join(lines) or block)
    for path in sorted((ROOT / "examples").glob("*.py")):
        yield path.name, path.read_text("utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("snippets")
    for name, code in [*snippets(), ("types_.py", TYPES), ("wrong.py", WRONG)]:
        (folder / name).write_text(code, "utf-8")
    return folder


def pyright(folder):
    settings = {
        "typeCheckingMode": "standard",  # as pyright has it
        "extraPaths": [str(ROOT / "src")],
        "reportUnusedExpression": False,  # the last line of an example
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "basedpyright", "--outputjson", "--project", str(folder)]
    done = subprocess.run(
        [*command, "--pythonpath", sys.executable], capture_output=True, text=True, check=False
    )
    for found in json.loads(done.stdout)["generalDiagnostics"]:
        if found["severity"] == "error":
            line = found["range"]["start"]["line"] + 1
            yield Path(found["file"]).name, line, found["message"]


def mypy(folder):
    # As `make lint` runs it, whose cache spares the minute that torch takes.
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.stderr == ""
    for found in re.findall(r"(\w+\.py):(\d+): error: (.*)$", done.stdout, flags=re.M):
        yield found[0], int(found[1]), found[2]


def test_the_types_ship_with_the_package():
    assert (ROOT / "src" / "attnpool" / "py.typed").exists()


@pytest.mark.parametrize("check", [pyright, mypy])
def test_the_code_of_the_documents_passes(folder, check):
    if check is pyright and find_spec("basedpyright") is None:
        pytest.skip("needs basedpyright")
    found = sorted(check(folder))
    assert [error for error in found if error[0] != "wrong.py"] == []
    lines = WRONG.splitlines()
    assert {lines[line - 1] for name, line, _ in found} == set(lines[5:])
