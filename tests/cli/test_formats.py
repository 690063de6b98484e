"""`attnpool explain` in every format, to files and to standard output."""

import re
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len

from attnpool.view.picture.fonts import cjk_file

TEXT = "房间很干净，但是隔音太差"
needs_cjk = pytest.mark.skipif(cjk_file() is None, reason="no Chinese font on this system")


@pytest.mark.parametrize("heads", [(), ("--heads",)])
@pytest.mark.parametrize(
    ("suffix", "start", "kind"),
    [
        (".svg", b"<svg ", "svg"),
        (".md", b"", "markdown"),
        (".markdown", b"", "markdown"),
        (".html", b"<!doctype html>", "html"),
        (".json", b"{", "json"),
        (".txt", b"", "terminal"),
        pytest.param(".png", b"\x89PNG\r\n\x1a\n", "png", marks=needs_cjk),
    ],
)
def test_the_suffix_says_the_format(attnpool, reviews, tmp_path, suffix, start, kind, heads):
    out = tmp_path / f"out{suffix}"
    done = attnpool("explain", reviews / "model", TEXT, "-o", out, *heads)
    assert (done.status, done.out) == (0, f"wrote {out}\n")
    drawn = out.read_bytes()
    assert drawn[: len(start)].lower() == start.lower()
    other = tmp_path / "out.any"
    named = attnpool("explain", reviews / "model", TEXT, "-o", other, "--format", kind, *heads)
    assert named.status == 0
    assert other.read_bytes() == drawn
    if kind == "svg":
        text = "".join(ElementTree.fromstring(drawn).itertext())
        assert "隔" in text
    elif kind == "markdown":
        assert "隔" in drawn.decode()


@pytest.mark.parametrize("kind", ["svg", "markdown", "json", "html"])
def test_text_goes_to_standard_output_as_to_a_file(attnpool, reviews, tmp_path, kind):
    arguments = ("explain", reviews / "model", TEXT, "服务热情", "--format", kind)
    done = attnpool(*arguments)
    assert done.status == 0
    assert done.err == ""
    assert attnpool(*arguments, "-o", tmp_path / "file").status == 0
    assert done.out.rstrip("\n") == (tmp_path / "file").read_text("utf-8").rstrip("\n")


@pytest.mark.parametrize("kind", ["svg", "markdown", "terminal"])
def test_heads_are_drawn_where_they_are_asked_for(attnpool, reviews, kind):
    arguments = ("explain", "--lang", "en", reviews / "model", TEXT, "--format", kind)
    plain, heads = attnpool(*arguments).out, attnpool(*arguments, "--heads").out
    assert "overlap" not in plain
    assert "4 heads" in heads
    assert "overlap" in heads


def test_a_file_of_rows_is_a_list_of_lines(attnpool, reviews, tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text(f'text,label\n"{TEXT * 9}",正面\n"服务热情\n很好",负面\n', "utf-8")
    arguments = ("explain", reviews / "model", "--data", rows, "--text", "text",
                 "--label", "label", "--format", "lines")  # fmt: skip
    done = attnpool(*arguments)
    assert (done.status, done.err) == (0, "")
    first, second, *legend = done.out.splitlines()
    assert "⇒" in first
    assert re.search("服务.*热情.* 很好.*⇒ .*[✓✗]", re.sub("[⟨⟩⟦⟧+−]", "", second))
    assert "⇒" not in "".join(legend)
    out = tmp_path / "out.txt"
    assert attnpool(*arguments, "-o", out).status == 0
    written = out.read_text("utf-8").splitlines()
    assert len(written) >= 2
    assert cell_len(written[0].partition("⇒")[0]) == cell_len(written[1].partition("⇒")[0])
    assert 90 < cell_len(written[0]) <= 100


@pytest.mark.parametrize("option", ["--heads", "--faithfulness"])
def test_a_line_has_no_room_for_more(fails, reviews, option):
    told = fails("explain", reviews / "model", TEXT, "--format", "lines", option)
    assert told == f"attnpool: {option} does nothing with --format lines; leave it out\n"


@pytest.mark.parametrize("kind", ["html", "json"])
def test_html_and_json_hold_the_heads_anyway(attnpool, reviews, kind):
    arguments = ("explain", reviews / "model", TEXT, "--format", kind)
    assert attnpool(*arguments).out == attnpool(*arguments, "--heads").out


@needs_cjk
def test_heads_make_a_taller_png(attnpool, reviews, tmp_path):
    sizes = []
    for name, options in (("a.png", ()), ("b.png", ("--heads",))):
        attnpool("explain", reviews / "model", TEXT, "-o", tmp_path / name, *options)
        header = (tmp_path / name).read_bytes()[16:24]
        sizes.append((int.from_bytes(header[:4]), int.from_bytes(header[4:])))
    assert sizes[0][0] == sizes[1][0]
    assert sizes[0][1] < sizes[1][1]


def test_png_goes_to_a_file(fails):
    # Before the model is looked for: there is none.
    message = fails("explain", "no-model", TEXT, "--format", "png")
    assert message == "attnpool: png cannot be shown in a terminal; name a file with -o FILE\n"


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "svg"), ("a.svg", "png"), ("a.md", "html"), ("a.txt", "svg")]
)
def test_suffix_and_format_must_not_differ(fails, tmp_path, name, kind):
    message = fails("explain", "no-model", TEXT, "--format", kind, "-o", tmp_path / name)
    assert f"which is not --format {kind}" in message


def test_a_suffix_that_says_nothing(fails, tmp_path):
    message = fails("explain", "no-model", TEXT, "-o", tmp_path / "a.gif")
    assert all(suffix in message for suffix in (".svg", ".png", ".md", ".html", ".json"))
