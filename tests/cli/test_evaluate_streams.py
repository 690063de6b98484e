"""`evaluate` and `report` read rows some at a time: the same figures, and bounded memory."""

import json
import os

import pytest
from tests.cli.files import TRIPLETS, write_csv

from attnpool.cli.evaluation import chunks
from attnpool.data.demo_rows import load_demo
from attnpool.loading import load

PEAK = """
import atexit
def peak():
    lines = open("/proc/self/status", encoding="utf-8").read().splitlines()
    with open({file!r}, "w", encoding="utf-8") as out:
        out.write(next(line for line in lines if line.startswith("VmHWM")).split()[1])
atexit.register(peak)
"""


@pytest.fixture
def figures(attnpool, monkeypatch):
    """The JSON of evaluate, where so many rows are read at a time."""

    def call(at_once, *arguments):
        monkeypatch.setattr(chunks, "MOST_ROWS", at_once)
        done = attnpool("evaluate", *arguments, "--json")
        assert done.status == 0, done.err
        return json.loads(done.out), done.err

    return call


def same(found, whole):
    """Equal but for the last digits of what the size of a batch moves."""
    (one, one_err), (other, other_err) = found, whole
    assert one_err == other_err
    areas = [form.pop("roc_auc", 0.0) for form in (one, other)]
    assert areas[0] == pytest.approx(areas[1], abs=1e-6)
    assert one == other
    assert list(one) == list(other)


@pytest.fixture(scope="session")
def odd(reviews):
    """Rows some of which are bad, some with a label that no model knows, all of these first."""
    rows = load_demo("sentiment", "test")
    lines = [("别的", text) for text in rows.texts[0][:12]]
    for number, (label, text) in enumerate(zip(rows.labels, rows.texts[0], strict=True)):
        lines.append((label, "" if number % 13 == 0 else text, *["x"] * (number % 17 == 0)))
    return write_csv(reviews / "odd.csv", [("label", "review"), *lines])


@pytest.mark.parametrize("at_once", [1, 9, 50])
def test_chunks_have_the_figures_of_all_rows(figures, reviews, matching, at_once):
    for arguments in (
        (reviews / "model", reviews / "test.csv"),
        (matching / "siamese", matching / "held.csv"),
        (matching / "label", matching / "texts.csv", "--candidates", "正面,负面,一般"),
        (matching / "siamese", matching / "triplets.csv", *TRIPLETS),
        (matching / "triplets", matching / "triplets.csv"),
    ):
        same(figures(at_once, *arguments), figures(20_000, *arguments))


@pytest.mark.parametrize("at_once", [1, 9])
def test_bad_rows_and_unknown_labels_are_counted_over_all_chunks(
    figures, reviews, odd, tmp_path, at_once
):
    asked = (reviews / "model", odd, "--overwrite", "--bad-rows")
    found = figures(at_once, *asked, tmp_path / "some.csv")
    same(found, figures(20_000, *asked, tmp_path / "all.csv"))
    listed = (tmp_path / "some.csv").read_text("utf-8")
    assert listed == (tmp_path / "all.csv").read_text("utf-8")
    assert listed.count("\n") == found[0]["skipped"] + 1
    assert "is not the model's" in listed


@pytest.mark.parametrize("at_once", [5, 20_000])
def test_labels_that_are_unknown_at_first(figures, reviews, tmp_path, at_once):
    rows = load_demo("sentiment", "test")
    lines = [("别的", text) for text in rows.texts[0][:12]]
    lines += list(zip(rows.labels, rows.texts[0], strict=True))[:20]
    data = write_csv(tmp_path / "sorted.csv", [("label", "review"), *lines])
    found, _ = figures(at_once, reviews / "model", data)
    assert found["n"] == 32
    assert found["unknown_labels"] == {"别的": 12}


@pytest.mark.parametrize("count", [30, 31])
def test_far_too_many_labels_are_refused(attnpool, reviews, tmp_path, monkeypatch, count):
    monkeypatch.setattr("attnpool.cli.checks.labels.MOST_UNKNOWN", 30)
    rows = load_demo("sentiment", "test")
    lines = [*zip(rows.labels, rows.texts[0], strict=True)]
    lines += [(f"第{n}号", "好") for n in range(count)]
    path = write_csv(tmp_path / "r.csv", [("label", "review"), *lines])
    told = "more than 30 different labels are not among the model's, such as '第0号'; check"
    for command, *options in (["evaluate"], ["report", "-o", tmp_path / "page.html"]):
        done = attnpool(command, reviews / "model", path, *options)
        assert done.status == (2 if count > 30 else 0), done.err
        assert (told in done.err) == (count > 30)
    assert (tmp_path / "page.html").exists() == (count == 30)


@pytest.mark.parametrize("at_once", [5, 20_000])
def test_labels_that_are_all_unknown(fails, reviews, tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(chunks, "MOST_ROWS", at_once)
    lines = [("别的", text) for text in load_demo("sentiment", "test").texts[0][:12]]
    data = write_csv(tmp_path / "other.csv", [("label", "review"), *lines])
    for options in ((), ("--skip-bad-rows",)):
        message = fails("evaluate", reviews / "model", data, *options)
        assert "row 1: the label '别的' is not among the model's" in message


def test_rows_of_a_folder_are_named_once(fails, attnpool, reviews, tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()
    for name in "ab":
        rows = [
            ("label", "review"),
            ("别的", "好"),
            ("", "差"),
        ]
        write_csv(folder / f"{name}.csv", rows)
    message = fails("evaluate", reviews / "model", folder, "--skip-bad-rows")
    assert f"{folder}/a.csv, row 1: the label '别的' is not among" in message
    assert message.count("row 1") == 1
    done = attnpool("predict", reviews / "model", folder, "-o", tmp_path / "o.csv")
    assert done.status == 0


def test_triplets_that_all_lack_a_text(fails, matching, tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "MOST_ROWS", 2)
    lines = [("a", "b", " ")] * 5
    data = write_csv(tmp_path / "t.csv", [("anchor", "positive", "negative"), *lines])
    message = fails("evaluate", matching / "triplets", data, "--skip-bad-rows")
    assert "no usable row; in all 5 a text is empty" in message


def test_a_model_of_triplets_measures_labelled_pairs(figures, matching):
    found, _ = figures(20_000, matching / "triplets", matching / "held.csv")
    assert found["n"] == 20
    assert found["roc_auc"] is not None


@pytest.mark.parametrize("at_once", [11, 20_000])
def test_a_folder_of_parts_has_the_figures_of_the_joined_file(
    figures, attnpool, reviews, tmp_path, at_once
):
    rows = load_demo("sentiment", "test")
    lines = list(zip(rows.labels, rows.texts[0], strict=True))
    (tmp_path / "several").mkdir()
    for number, start in enumerate(range(0, len(lines), 70)):
        part = tmp_path / "several" / f"part-{number}.csv"
        write_csv(part, [("label", "review"), *lines[start : start + 70]])
    found, _ = figures(at_once, reviews / "model", tmp_path / "several")
    assert found == figures(at_once, reviews / "model", reviews / "test.csv")[0]
    for name, data in (("several", tmp_path / "several"), ("one", reviews / "test.csv")):
        page = tmp_path / f"{name}.html"
        assert attnpool("report", reviews / "model", data, "-o", page).status == 0
    pages = [(tmp_path / f"{name}.html").read_text("utf-8") for name in ("several", "one")]
    assert pages[0].replace("several", "test.csv") == pages[1]


def test_a_page_of_chunks_is_that_of_all_rows(attnpool, reviews, odd, tmp_path, monkeypatch):
    pages = []
    for at_once in (20_000, 7):
        monkeypatch.setattr(chunks, "MOST_ROWS", at_once)
        page = tmp_path / f"{at_once}.html"
        done = attnpool("report", reviews / "model", odd, "-o", page, "--skip-bad-rows")
        assert done.status == 0, done.err
        pages.append((page.read_bytes(), done.out.replace(f"{at_once}.html", "page")))
    assert pages[0] == pages[1]


def test_faithfulness_is_measured_on_the_same_rows(figures, reviews):
    asked = (reviews / "model", reviews / "few.csv", "--faithfulness")
    some, whole = figures(7, *asked)[0], figures(20_000, *asked)[0]
    assert (some["faithfulness"]["n"], some["faithfulness"]["of"]) == (50, 50)
    assert some == whole


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="peaks are read from /proc")  # noqa: PTH110
@pytest.mark.parametrize("command", ["evaluate", "report"])
def test_memory_does_not_grow_with_the_rows(process, reviews, tmp_path, command):
    compact = tmp_path / "model.safetensors"
    load(reviews / "model").export(compact)
    rows = load_demo("sentiment", "test")
    lines = list(zip(rows.labels, rows.texts[0], strict=True))
    # Pages of few rows, so that what is measured are the rows and not the page.
    first = PEAK + (
        "import attnpool.cli.evaluation.chunks as c; c.MOST_ROWS = 2_000\n"
        "import attnpool.view.report.gathering as g; g.MOST_ROWS = 200\n"
    )
    peaks = []
    for times in (40, 200):
        data = write_csv(tmp_path / f"{times}.csv", [("label", "review"), *lines * times])
        file = tmp_path / f"{times}.peak"
        more = ("-o", tmp_path / f"{times}.html") if command == "report" else ()
        code = first.replace("{file!r}", repr(str(file)))
        done = process(command, compact, data, *more, first=code)
        _, said = done.communicate()
        assert done.returncode == 0, said
        peaks.append(int(file.read_text()) / 1024)
    # 32,000 more rows of some 200 bytes: held with their answers they take 40 MB and more.
    assert peaks[1] - peaks[0] < 15, peaks
