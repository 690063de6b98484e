"""What changes while rows are read and answered is noticed; what was there before is not lost."""

import shutil

import pytest
from tests.bulk.cases import write_model

from attnpool import TextClassifier
from attnpool.bulk.predictor import Predictor
from attnpool.cli import run
from attnpool.data import stream
from attnpool.errors import InputError
from attnpool.estimators.streaming import reading


@pytest.fixture(scope="session")
def other(tmp_path_factory):
    """A model that answers otherwise."""
    folder = tmp_path_factory.mktemp("other")
    write_model(folder, epochs=5)
    return folder / "model.safetensors"


@pytest.fixture
def job(tmp_path, compact, by_chunks):
    """A model and rows that may be changed, read four at a time."""
    by_chunks(4)
    shutil.copy(compact, tmp_path / "m.safetensors")
    # More than is read from the disk at a time.
    lines = [f"{i},早餐太差了{i},{'x' * 9000}" for i in range(20)]
    (tmp_path / "r.csv").write_text("\n".join(["id,review,page", *lines, ""]), "utf-8")

    def call(out, *options):
        words = ["predict", tmp_path / "m.safetensors", tmp_path / "r.csv", "-o", out, *options]
        return run([str(word) for word in words])

    return call


def at_call(number, change, monkeypatch):
    """Let something happen before some rows are answered."""
    right, calls = Predictor.answers, iter(range(99))

    def answers(self, items):
        if next(calls) == number:
            change()
        return right(self, items)

    monkeypatch.setattr(Predictor, "answers", answers)


@pytest.mark.parametrize("out", ["out.csv", "out/"])
def test_a_run_has_the_answers_of_one_model(
    job, compact, other, tmp_path, monkeypatch, capsys, out
):
    """Another model that stands at its place for a while answers nothing that is kept."""
    model = tmp_path / "m.safetensors"
    place = f"{tmp_path}/{out}"
    assert job(place) == 0
    expected = content(tmp_path, out)
    shutil.rmtree(place) if out.endswith("/") else (tmp_path / out).unlink()
    with monkeypatch.context() as patch:
        at_call(2, lambda: replaced(other, model), patch)
        assert job(place) == 2
    said = capsys.readouterr().err
    assert "m.safetensors has changed meanwhile; begin anew" in said
    assert "2 finished parts" in said
    assert "--resume" not in said
    replaced(compact, model)
    assert job(place, "--resume") == 0
    assert content(tmp_path, out) == expected


def replaced(model, place):
    shutil.copy(model, place.with_name("new"))
    place.with_name("new").replace(place)


def content(folder, out):
    if out.endswith("/"):
        return {path.name: path.read_bytes() for path in (folder / out).glob("part-*")}
    return (folder / out).read_bytes()


def test_a_stream_ends_with_an_error_where_the_model_changes(
    job, other, tmp_path, monkeypatch, capfd
):
    at_call(2, lambda: replaced(other, tmp_path / "m.safetensors"), monkeypatch)
    assert job("-") == 2
    assert "m.safetensors has changed meanwhile" in capfd.readouterr().err


@pytest.mark.parametrize("out", ["-", "out.csv", "out/"])
@pytest.mark.parametrize("left", [9, 13])
def test_rows_that_are_gone_are_missed(job, tmp_path, monkeypatch, capfd, out, left):
    """At the end of what is read at a time, or within."""
    data = tmp_path / "r.csv"
    lines = data.read_text("utf-8").splitlines(keepends=True)
    at_call(0, lambda: data.write_text("".join(lines[:left]), "utf-8"), monkeypatch)
    assert job(out if out == "-" else f"{tmp_path}/{out}") == 2
    assert "r.csv has changed since all rows were read; begin anew" in capfd.readouterr().err


@pytest.mark.parametrize("out", ["-", "out.csv", "out/"])
def test_a_file_that_is_gone_is_one_line(job, tmp_path, monkeypatch, capfd, out):
    at_call(4, (tmp_path / "r.csv").unlink, monkeypatch)
    assert job(out if out == "-" else f"{tmp_path}/{out}") == 2
    assert "r.csv or " in (err := capfd.readouterr().err)
    assert "has changed meanwhile; begin anew" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("out", ["out.csv", "out/"])
def test_a_part_that_comes_late_is_noticed(compact, tmp_path, by_chunks, monkeypatch, capsys, out):
    by_chunks(2)
    (tmp_path / "in").mkdir()
    for name in "ab":
        (tmp_path / "in" / f"{name}.csv").write_text("id,review\n1,好\n2,差\n3,好\n", "utf-8")
    late = tmp_path / "in" / "c.csv"
    at_call(1, lambda: shutil.copy(tmp_path / "in" / "a.csv", late), monkeypatch)
    assert run(["predict", str(compact), f"{tmp_path}/in", "-o", f"{tmp_path}/{out}"]) == 2
    assert "has changed meanwhile; begin anew" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()
    assert not (tmp_path / "out" / "_SUCCESS").exists()


def test_what_is_there_is_not_replaced_before_all_rows_were_seen(job, tmp_path, capsys):
    out = tmp_path / "out"
    assert job(f"{out}/") == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with (tmp_path / "r.csv").open("a") as file:
        file.write("x,y\n")
    assert job(f"{out}/", "--overwrite") == 2
    assert "row 21: 2 fields where 3 are expected" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_list_of_bad_rows_is_replaced_only_by_its_own_run(job, tmp_path, monkeypatch, capsys):
    with (tmp_path / "r.csv").open("a") as file:
        file.write("x,y\n")
    mine, listed = tmp_path / "mine.csv", tmp_path / "bad.csv"
    mine.write_text("precious")
    out = tmp_path / "out.csv"
    assert job(out, "--resume", "--bad-rows", mine) == 2
    assert "mine.csv exists; pass --overwrite" in capsys.readouterr().err
    with monkeypatch.context() as patch:
        at_call(2, interrupted, patch)
        assert job(out, "--skip-bad-rows", "--bad-rows", listed) == 130
    assert job(out, "--resume", "--bad-rows", mine) == 2
    assert mine.read_text() == "precious"
    assert job(out, "--resume", "--bad-rows", listed) == 0
    assert listed.read_text("utf-8").count("\n") == 2


def interrupted():
    raise KeyboardInterrupt


@pytest.mark.parametrize("option", ["--resume", "--overwrite"])
def test_options_of_places_do_nothing_for_a_stream(job, capsys, option):
    assert job("-", option) == 2
    assert f"{option} does nothing for standard output" in capsys.readouterr().err


def test_rows_that_change_while_they_are_learned_from_are_noticed(tmp_path, monkeypatch):
    path = tmp_path / "r.csv"
    rows = [("好", "房间很干净"), ("差", "早餐太差")] * 30
    path.write_text("label,review\n" + "".join(f"{a},{b}\n" for a, b in rows), "utf-8")
    right = reading._learn_reader

    def changed(*arguments):
        found = right(*arguments)
        path.write_text(path.read_text("utf-8").replace("房间", "早餐"), "utf-8")
        return found

    monkeypatch.setattr(reading, "_learn_reader", changed)
    model = TextClassifier(dim=8, attention_dim=8, epochs=1)
    with pytest.raises(InputError, match="the rows are others than when they were first read"):
        model.fit_stream(stream(path), window=20, validation=None)
