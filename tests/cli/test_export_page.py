"""`attnpool export MODEL -o page.html`: a page of the size that is asked for."""

import json
import re

import pytest
from tests.cli.files import write_csv


def data_of(page):
    return json.loads(re.search(r'id="page">(.*?)</script>', page.read_text("utf-8"), re.DOTALL)[1])


def test_it_writes_one_file_of_at_most_two_megabytes(attnpool, reviews, tmp_path):
    out = tmp_path / "live.html"
    done = attnpool("export", reviews / "model", "-o", out, "--check", reviews / "test.csv")
    assert done.status == 0
    first, second, third, fourth = done.out.splitlines()
    assert first.startswith(f"wrote {out}: ")
    assert second.startswith("checked on ")
    assert "for anybody who has it to read" in third
    assert "--examples FILE" in fourth
    assert out.stat().st_size <= 2_000_000
    assert [one.name for one in tmp_path.iterdir()] == ["live.html"]


def test_a_size_is_kept(attnpool, reviews, tmp_path):
    attnpool("export", reviews / "model", "-o", tmp_path / "whole.html")
    sizes, whole = [], (tmp_path / "whole.html").stat().st_size
    for size in (whole - 150_000, whole - 190_000):
        out = tmp_path / f"{size}.html"
        done = attnpool("export", reviews / "model", "-o", out, "--size", size, "--json")
        form = json.loads(done.out)
        assert form["bytes"] == out.stat().st_size <= size
        assert form["ngrams"] < form["ngrams_of"]
        sizes.append(form["bytes"])
    assert sizes[1] < sizes[0]


def test_title_and_examples_are_in_it(attnpool, reviews, tmp_path):
    write_csv(tmp_path / "e.csv", [("review",), *((f"房间 {i}",) for i in range(30))])
    out = tmp_path / "live.html"
    asked = ("--title", "Hotel <b>", "--examples", tmp_path / "e.csv")
    assert attnpool("export", reviews / "model", "-o", out, *asked).status == 0
    assert '<h1 dir="auto">Hotel &lt;b&gt;</h1>' in out.read_text("utf-8")
    assert data_of(out)["examples"] == [[f"房间 {i}"] for i in range(20)]


def test_half_a_character_is_no_example(attnpool, reviews, tmp_path):
    (tmp_path / "e.jsonl").write_text('{"review": "\\ud83d lone"}\n{"review": "ok"}\n')
    out = tmp_path / "live.html"
    done = attnpool("export", reviews / "model", "-o", out, "--examples", tmp_path / "e.jsonl")
    assert done.status == 0, done.err
    assert data_of(out)["examples"] == [["\ufffd lone"], ["ok"]]


@pytest.mark.parametrize("title", ["   ", "\u2003", ""])
def test_a_title_of_spaces_is_none(title, attnpool, reviews, tmp_path):
    out = tmp_path / "live.html"
    attnpool("export", reviews / "model", "-o", out, "--title", title)
    assert re.search(r"<title>([^<]+)</title>", out.read_text("utf-8"))[1].strip()


def test_a_page_is_no_model(fails, attnpool, reviews, tmp_path):
    attnpool("export", reviews / "model", "-o", tmp_path / "live.html")
    assert "is a page; name the model" in fails("explain", tmp_path / "live.html", "房间")


def test_a_matcher_has_a_page_too(attnpool, fails, matching, tmp_path):
    out, held = tmp_path / "live.html", matching / "held.csv"
    done = attnpool("export", matching / "siamese", "-o", out, "--check", held, "--examples", held)
    assert done.status == 0, done.err
    assert all(len(one) == 2 for one in data_of(out)["examples"])
    (tmp_path / "e.tsv").write_text("怎么退款\t如何退款\n手机丢了\t手机没了\n", "utf-8")
    columns = ("--no-header", "--text", "1", "--text", "2")
    asked = ("--examples", tmp_path / "e.tsv", *columns, "--overwrite")
    assert attnpool("export", matching / "siamese", "-o", out, *asked).status == 0
    assert data_of(out)["examples"] == [["怎么退款", "如何退款"], ["手机丢了", "手机没了"]]
    message = fails("export", matching / "siamese", "-o", tmp_path / "p.html", "--size", "20kB")
    assert "is too small for this model" in message


def test_a_compact_file_gives_a_page_too(attnpool, fails, reviews, tmp_path):
    small, out = tmp_path / "m.safetensors", tmp_path / "live.html"
    attnpool("export", reviews / "model", "-o", small)
    assert attnpool("export", small, "-o", out).status == 0
    assert out.stat().st_size > small.stat().st_size
    asked = ("export", small, "-o", tmp_path / "other.html")
    assert "--dtype does nothing" in fails(*asked, "--dtype", "float16")
    assert "--min-count does nothing" in fails(*asked, "--min-count", "3")


BAD = {
    "too small": (("-o", "p.html", "--size", "20kB"), "a page of 20,000 bytes is too small"),
    "no examples": (("-o", "p.html", "--examples", "none.txt"), "no such file"),
    "examples elsewhere": (("-o", "m.safetensors", "--examples", "a"), "--examples is for a page"),
    "a title elsewhere": (("-o", "m.safetensors", "--title", "a"), "--title is for a page"),
    "a place that is missing": (("-o", "none/p.html"), "does not exist"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input(case, fails, reviews, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments, words = BAD[case]
    assert words in fails("export", reviews / "model", *arguments)
    assert not any(tmp_path.iterdir())


def test_what_exists_is_kept(attnpool, fails, reviews, tmp_path):
    out = tmp_path / "live.html"
    out.write_text("mine")
    assert "exists" in fails("export", reviews / "model", "-o", out)
    assert out.read_text() == "mine"
    assert attnpool("export", reviews / "model", "-o", out, "--overwrite").status == 0
