"""MLflow's own scoring server, started as users start it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from tests.integrations.mlflow.cases import TEXTS

import attnpool

SECONDS = 120


def ask(address, path, body=None):
    """The status, and what it answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{address}{path}", data=data, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture(scope="module")
def server(saved, tmp_path_factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "models", "serve", "--model-uri", str(saved[1])]
    log = tmp_path_factory.mktemp("server") / "log"
    address = f"http://127.0.0.1:{port}"
    bin_folder = Path(sys.executable).parent  # where uvicorn is
    with log.open("w") as file:
        process = subprocess.Popen(
            [*command, "--env-manager", "local", "--port", str(port)],
            stdout=file,
            stderr=file,
            env={**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"},
        )
        try:
            for _ in range(SECONDS * 5):
                assert process.poll() is None, log.read_text()
                try:
                    if ask(address, "/ping")[0] == 200:
                        break
                except OSError:
                    time.sleep(0.2)
            yield address
        finally:
            process.terminate()
            process.wait(SECONDS)


def test_it_answers_as_the_model(saved, server):
    case, _ = saved
    texts = [text.replace("\ud800", "") for text in TEXTS]  # which JSON for the web cannot hold
    body = {"dataframe_split": {"columns": ["text"], "data": [[text] for text in texts]}}
    status, said = ask(server, "/invocations", {**body, "params": {"explain": True}})
    assert status == 200
    rows = json.loads(said)["predictions"]
    assert [row["label"] for row in rows] == case.model.predict(texts).tolist()
    expected = case.model.explain(texts)
    assert [row["explanation"] + "\n" for row in rows] == [
        attnpool.render(one, "json") for one in expected
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"dataframe_records": [{"text": "房间干净"}, {"text": "隔音太差"}]},
        {"instances": [{"text": "房间干净"}, {"text": "隔音太差"}]},
        {"inputs": {"text": ["房间干净", "隔音太差"]}},
    ],
    ids=lambda body: next(iter(body)),
)
def test_every_form_of_request(saved, server, body):
    status, said = ask(server, "/invocations", body)
    assert status == 200, said
    rows = json.loads(said)["predictions"]
    shares = saved[0].model.predict_proba(["房间干净", "隔音太差"])
    assert [row["label"] for row in rows] == ["好", "差"]
    assert [row["probability"] for row in rows] == shares.max(1).tolist()


@pytest.mark.parametrize(
    ("rows", "params", "said"),
    [
        ([{"text": "好"}, {"text": None}], {}, "texts[1] is "),
        ([{"text": "好"}, {"text": 3}], {}, "texts[1] is int, not a string"),
        ([{"review": "好"}], {}, "Model is missing inputs ['text']"),
        ([{"text": "好"}], {"explain": True, "method": "guess"}, "unknown method 'guess'"),
        ([{"text": "好"}], {"method": "attention"}, "method does nothing without explain"),
        ([{"text": "好"}], {"explain": "yes"}, "explain"),
    ],
)
def test_bad_input_says_what_is_wrong(server, rows, params, said):
    status, answer = ask(
        server,
        "/invocations",
        {"dataframe_records": rows, **({"params": params} if params else {})},
    )
    assert status == 400
    assert said in json.loads(answer)["message"]
    assert "Traceback" not in answer
