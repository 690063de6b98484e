"""A model that only answers imports neither scikit-learn nor torch's compiler."""

import json
import subprocess
import sys
from pathlib import Path

HEAVY = (
    *("sympy", "torch._dynamo", "torch._inductor", "torch.fx.experimental.symbolic_shapes"),
    *("sklearn", "scipy", "pandas", "polars", "matplotlib"),
)
SAVED = Path(__file__).parent / "saved_models"

# Every module of a heavy package counts, so that a list of them says which part it was.
REPORT = f"""
heavy = {HEAVY!r}
print([name for name in sys.modules if any(f"{{name}}.".startswith(f"{{h}}.") for h in heavy)])
"""

ASK = """
import json, sys
from pathlib import Path
import attnpool

for path in map(Path, sys.argv[1:]):
    model = attnpool.load(path)
    beside = path.with_name(path.name + ".json")
    asked = json.loads(beside.read_text("utf-8"))["probe"] if beside.exists() else ["房间很干净"]
    model.predict(asked)
    model.score(asked, [model.classes_[0]] * len(asked))
    model.explain(asked)
    model.set_params(**model.get_params())
    assert "Text" in repr(model) and "<" in model._repr_html_()
    assert not hasattr(model, "get_metadata_routing")
"""


def heavy(code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1].replace("'", '"'))


def test_the_estimators_alone():
    assert heavy("import sys, attnpool.estimators" + REPORT) == []


def test_models_of_all_kinds_loaded_and_asked(sentiment, tmp_path):
    sentiment[0].save(tmp_path / "model")  # with a linear part, which earlier versions had not
    folders = [path.parent for path in sorted(SAVED.glob("*/config.json"))]
    assert len(folders) == 13
    assert heavy(ASK + REPORT, tmp_path / "model", *folders) == []


def test_scikit_learn_is_there_as_soon_as_it_is_asked_for():
    code = """
import sys
from attnpool import TextClassifier

model = TextClassifier()
try:
    model.predict(["房间"])
except Exception as error:
    assert type(error).__name__ == "NotFittedError"
assert "sklearn" in sys.modules
assert model.get_metadata_routing().fit.requests["teacher"] is None
print([])
"""
    assert heavy(code) == []
