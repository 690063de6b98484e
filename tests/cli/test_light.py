"""Without the libraries of extras: what a trained model needs works, the rest is one line."""

import csv
import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from tests.cli.light import EXTRAS

import attnpool
from attnpool.cli.app import app

LIGHT = Path(__file__).parent / "light.py"
COMPACT = "compact.safetensors"
FOLDER = str(Path(__file__).parents[1] / "estimators" / "saved_models" / "classifier")
ROWS = [("label", "text"), ("good", "a quiet room"), ("bad", "a noisy, small room"), ("bad", "x")]
COMMANDS = tuple(sorted(one.callback.__name__ for one in app.registered_commands))

ANSWERED = (
    (),
    ("--version",),
    *((command, "--help") for command in COMMANDS),
    ("datasets",),
    ("datasets", "--json"),
    *(
        ("predict", COMPACT, f"rows.{read}", "-o", f"{read}.{written}", "--explain")
        for read in ("csv", "tsv", "jsonl", "json", "txt", "csv.gz", "jsonl.gz")
        for written in ("csv", "tsv", "jsonl")
    ),
    ("evaluate", COMPACT, "rows.csv"),
    ("evaluate", COMPACT, "rows.jsonl.gz", "--json", "--bad-rows", "bad.csv"),
    ("explain", COMPACT, "a quiet room"),
    ("explain", COMPACT, "-"),
    *(
        ("explain", COMPACT, "--data", "rows.csv", "--format", kind)
        for kind in ("terminal", "lines", "html", "svg", "markdown", "json")
    ),
    *(
        ("explain", COMPACT, "--data", "rows.json", "-o", f"page{suffix}")
        for suffix in (".html", ".svg", ".md", ".json", ".txt")
    ),
    ("report", COMPACT, "rows.csv", "-o", "report.html"),
)

PLAIN = "attnpool: rows.txt has no header that names a text column; reading one text per line\n"
TRAIN = 'pip install "attnpool[train]"\n'
OF_A_FOLDER = (
    ("predict", FOLDER, "rows.csv", "-o", "o.csv"),
    ("evaluate", FOLDER, "rows.csv"),
    ("explain", FOLDER, "a room"),
    ("report", FOLDER, "rows.csv", "-o", "o.html"),
)
OF_TORCH = f"{FOLDER}: a model folder needs torch, which is not installed; {TRAIN}"
REFUSED = {
    ("train", "rows.csv", "-o", "m"): f"training needs torch, which is not installed; {TRAIN}",
    ("train", "none.csv", "-o", "m"): f"training needs torch, which is not installed; {TRAIN}",
    ("demo",): f"the demo needs torch, which is not installed; {TRAIN}",
    ("gallery",): f"the gallery needs torch, which is not installed; {TRAIN}",
    **dict.fromkeys(OF_A_FOLDER, OF_TORCH),
    ("explain", "none", "a room"): "none: no such model folder\n",
    ("export", FOLDER, "-o", "o.safetensors"): OF_TORCH,
    ("explain", COMPACT, "a room", "-o", "o.png"): (
        'format png needs matplotlib, which is not installed; pip install "attnpool[images]"\n'
    ),
    **{
        (command, COMPACT, "rows.parquet", *more): (
            f"rows.parquet: reading Parquet files needs polars, which is not installed; {TRAIN}"
        )
        for command, *more in (("predict", "-o", "o.csv"), ("evaluate",), ("report", "-o", "o.htm"))
    },
    ("explain", COMPACT, "--data", "rows.xlsx"): (
        "rows.xlsx: reading Excel files needs fastexcel, which is not installed; "
        'pip install "attnpool[excel]"\n'
    ),
    ("predict", COMPACT, "rows.csv", "-o", "o.parquet"): (
        f"o.parquet: writing Parquet files needs polars, which is not installed; {TRAIN}"
    ),
    ("predict", COMPACT, "rows.csv", "-o", "o.xlsx"): (
        "o.xlsx: writing Excel files needs xlsxwriter, which is not installed; "
        'pip install "attnpool[excel]"\n'
    ),
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """A folder with the same rows in every format, and a compact model."""
    folder = tmp_path_factory.mktemp("light")
    texts = ["a quiet room", "so quiet", "a noisy, small room", "noisy"] * 10
    model = attnpool.TextClassifier(epochs=8).fit(texts, ["good", "good", "bad", "bad"] * 10)
    model.export(folder / COMPACT)
    for name, separator in (("csv", ","), ("tsv", "\t")):
        with (folder / f"rows.{name}").open("w", newline="") as file:
            csv.writer(file, delimiter=separator).writerows(ROWS)
    objects = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, objects)))
    (folder / "rows.json").write_text(json.dumps(objects))
    (folder / "rows.txt").write_text("\n".join(text for _, text in ROWS[1:]))
    for name in ("csv", "jsonl"):
        (folder / f"rows.{name}.gz").write_bytes(
            gzip.compress((folder / f"rows.{name}").read_bytes())
        )
    pl.DataFrame(objects).write_parquet(folder / "rows.parquet")
    with xlsxwriter.Workbook(folder / "rows.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    return folder


def outcomes(folder, commands, refused):
    """What each command line did, where modules are refused."""
    done = subprocess.run(
        [sys.executable, LIGHT, folder],
        input=json.dumps({"refused": refused, "commands": [list(words) for words in commands]}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(commands, json.loads(done.stdout), strict=True))


@pytest.fixture(scope="module")
def light(rows):
    return outcomes(rows, (*ANSWERED, *REFUSED), EXTRAS)


def test_every_command_is_tried():
    tried = {words[0] for words in (*ANSWERED, *REFUSED) if words and words[-1] != "--help"}
    assert tried >= set(COMMANDS)


@pytest.mark.parametrize("words", ANSWERED, ids=" ".join)
def test_what_a_trained_model_needs_works(light, words):
    done = light[words]
    assert done["status"] == 0, done["err"]
    assert done["err"] == (PLAIN if "rows.txt" in words else "")
    assert done["out"]


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_what_needs_an_extra_is_one_line_that_names_it(light, rows, words):
    done = light[words]
    assert (done["status"], done["out"]) == (2, "")
    assert done["err"] == f"attnpool: {REFUSED[words]}"
    assert not list(rows.glob("o.*"))


def test_the_files_hold_the_predictions(light, rows):
    texts = [text for _, text in ROWS[1:]]
    probabilities = attnpool.load(rows / COMPACT).predict_proba(texts)[:, 0].tolist()
    for name in ("csv", "tsv", "jsonl", "json", "txt", "csv.gz"):
        frame = pl.read_csv(rows / f"{name}.csv")
        assert frame["prediction"].to_list()[:2] == ["good", "bad"]
        assert frame["probability_bad"].to_list() == probabilities
        assert len(json.loads(frame["value"][1])) == 5
    assert "<mark" in (rows / "page.html").read_text()
    assert "<svg" in (rows / "page.svg").read_text()


# Outputs that exist are replaced.
ANSWERED_ANEW = tuple(
    (*words, "--overwrite") if "-o" in words or "--bad-rows" in words else words
    for words in ANSWERED
)


def test_nothing_of_an_extra_is_imported_where_all_is_installed(rows):
    found = outcomes(rows, ANSWERED_ANEW, [])
    assert {words: done["status"] for words, done in found.items() if done["status"]} == {}
    # jaxtyping reads the shapes in signatures while we test.
    assert {name for done in found.values() for name in done["loaded"]} <= {"jaxtyping"}


@pytest.mark.parametrize("library", ["torch", "sklearn", "scipy", "tokenizers"])
def test_each_library_of_training_is_named(rows, library):
    words = ("train", "rows.csv", "-o", "m")
    done = outcomes(rows, [words], [library])[words]
    name = "scikit-learn" if library == "sklearn" else library
    assert done["status"] == 2
    assert f" needs {name}, which is not installed; {TRAIN}" in done["err"]
    assert done["err"].count("\n") == 1


def test_training_needs_no_library_of_other_extras(rows, tmp_path):
    words = ("train", "rows.csv", "-o", str(tmp_path / "m"), "--validation", "0", "--no-linear")
    done = outcomes(rows, [words], ["polars", "matplotlib", "jieba", "fastexcel", "jaxtyping"])
    assert done[words]["status"] == 0, done[words]["err"]


def test_a_process_leaves_with_exit_status_2_and_no_traceback(process):
    hook = f"import sys; sys.path.insert(0, {str(LIGHT.parents[2])!r}); import tests.cli.light as l"
    child = process(
        *("train", "x.csv", "-o", "m"),
        first=f"{hook}; sys.meta_path.insert(0, l.Refusing(l.EXTRAS))",
    )
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (2, b"")
    line = f"attnpool: training needs torch, which is not installed; {TRAIN}"
    assert err.decode() == line


PUBLIC = f"""
import sys; sys.path.insert(0, {str(LIGHT.parents[2])!r})
from tests.cli.light import EXTRAS, Refusing
sys.meta_path.insert(0, Refusing(EXTRAS))
import attnpool
lines = {{}}
for name in attnpool.__all__:
    try:
        getattr(attnpool, name)
    except attnpool.InputError as error:
        lines[name] = str(error)
one = attnpool.Explanation.from_values(
    "a room", [(0, 1)], [0.5], method="contribution", probabilities={{"good": 0.6, "bad": 0.4}}
)
try:
    attnpool.render(one, "png")
except attnpool.InputError as error:
    lines["png"] = str(error)
attnpool.phrases([one]), attnpool.render(one), attnpool.load_demo("sentiment")
import json; print(json.dumps(lines))
"""


def test_public_names_are_there_or_say_what_they_need():
    done = subprocess.run(
        [sys.executable, "-c", PUBLIC], capture_output=True, text=True, check=True
    )
    lines = json.loads(done.stdout)
    png = 'format png needs matplotlib, which is not installed; pip install "attnpool[images]"'
    assert lines.pop("png") == png
    assert set(lines) == {"Attribution", "TextClassifier", "TextMatcher", "attribute"}
    for name, line in lines.items():
        # Which library comes first does not matter: the extra brings all of them.
        said = rf"attnpool.{name} needs [\w-]+, which is not installed; {re.escape(TRAIN.strip())}"
        assert re.fullmatch(said, line)
