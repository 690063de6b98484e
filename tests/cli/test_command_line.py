"""The words that somebody types, and where: other locales, dashes, widths, names of encodings."""

import codecs
import contextlib
import encodings
import json
import os
import pkgutil
import re
import shlex
import subprocess
import sys
from encodings.aliases import aliases

import pytest
from tests.cli.files import write_csv

# Python reads ASCII alone: in the C locale, or in one that is not installed.
NOT_UTF8 = (
    {"LC_ALL": "C"},
    {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0"},
    {"LANG": "C", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "zz_ZZ.UTF-8"},
)


def in_locale(*words, **environ):
    """Run a command line in a locale."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHONUTF8"))}
    options = {"env": {**kept, **environ}, "capture_output": True, "timeout": 60}
    code = "from attnpool.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *map(os.fspath, words)], **options)


@pytest.mark.skipif(sys.platform == "win32", reason="needs locales of POSIX")
@pytest.mark.parametrize("environ", NOT_UTF8, ids=str)
def test_texts_are_read_in_any_locale(reviews, environ):
    words = ("explain", reviews / "model", "服务太差了", "--format=json")
    done = in_locale(*words, PYTHONUTF8="0", **environ)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["texts"] == ["服务太差了"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs locales of POSIX")
def test_files_and_columns_are_named_in_any_locale(reviews, tmp_path):
    data = write_csv(tmp_path / "数据.csv", [("文本",), ("很好",), ("太差",)])
    out = tmp_path / "结果.csv"
    words = ("predict", reviews / "model", data, "-o", out, "--text", "文本")
    done = in_locale(*words, PYTHONUTF8="0", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == f"wrote {out}: 2 rows\n"
    assert out.read_text("utf-8").startswith("文本,prediction")


@pytest.mark.skipif(sys.platform == "win32", reason="needs arguments of bytes")
def test_bytes_that_are_no_text_are_refused(fails, process, reviews, tmp_path):
    model, hotel = str(reviews / "model"), "你好".encode("gb18030")
    for words in (
        ("explain", model, hotel),
        ("explain", model, "x", "--candidates", hotel),
        ("explain", model, "x", b"--target=" + hotel),
        ("train", str(reviews / "train.csv"), "-o", str(tmp_path / "m"), "--match", hotel),
        ("export", model, "-o", str(tmp_path / "x.html"), "--title", hotel),
        ("predict", model, hotel, "-o", str(tmp_path / "x.csv")),
    ):
        said = fails(*map(os.fsdecode, words))
        refused = r"attnpool: argument \d is not UTF-8: '.*\\xc4\\xe3\\xba\\xc3'; write it in .*\n"
        assert re.fullmatch(refused, said), said
    # What is there may have any name; a text may not.
    os.link(reviews / "few.csv", os.fsencode(tmp_path) + b"/" + hotel + b".csv")
    child = process("predict", model, hotel + b".csv", "-o", "new.csv", cwd=tmp_path)
    assert child.communicate(timeout=60)[0] == b"wrote new.csv: 50 rows\n"
    out, err = process("explain", model, hotel + b".csv", cwd=tmp_path).communicate(timeout=60)
    assert out == b""
    assert b"attnpool: a text is not UTF-8: '\\xc4\\xe3\\xba\\xc3.csv'; to have enc" in err


DASHED = (
    *("-5度的房间", "-5", "- great", "--", "-度", "—", "-a b", "--great hotel", "--x\ny"),
    *("-=x", "---"),
)


def test_a_text_may_begin_with_a_dash(attnpool, reviews):
    model = reviews / "model"
    for text in DASHED:
        words = ("--format", "json", *(["--"] if text == "--" else []), text, "好")
        for line in ((*words,), (*words[2:], *words[:2])) if text != "--" else (words,):
            done = attnpool("explain", model, *line)
            assert (done.status, done.err) == (0, "")
            assert [form["texts"] for form in json.loads(done.out)] == [[text], ["好"]]
    done = attnpool("explain", model, "x", "--target", "-5")
    assert done.err.startswith("attnpool: unknown target '-5'; the labels are")


def test_what_may_be_an_option_is_refused_with_what_to_type(fails, attnpool, reviews):
    for text in ("-good", "-x", "--great", "--great=hotel 5", "--lable"):
        said = fails("explain", reviews / "model", "好", text)
        command = said.rstrip("\n").partition("to read it as a text: attnpool ")[2]
        assert said.startswith("attnpool: No such option: -")
        assert "See: attnpool explain --help; " in said
        done = attnpool(*shlex.split(command), "--format", "json")
        assert done.status == 0 or "2 texts" in done.err
        assert text in done.out


def test_options_are_read_as_before(fails, attnpool, reviews):
    model = reviews / "model"
    assert "Option '-o' requires an argument" in fails("explain", model, "-o")
    assert "Option '--method' requires an argument" in fails("explain", model, "x", "--method")
    assert "No such option: -x" in fails("predict", model, "-x", "-o", "out.csv")
    assert fails("predict", model, "-5.csv", "-o", "x.csv").startswith("attnpool: -5.csv: no such")
    assert "name a file that ends in" in fails("explain", model, "x", "-onew")
    assert attnpool("explain", model, "x", "-h").out.startswith("Usage: attnpool explain")
    assert "unknown target ''" in fails("explain", model, "x", "--target", "")


WIDTHS = ("0", "1", "2", "9", "-5", "", " ", "abc", "²", "٣", "1e3", "99999", "9" * 5000)


@pytest.mark.parametrize("name", ["COLUMNS", "LINES"])
def test_a_width_that_cannot_be_meant_is_passed_over(attnpool, reviews, monkeypatch, name):
    monkeypatch.delenv(name, raising=False)
    model = reviews / "model"
    lines = (
        ("explain", model, "服务太差了", "--heads"),
        ("explain", model, "服务太差了", "--format", "lines"),
        ("evaluate", model, reviews / "few.csv"),
        ("datasets",),
    )
    usual = [attnpool(*line).out for line in lines]
    assert all("\n" in out for out in usual)
    for width in WIDTHS:
        monkeypatch.setenv(name, width)
        for line, expected in zip(lines, usual, strict=True):
            done = attnpool(*line)
            assert (done.status, done.out) == (0, expected), width
    monkeypatch.setenv("COLUMNS", "30")
    assert max(map(len, attnpool("datasets").out.splitlines())) <= 30


OF_NO_FILE = (
    *("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "charmap"),
    *("rot13", "base64", "hex", "bz2", "zlib", "uu", "quopri", "mbcs", "oem", "no such", ""),
)


def codecs_of_python():
    """One name of each."""
    modules = (module.name for module in pkgutil.iter_modules(encodings.__path__))
    found = {}
    for name in sorted({*aliases, *aliases.values(), *modules, *OF_NO_FILE, "IDNA", "a\0b"}):
        try:
            found.setdefault(codecs.lookup(name).name, name)
        except (LookupError, ValueError):
            found[name] = name
    return sorted(found.values())


def test_every_codec_of_python_works_or_is_refused(tmp_path):
    from attnpool.data import read
    from attnpool.data.formats.encodings import StreamDecoder, check_encoding
    from attnpool.errors import InputError
    from attnpool.tables.delimited import TextForm, write_delimited

    lines, refused = "review\na quiet room\n好房间 Frühstück\n", set()
    names = codecs_of_python()
    assert len(names) > 100
    for name in names:
        try:
            check_encoding(name)
        except InputError:
            refused.add(name)
            continue
        for text in (lines, lines[:20]):
            file = tmp_path / f"{name}.csv"
            file.write_bytes(text.encode())
            with contextlib.suppress(InputError):  # the bytes are in another encoding
                read(str(file), text=["review"], labelled=False, encoding=name)
            with contextlib.suppress(InputError):
                decoder, content = StreamDecoder("stdin", name), text.encode()
                decoder.decode(content[:9], final=False)
                decoder.decode(content[9:], final=True)
            with contextlib.suppress(UnicodeError), file.open("wb") as out:
                write_delimited([text], out, TextForm(name))
                out.flush()
                assert read(str(file), text=["review"], labelled=False, encoding=name).texts[0]
    assert len(refused) < 30
    assert not refused & {"utf_8", "gb18030", "big5", "utf_16", "latin_1", "utf_7", "cp037"}


@pytest.mark.parametrize("name", OF_NO_FILE)
def test_codecs_that_are_for_no_file_are_refused(fails, reviews, name):
    model, data = reviews / "model", reviews / "few.csv"
    refused = f"attnpool: no encoding is called '{name}'; name one such as utf-8, gb18030 or big5\n"
    for words in (
        ("explain", model, "--data", data, "--encoding", name),
        ("explain", model, "-", "--encoding", name),
        ("evaluate", model, data, "--encoding", name),
        ("train", data, "-o", "new", "--encoding", name),
        ("predict", model, data, "-o", "o.csv", "--output-encoding", name),
    ):
        assert fails(*words) == refused
