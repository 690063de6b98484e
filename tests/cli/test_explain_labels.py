"""`explain --data`: rows with and without labels, columns of something else, and plain files."""

import re

import pytest
from tests.cli.files import write_csv


def test_rows_without_a_label_are_not_marked_wrong(attnpool, reviews, tmp_path):
    data = write_csv(tmp_path / "d.csv", [("label", "review"), ("正面", "干净"), ("", "吵")])
    shown = attnpool("explain", reviews / "model", "--data", data, "--format", "lines").out
    assert len(re.findall("[✓✗]", shown)) == 1
    page = tmp_path / "p.html"
    assert attnpool("explain", reviews / "model", "--data", data, "-o", page).status == 0
    assert len(re.findall("[✓✗]", page.read_text("utf-8"))) == 1


def test_a_column_of_something_else_is_no_truth(fails, reviews, tmp_path):
    rows = [("label", "review"), *((str(i), "干净") for i in range(20))]
    data = write_csv(tmp_path / "d.csv", rows)
    message = fails("explain", reviews / "model", "--data", data)
    assert "row 1: the label '0' is not among the model's: '正面', '负面'; check --label" in message


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE"])
@pytest.mark.parametrize("form", ["terminal", "lines"])
def test_a_file_gets_no_colour_codes(attnpool, reviews, tmp_path, monkeypatch, variable, form):
    monkeypatch.setenv(variable, "1")
    monkeypatch.setenv("COLORTERM", "truecolor")
    file = tmp_path / "out.txt"
    words = ("explain", reviews / "model", "干净", "--format", form, "-o", file)
    assert attnpool(*words).status == 0
    assert "\x1b" not in file.read_text("utf-8")


@pytest.mark.parametrize("suffix", ["HTML", "Htm", "TXT", "JSON", "Svg", "PNG", "MD", "Markdown"])
def test_suffixes_in_capitals(attnpool, reviews, tmp_path, suffix):
    file = tmp_path / f"OUT.{suffix}"
    assert attnpool("explain", reviews / "model", "干净", "-o", file).status == 0
    assert file.stat().st_size > 50


@pytest.mark.parametrize("suffix", ["HTML", "Htm"])
def test_a_report_in_capitals(attnpool, reviews, tmp_path, suffix):
    data = write_csv(tmp_path / "D.CSV", [("label", "review"), ("正面", "干净"), ("负面", "吵")])
    file = tmp_path / f"OUT.{suffix}"
    assert attnpool("report", reviews / "model", data, "-o", file).status == 0
    assert file.read_text("utf-8").startswith("<!doctype html>")
