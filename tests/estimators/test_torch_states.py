"""Whatever a caller has set in torch or numpy, answers are the same to the last bit."""

import copy
import decimal
import io
import pickle
from contextlib import ExitStack, chdir, contextmanager, nullcontext

import joblib
import numpy as np
import pytest
import torch

import attnpool
from attnpool import TextClassifier, TextMatcher

TEXTS = [f"room {i} is clean" if i % 2 else f"noisy bad place {i}" for i in range(32)]
LABELS = ["good" if i % 2 else "bad" for i in range(32)]
PAIRS = list(zip(TEXTS, TEXTS[1:] + TEXTS[:1], strict=True))


@contextmanager
def setting(function, value, usual):
    function(value)
    try:
        yield
    finally:
        function(usual)


@contextmanager
def harmless(tmp_path):
    """What should change nothing, all at once."""
    with ExitStack() as stack:
        for function, value, usual in (
            (torch.set_default_device, "cpu", None),
            (torch.use_deterministic_algorithms, True, False),
            (torch.set_flush_denormal, True, False),
            (torch.set_warn_always, True, False),
        ):
            stack.enter_context(setting(function, value, usual))
        stack.enter_context(decimal.localcontext(decimal.Context(prec=2)))
        stack.enter_context(chdir(tmp_path))
        yield


STATES = {
    "no_grad": lambda _: torch.no_grad(),
    "inference_mode": lambda _: torch.inference_mode(),
    "autocast": lambda _: torch.autocast("cpu", dtype=torch.bfloat16),
    "float64": lambda _: setting(torch.set_default_dtype, torch.float64, torch.float32),
    "float16": lambda _: setting(torch.set_default_dtype, torch.float16, torch.float32),
    "meta": lambda _: setting(torch.set_default_device, "meta", None),
    "errstate": lambda _: np.errstate(all="raise"),
    "harmless": harmless,
}
KINDS = {
    "classifier": lambda: TextClassifier(epochs=1, dim=8),
    "convolutions": lambda: TextClassifier(
        epochs=1, dim=8, faithful=True, kernel_sizes=(3,), positions=True, token_dropout=0.1
    ),
    "alignment": lambda: TextMatcher(architecture="alignment", epochs=1, dim=8, head_dim=8),
    "triplet": lambda: TextMatcher(architecture="triplet", epochs=1, dim=8),
    "label": lambda: TextMatcher(architecture="label", epochs=1, dim=8),
}
METHODS = ("contribution", "attention", "gradient_x_input", "integrated_gradients")


def answers(name, model, path):
    """Everything that computes, with the model and with one trained and one loaded now."""
    rows = PAIRS if name in ("alignment", "triplet") else TEXTS
    asked = rows[:6]
    fitted = KINDS[name]().fit(rows, LABELS)
    fitted.save(path, overwrite=True)
    loaded = attnpool.load(path)
    found = {f"fit {k}": v.numpy() for k, v in fitted.model_.state_dict().items()}
    for which, one in (("old", model), ("fitted", fitted), ("loaded", loaded)):
        found[f"{which} proba"] = one.predict_proba(asked)
        for method in METHODS if one is model else METHODS[:1]:
            sides = [s for row in one.explain(asked, method=method) for s in row.sides]
            found[f"{which} {method}"] = np.concatenate([side.values for side in sides])
    if name in ("triplet", "label"):
        found["embed"] = model.embed(TEXTS[:5])
    measured = model.faithfulness(asked[:1], ("gradient_x_input",), curves=False)
    found["faithfulness"] = np.array([str(one.to_dict()) for one in measured.values()])
    found["loaded trains"] = np.array([t.requires_grad for t in loaded.model_.parameters()])
    return found


def joblib_copy(model):
    with io.BytesIO() as file:
        joblib.dump(model, file)
        file.seek(0)
        return joblib.load(file)


@pytest.fixture(scope="module", params=KINDS)
def usual(request, tmp_path_factory):
    """A model, and what it answers where nothing is set."""
    name, path = request.param, tmp_path_factory.mktemp("states") / "model"
    model = KINDS[name]().fit(PAIRS if name in ("alignment", "triplet") else TEXTS, LABELS)
    return name, model, answers(name, model, path)


@pytest.mark.parametrize("state", STATES)
def test_answers_are_the_same_in_any_state_and_leave_it_as_it_is(usual, state, tmp_path):
    name, model, expected = usual
    with STATES[state](tmp_path):
        before = states()
        found = answers(name, model, tmp_path / "model")
        assert states() == before
    assert found.keys() == expected.keys()
    assert [
        key
        for key in expected
        if found[key].dtype != expected[key].dtype or not np.array_equal(found[key], expected[key])
    ] == []


def states():
    return (
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.is_autocast_enabled("cpu"),
        torch.get_default_dtype(),
        torch.get_default_device(),
        torch.are_deterministic_algorithms_enabled(),
        tuple(np.geterr().values()),
    )


@pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model)), joblib_copy],
    ids=["deepcopy", "pickle", "joblib"],
)
def test_a_copy_made_in_inference_mode_answers_as_the_model(usual, copied):
    name, model, expected = usual
    with torch.inference_mode():
        one = copied(model)
    asked = (PAIRS if name in ("alignment", "triplet") else TEXTS)[:6]
    for method in METHODS:
        sides = [s for row in one.explain(asked, method=method) for s in row.sides]
        np.testing.assert_array_equal(
            np.concatenate([side.values for side in sides]), expected[f"old {method}"]
        )
    trains = [tensor.requires_grad for tensor in model.model_.parameters()]
    assert [tensor.requires_grad for tensor in one.model_.parameters()] == trains
    assert list(one.model_.state_dict()) == list(model.model_.state_dict())


def test_a_subclass_has_the_methods_that_it_inherits(monkeypatch):
    class Plain(TextClassifier):
        pass

    class Own(TextClassifier):
        def predict(self, texts):
            assert torch.is_grad_enabled()
            return super().predict(texts)

    assert not {"fit", "predict", "explain", "save"} & vars(Plain).keys()
    assert Plain.fit is TextClassifier.fit
    with torch.no_grad():
        assert len(Own(epochs=1, dim=8).fit(TEXTS, LABELS).predict(TEXTS)) == len(TEXTS)
    monkeypatch.setattr(TextClassifier, "predict_proba", lambda self, texts: "mine")
    assert Plain().predict_proba([]) == "mine"


def test_layers_used_by_themselves_obey_their_callers():
    for state, wanted in ((torch.no_grad, False), (nullcontext, True)):
        with state():
            layer = attnpool.pooling.AttentionPooling1D(4)
            assert layer(torch.ones(1, 2, 4)).vector.requires_grad is wanted
    with setting(torch.set_default_dtype, torch.float64, torch.float32):
        assert attnpool.pooling.AttentionPooling1D(4).score.weight.dtype == torch.float64
    torch.manual_seed(0)
    one = attnpool.pooling.AttentionPooling1D(4).score.weight
    torch.manual_seed(0)
    assert torch.equal(one, attnpool.pooling.AttentionPooling1D(4).score.weight)
