"""`attnpool train --unlabelled POOL --teacher NAME`, and what is refused."""

import csv
import json
from contextlib import suppress

import pytest

from attnpool.cli.unlabelled import vector_folder

WORDS = {"好": ["干净", "热情", "方便", "舒适"], "差": ["太差", "恶劣", "偏僻", "吵闹"]}
WHAT = ["房间", "服务", "位置", "早餐", "前台", "浴室"]
PAIRS = ["--text", "left", "--text", "right"]
ROWS = [
    (f"{what}{word}", label) for what in WHAT for label, words in WORDS.items() for word in words
]


@pytest.fixture
def files(tmp_path):
    for name, header, rows in (
        ("rows.csv", ["text", "label"], ROWS),
        ("pool.csv", ["text"], [(f"{text}，下次再说",) for text, _ in ROWS] + [(ROWS[0][0],)]),
        ("pairs.csv", ["left", "right", "label"], [(text, text, "1") for text, _ in ROWS]),
    ):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    return tmp_path


def test_a_model_teaches_another(attnpool, files):
    assert attnpool("train", files / "rows.csv", "-o", files / "teacher").status == 0
    done = attnpool(
        *("train", files / "rows.csv", "-o", files / "model"),
        *("--unlabelled", files / "pool.csv", "--teacher", files / "teacher"),
    )
    assert done.status == 0, done.err
    assert "taught by" in done.out
    assert "48 unlabelled texts (left out: 1 labelled); accuracy of the teacher on the " in done.out
    assert "so this accuracy is too high" in done.out
    assert "the linear part alone: accuracy" in done.out
    assert not list(files.glob("*vectors*"))
    metrics = json.loads((files / "model" / "metrics.json").read_text("utf-8"))
    assert metrics["teaching"]["unlabelled"] == 48
    card = (files / "model" / "README.md").read_text("utf-8")
    assert "needs no teacher" in card


def test_vectors_are_kept_beside_the_model_until_it_is_written(tmp_path):
    kept = f"{'0a' * 16}-{'0b' * 16}.safetensors"
    mine = ["model-00001-of-00002.safetensors", "notes.txt"]
    with vector_folder(tmp_path / "model", "some/encoder") as cache:
        cache.mkdir()
        for name in (kept, ".attnpool-half", *mine):
            (cache / name).write_bytes(b"vectors")
    assert sorted(path.name for path in cache.iterdir()) == mine
    for name in mine:
        (cache / name).unlink()
    with suppress(KeyboardInterrupt), vector_folder(tmp_path / "model", "some/encoder"):
        (cache / kept).write_bytes(b"vectors")
        raise KeyboardInterrupt
    assert (cache / kept).exists()
    with vector_folder(tmp_path / "model", "some/encoder") as again:
        assert again == cache
    assert not cache.exists()
    with vector_folder(tmp_path / "model", "lsa") as none:
        assert none is None


def test_what_was_read_before_an_interrupt_is_said_to_be_kept(tmp_path, capsys):
    with suppress(KeyboardInterrupt), vector_folder(tmp_path / "model", "encoder") as cache:
        cache.mkdir()
        raise KeyboardInterrupt
    assert f"{cache} keeps the vectors" in capsys.readouterr().err
    with suppress(OSError), vector_folder(tmp_path / "model", "encoder"):
        raise OSError
    assert not cache.exists()


def test_bad_rows_of_a_pool_stop_it_or_are_counted(attnpool, files):
    pool = files / "bad.csv"
    pool.write_text("text\n" + "".join(f"房间{i}，很好\n" for i in range(9)) + "a,b\n", "utf-8")
    words = ("train", files / "rows.csv", "-o", files / "model", "--unlabelled", pool)
    done = attnpool(*words, "--teacher", "lsa")
    assert done.status == 2
    assert "bad.csv, row 10: " in done.err
    assert not (files / "model").exists()
    done = attnpool(*words, "--teacher", "lsa", "--bad-rows", files / "left.csv")
    assert done.status == 0, done.err
    assert "on 9 unlabelled texts\n" in done.out.replace("; ", "\n")
    assert "bad.csv: 1 bad row left out" in done.out
    assert "bad.csv,10," in (files / "left.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "first"), [("pool.csv", "id,content"), ("pool.txt", None), ("pool.csv", "评论")]
)
def test_a_pool_may_name_its_text_in_another_way(attnpool, files, name, first):
    with (files / "named.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["what", "label"], *ROWS])
    lines = [f"{i},房间{i}很好" if first and "," in first else f"房间{i}很好" for i in range(30)]
    (files / name).write_text("\n".join([*([first] if first else []), *lines]), "utf-8")
    done = attnpool(
        *("train", files / "named.csv", "--text", "what", "-o", files / "model"),
        *("--unlabelled", files / name, "--teacher", "lsa"),
    )
    assert done.status == 0, done.err
    assert "on 30 unlabelled texts" in done.out


def test_json_says_it_too(attnpool, files):
    done = attnpool(
        *("train", files / "rows.csv", "-o", files / "model", "--json"),
        *("--unlabelled", files / "pool.csv", "--teacher", "lsa"),
    )
    found = json.loads(done.out)
    assert found["teaching"]["teacher"] == "LSA"
    assert 0 <= found["linear_accuracy"] <= 1


def test_no_linear_is_attention_alone(attnpool, files):
    done = attnpool("train", files / "rows.csv", "-o", files / "model", "--no-linear", "--json")
    assert "linear_accuracy" not in json.loads(done.out)
    config = json.loads((files / "model" / "config.json").read_text("utf-8"))
    assert config["model"]["linear"] is False


@pytest.mark.parametrize(
    ("data", "options", "line"),
    [
        ("rows.csv", ["--unlabelled", "none.csv"], "--unlabelled none.csv: no such file"),
        ("rows.csv", ["--teacher", "no/such"], "teacher 'no/such' is no folder here"),
        ("rows.csv", ["--teacher", " "], "--teacher is empty"),
        ("rows.csv", ["--unlabelled", ""], "--unlabelled is empty"),
        (
            "pairs.csv",
            [*PAIRS, "--teacher", "lsa"],
            "--unlabelled and --teacher are for classifiers",
        ),
        ("pairs.csv", [*PAIRS, "--no-linear"], "--no-linear is for classifiers"),
        ("pairs.csv", [*PAIRS, "--linear"], "--linear is for classifiers"),
        ("rows.csv", ["--faithful", "--linear"], "--faithful has no linear part"),
    ],
)
def test_what_cannot_be_is_one_line(attnpool, files, data, options, line):
    done = attnpool("train", files / data, "-o", files / "model", *options)
    assert done.status == 2
    assert line in done.err
    assert done.err.count("\n") == 1
    assert not (files / "model").exists()
    assert not list(files.glob("*vectors*"))


@pytest.mark.parametrize("place", ["pool.csv", "teacher/config.json"])
def test_bad_rows_never_replace_what_teaches(attnpool, files, place):
    attnpool("train", files / "rows.csv", "-o", files / "teacher")
    before = (files / place).read_bytes()
    done = attnpool(
        *("train", files / "rows.csv", "-o", files / "model", "--overwrite"),
        *("--unlabelled", files / "pool.csv", "--teacher", files / "teacher"),
        *("--bad-rows", files / place),
    )
    assert done.status == 2
    assert done.err.count("\n") == 1
    assert (files / place).read_bytes() == before


def test_a_teacher_of_other_classes_is_one_line(attnpool, files):
    with (files / "other.csv").open("w", encoding="utf-8", newline="") as file:
        renamed = [(text, {"好": "good", "差": "bad"}[label]) for text, label in ROWS]
        csv.writer(file).writerows([["text", "label"], *renamed])
    assert attnpool("train", files / "other.csv", "-o", files / "teacher").status == 0
    done = attnpool(
        "train", files / "rows.csv", "-o", files / "model", "--teacher", files / "teacher"
    )
    assert done.status == 2
    assert "class" in done.err
    assert done.err.count("\n") == 1
