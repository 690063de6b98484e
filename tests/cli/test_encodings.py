"""A file whose encoding is only the most probable one: every command says so, in one line."""

import pytest

GOOD, BAD = ("sehr schön und gemütlich", "völlig kaputt und müde")
SAID = (
    "attnpool: {}: read as Windows-1252, the most probable encoding; if letters look wrong, "
    "name it with --encoding\n"
)


@pytest.fixture
def german(tmp_path):
    path = tmp_path / "de.csv"
    lines = [f"{i % 2},Das Büro {i} war {(BAD, GOOD)[i % 2]}\n" for i in range(40)]
    path.write_bytes(("label,text\n" + "".join(lines)).encode("cp1252"))
    return path


@pytest.mark.parametrize("named", [False, True])
def test_every_command_says_what_it_assumed(attnpool, german, tmp_path, named):
    options = ("--encoding", "cp1252") if named else ()
    model = tmp_path / "m"
    done = attnpool("train", german, "-o", model, "--validation", german, *options)
    assert done.status == 0
    assert done.err == ("" if named else SAID.format(german) * 2)
    for words in (
        ("evaluate", model, german),
        ("evaluate", model, german, "--json"),
        ("predict", model, german, "-o", tmp_path / "out.csv"),
        ("report", model, german, "-o", tmp_path / "out.html"),
        ("explain", model, "--data", german, "--limit", "1", "--format", "json"),
    ):
        done = attnpool(*words)
        assert (done.status, SAID.format(german) in done.err) == (0, not named)
    assert "Büro" in (tmp_path / "out.csv").read_text("cp1252")


def test_nothing_is_said_of_chinese(attnpool, german, tmp_path):
    rows = "".join(f"{i % 2},房间{'很干净' if i % 2 else '太脏了'}，第{i}次来\n" for i in range(40))
    german.write_bytes(("label,text\n" + rows).encode("gb18030"))
    assert attnpool("train", german, "-o", tmp_path / "m").err == ""


def test_class_names_are_not_guessed(fails, tmp_path):
    (tmp_path / "train.txt").write_text("a title\t0\nanother\t1\n", "utf-8")
    (tmp_path / "class.txt").write_text("économie\nfootball\n", "cp1252")
    message = fails(
        "train", tmp_path / "train.txt", "--dataset", "thucnews-titles-10", "-o", tmp_path / "m"
    )
    assert message.endswith("class.txt: its encoding is not certain; save the file as UTF-8\n")
