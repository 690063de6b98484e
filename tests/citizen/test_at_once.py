"""Eight threads, other processes and asyncio give the answers of one thread, to the last bit."""

import asyncio
import multiprocessing
import os
import threading
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import joblib
import numpy as np
import pytest
import torch
from tests.citizen import calls
from tests.citizen.snapshot import left_alone
from tests.encoders.conftest import tiny_encoder

import attnpool
from attnpool import TextClassifier, TextMatcher

# beartype looks at items that it draws by Python's generator.
pytestmark = pytest.mark.usefixtures("unchecked")
MANY = 8
KINDS = ("classifier", "faithful", "jieba", *calls.ARCHITECTURES, "encoder", "trained encoder")
LIMIT = 120  # seconds; what deadlocks fails


def answers(model, items):
    """What a model answers and why, by gradients too where it has them."""
    found = {"predict": model.predict(items), "predict_proba": model.predict_proba(items)}
    compact = isinstance(model, attnpool.CompactModel)
    for method in ("contribution", "attention", *([] if compact else ["integrated_gradients"])):
        rows = model.explain(items[:4], method=method)
        found[method] = np.concatenate([side.values for row in rows for side in row.sides])
    return found


def loaded_answers(path, items):
    """The same of a model that another process loads."""
    return answers(attnpool.load(path), items)


def same(one, other):
    return one.keys() == other.keys() and all(np.array_equal(one[key], other[key]) for key in one)


def at_once(function, count=MANY):
    """What so many threads get that begin at the same moment."""
    barrier = threading.Barrier(count)

    def one(_):
        barrier.wait(LIMIT)
        return function()

    with ThreadPoolExecutor(count) as pool:
        return [done.result(LIMIT) for done in [pool.submit(one, i) for i in range(count)]]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A model of each kind as a folder, and compact ones as files."""
    where = tmp_path_factory.mktemp("models")
    tiny = tiny_encoder(where / "tiny")
    for name in KINDS:
        calls.FITS[name](tiny).save(where / name)
    for name in calls.COMPACT:
        attnpool.load(where / name).export(where / f"{name}.safetensors")
    return where


def names():
    return [*KINDS, *(f"{name}.safetensors" for name in calls.COMPACT)]


def items_of(name):
    return calls.items_of(name.partition(".")[0])


@pytest.mark.parametrize("name", names())
def test_eight_threads_ask_one_model_that_nobody_asked_before(name, folders):
    items = items_of(name)
    expected = loaded_answers(folders / name, items)
    fresh = attnpool.load(folders / name)  # whose tables are made at the first call
    assert all(same(found, expected) for found in at_once(lambda: answers(fresh, items)))


@pytest.mark.parametrize("name", ["classifier", "alignment", "encoder", "classifier.safetensors"])
def test_eight_threads_load_and_ask(name, folders):
    expected = loaded_answers(folders / name, items_of(name))
    with left_alone():
        found = at_once(lambda: loaded_answers(folders / name, items_of(name)))
    assert all(same(one, expected) for one in found)


@pytest.mark.parametrize("name", ["classifier", "siamese", "triplet", "taught"])
def test_eight_threads_fit_and_ask(name):
    items = calls.items_of(name)
    expected = answers(calls.FITS[name](None), items)
    with left_alone():
        found = at_once(lambda: answers(calls.FITS[name](None), items))
    assert all(same(one, expected) for one in found)


def test_threads_that_ask_do_not_disturb_one_that_fits_and_saves(folders, tmp_path):
    model = attnpool.load(folders / "classifier")
    expected = answers(model, calls.TEXTS)
    fitted = weights(calls.FITS["classifier"](None))

    def work():
        if threading.current_thread().name.endswith(("_0", "_1")):
            made = calls.FITS["classifier"](None)
            made.save(tmp_path / threading.current_thread().name)
            return same(weights(made), fitted)
        return all(same(answers(model, calls.TEXTS), expected) for _ in range(3))

    with left_alone():
        assert at_once(work) == [True] * MANY


def weights(model):
    return {name: tensor.numpy() for name, tensor in model.model_.state_dict().items()}


def test_warnings_are_as_before_after_threads_that_overlap():
    """Each that put back what it found would leave what another had set."""
    inside, leave = threading.Event(), threading.Event()

    def first():
        with attnpool._renamed.without_advice():
            inside.set()
            leave.wait(LIMIT)

    with left_alone():
        thread = threading.Thread(target=first)
        thread.start()
        inside.wait(LIMIT)
        with attnpool._renamed.without_advice():
            leave.set()
            thread.join(LIMIT)
            with warnings.catch_warnings(record=True) as said:
                warnings.warn("lbfgs failed to converge after 3 iteration(s)", stacklevel=1)
        assert said == []


@pytest.mark.parametrize("name", ["classifier", "alignment", "encoder", "classifier.safetensors"])
def test_asyncio(name, folders):
    items = items_of(name)
    model = attnpool.load(folders / name)

    async def ask():
        loop = asyncio.get_running_loop()
        return await asyncio.gather(
            *(asyncio.to_thread(answers, model, items) for _ in range(4)),
            *(loop.run_in_executor(None, answers, model, items) for _ in range(4)),
        )

    found = asyncio.run(asyncio.wait_for(ask(), LIMIT))
    expected = loaded_answers(folders / name, items)
    assert all(same(one, expected) for one in found)


SENT = ("classifier", "siamese", "classifier.safetensors")


def test_spawned_processes(folders):
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        for name in SENT:
            items, model = items_of(name), attnpool.load(folders / name)
            expected = answers(model, items)
            sent = (
                pool.submit(answers, model, items),
                pool.submit(loaded_answers, folders / name, items),
            )
            assert all(same(one.result(LIMIT), expected) for one in sent), name


def test_loky(folders):
    models = [(attnpool.load(folders / name), items_of(name)) for name in SENT]
    found = joblib.Parallel(n_jobs=2, timeout=LIMIT)(
        joblib.delayed(answers)(model, items) for model, items in models
    )
    joblib.externals.loky.get_reusable_executor().shutdown(wait=True)
    for one, (model, items), name in zip(found, models, SENT, strict=True):
        assert same(one, answers(model, items)), name


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_forked_processes_after_threads_have_run(folders):
    """What was fitted just now too; the parent computed with threads before."""
    count = torch.get_num_threads()
    torch.set_num_threads(1)  # whose sums a child repeats to the last bit
    try:
        models = {name: attnpool.load(folders / name) for name in SENT}
        models["fitted"] = TextClassifier(epochs=1, dim=8).fit(calls.TEXTS, calls.LABELS)
        models["matcher"] = TextMatcher(epochs=1, dim=8).fit(calls.PAIRS, calls.LABELS)
        asked = {name: calls.PAIRS if name == "matcher" else items_of(name) for name in models}
        expected = {
            name: at_once(lambda n=name: answers(models[n], asked[n]), 2) for name in models
        }
        with multiprocessing.get_context("fork").Pool(2) as pool:
            for name, model in models.items():
                found = pool.apply_async(answers, (model, asked[name])).get(LIMIT)
                assert same(found, expected[name][0]), name
    finally:
        torch.set_num_threads(count)
