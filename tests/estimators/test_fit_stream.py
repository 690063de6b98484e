"""Training on rows that are read some at a time."""

import json
import random
import tracemalloc

import numpy as np
import polars as pl
import pytest

import attnpool.data
from attnpool import InputError, TextClassifier, load
from attnpool.data import Limit
from attnpool.data.item_keys import item_keys
from attnpool.estimators.streaming import samples, store
from attnpool.persistence.known_rows import MOST

WORDS = {"good": ["nice", "clean", "warm", "quiet"], "bad": ["dirty", "loud", "cold", "rude"]}
OTHERS = ["room", "bed", "hotel", "staff", "street", "lift"]


def rows(count, words=6, seed=0):
    """Texts of a few words, sorted by class: the order in which a window of a file says least."""
    draw = random.Random(seed)
    made = []
    for number in range(count):
        label = "good" if number < count // 2 else "bad"
        text = draw.choices(WORDS[label], k=2) + draw.choices(OTHERS, k=words - 2)
        draw.shuffle(text)
        made.append((" ".join(text), label))
    return made


def parts(folder, table, kind="parquet", count=3):
    folder.mkdir()
    size = -(-len(table) // count)
    for number in range(count):
        some = table[number * size : (number + 1) * size]
        frame = pl.DataFrame(some, schema=["text", "label"], orient="row")
        file = folder / f"part-{number}.{kind}"
        {"parquet": frame.write_parquet, "jsonl": frame.write_ndjson, "csv": frame.write_csv}[kind](
            file
        )
    return folder


def small(**more):
    return TextClassifier(**{"dim": 16, "epochs": 2, "linear": False, "refit": False, **more})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return parts(tmp_path_factory.mktemp("rows") / "parts", rows(600))


@pytest.fixture(scope="module")
def streamed(folder):
    stream = attnpool.data.stream(folder)
    return small(seed=3, linear=True, refit=True).fit_stream(stream, window=150, sample=300)


def test_it_learns_what_the_rows_say(streamed):
    new = rows(100, seed=1)
    assert streamed.score([text for text, _ in new], [label for _, label in new]) > 0.95
    assert streamed.metrics_["stream"] | {"sample": 0} == {
        "rows": 600,
        "skipped": 0,
        "windows": 4,
        "sample": 0,
        "missed_tokens": 0,
        "missed_ngrams": 0,
    }
    assert 200 < streamed.metrics_["stream"]["sample"] <= 300


@pytest.fixture(scope="module")
def probabilities(folder):
    return plain(folder)


def plain(folder, seed=3):
    model = small(seed=seed).fit_stream(attnpool.data.stream(folder), window=150)
    return model.predict_proba([text for text, _ in rows(20, seed=2)])


def test_the_same_seed_gives_the_same_model(probabilities, folder):
    assert np.array_equal(plain(folder), probabilities)
    assert not np.array_equal(plain(folder, seed=4), probabilities)


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_the_format_makes_no_difference(kind, probabilities, tmp_path):
    assert np.array_equal(plain(parts(tmp_path / "parts", rows(600), kind)), probabilities)


def test_rows_that_fit_in_one_window_are_trained_as_by_fit(folder):
    stream = attnpool.data.stream(folder)
    table = rows(600)
    whole = small().fit([text for text, _ in table], [label for _, label in table])
    texts = [text for text, _ in rows(20, seed=2)]
    one = small().fit_stream(stream, window=600)
    assert np.array_equal(one.predict_proba(texts), whole.predict_proba(texts))


def test_the_counts_are_those_of_training_in_memory(folder):
    """With one window, but a sample, the way is that of many rows."""
    table = rows(600)
    texts, labels = [text for text, _ in table], [label for _, label in table]
    knobs = {"ngram_min_frequency": 2}
    held = texts[:2], labels[:2]
    whole = small(**knobs).fit(texts, labels, validation=([*held[0]], [*held[1]]))
    stream = attnpool.data.stream(folder)
    many = small(**knobs).fit_stream(stream, window=150, validation=([*held[0]], [*held[1]]))
    assert many.tokenizer_.to_json() == whole.tokenizer_.to_json()
    assert many.limit_ == whole.limit_
    for name in ("counts", "encoder.ngrams.keys"):
        ours, theirs = many.model_.state_dict()[name], whole.model_.state_dict()[name]
        assert ours.tolist() == theirs.tolist()


def test_equal_texts_are_all_held_out_or_none(tmp_path):
    table = rows(200) * 3
    stream = attnpool.data.stream(parts(tmp_path / "parts", table))
    model = small().fit_stream(stream, window=100, validation=0.2)
    known = model.known_rows([text for text, _ in table])
    assert known.trained + known.validation == len(table)
    assert known.validation == model.metrics_["n_validation"] > 30
    assert model.metrics_["n_train"] == len(table) - known.validation


def test_without_validation_rows_it_trains_on_all(folder):
    stream = attnpool.data.stream(folder)
    model = small().fit_stream(stream, window=150, validation=None)
    assert (model.metrics_["n_train"], model.metrics_["accuracy"]) == (600, None)


def test_the_card_says_it(streamed, tmp_path):
    streamed.save(tmp_path / "model")
    card = (tmp_path / "model" / "README.md").read_text("utf-8")
    sample = streamed.metrics_["stream"]["sample"]
    assert "Trained on 600 rows, read in 4 windows" in card
    assert f"are from {sample} of the rows" in card
    assert load(tmp_path / "model").metrics_["stream"] == streamed.metrics_["stream"]


def test_the_card_says_what_was_forgotten(streamed, tmp_path):
    stream = {**streamed.metrics_["stream"], "missed_ngrams": 3}
    streamed.metrics_ = {**streamed.metrics_, "stream": stream}
    streamed.save(tmp_path / "model")
    card = (tmp_path / "model" / "README.md").read_text("utf-8")
    assert "may lack up to 3 occurrences of a rare n-gram" in card


def test_made_up_figures_of_a_stream_are_refused(streamed, tmp_path):
    streamed.save(tmp_path / "model")
    file = tmp_path / "model" / "metrics.json"
    for wrong in ({"rows": "many"}, {"windows": -1}, {"missed_ngrams": True}):
        figures = json.loads(file.read_text("utf-8"))
        from attnpool.persistence.figures import checked_figures

        with pytest.raises(ValueError, match="metrics"):
            checked_figures({**figures, "stream": {**figures["stream"], **wrong}})


def test_hashes_are_capped(monkeypatch, folder):
    monkeypatch.setattr("attnpool.estimators.streaming.survey.MOST", 100)
    assert MOST == 1_000_000
    stream = attnpool.data.stream(folder)
    model = small().fit_stream(stream, window=150)
    known = model.known_rows([text for text, _ in rows(600)])
    assert known.sampled
    assert known.trained <= 130  # equal texts share a hash
    different = len(np.unique(item_keys([text for text, _ in rows(600)])))
    assert abs(sum(model._known.totals) - different) < 0.3 * different


def test_memory_does_not_grow_with_the_rows(tmp_path):
    folders = {
        count: parts(tmp_path / f"{count}", rows(count, words=120), count=count // 50)
        for count in (100, 500)
    }

    def peak(count, fit):
        model = small(epochs=1, dim=4, attention_dim=4, ngrams=(2,), char_ngrams=(), heads=1)
        stream = attnpool.data.stream(folders[count])
        tracemalloc.start()
        try:
            if fit:
                read = stream.read()
                model.fit(read.texts[0], read.labels)
            else:
                model.fit_stream(stream, window=50, sample=50)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100, fit=False)  # what is loaded once
    few, many = peak(100, fit=False), peak(500, fit=False)
    assert many < 1.15 * few
    assert peak(500, fit=True) > 2 * many  # the measure can tell


def test_a_part_with_other_columns_is_one_line(tmp_path):
    folder = parts(tmp_path / "parts", rows(600))
    pl.DataFrame({"text": ["a"], "label": ["good"], "stars": [1]}).write_parquet(
        folder / "part-9.parquet"
    )
    with pytest.raises(InputError, match=r"part-9.parquet: its columns are not those of"):
        small().fit_stream(attnpool.data.stream(folder), window=150)


def test_a_part_that_ends_in_the_middle_is_one_line(tmp_path):
    folder = parts(tmp_path / "parts", rows(600))
    file = folder / "part-2.parquet"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"part-2.parquet"):
        small().fit_stream(attnpool.data.stream(folder), window=150)


def test_rows_that_change_are_one_line(tmp_path):
    folder = parts(tmp_path / "parts", rows(600), "csv")
    stream = attnpool.data.stream(folder)
    from attnpool.estimators.streaming import fitting

    survey = fitting.Survey.of(stream, 150, 300, 0)
    with (folder / "part-2.csv").open("a", encoding="utf-8") as file:
        file.write("one more,good\n")
    learner = fitting._Learner(
        fitting._Task(
            fitting.ClassifierSettings.of(small().get_params()),
            stream,
            survey,
            fitting.Sizes(150, 300, None),
            np.array(["bad", "good"]),
            None,
        ),
        fitting.LabelledRows([], np.zeros(0, dtype=np.int64)),
        np.zeros(0, dtype=np.uint64),
    )
    with pytest.raises(InputError, match="the rows are others than when"):
        learner(learner.task.settings)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"rows": ["a", "b"]}, "rows is list; give attnpool.data.stream"),
        ({"window": 0}, "window is 0; give a number of rows"),
        ({"sample": True}, "sample is True; give a number of rows"),
        ({"cache": "nowhere"}, "cache is 'nowhere', which is no folder"),
        ({"validation": 1.5}, "validation is 1.5; give a share"),
    ],
)
def test_bad_arguments_are_one_line(given, message, folder):
    rows = given.pop("rows", attnpool.data.stream(folder))
    with pytest.raises(InputError, match=message):
        small().fit_stream(rows, **{"window": 150, **given})


def test_what_it_cannot_train_is_one_line(tmp_path, folder):
    with pytest.raises(InputError, match="trains no pretrained encoder"):
        TextClassifier(encoder="x").fit_stream(attnpool.data.stream(folder))
    alike = parts(tmp_path / "alike", [(text, "good") for text, _ in rows(60)])
    with pytest.raises(InputError, match="all 60 texts have the label 'good'"):
        small().fit_stream(attnpool.data.stream(alike), window=20)
    numbered = parts(tmp_path / "numbered", [(t, f"id {i}") for i, (t, _) in enumerate(rows(60))])
    with pytest.raises(InputError, match="labels of all 60 texts are different"):
        small().fit_stream(attnpool.data.stream(numbered), window=20)


def test_a_failed_training_leaves_the_model_and_no_files(tmp_path, streamed, folder):
    cache = tmp_path / "cache"
    cache.mkdir()
    before = streamed.model_
    with pytest.raises(InputError):
        streamed.fit_stream(
            attnpool.data.stream(folder), window=150, cache=cache, validation=(["a"], ["other"])
        )
    assert streamed.model_ is before
    small(epochs=1).fit_stream(attnpool.data.stream(folder), window=150, cache=cache)
    assert list(cache.iterdir()) == []


def test_what_is_drawn_for_one_end_is_not_drawn_for_another(tmp_path, monkeypatch):
    seeds, real = [], np.random.default_rng

    def noted(seed):
        seeds.append(tuple(seed))
        return real(seed)

    monkeypatch.setattr(np.random, "default_rng", noted)
    samples.LabelledSample(Limit(1, 9), 7)
    samples.HeldRows(Limit(1, 9), 7).add(["a"], ["b"], np.ones(1, dtype=np.uint64))
    store.TokenStore(tmp_path, 1, 7, 1)
    assert len({*seeds}) == 3
    assert not {*seeds} & {(7, epoch) for epoch in range(99)}  # those of the epochs


def test_of_a_cut_sample_more_are_known_than_kept():
    sample = samples.KeySample(4)
    sample.add(np.array([1, 2, 3, 4, 2**64 - 2, 2**64 - 1], dtype=np.uint64)[::-1])
    sample.add(np.array([0], dtype=np.uint64))
    sample.settle()
    assert sample.total > 4
    far = samples.KeySample(2)
    far.add(np.array([2**64 - 3, 2**64 - 2, 2**64 - 1], dtype=np.uint64))
    far.settle()
    assert far.total == 3
