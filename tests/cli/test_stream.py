"""`attnpool train --stream`: rows that are read some at a time."""

import json

import pytest

TEXTS = {"good": "nice clean room", "bad": "dirty loud room"}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()
    for part in range(2):
        lines = [
            json.dumps({"text": f"{text} {part} {i}", "label": label})
            for label, text in TEXTS.items()
            for i in range(20)
        ]
        (folder / f"{part}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_a_folder_of_parts_trains_in_windows(attnpool, folder, tmp_path):
    model = tmp_path / "model"
    done = attnpool("train", folder, "-o", model, "--stream", "--window", "30", "--no-linear")
    assert done.status == 0, done.err
    assert "read 80 rows in 3 windows" in done.out
    assert "validation rows, which chose when to stop" in done.out
    assert "Trained on 80 rows, read in 3 windows" in (model / "README.md").read_text("utf-8")
    assert attnpool("evaluate", model, folder).status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "parts"]


def test_bad_rows_are_counted(attnpool, folder, tmp_path):
    with (folder / "1.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"text": "no label"}\n')
    command = ("train", folder, "-o", tmp_path / "model", "--stream", "--window", "30")
    done = attnpool(*command, "--no-linear")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "1.jsonl" in done.err
    done = attnpool(*command, "--no-linear", "--skip-bad-rows", "--json")
    assert done.status == 0, done.err
    figures = json.loads(done.out)
    assert figures["skipped"] == figures["stream"]["skipped"] == 1
    assert figures["stream"]["rows"] == 80


def test_few_rows_are_trained_as_without_it(attnpool, folder, tmp_path):
    for name, more in (("one", ["--stream"]), ("other", [])):
        done = attnpool("train", folder, "-o", tmp_path / name, "--no-linear", *more)
        assert done.status == 0, done.err
        assert "windows" not in done.out
    one, other = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "other"))
    assert one == other


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--window", "10"], "--window is for --stream"),
        (["--stream", "--task", "match"], "without --task match"),
        (["--stream", "--architecture", "label"], "without --architecture"),
        (["--stream", "--match", "1"], "without --match"),
        (["--stream", "--text", "a", "--text", "b"], "without more than one --text"),
        (["--stream", "--encoder", "x"], "without --encoder"),
        (["--stream", "--teacher", "lsa"], "without --unlabelled or --teacher"),
        (["--stream", "--bad-rows", "bad.csv"], "without --bad-rows"),
    ],
)
def test_what_a_stream_cannot_do_is_one_line(options, message, fails, folder, tmp_path):
    assert message in fails("train", folder, "-o", tmp_path / "model", *options)


def test_pairs_are_one_line(fails, tmp_path):
    file = tmp_path / "pairs.csv"
    file.write_text("sentence1,sentence2,label\na,b,1\nc,d,0\n", encoding="utf-8")
    error = fails("train", file, "-o", tmp_path / "model", "--stream")
    assert "2 texts per row; --stream trains a classifier of one" in error


@pytest.fixture(scope="module")
def by_class(tmp_path_factory):
    """Rows sorted by class, more of the first than are read at a time, and a file to validate."""
    folder = tmp_path_factory.mktemp("by_class")
    labels = ["bad"] * 210 + ["good"] * 100 + ["nan"] * 3
    long = "<br> " + "x" * 20_000
    rows = (f"{i},{TEXTS.get(label, 'room')} {long},{label}\n" for i, label in enumerate(labels))
    (folder / "rows.csv").write_text("id,text,label\n" + "".join(rows), encoding="utf-8")
    held = "id,text,label\n0,room,bad\n" + "".join(f"{i},nice room,good\n" for i in range(8))
    (folder / "held.csv").write_text(held, encoding="utf-8")
    return folder


@pytest.mark.parametrize("more", [[], ["--skip-bad-rows"]])
def test_validation_labels_are_among_those_of_all_rows(attnpool, by_class, tmp_path, more):
    command = ("train", by_class / "rows.csv", "-o", tmp_path / "model", "--stream", "--no-linear")
    small = ("--window", "1000", "--max-length", "8", "--json", *more)
    done = attnpool(*command, *small, "--validation", by_class / "held.csv")
    assert done.status == 0, done.err
    figures = json.loads(done.out)
    assert figures["n_validation"] == 9
    assert "unknown_labels" not in figures
    assert "skipped_elsewhere" not in figures
    [advice] = [said for said in figures["warnings"] if "missing value" in said]
    assert advice.startswith("some rows have the label 'nan'")
    [note] = [said for said in figures["warnings"] if "HTML" in said]
    assert " of the first 2" in note


def test_a_validation_label_of_no_row_is_one_line(fails, by_class, tmp_path):
    held = tmp_path / "held.csv"
    held.write_text("id,text,label\n1,room,other\n", encoding="utf-8")
    command = ("train", by_class / "rows.csv", "-o", tmp_path / "model", "--stream")
    error = fails(*command, "--validation", held)
    assert (
        "the label 'other' is not among those of the training rows: 'bad', 'good', 'nan'" in error
    )
