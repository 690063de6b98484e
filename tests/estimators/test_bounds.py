"""Numbers far from any that is of use are one line, before torch is asked for memory."""

import numpy as np
import pytest

import attnpool
from attnpool.errors import InputError
from attnpool.models.config import MOST, ClassifierConfig, EncoderConfig, MatcherConfig

TEXTS, LABELS = ["good day", "bad day"] * 10, ["a", "b"] * 10
HUGE = 10**9, 10**18, 10**5000
WHOLE = ("dim", "heads", "attention_dim", "min_frequency", "epochs", "patience")
OF_MATCHERS = ("dim", "heads", "attention_dim", "head_dim", "n_negatives", "epochs", "patience")

pytestmark = pytest.mark.usefixtures("unchecked")


def refused(estimator, *data):
    with pytest.raises(InputError) as raised:
        estimator.fit(*data)
    message = str(raised.value)
    assert "\n" not in message
    assert len(message) < 400
    return message


@pytest.mark.parametrize("huge", HUGE, ids=["9", "18", "5000"])
@pytest.mark.parametrize("name", WHOLE)
def test_a_classifier_names_the_most(name, huge):
    found = refused(attnpool.TextClassifier(**{name: huge}), TEXTS, LABELS)
    assert found.startswith(("no token occurs", f"{name} is "))


@pytest.mark.parametrize("huge", HUGE, ids=["9", "18", "5000"])
@pytest.mark.parametrize("name", OF_MATCHERS)
def test_a_matcher_names_the_most(name, huge):
    pairs = list(zip(TEXTS, reversed(TEXTS), strict=True))
    found = refused(attnpool.TextMatcher(**{name: huge}), pairs, LABELS)
    assert found.startswith(f"{name} is ")
    assert "give a whole number from 1 to " in found


@pytest.mark.parametrize("sizes", [(10**9,), (3, 10**5000), (3,) * 1000, list(range(1, 10**5))])
def test_kernels_are_few_and_short(sizes):
    found = refused(attnpool.TextClassifier(kernel_sizes=sizes), TEXTS, LABELS)
    assert found.startswith("kernel_sizes are ")


@pytest.mark.parametrize("device", ["meta", "nonsense", "cuda:99", "m" * 5000])
def test_a_device_has_to_compute(device):
    found = refused(attnpool.TextClassifier(device=device), TEXTS, LABELS)
    assert "torch does not have here" in found


@pytest.mark.parametrize("tokenizer", ["words", "characters"])
@pytest.mark.parametrize("often", [21, 10**9, np.int64(10**9)])
def test_no_model_is_trained_that_knows_no_token(tokenizer, often):
    estimator = attnpool.TextClassifier(tokenizer=tokenizer, min_frequency=often)
    found = refused(estimator, ["ab cd"] * 10 + ["ef gh"] * 10, LABELS)
    assert found.startswith(f"no token occurs {often:,} times in ")
    assert found.endswith("give a smaller min_frequency")


def test_texts_without_a_token_stay_no_fault():
    model = attnpool.TextClassifier(min_frequency=2, epochs=1)
    assert len(model.fit(["", " "] * 10, LABELS).predict(["x"])) == 1


@pytest.mark.parametrize("name", [name for name in MOST if name != "kernel_sizes"])
def test_what_is_loaded_has_the_same_bounds(name):
    kinds = [
        kind
        for kind in (ClassifierConfig, MatcherConfig)
        if kind is MatcherConfig or name != "head_dim"
    ]
    for kind in kinds:
        more = {} if kind is ClassifierConfig else {"architecture": "siamese"}
        form = kind(encoder=EncoderConfig(vocabulary=5), classes=2, **more).to_dict()
        part = form["encoder"] if name == "dim" else form
        part[name] = MOST[name]
        kind.from_dict(form)
        part[name] += 1
        with pytest.raises(InputError, match=f"{name} out of range"):
            kind.from_dict(form)
