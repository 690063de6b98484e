"""`attnpool export`, and every command on the file that it writes."""

import csv
import json
import os
import shutil
from io import StringIO

import pytest
from tests.cli.files import write_csv

from attnpool.cli.sizes import parse_size, shown_size
from attnpool.errors import InputError


@pytest.fixture(scope="session")
def compact(reviews, once):
    """A compact file of the trained model."""
    from attnpool.cli import run

    def fill(folder):
        done = run(["export", str(reviews / "model"), "-o", str(folder / "m.safetensors")])
        assert done == 0

    return once("compact", fill) / "m.safetensors"


def test_it_says_what_it_wrote(attnpool, reviews, tmp_path):
    out = tmp_path / "m.safetensors"
    done = attnpool("export", reviews / "model", "-o", out)
    assert done.status == 0
    first, second, third = done.out.splitlines()
    assert first.startswith(f"wrote {out}: {shown_size(out.stat().st_size)}, int8 and int16, all ")
    assert second == (
        "its answers were not measured; --check DATA compares them with those of MODEL"
    )
    assert "n-grams of the training texts with their weights" in third
    assert "--min-count" in third


def test_a_check_says_what_it_cost(attnpool, reviews, tmp_path):
    done = attnpool(
        *("export", reviews / "model", "-o", tmp_path / "m.safetensors"),
        *("--check", reviews / "test.csv"),
    )
    assert done.status == 0
    line = done.out.splitlines()[1]
    assert line.startswith("checked on ")
    assert "answered alike" in line
    assert "accuracy 0." in line


def test_a_check_as_json(attnpool, reviews, tmp_path):
    out = tmp_path / "m.safetensors"
    done = attnpool(
        "export", reviews / "model", "-o", out, "--check", reviews / "test.csv", "--json"
    )
    form = json.loads(done.out)
    assert form["path"] == str(out)
    assert form["bytes"] == out.stat().st_size
    assert form["check"]["alike"] >= 0.99
    assert form["check"]["accuracy"] == pytest.approx(form["check"]["accuracy_before"], abs=0.01)
    assert form["ngrams"] == form["ngrams_of"]


def test_a_check_without_labels_says_so(attnpool, reviews, tmp_path):
    write_csv(tmp_path / "texts.csv", [("review",), ("房间很好",), ("太差了",)])
    done = attnpool(
        *("export", reviews / "model", "-o", tmp_path / "m.safetensors"),
        *("--check", tmp_path / "texts.csv"),
    )
    assert done.status == 0
    assert "accuracy not measured, as the rows have no labels" in done.out


def test_labels_that_are_no_class_are_named(attnpool, reviews, tmp_path):
    write_csv(
        tmp_path / "one.csv", [("review", "label"), ("房间很好", "中评"), ("房间很好", "正面")]
    )
    done = attnpool(
        *("export", reviews / "model", "-o", tmp_path / "m.safetensors", "--json"),
        *("--check", tmp_path / "one.csv"),
    )
    assert "1 row has a label the model does not know ('中评'): counted as wrong" in done.err
    assert json.loads(done.out)["check"]["unknown_labels"] == {"中评": 1}
    write_csv(tmp_path / "one.csv", [("review", "label"), ("房间很好", "正面")])
    done = attnpool(
        *("export", reviews / "model", "-o", tmp_path / "n.safetensors"),
        *("--check", tmp_path / "one.csv"),
    )
    assert done.out.splitlines()[1].startswith("checked on 1 row: 100 % answered alike")


def test_a_size_is_kept(attnpool, reviews, tmp_path):
    out = tmp_path / "m.safetensors"
    done = attnpool("export", reviews / "model", "-o", out, "--size", "60kB")
    assert done.status == 0
    assert out.stat().st_size <= 60_000
    assert " of " in done.out.splitlines()[0]


def test_too_different_answers_are_refused_unless_forced(attnpool, fails, reviews, tmp_path):
    size = next(
        size
        for size in ("45kB", "42kB", "41kB", "40kB", "38kB")
        if _alike(attnpool, reviews, tmp_path, size) < 0.99
    )
    asked = ("export", reviews / "model", "-o", tmp_path / "m.safetensors", "--size", size)
    message = fails(*asked, "--check", reviews / "test.csv")
    assert "less than 99 % alike, so nothing is written" in message
    assert "--force" in message
    done = attnpool(*asked, "--check", reviews / "test.csv", "--force")
    assert done.status == 0
    assert (tmp_path / "m.safetensors").exists()


def _alike(attnpool, reviews, tmp_path, size):
    out = tmp_path / "trial.safetensors"
    done = attnpool(
        *("export", reviews / "model", "-o", out, "--size", size, "--json", "--force"),
        *("--check", reviews / "test.csv", "--overwrite"),
    )
    out.unlink(missing_ok=True)
    return json.loads(done.out)["check"]["alike"] if done.status == 0 else 1


BAD = {
    "an unknown suffix": (("-o", "m.pt"), "name a file that ends in .safetensors"),
    "no suffix": (("-o", "model"), "name a file that ends in .safetensors"),
    "too small a size": (("-o", "m.safetensors", "--size", "10KB"), "is too small"),
    "no size": (("-o", "m.safetensors", "--size", "small"), "give one such as 2MB"),
    "a size of nothing": (("-o", "m.safetensors", "--size", "0"), "give one such as 2MB"),
    "an unknown dtype": (("-o", "m.safetensors", "--dtype", "int4"), "choose one of int8"),
    "force alone": (("-o", "m.safetensors", "--force"), "does nothing without --check"),
    "label alone": (("-o", "m.safetensors", "--label", "a"), "does nothing without --check"),
    "an empty name of a file": (("-o", "m.safetensors", "--check", ""), "--check is empty"),
    "more times than any token": (
        ("-o", "m.safetensors", "--min-count", "99999999"),
        "give a smaller min_count",
    ),
    "a missing file": (("-o", "m.safetensors", "--check", "none.csv"), "no such file"),
    "a missing folder": (("-o", "none/m.safetensors"), "does not exist"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input(case, fails, reviews, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments, words = BAD[case]
    assert words in fails("export", reviews / "model", *arguments)


def test_the_advice_is_that_of_the_option_that_was_given(fails, reviews, tmp_path):
    asked = ("export", reviews / "model", "-o", tmp_path / "m.safetensors")
    message = fails(*asked, "--min-count", "40", "--check", reviews / "test.csv")
    assert "give a smaller --min-count, or --force" in message
    assert "--size" not in message


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_a_link_to_itself_is_said(fails, reviews, tmp_path):
    link = tmp_path / "m.safetensors"
    link.symlink_to(link)
    assert str(link) in fails("export", reviews / "model", "-o", link)


def test_no_model_folder_takes_a_file(fails, reviews, tmp_path):
    other = shutil.copytree(reviews / "model", tmp_path / "other")
    message = fails("export", reviews / "model", "-o", other / "m.safetensors")
    assert f"{other} is a model folder; name another place" in message
    assert not (other / "m.safetensors").exists()


def test_stdin_beside_other_texts_is_refused(fails, compact):
    assert "leave the other texts out" in fails("explain", compact, "-", "房间")


def test_what_exists_is_kept(fails, compact, reviews, tmp_path):
    (tmp_path / "m.safetensors").write_text("mine")
    assert "exists" in fails("export", reviews / "model", "-o", tmp_path / "m.safetensors")
    assert (tmp_path / "m.safetensors").read_text() == "mine"
    assert "name the folder" in fails("export", compact, "-o", tmp_path / "n.safetensors")


def test_the_model_itself_is_never_overwritten(attnpool, fails, reviews, tmp_path):
    model = tmp_path / "model"
    shutil.copytree(reviews / "model", model)
    for name in ("model.safetensors", "new.safetensors"):
        message = fails("export", model, "-o", model / name, "--overwrite")
        assert f"is inside {model}; name another place" in message
    other = tmp_path / "other.safetensors"
    shutil.copy(model / "model.safetensors", other)
    assert "is no compact model" in fails("export", model, "-o", other, "--overwrite")
    assert attnpool("explain", model, "房间").status == 0


@pytest.mark.parametrize("kind", ["alignment", "triplet", "label"])
def test_other_matchers_have_no_compact_form(kind, fails, matching, tmp_path):
    message = fails("export", matching / kind, "-o", tmp_path / "m.safetensors")
    assert f"a matcher of architecture '{kind}' has no compact form" in message
    assert not list(tmp_path.iterdir())


def test_a_siamese_matcher_has_one(attnpool, fails, matching, tmp_path):
    model, small = matching / "siamese", tmp_path / "m.safetensors"
    done = attnpool("export", model, "-o", small, "--check", matching / "held.csv")
    assert done.status == 0, done.err
    assert "20 rows: 100 % answered alike" in done.out
    assert "--min-count" not in done.out
    assert "min_count is for classifiers" in fails(
        "export", model, "-o", tmp_path / "n.safetensors", "--min-count", "2"
    )
    found = []
    for one in (model, small):
        out = tmp_path / one.stem
        pair = ("怎么退款", "如何申请退款")
        calls = [
            ("evaluate", one, matching / "held.csv", "--json"),
            ("explain", one, *pair, "--format", "json"),
            ("predict", one, matching / "held.csv", "-o", f"{out}.csv", "--explain"),
            ("report", one, matching / "held.csv", "-o", f"{out}.html"),
        ]
        done = [attnpool(*call) for call in calls]
        assert [each.status for each in done] == [0] * 4, [each.err for each in done]
        rows = list(csv.DictReader(StringIO((tmp_path / f"{one.stem}.csv").read_text("utf-8-sig"))))
        answers = [(row.keys(), row["prediction"]) for row in rows]
        explained = json.loads(done[1].out)
        verdict = explained["verdict"]
        found.append((json.loads(done[0].out)["accuracy"], answers, verdict))
        assert explained["score"] is not None
    assert found[0] == found[1]
    assert "this model compares two" in fails("explain", small, "one text")


@pytest.mark.parametrize("command", ["evaluate", "predict", "explain", "report"])
def test_every_command_takes_it(command, attnpool, reviews, compact, tmp_path):
    found = []
    for model in (reviews / "model", compact):
        out = tmp_path / model.name
        arguments = {
            "evaluate": (model, reviews / "test.csv", "--json"),
            "predict": (model, reviews / "few.csv", "-o", f"{out}.csv", "--explain"),
            "explain": (model, "房间很干净", "太吵了", "--format", "json"),
            "report": (model, reviews / "few.csv", "-o", f"{out}.html"),
        }[command]
        done = attnpool(command, *arguments)
        assert done.status == 0, done.err
        found.append(done.out)
    if command == "evaluate":
        whole, small = map(json.loads, found)
        assert small["accuracy"] == pytest.approx(whole["accuracy"], abs=0.01)
        assert small["known"] is None
    if command == "predict":
        whole, small = (
            list(csv.DictReader(StringIO((tmp_path / f"{name}.csv").read_text("utf-8-sig"))))
            for name in ("model", compact.name)
        )
        assert [row.keys() for row in small] == [row.keys() for row in whole]
        assert [row["prediction"] for row in small] == [row["prediction"] for row in whole]
    if command == "report":
        whole, small = (
            (tmp_path / f"{name}.html").read_text("utf-8") for name in ("model", compact.name)
        )
        assert len(small) == pytest.approx(len(whole), rel=0.02)
    if command == "explain":
        whole, small = map(json.loads, found)
        for one, other in zip(whole, small, strict=True):
            assert one["prediction"] == other["prediction"]


def test_training_something_on_it_is_refused(fails, compact, reviews, tmp_path):
    message = fails("train", compact, "-o", tmp_path / "model")
    assert str(compact) in message
    assert not (tmp_path / "model").exists()


SIZES = {
    "2MB": 2_000_000,
    "500kB": 500_000,
    "500KB": 500_000,
    "1.5 MiB": 1_572_864,
    "80000": 80_000,
    "1g": 1_000_000_000,
    "3 b": 3,
}


@pytest.mark.parametrize("given", SIZES)
def test_sizes(given):
    assert parse_size(given) == SIZES[given]


NO_SIZES = ["", "MB", "2 TB", "-1MB", "0.0000001kB", "nan", "1e6", "2ib", "²MB"]


@pytest.mark.parametrize("given", NO_SIZES)
def test_no_sizes(given):
    with pytest.raises(InputError, match="is no size"):
        parse_size(given)


def test_shown_sizes():
    assert [shown_size(size) for size in (3, 1500, 2_990_000, 3_000_000_000)] == [
        "3 bytes", "1.5 kB", "3.0 MB", "3.0 GB",
    ]  # fmt: skip
