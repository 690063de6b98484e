"""docs/architecture.md holds: the walks enter the files it names, and its diffs work."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="not in a checkout")

# Runs one walk in a fresh process, without the checks of signatures, and prints the files of
# attnpool that are entered, in the order of their first call.
TRACE = """
import json, pathlib, shutil, sys, warnings
warnings.simplefilter("ignore")
import attnpool
from attnpool.cli import run

SOURCE = str(pathlib.Path(attnpool.__file__).parent) + "/"
entered = []

def trace(frame, event, _):
    name = frame.f_code.co_filename
    if event == "call" and name.startswith(SOURCE) and frame.f_code.co_name != "<module>":
        entered.append(name[len(SOURCE):])

SAID = ["房间干净", "服务热情", "隔音太差", "态度恶劣"]
TEXTS = [f"{text}{i}" for i in range(10) for text in SAID]
LABELS = ["好", "好", "差", "差"] * 10
PAIRS = [("怎么退款", "如何退款"), ("怎么退款", "怎么开票")] * 10

def explain_a_text():
    model = attnpool.TextClassifier(epochs=1).fit(TEXTS, LABELS)
    return lambda: attnpool.render(model.explain(["房间很干净"]))

def fit():
    return lambda: attnpool.TextClassifier(epochs=1).fit(TEXTS, LABELS).save("model")

def read_a_file():
    rows = "".join(f"{label},{text}\\n" for text, label in zip(TEXTS, LABELS))
    pathlib.Path("rows.csv").write_text("label,review\\n" + rows, "utf-8")
    return lambda: run(["train", "rows.csv", "-o", "read"])

def explain_a_pair():
    model = attnpool.TextMatcher(epochs=1, dim=8).fit(PAIRS, [1, 0] * 10)
    return lambda: attnpool.render(model.explain(PAIRS[:1]), "terminal")

def report():
    model = attnpool.TextClassifier(epochs=1).fit(TEXTS, LABELS)
    model.save("reported")
    pathlib.Path("held.csv").write_text("label,review\\n好,房间干净\\n差,隔音太差\\n", "utf-8")
    return lambda: run(["report", "reported", "held.csv", "-o", "page.html"])

walk = {"a": explain_a_text, "b": fit, "c": read_a_file, "d": explain_a_pair, "e": report}
go = walk[sys.argv[1]]()
go()  # once, so that nothing is compiled or imported on the walk
for path in ("model", "read"):
    shutil.rmtree(path, ignore_errors=True)
pathlib.Path("page.html").unlink(missing_ok=True)
sys.setprofile(trace)
go()
sys.setprofile(None)
print(json.dumps(list(dict.fromkeys(entered))))
"""


ENTRIES = """
import collections, json, pathlib, sys
import attnpool

SOURCE = str(pathlib.Path(attnpool.__file__).parent) + "/"
entries = collections.Counter()

def trace(frame, event, _):
    name = frame.f_code.co_filename
    if event == "call" and name.startswith(SOURCE):
        caller = frame.f_back
        while caller and not caller.f_code.co_filename.startswith(SOURCE):
            caller = caller.f_back
        if caller is None or caller.f_code.co_filename != name:
            entries[name[len(SOURCE):]] += 1

model = attnpool.TextClassifier(epochs=1, refit=False)
texts, labels = ["房间干净", "隔音太差"] * 20, ["好", "差"] * 20
model.fit(texts, labels, validation=None)
sys.setprofile(trace)
model.fit(texts, labels, validation=None)
sys.setprofile(None)
print(json.dumps({name: entries[name] for name in
                  ("estimators/classifier.py", "estimators/fitting/learning.py")}))
"""

# What is entered on a walk without being handed the text: doors, settings, names and records,
# progress, the way a network is put together, what is drawn beside the text.
BESIDE = (
    "files/",
    *("__init__.py", "view/__init__.py", "cli/__init__.py", "_renamed.py", "progress.py"),
    *("attribution_methods.py", "text/special_tokens.py", "estimators/estimator.py"),
    *("text/look_alikes.py", "explain/lists.py", "label_values.py", "estimators/scikit_learn/"),
    *("estimators/settings.py", "estimators/parameters.py", "models/net.py", "models/embedder.py"),
    *("pooling/registry.py", "pooling/linear.py", "pooling/normalizers.py", "pooling/padding.py"),
    *("pooling/pooled.py", "models/outputs.py", "models/dropout.py", "models/draws.py"),
    *("models/sparse_rows.py", "models/usual_torch.py"),
    *("view/drawing/captions.py", "view/drawing/legends.py", "view/drawing/palette.py"),
    "view/drawing/faithfulness.py",
    *("view/page/style.py", "view/page/inline.py", "view/picture/", "view/drawing/alignment.py"),
    *("view/page/templates/body.html.j2", "view/words/"),
)
BESIDE_OF = {
    "b": (
        *("training/recipe.py", "training/averaging.py", "models/key_index.py", "metrics.py"),
        "training/history.py",
        *("sanitize.py", "models/config.py", "persistence/", "data/balance.py"),
        "text/tokenizers/tokenizer_file.py",
    ),
    # What is checked before the file is opened, and what is done with its rows.
    "c": (
        *("cli/", "text/", "persistence/", "sanitize.py", "estimators/", "training/", "models/"),
        *("pooling/", "metrics.py", "data/label_map.py", "data/item_keys.py"),
        *("data/scores.py", "data/suspect_labels.py", "data/formats/fasttext.py"),
        "data/balance.py",
    ),
    "d": ("models/key_index.py",),
    # Loading and running the model, as in (a), and what stands on the page beside the rows.
    "e": (
        *("cli/", "persistence/", "estimators/", "text/", "models/", "pooling/", "data/"),
        *("sanitize.py", "explain/", "explanation.py", "metrics.py", "view/drawing/"),
        *("view/page/", "view/report/charts.py", "view/report/notes.py"),
    ),
}


def walks():
    """The files of each walk as the page lists them, by its letter."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else ""
    parts = re.findall(r"^### \((\w)\) .*?: (\d+) files\n(.*?)(?=^##)", text, flags=re.M | re.S)
    return {
        letter: (int(count), re.findall(r"^\d+\. `([\w/.]+)`", body, flags=re.M))
        for letter, count, body in parts
    }


def test_all_five_walks_are_there():
    assert sorted(walks()) == list("abcde")
    for count, files in walks().values():
        assert len(files) == len(set(files)) == count


@pytest.mark.parametrize("letter", sorted(walks()))
def test_a_walk_enters_the_files_it_names_in_this_order(letter, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", TRACE, letter],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    entered = json.loads(done.stdout.splitlines()[-1])
    _, files = walks()[letter]
    assert [file for file in files if file not in entered] == []
    assert [file for file in entered if file in files] == files
    # A file that is entered is on the page, or known to be handed no text on this walk.
    beside = [*BESIDE, *BESIDE_OF.get(letter, ())]
    assert [
        file for file in entered if file not in files and not file.startswith(tuple(beside))
    ] == []


def test_a_fit_enters_the_estimator_once(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", ENTRIES], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == {
        "estimators/classifier.py": 1,
        "estimators/fitting/learning.py": 1,
    }


def test_the_diffs_of_the_page_apply_and_work(tmp_path):
    text = PAGE.read_text("utf-8")
    diffs = re.findall(r"^```diff\n(.*?)^```$", text, flags=re.M | re.S)
    assert len(diffs) == 4
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for diff in diffs:
        subprocess.run(["git", "apply"], cwd=tmp_path, input=diff, text=True, check=True)
    (example,) = re.findall(r"^```python\n(.*?)^```$", text, flags=re.M | re.S)
    done = subprocess.run(
        [sys.executable, "-c", example],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
