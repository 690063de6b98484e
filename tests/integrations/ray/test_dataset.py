"""`attnpool.integrations.ray.predict` beside the predictor in this process."""

import os
import signal
from pathlib import Path

import numpy as np
import pytest
from tests.integrations.ray.cases import (
    COMPACT,
    MODELS,
    answered_here,
    pq,
    ray,
    rows,
    table,
    workers_of_ray,
)

import attnpool
from attnpool.bulk import Predictor
from attnpool.integrations.ray import predict
from attnpool.integrations.ray.answering import Answering

pytestmark = [
    pytest.mark.usefixtures("cluster"),
    pytest.mark.filterwarnings("default"),  # Ray warns of its own parts
]


def dataset(made, blocks=4):
    size = -(-len(made) // blocks)
    return ray.data.from_arrow([table(made[i : i + size]) for i in range(0, len(made), size)])


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("options", [{}, {"explain": True}, {"explain": True, "method": "random"}])
def test_what_an_actor_answers_is_what_the_predictor_does(models, name, options):
    made, text = rows(name, 40)
    if name == "label":
        options = {**options, "candidates": ["好", "差", "一般"]}
    given = table(made)
    found = Answering(Predictor(models / name, text=text, **options))(given)
    assert found.select(given.column_names).equals(given)
    check(found.to_pylist(), answered_here(models / name, made, text, **options))


def check(found, expected):
    """Floats of torch differ in the last digits from batch to batch."""
    assert len(found) == len(expected)
    for row, wanted in zip(found, expected, strict=True):
        assert row.keys() == wanted.keys()
        for name, value in wanted.items():
            if name in ("weights", "value") or isinstance(value, float):
                assert np.allclose(row[name], value, atol=1e-3, equal_nan=True), name
            else:
                assert row[name] == value


@pytest.mark.parametrize("name", ["folder", "pairs"])
def test_answers_are_the_predictors(models, name):
    """In blocks, batches and actors, with columns that numpy would change."""
    made, text = rows(name, 60)
    given = dataset(made)
    found = predict(given, models / name, text=text, explain=True, batch_size=7, workers=2)
    answered = found.materialize()
    check(answered.take_all(), answered_here(models / name, made, text, explain=True))
    types = dict(zip(answered.schema().names, map(str, answered.schema().types), strict=True))
    before = dict(zip(given.schema().names, map(str, given.schema().types), strict=True))
    assert {column: types[column] for column in before} == before
    assert [*types][: len(before)] == [*before]
    side = "_2" if name == "pairs" else ""
    assert types["probability"] == "double"
    assert types[f"start{side}"] == types[f"end{side}"] == "list<item: uint32>"
    assert types[f"value{side}"] == "list<item: halffloat>"


def test_order_is_kept_where_later_blocks_are_ready_first(models):
    """The first block has the longest texts; and a compact file gives the very same numbers."""
    made = [{"id": i, "text": "房间干净" * (200 if i < 100 else 1)} for i in range(800)]
    found = predict(dataset(made, 8), models / COMPACT, workers=2, batch_size=100, explain=True)
    answered = found.take_all()
    assert [row["id"] for row in answered] == [*range(800)]
    expected = answered_here(models / COMPACT, [made[0], made[-1]], "text", explain=True)
    assert [answered[0], answered[-1]] == expected


def test_a_dataset_without_rows(models):
    empty = ray.data.from_arrow(table(rows(COMPACT, 3)[0]).slice(0, 0))
    assert predict(empty, models / COMPACT, explain=True).take_all() == []


def test_actors_leave_a_core_to_what_reads(models, tmp_path):
    """With two actors on two cores: where they had both, nothing would ever be read."""
    made, text = rows(COMPACT, 20)
    pq.write_table(table(made), tmp_path / "in.parquet")
    given = ray.data.read_parquet(str(tmp_path))
    found = predict(given, models / COMPACT, workers=2).take_all()
    assert found == answered_here(models / COMPACT, made, text)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to find workers in")
def test_an_actor_that_is_killed_costs_no_row(models):
    made = [{"id": i, "text": "位置很好，早餐太差了，不会再来" * 8} for i in range(320)]
    options = {"explain": True, "method": "leave_one_out"}
    found = predict(dataset(made, 16), models / COMPACT, batch_size=20, workers=2, **options)
    killed, answered = None, []
    for row in found.iter_rows():
        answered.append(row)
        if killed is None:
            before = workers_of_ray()
            assert before
            killed = min(before)
            os.kill(killed, signal.SIGKILL)
    assert [row["id"] for row in answered] == [*range(320)]
    assert killed not in workers_of_ray()
    [expected] = answered_here(models / COMPACT, made[:1], "text", **options)
    assert all(row == expected | {"id": row["id"]} for row in answered)


def test_a_job_that_was_stopped_goes_on_with_what_is_left(models, tmp_path):
    """Ray's checkpoints, by the id of rows."""
    from ray.data.checkpoint import CheckpointConfig

    made, text = rows(COMPACT, 40)
    counts = []
    context = ray.data.DataContext.get_current()
    context.checkpoint_config = CheckpointConfig(
        "id", str(tmp_path / "checkpoint"), delete_checkpoint_on_success=False
    )
    (tmp_path / "in").mkdir()
    try:
        for run in range(2):
            for part in (2 * run, 2 * run + 1):
                some = table(made[part * 10 : part * 10 + 10])
                pq.write_table(some, tmp_path / "in" / f"{part}.parquet")
            given = ray.data.read_parquet(str(tmp_path / "in"))
            found = predict(given, models / COMPACT, batch_size=5)
            found.write_parquet(str(tmp_path / "out"))
            counts.append(
                sum(pq.read_table(file).num_rows for file in (tmp_path / "out").iterdir())
            )
    finally:
        context.checkpoint_config = None
    assert counts == [20, 40]
    written = pq.read_table(tmp_path / "out").sort_by("id").to_pylist()
    assert written == answered_here(models / COMPACT, made, text)


@pytest.mark.parametrize(
    ("model", "options", "said"),
    [
        ("nowhere", {}, "nowhere: no such "),
        (COMPACT, {"text": "txt"}, "the batch has no column 'txt'; its columns are 'text', "),
        (COMPACT, {"text": ["id", "text"]}, "text names 2 columns; this model takes 1"),
        ("pairs", {}, "text names 1 column; this model takes 2"),
        (COMPACT, {"method": "attention"}, "method does nothing without explain=True"),
        (COMPACT, {"explain": True, "method": "guess"}, "unknown method 'guess'"),
        (COMPACT, {"candidates": ["a", "b"]}, "candidates is for models of architecture"),
        (COMPACT, {"batch_size": 0}, "batch_size is 0; give 1 or more"),
        (COMPACT, {"workers": 0}, "workers is 0; give 1 or more"),
        (COMPACT, {"workers": (3, 2)}, "workers is (3, 2); give 1 or more"),
    ],
)
def test_what_cannot_be_answered_is_one_line_before_anything_runs(models, model, options, said):
    with pytest.raises(attnpool.InputError) as error:
        predict(dataset(rows(COMPACT, 4)[0]), models / model, **options)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_column_of_a_name_that_is_added(models):
    made = [{"text": "好", "probability": 1.0}]
    with pytest.raises(attnpool.InputError, match="has a column 'probability', which is added"):
        predict(dataset(made, 1), models / COMPACT)


@pytest.mark.usefixtures("unchecked")
def test_what_is_no_dataset(models):
    with pytest.raises(attnpool.InputError, match=r"^dataset is list; give a"):
        predict(["好"], models / COMPACT)
    with pytest.raises(attnpool.InputError, match=r"^model is NoneType; give a string or a Path"):
        predict(ray.data.range(1), None)
