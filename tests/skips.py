"""Which tests may skip where `ATTNPOOL_NO_SKIPS` is set, as in `.ci/run`; any other skip fails.

The hooks of pytest are here; `tests/conftest.py` imports them.
"""

import os

import pytest

NO_KERAS = "keras is not installed; these tests run by make test-keras"
NO_TRAINER = (
    "the trainer of sentence-transformers is not installed; these tests run by "
    "make test-sentence-transformers"
)
NO_ONNX = "onnx is not installed; these tests run by make test-onnx"
NO_SPACY = "spacy is not installed; these tests run by make test-spacy"
NO_MLFLOW = "mlflow is not installed; these tests run by make test-mlflow"
NO_DATA = "no real data: set ATTNPOOL_DATA to their folder"
NO_RAY = "ray is not installed; these tests run by make test-ray"
NO_SPARK = "pyspark and Java are not installed; this is tried by hand"

# The beginning of a skip's reason, and why it may skip.
ALLOWED = {
    NO_DATA: "the public data sets are not part of the project",
    NO_KERAS: "make test-keras has an environment of its own, and CI runs it",
    NO_TRAINER: "make test-sentence-transformers has an environment of its own, and CI runs it",
    NO_ONNX: "make test-onnx has an environment of its own, and CI runs it",
    NO_SPACY: "make test-spacy has an environment of its own, and CI runs it",
    NO_MLFLOW: "make test-mlflow has an environment of its own, and CI runs it",
    NO_RAY: "make test-ray has an environment of its own, and CI runs it",
    NO_SPARK: "Java is 200 MB, for one recipe of the documents",
    "root may write anywhere": "CI runs as root in a container",
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Fail a test that skips."""
    return _failed((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Fail a file that skips as a whole."""
    return _failed((yield))


def _failed(report):
    if os.environ.get("ATTNPOOL_NO_SKIPS") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not reason.startswith(tuple(ALLOWED)):
            report.outcome = "failed"
            report.longrepr = f"skipped ({reason}), which ATTNPOOL_NO_SKIPS forbids"
    return report
