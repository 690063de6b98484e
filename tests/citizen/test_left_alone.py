"""Whatever attnpool is asked, it leaves the process as it found it; also where it fails."""

import json
import logging
import os
import subprocess
import sys
import warnings

import polars as pl
import pytest
from tests.citizen import calls
from tests.citizen.snapshot import differences, left_alone, taken
from tests.encoders.conftest import tiny_encoder

import attnpool
from attnpool import Progress, TextClassifier, TextMatcher

# beartype looks at items that it draws by Python's generator.
pytestmark = pytest.mark.usefixtures("unchecked")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return tiny_encoder(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def models(tiny):
    """Fitted models; what libraries do as they are imported is done then."""
    for name in calls.FORMATS:
        attnpool.render(
            attnpool.Explanation.from_values("a", [(0, 1)], [1.0], method="m"), format=name
        )
    return {name: fit(tiny) for name, fit in calls.FITS.items()}


@pytest.mark.parametrize("name", calls.FITS)
def test_a_fit(name, models, tiny):
    with left_alone():
        calls.FITS[name](tiny)


@pytest.mark.parametrize("name", calls.FITS)
def test_models_fitted_loaded_and_compact(name, models, tmp_path):
    model = models[name]
    model.save(tmp_path / "model")
    every = {"fitted": model}
    with left_alone():
        every["loaded"] = attnpool.load(tmp_path / "model")
    if name in calls.COMPACT:
        model.export(tmp_path / "model.safetensors")
        with left_alone():
            every["compact"] = attnpool.load(tmp_path / "model.safetensors")
    for kind, one in every.items():
        (tmp_path / kind).mkdir()
        for call in calls.asked(name, one, tmp_path / kind).values():
            with left_alone():
                call()
        found = one.explain(calls.items_of(name)[:2])
        for call in calls.drawn(found).values():
            with left_alone():
                call()


@pytest.mark.parametrize("name", calls.beside(None))
def test_calls_without_a_model(name, models, tmp_path):
    rows = pl.DataFrame({"text": calls.TEXTS, "label": calls.LABELS})
    rows.write_csv(tmp_path / "rows.csv")
    rows.write_parquet(tmp_path / "rows.parquet")
    rows.write_excel(tmp_path / "rows.xlsx")
    rows.write_ndjson(tmp_path / "rows.jsonl")
    with left_alone():
        calls.beside(tmp_path)[name]()


class Ending(Progress):
    """Progress that ends a call in the middle: at its first step, or at a later one."""

    def __init__(self, error, after):
        self.error, self.after = error, after

    def bar(self, what, total):
        from contextlib import nullcontext

        return nullcontext(self.step)

    def step(self, _):
        self.after -= 1
        if self.after < 0:
            raise self.error


ENDED = {
    "fit": lambda models, how: TextClassifier(epochs=2, dim=8).fit(
        calls.TEXTS, calls.LABELS, progress=how
    ),
    "fit a matcher": lambda models, how: TextMatcher(epochs=2, dim=8).fit(
        calls.PAIRS, calls.LABELS, progress=how
    ),
    **{
        f"{call} {name}": lambda models, how, name=name, call=call: getattr(models[name], call)(
            calls.items_of(name)[:4], progress=how
        )
        for name in ("classifier", "alignment", "label", "encoder")
        for call in ("predict_proba", "explain", "faithfulness")
    },
    "fit an encoder": lambda models, how: models["trained encoder"].fit(
        calls.TEXTS, calls.LABELS, progress=how
    ),
}


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, MemoryError])
@pytest.mark.parametrize("call", ENDED)
def test_calls_that_end_in_the_middle(call, error, models):
    for after in (0, 1, 5):
        before = {name: (id(one.model_), id(one.metrics_)) for name, one in models.items()}
        with left_alone():
            try:
                ENDED[call](models, Ending(error(), after))
            except error:
                ended = True
            else:
                ended = False
        assert ended or after
        if ended:
            left = {name: (id(one.model_), id(one.metrics_)) for name, one in models.items()}
            assert left == before


@pytest.mark.parametrize(
    "call",
    [
        lambda models, path: TextClassifier(dim=-1).fit(calls.TEXTS, calls.LABELS),
        lambda models, path: TextClassifier().fit(calls.TEXTS, calls.LABELS[:-1]),
        lambda models, path: TextClassifier(encoder=str(path)).fit(calls.TEXTS, calls.LABELS),
        lambda models, path: TextClassifier(tokenizer="jieba", dictionary="no file").fit(
            calls.TEXTS, calls.LABELS
        ),
        lambda models, path: models["classifier"].predict([1]),
        lambda models, path: models["classifier"].explain(["a"], method="none"),
        lambda models, path: models["classifier"].save(path),
        lambda models, path: models["classifier"].export(path / "no" / "x.safetensors"),
        lambda models, path: models["alignment"].export(path / "x.safetensors"),
        lambda models, path: attnpool.load(path / "none"),
        lambda models, path: attnpool.render([], format="none"),
        lambda models, path: attnpool.report(models["classifier"], ["a"], ["none", "b"]),
    ],
)
def test_calls_that_fail(call, models, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with left_alone(), pytest.raises(ValueError, match=r"^[^\n]+$"):
        call(models, tmp_path)


def test_the_snapshot_sees_what_is_left():
    opened = []

    def rude():
        with left_alone():
            opened.append(os.open(os.devnull, os.O_RDONLY))
            logging.getLogger("attnpool.nobody").setLevel(logging.ERROR)
            warnings.simplefilter("always")

    with pytest.raises(AssertionError, match="warnings, loggers, descriptors"):
        rude()
    os.close(opened[0])
    logging.getLogger("attnpool.nobody").setLevel(logging.NOTSET)
    warnings.filters.pop(0)
    assert differences(taken(), taken()) == {}


ALONE = """
import gc, json, locale, logging, os, random, signal, sys, warnings

def taken():
    return (random.getstate(), dict(os.environ), list(warnings.filters), logging.root.handlers[:],
            {n: signal.getsignal(n) for n in signal.valid_signals()}, sys.path[:], sys.stdout,
            gc.get_threshold(), locale.setlocale(locale.LC_ALL), logging.root.level)

before, known = taken(), set(sys.modules)
import attnpool
new = {name.partition(".")[0] for name in set(sys.modules) - known}
print(json.dumps([taken() == before, sorted(new)]))
"""


def test_an_import_changes_nothing_and_imports_no_other_library():
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    same, modules = json.loads(done.stdout)
    assert same
    assert set(modules) - set(sys.stdlib_module_names) == {"attnpool"}
    assert done.stderr == ""
