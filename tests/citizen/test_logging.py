"""What is done is logged, for those who turn it on, and nothing is printed."""

import logging
import subprocess
import sys

import pytest
from tests.citizen import calls

import attnpool
from attnpool import TextClassifier, TextMatcher
from attnpool.data import read

HOSTILE = "a\n\x1b[31mred\u202e"
PROGRAM = """
import logging, sys
import attnpool
if len(sys.argv) > 1:
    logging.basicConfig(level="INFO")
texts = ["a good film", "a bad film"] * 16
model = attnpool.TextClassifier(epochs=2, dim=8).fit(texts, ["good", "bad"] * 16)
model.save("model" + "-".join(sys.argv[1:]))
attnpool.render(model.explain(texts[:2]))
"""


def said(caplog):
    return [(one.name, one.levelname, one.getMessage()) for one in caplog.records]


def test_a_fit_tells_of_each_epoch_what_was_chosen_and_what_was_written(caplog, tmp_path):
    caplog.set_level("DEBUG", "attnpool")
    model = TextClassifier(epochs=2, dim=8).fit(calls.TEXTS, calls.LABELS)
    model.save(tmp_path / "model")
    model.export(tmp_path / "model.safetensors")
    attnpool.load(tmp_path / "model").explain(calls.TEXTS[:2])
    found = "\n".join(message for _, _, message in said(caplog))
    for part in (
        "training on 32 rows, with 0 held out, in batches of 16",
        "epoch 2 of 2, score",
        "chosen on",
        f"wrote the model {tmp_path / 'model'}",
        f"wrote {tmp_path / 'model.safetensors'}",
        f"read {tmp_path / 'model'}: a TextClassifier of 2 classes",
        "explained 2 items by contribution",
    ):
        assert part in found
    names = {name for name, _, _ in said(caplog)}
    assert all(name.startswith("attnpool.") for name in names)
    assert {level for _, level, _ in said(caplog)} == {"INFO", "DEBUG"}


def test_a_matcher_logs_its_epochs(caplog):
    caplog.set_level("INFO", "attnpool")
    TextMatcher(epochs=2, dim=8).fit(calls.PAIRS, calls.LABELS)
    assert "training on 32 items" in caplog.text
    assert "epoch 2 of 2" in caplog.text


def test_hostile_names_are_escaped_in_records(caplog, tmp_path):
    caplog.set_level("DEBUG", "attnpool")
    labels = [f"{HOSTILE}{label}" for label in calls.LABELS]
    model = TextClassifier(epochs=1, dim=8).fit([f"{HOSTILE} {t}" for t in calls.TEXTS], labels)
    model.save(tmp_path / HOSTILE)
    attnpool.load(tmp_path / HOSTILE).explain(calls.TEXTS[:1])
    rows = tmp_path / f"{HOSTILE}.csv"
    rows.write_text("text,label\na,b\n", "utf-8")
    read(rows)
    assert r"\x1b[31mred\u202e" in caplog.text
    assert all(message.isprintable() for _, _, message in said(caplog))


@pytest.mark.parametrize("asked", [[], ["INFO"]])
def test_a_program_hears_of_it_if_it_asks(asked, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *asked],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    assert ("INFO:attnpool.training.loop:epoch 1 of 2" in done.stderr) == bool(asked)
    assert asked or done.stderr == ""


def test_the_logger_of_the_library_has_a_handler_that_does_nothing():
    (handler,) = logging.getLogger("attnpool").handlers
    assert isinstance(handler, logging.NullHandler)
    assert logging.getLogger("attnpool").level == logging.NOTSET
