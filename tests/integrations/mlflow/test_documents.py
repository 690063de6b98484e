"""What the documents say of MLflow runs."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.integrations.mlflow.cases import mlflow
from tests.skips import NO_MLFLOW

import attnpool

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "integrations.md"


def section():
    """What the page says under the heading MLflow."""
    return re.split(r"^## ", PAGE.read_text("utf-8").split("\n## MLflow\n")[1], flags=re.M)[0]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of SQLAlchemy, by MLflow
def test_the_code_of_the_page_runs(tmp_path, monkeypatch):
    pytest.importorskip("sqlalchemy", reason=NO_MLFLOW)
    monkeypatch.chdir(tmp_path)
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'runs.db'}")
    blocks = re.findall(r"^```python\n(.*?)^```$", section(), flags=re.M | re.S)
    assert len(blocks) == 2
    assert len([line for line in blocks[0].splitlines() if line]) <= 10
    for _ in range(2):  # in one folder, over what the first time left
        known = {}
        for block in blocks:
            exec(compile(block, str(PAGE), "exec"), known)
    answers = known["answers"]
    assert answers.label.tolist() == ["好", "差"]
    assert json.loads(answers.explanation[0]) == json.loads(
        attnpool.render(known["model"].explain(["房间干净"])[0], "json")
    )
    assert known["again"].predict([{"text": "隔音太差"}]).label.tolist() == ["差"]
    assert known["info"].registered_model_version == 2


def test_the_request_of_the_page_is_what_the_server_test_sends():
    """Its form is one of `test_every_form_of_request`; here that it is JSON."""
    body = json.loads(re.search(r"-d '(.*)'", section())[1])
    assert body == {"dataframe_records": [{"text": "房间干净"}], "params": {"explain": True}}


def test_the_page_says_what_runs_need(tmp_path):
    """Before the snippet that logs: as the extra installs it, MLflow opens no file of SQLite."""
    text = section()
    before = text[: text.index("info = log_model(")]
    for word in ("mlflow-skinny alone", "`pip install mlflow`", "`sqlalchemy` and `alembic`"):
        assert word in before
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['sqlalchemy', 'alembic'])); import mlflow; "
        "mlflow.MlflowClient().search_registered_models()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode
    assert "sqlite" in ran.stderr
