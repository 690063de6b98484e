"""Whatever is in names, labels, columns and texts: on a terminal only our own codes act.

Commands run on a real pseudo-terminal: what they print into a pipe has no codes to begin with.
"""

import json
import re
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.files import write_csv

import attnpool.cli
from attnpool.cli.app import app

pytest.importorskip("pty", reason="needs pseudo-terminals")

from tests.cli.terminal import Terminal

# Magenta on magenta, which nothing of ours is: a code of colours too is known for theirs.
CODES = "\x1b[35m\x1b[45m\x1b[2J\x1b[1A\x1b]title\x07\x1b[8m\x9b35m\x9d\x90\x08\x7f\x0e\r"
MARKS = (
    "\u202e\u202d\u202a\u202b\u2066\u2067\u2068\u200e\u200f\u061c\u206a\u2028\u2029\x85\U000e0041"
)
HOSTILE = f"a{CODES}{MARKS}z"
FAKE = f"{HOSTILE}\nattnpool: all is well\n"
FLAG = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
KEPT = f"👩\u200d👩\u200d👧 e\u0301 مرحبا می\u200cخواهم 房间 नमस्\u200dते {FLAG}"
COLOURS = re.compile(r"\x1b\[([0-9;]*)m")
BARS = re.compile(r"\r(?=\n)|\r(\x1b\[1A)?\x1b\[2K|\x1b\[\?25[hl]")
BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}

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


def faults(seen):
    """What acts on a terminal in what came to a screen, but for codes of ours."""
    text = seen.decode()  # UTF-8, and nothing else
    for code in COLOURS.findall(text):
        assert not {"35", "45", "8"} & set(re.sub(r"[34]8;[25](;\d+)+", "", code).split(";")), code
    text = BARS.sub("", COLOURS.sub("", text)).replace(FLAG, "")
    return {
        f"U+{ord(char):04X}"
        for char in text
        if (unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} and char not in "\n\t")
        or unicodedata.bidirectional(char) in BIDI
        or char in "\u200e\u200f\u061c"
        or 0x206A <= ord(char) <= 0x206F
        or 0xE0000 <= ord(char) <= 0xE007F
    }


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
        *((command.callback.__name__, "--help") for command in app.registered_commands),
        *((command.callback.__name__, f"-{FAKE}") for command in app.registered_commands),
        *((command.callback.__name__, f"--{FAKE}") for command in app.registered_commands),
    ),
}


def test_every_command_is_here():
    assert {*OUT} - {""} == {command.callback.__name__ for command in app.registered_commands}


@pytest.fixture(scope="module")
def screens(hostile, tmp_path_factory):
    """What comes to the screen of each command line: its words, its exit status, every byte."""
    commands = [words for lines in OUT.values() for words in lines]
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
