"""The demo and the gallery, run to their end: on a terminal only our own codes act.

They train every model that they show, so that this takes its time; `test_screen.py` has the rest.
"""

from contextlib import closing

import pytest
from tests.cli.files import write_csv
from tests.cli.hostile import FAKE, HOSTILE, KEPT, faults

pytest.importorskip("pty", reason="needs pseudo-terminals")

from tests.cli.terminal import Terminal

LINE = HOSTILE.replace("\r", "")  # for files in which it would end a line


def screen_of(folder, *words):
    """What comes to a screen of a command that succeeds, where files are written there."""
    colours = {"NO_COLOR": "", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    first = f"import os; os.chdir({str(folder)!r})"
    with closing(Terminal(*words, first=first, **colours)) as screen:
        status, seen = screen.raw()
    assert status == 0, seen
    assert faults(seen) == set()
    lines = seen.decode().replace("\r\n", "\n").split("\n")
    assert "attnpool: all is well" not in lines
    assert "\x1b[2K" in seen.decode(), "the bars"
    return lines


def test_the_demo(tmp_path):
    lines = screen_of(tmp_path, "demo", "--out", FAKE)
    assert {path.name for path in (tmp_path / FAKE).iterdir()} >= {"index.html", "live.html"}
    named = [line for line in lines if "␛[35m" in line and "␤attnpool: all is well␤" in line]
    assert [line.split()[0] for line in named] == ["wrote", "try:", "open"]


@pytest.fixture
def public(tmp_path):
    """Folders of hostile names with every public set of the gallery, a few hostile rows of each."""
    folder = tmp_path / f"data{FAKE}"
    titles, articles, pairs = (folder / n for n in (f"t{FAKE}", f"c{FAKE}", f"p{FAKE}"))
    for place in (titles, articles, pairs / "LCQMC"):
        place.mkdir(parents=True)
    texts = [f"{'差好'[i % 2]}{HOSTILE}{'坏棒'[i % 2]}{KEPT}{i}" for i in range(60)]
    lines = [text.replace("\r", "") for text in texts]
    for name, classes in (("weibo_senti_100k", 2), ("simplifyweibo_4_moods", 4)):
        rows = [(i % classes, text) for i, text in enumerate(texts)]
        write_csv(folder / f"{name}.csv", [("label", "review"), *rows])
    rows = [(i % 2, text) for i, text in enumerate(texts)]
    write_csv(folder / "ChnSentiCorp_htl_all.csv", [("label", "review"), *rows])
    (titles / "class.txt").write_text(f"0{LINE}\n1{LINE}\n", "utf-8", newline="\n")
    parts = {
        titles: [f"{text}\t{i % 2}" for i, text in enumerate(lines)],
        articles: [f"{i % 2}{LINE}\t{text}" for i, text in enumerate(lines)],
        pairs / "LCQMC": [
            f"{text}\t{lines[i - 2 + i % 2]}\t{i % 2}" for i, text in enumerate(lines)
        ],
    }
    for place, rows in parts.items():
        start = "cnews." if place == articles else ""
        for part, some in (("train", rows[:40]), ("test", rows[40:])):
            (place / f"{start}{part}.txt").write_text("\n".join(some), "utf-8", newline="\n")
    return folder


def test_the_gallery(public, tmp_path):
    lines = screen_of(tmp_path, "gallery", "--out", FAKE, "--data", public.name)
    assert (tmp_path / FAKE / "index.html").is_file()
    told = [line for line in lines if " rows of " in line]
    assert len(told) == 18
    assert not any("bundled" in line for line in told)
    in_folders = [line for line in told if "␛[35m" in line]
    assert len(in_folders) == 5, "four of titles, one of articles"
    [last] = [line for line in lines if line.startswith("wrote ")]
    assert "␤attnpool: all is well␤" in last
