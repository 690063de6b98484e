"""Whatever is in names, labels, columns and texts: on a terminal only our own codes act.

Commands run on a real pseudo-terminal: what they print into a pipe has no codes to begin with.
"""

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.files import write_csv
from tests.cli.hostile import BARS, CODES, COLOURS, FAKE, HOSTILE, KEPT, MARKS, faults
from typer.main import get_command

import attnpool.cli
from attnpool.cli.app import app

pytest.importorskip("pty", reason="needs pseudo-terminals")

from tests.cli.terminal import Terminal

MANY = """
import json, sys
from attnpool.cli.app import run
from attnpool.cli.streams import prepare
prepare()
for number, words in enumerate(json.load(open("commands.json"))):
    sys.stdout.write(f"@{number}\\n")
    sys.stdout.write(f"@{run(words)}\\n")
raise SystemExit
"""


@pytest.fixture(scope="module")
def hostile(once):
    """A folder with rows, pairs and models whose names, labels, columns and texts are hostile."""
    return once("hostile", _fill)


def _fill(folder):
    rows = [(f"{HOSTILE}{i % 2}", f"{HOSTILE}{'差好'[i % 2]}{KEPT}{i}") for i in range(40)]
    write_csv(folder / f"{HOSTILE}.csv", [(f"l{HOSTILE}", f"t{HOSTILE}"), *rows, ("", "x")])
    pairs = [(label, text, text[::-1]) for label, text in rows]
    write_csv(folder / f"p{HOSTILE}.csv", [(f"l{HOSTILE}", f"t{HOSTILE}", "text_b"), *pairs])
    (folder / "guessed.csv").write_bytes("text\nDas Frühstück war schön\n".encode("cp1252"))
    (folder / f"full{HOSTILE}").mkdir()
    (folder / f"full{HOSTILE}" / FAKE).touch()


def commands_of(node, *words):
    """Each command that there is, by its words, however deep in groups."""
    for name, below in getattr(node, "commands", {}).items():
        yield from commands_of(below, *words, name)
    if words and not hasattr(node, "commands"):
        yield " ".join(words), node


COMMANDS = dict(commands_of(get_command(app)))


DATA, PAIRS, MODEL, MATCHER = f"{HOSTILE}.csv", f"p{HOSTILE}.csv", f"m{HOSTILE}", f"p{HOSTILE}"
COLUMNS = ("--text", f"t{HOSTILE}", "--label", f"l{HOSTILE}")
TEXT = f"{HOSTILE}很好{KEPT}\nzwei"
NEW = f"new{FAKE}"
OUT = {
    "train": (
        ("train", DATA, "-o", MODEL, *COLUMNS, "--bad-rows", f"bad{FAKE}.csv", "--seed", "1"),
        ("train", DATA, "-o", MODEL, *COLUMNS),
        ("train", DATA, "-o", NEW, *COLUMNS),
        ("train", DATA, "-o", NEW, "--text", FAKE),
        ("train", DATA, "-o", NEW, "--text", f"t{HOSTILE}", "--label", FAKE),
        ("train", DATA, "-o", NEW, *COLUMNS, "--architecture", FAKE),
        ("train", DATA, "-o", NEW, *COLUMNS, "--label-map", FAKE),
        ("train", DATA, "-o", NEW, *COLUMNS, "--label-map", f"{FAKE}={FAKE}"),
        ("train", DATA, "-o", NEW, *COLUMNS, "--heads", FAKE),
        ("train", DATA, "-o", NEW, *COLUMNS, "--encoder", FAKE),
        ("train", DATA, "-o", NEW, *COLUMNS, "--tokenizer", FAKE),
        ("train", DATA, "-o", NEW, *COLUMNS, "--teacher", FAKE),
        ("train", DATA, "-o", NEW, *COLUMNS, "--encoding", FAKE),
        ("train", DATA, "-o", NEW, *COLUMNS, "--dataset", FAKE),
        ("train", FAKE, "-o", f"full{HOSTILE}"),
        (
            *("train", PAIRS, "-o", MATCHER, "--label", f"l{HOSTILE}", "--seed", "1"),
            *("--text", f"t{HOSTILE}", "--text", "text_b", "--match", f"{HOSTILE}1"),
        ),
    ),
    "evaluate": (
        ("evaluate", MODEL, DATA, "--skip-bad-rows"),
        ("evaluate", MODEL, DATA, "--json", "--bad-rows", f"rows{FAKE}.csv"),
        ("evaluate", MODEL, DATA, "--skip-bad-rows", "--faithfulness"),
        ("evaluate", MODEL, DATA),
        ("evaluate", MATCHER, PAIRS),
        ("evaluate", FAKE, DATA),
        ("evaluate", MODEL, "guessed.csv", "--text", "text", "--label", "text"),
    ),
    "explain": (
        *(("explain", MODEL, TEXT, "--format", kind) for kind in ("terminal", "lines", "json")),
        *(("explain", MODEL, TEXT, "--format", kind) for kind in ("html", "svg", "markdown")),
        ("explain", MODEL, TEXT, "--heads", "--faithfulness", "--method", "attention"),
        ("explain", MODEL, TEXT, "--target", f"{HOSTILE}1"),
        ("explain", MODEL, TEXT, "--target", FAKE),
        ("explain", MODEL, TEXT, "--method", FAKE),
        ("explain", MODEL, TEXT, "--format", FAKE),
        ("explain", MODEL, TEXT, "--lang", FAKE),
        ("explain", MODEL, TEXT, "--candidates", FAKE),
        ("explain", MODEL, TEXT, f"--{HOSTILE}"),
        ("explain", MODEL, TEXT, "--bad"),
        ("explain", MODEL, DATA),
        ("explain", MODEL, "--data", DATA, "--limit", "3", "-o", f"{FAKE}.md"),
        ("explain", MODEL, "--data", DATA, "--limit", "3"),
        ("explain", MODEL, "--data", "guessed.csv", "--text", FAKE),
        ("explain", MODEL, "--data", DATA, "--limit", FAKE),
        ("explain", MODEL, TEXT, "-o", f"{FAKE}.png{HOSTILE}"),
        ("explain", MATCHER, TEXT, TEXT[::-1]),
        ("explain", MATCHER, TEXT),
    ),
    "predict": (
        ("predict", MODEL, DATA, "-o", f"{FAKE}.csv", "--explain"),
        ("predict", MODEL, DATA, "-o", f"{FAKE}.csv"),
        ("predict", MODEL, f"{FAKE}.csv", "-o", f"2{FAKE}.csv", "--text", f"t{HOSTILE}"),
        ("predict", MODEL, DATA, "-o", f"{FAKE}.tsv", "--output-encoding", "ascii"),
        ("predict", MODEL, DATA, "-o", f"full{HOSTILE}"),
        ("predict", MODEL, DATA, "-o", f"{FAKE}/x.csv"),
    ),
    "report": (
        ("report", MODEL, DATA, "-o", f"{FAKE}.html", "--skip-bad-rows"),
        ("report", MODEL, DATA, "-o", f"{FAKE}.html{HOSTILE}"),
    ),
    "export": (
        ("export", MODEL, "-o", f"{FAKE}.safetensors", "--check", DATA),
        ("export", MODEL, "-o", f"j{FAKE}.safetensors", "--json"),
        ("export", MODEL, "-o", f"l{FAKE}.html", "--title", FAKE, "--examples", DATA),
        ("export", MODEL, "-o", f"{MODEL}/x.html"),
        ("export", MODEL, "-o", f"k{FAKE}.html", "--dtype", FAKE),
        ("export", MODEL, "-o", f"k{FAKE}.html", "--size", FAKE),
        ("explain", f"{FAKE}.safetensors", TEXT),
    ),
    "demo": (("demo", "--out", f"full{HOSTILE}"), ("demo", "--out", "x", FAKE)),
    "gallery": (("gallery", "--out", f"full{HOSTILE}"), ("gallery", "--lang", FAKE)),
    "datasets": (("datasets",), ("datasets", "--json"), ("datasets", FAKE)),
    "": (
        (FAKE,),
        (f"--{FAKE}",),
        ("--version",),
        ("explain\udc9b", "x"),
        *((*name.split(), "--help") for name in COMMANDS),
        *((*name.split(), f"-{FAKE}") for name in COMMANDS),
        *((*name.split(), f"--{FAKE}") for name in COMMANDS),
    ),
}


# To each of these every option of its command is added, one a line.
TRIED = {
    "train": ("train", DATA, "-o", f"o{FAKE}", *COLUMNS, "--skip-bad-rows", "--overwrite"),
    "evaluate": ("evaluate", MODEL, DATA, "--skip-bad-rows", "--overwrite"),
    "explain": (
        *("explain", MODEL, "--data", DATA, "--skip-bad-rows", "--limit", "2"),
        *("-o", f"o{FAKE}.html", "--overwrite"),
    ),
    "predict": (
        *("predict", MODEL, DATA, "-o", f"o{FAKE}.csv", "--text", f"t{HOSTILE}"),
        *("--skip-bad-rows", "--overwrite"),
    ),
    "report": ("report", MODEL, DATA, "-o", f"o{FAKE}.html", "--skip-bad-rows", "--overwrite"),
    "export": (
        *("export", MODEL, "-o", f"o{FAKE}.html", "--check", DATA, "--examples", DATA),
        *("--skip-bad-rows", "--overwrite"),
    ),
    "demo": ("demo", "--out", f"full{HOSTILE}"),
    "gallery": ("gallery", "--out", f"full{HOSTILE}"),
    "datasets": ("datasets",),
}


def option_lines(name):
    """A line for each option of a command: a flag, or hostile words as its value."""
    for option in COMMANDS[name].params:
        if option.param_type_name != "option" or "--help" in option.opts:
            continue
        if "--out" in option.opts:  # test_screen_whole.py runs these commands to their end
            continue
        for word in (option.opts[-1], *option.secondary_opts):
            yield (*TRIED[name], word, *([] if option.is_flag else [FAKE]))


def test_every_command_is_here():
    assert {*OUT} - {""} == {*TRIED} == {*COMMANDS}


@pytest.fixture(scope="module")
def screens(hostile, tmp_path_factory):
    """What comes to the screen of each command line: its words, its exit status, every byte."""
    commands = [words for lines in OUT.values() for words in lines]
    options = [words for name in TRIED for words in option_lines(name)]
    commands += [words for words in options if words not in commands]
    (hostile / "commands.json").write_text(json.dumps(commands))
    colours = {"NO_COLOR": "", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    first = f"import os; os.chdir({str(hostile)!r})\n{MANY}"
    with closing(Terminal(first=first, **colours)) as screen:
        status, seen = screen.raw()
    assert status == 0, seen
    parts = re.split(rb"(?m)^@(\d+)\r\n", seen)
    assert parts[0] == b""
    assert len(parts) == 1 + 4 * len(commands)
    found = zip(commands, parts[3::4], parts[2::4], strict=True)
    return [(words, int(code), printed) for words, code, printed in found]


@pytest.mark.parametrize("command", OUT)
def test_only_our_own_codes_come_to_a_terminal(screens, command):
    of_command = [screen for screen in screens if screen[0] in OUT[command]]
    assert len(of_command) == len(OUT[command])
    for words, _, printed in of_command:
        assert faults(printed) == set(), words
    statuses = [status for _, status, _ in of_command]
    if command not in ("demo", "gallery"):  # which would take long
        assert 0 in statuses
    assert 2 in statuses
    assert {*statuses} <= {0, 2}


@pytest.mark.parametrize("command", TRIED)
def test_so_it_is_with_every_option(screens, command):
    lines = {*option_lines(command)}
    tried = [screen for screen in screens if screen[0] in lines]
    assert len(tried) == len(lines)
    assert {*(word for words in lines for word in words)} >= {
        word
        for option in COMMANDS[command].params
        if option.param_type_name == "option" and "--help" not in option.opts
        for word in (option.opts[-1], *option.secondary_opts)
    }
    for words, status, printed in tried:
        assert faults(printed) == set(), words
        assert status in (0, 2), words


def test_no_name_makes_a_line_of_its_own(screens):
    for words, _, printed in screens:
        assert not re.search(rb"(?m)^attnpool: all is well", printed), words


def test_an_error_is_one_line(screens):
    for words, status, printed in screens:
        if status == 2:
            last = COLOURS.sub("", BARS.sub("", printed.decode())).strip().splitlines()[-1]
            assert last.startswith("attnpool: "), words


def test_other_writing_stays(screens):
    shown = b"".join(printed for words, _, printed in screens if words[:2] == ("explain", MODEL))
    plain = COLOURS.sub("", shown.decode())
    for part in KEPT.split():
        assert part in plain
    assert "␛[35m" in plain
    assert "‹U+202E›" in plain


CRASH = """
import logging, threading, warnings
import attnpool.loading
def load(path):
    warnings.simplefilter("always")
    warnings.warn(str(path))
    logging.error(path)
    print(path, path)
    thread = threading.Thread(target=lambda: {}[str(path)])
    thread.start()
    thread.join()
    raise KeyError(str(path)) from RuntimeError(path)
attnpool.loading.load = load
"""


def test_a_fault_of_ours_and_what_libraries_print():
    with closing(Terminal("explain", FAKE, "x", first=CRASH)) as screen:
        status, seen = screen.raw()
    assert status == 1
    assert faults(seen) == set()
    assert seen.count("␛[35m".encode()) >= 4, "a warning, a log, what is printed, a traceback"


def test_completion():
    asked = {"_ATTNPOOL_COMPLETE": "complete_bash", "_TYPER_COMPLETE_ARGS": f"attnpool {CODES}"}
    for environ in (asked, {"_ATTNPOOL_COMPLETE": CODES}):
        with closing(Terminal(**environ)) as screen:
            _, seen = screen.raw()
        assert faults(seen) == set()


def test_what_is_typed_is_answered_harmlessly(hostile, screens):
    words = ("explain", hostile / MODEL, "--format", "lines")
    with closing(Terminal(*words, TERM="dumb")) as screen:
        screen.see()
        # The terminal itself shows what is typed; the answer is ours.
        seen = screen.type(f"a{MARKS}\x9b35m好\n").split("\n", 1)[1]
        assert screen.leave()[0] == 0
    assert faults(seen.encode()) == set()
    assert "‹U+2066›" in seen


def test_a_pipe_gets_every_character(hostile, screens, process):
    text = f"{MARKS}\x9b\x7f好{KEPT}"
    child = process("explain", MODEL, text, "--format", "json", cwd=hostile)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (0, b"")
    assert json.dumps(text, ensure_ascii=False) in out.decode()
    of_file = (hostile / f"{FAKE}.csv").read_text("utf-8")
    assert MARKS in of_file
    as_json = ("explain", MODEL, TEXT, "--format", "json")
    [of_screen] = (printed for words, _, printed in screens if words == as_json)
    assert json.loads(of_screen.replace(b"\r\n", b"\n"))["texts"] == [TEXT]


def test_whatever_is_printed_passes_one_place():
    """By typer, `print` or rich's own console nothing is printed."""
    folder = Path(attnpool.cli.__file__).parent
    printing = re.compile(r"typer\.s?echo|(?<![.\w])print\(|std(out|err)\.write|\bConsole\(")
    found = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if printing.search(path.read_text("utf-8"))
    }
    assert found == {"streams.py", "prompt.py"}
