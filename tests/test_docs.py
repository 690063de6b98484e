"""What the documents say holds: commands, options and code."""

import inspect
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.main import get_command

import attnpool
from attnpool.cli import app

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
pytestmark = pytest.mark.skipif(not READMES[0].exists(), reason="not in a checkout")


def blocks(path, language):
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", path.read_text("utf-8"), flags=re.M | re.S)
    return [block for name, block in fenced if name == language]


def registered():
    return app.app.registered_commands


def help_of(command, capsys):
    app.run([command, "--help"])
    return capsys.readouterr().out


def test_the_page_of_commands_is_up_to_date():
    from scripts.write_command_docs import PAGE, page

    assert PAGE.read_text("utf-8") == page(), "run: python -m scripts.write_command_docs"


@pytest.mark.parametrize("readme", READMES, ids=lambda p: p.name)
def test_readme_commands_have_the_options_it_names(readme, capsys):
    lines = [line for block in blocks(readme, "") for line in block.splitlines()]
    commands = [shlex.split(x, comments=True) for x in lines if x.startswith("attnpool ")]
    assert {words[1] for words in commands} == {c.callback.__name__ for c in registered()}
    for words in commands:
        known = help_of(words[1], capsys)
        for option in (word for word in words[2:] if word.startswith("-")):
            assert option in known, f"{words[1]} {option}"


def run_code(document, known):
    """The names that a document's Python has, run from its beginning to its end."""
    for block in blocks(document, "python"):
        exec(compile(block, str(document), "exec"), known)
    return known


@pytest.mark.parametrize("readme", READMES, ids=lambda p: p.name)
def test_readme_code_runs(readme, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    known = run_code(
        readme,
        {
            "texts": ["房间很干净", "服务热情", "隔音太差", "态度恶劣"] * 10,
            "labels": ["正面", "正面", "负面", "负面"] * 10,
        },
    )
    assert (tmp_path / "model" / "model.safetensors").exists()
    assert known["explanation"].prediction in known["labels"]
    assert known["vector"].shape == (8, 256)
    assert known["weights"].shape == (8, 4, 20)


def test_the_code_about_drawing_anything_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    known = run_code(ROOT / "docs" / "draw-anything.md", {})
    assert (tmp_path / "page.html").stat().st_size > 1000
    measured = known["measured"]
    own, random = (measured[name].aopc_comprehensiveness for name in ("word list", "random"))
    assert own.low > random.high
    # What the page says is printed is printed.
    assert capsys.readouterr().out == "".join(blocks(ROOT / "docs" / "draw-anything.md", "text"))


def examples():
    return sorted(path.name for path in (ROOT / "examples").glob("draw_*.py"))


def test_every_recipe_is_found_from_the_page_and_the_page_from_the_readmes():
    page = (ROOT / "docs" / "draw-anything.md").read_text("utf-8")
    assert len(examples()) >= 4
    for name in examples():
        assert f"](../examples/{name})" in page
    for readme in READMES:
        assert "](docs/draw-anything.md)" in readme.read_text("utf-8")


def options():
    """The options of all commands: the command's name and the option."""
    for name, command in get_command(app.app).commands.items():
        for option in command.params:
            if option.opts[0].startswith("-"):
                yield pytest.param(name, option, id=f"{name} {option.opts[-1]}")


# Without these nothing of the kind is done; there is no default to show.
NO_DEFAULT = {"dataset", "data", "label_map"}


@pytest.mark.parametrize(("command", "option"), [*options()])
def test_help_shows_the_default_of_every_option_that_has_one(command, option):
    _, line = option.get_help_record(typer.Context(get_command(app.app).commands[command]))
    assert not re.search(r"unless given|if not given|; else |, else ", line)
    has_none = option.name in NO_DEFAULT and command != "gallery"
    assert option.is_flag or option.required or has_none or "[default: " in line, line


def prose(path):
    """The sentences of a document, without tables, code and headings."""
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.M | re.S)
    for line in text.splitlines():
        if line and not line.startswith(("|", "<", "#")):
            line = re.sub(r"^(\d+\.|-) +", "", line.strip())
            yield from re.split(r"(?<=[.!?])(?:\*\*)? +(?=[A-Z*`\[\d])", line)


def test_sentences_about_trust_are_short():
    sentences = list(prose(ROOT / "docs" / "trust.md"))
    assert len(sentences) > 100
    for sentence in sentences:
        if "held texts with marks" not in sentence:  # written by benchmarks/trust
            words = [word for word in sentence.split() if re.search(r"\w", word)]
            assert len(words) <= 25, sentence


@pytest.mark.parametrize("readme", READMES, ids=lambda p: p.name)
def test_readmes_agree_with_the_results_on_the_time_of_training(readme):
    table = (ROOT / "docs" / "results.md").read_text("utf-8").split("<!-- end of table -->")[0]
    seconds = [int(s) for s in re.findall(r"^\|[^|]*\|[^|]*\|[^|]*, (\d+) s \|", table, flags=re.M)]
    assert len(seconds) == 6
    assert f" {min(seconds)}-{max(seconds)} " in readme.read_text("utf-8")


def anchors(path):
    """The names by which headings of a document are linked to."""
    headings = re.findall(r"^#+ +(.*)$", path.read_text("utf-8"), flags=re.M)
    for heading in headings:
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        yield re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


@pytest.mark.parametrize(
    "document", [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")], ids=lambda p: p.name
)
def test_links_inside_the_project_lead_somewhere(document):
    text = re.sub(r"^```.*?^```$", "", document.read_text("utf-8"), flags=re.M | re.S)
    targets = re.findall(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"", text)
    for link in filter(None, (a or b for a, b in targets)):
        if re.match(r"\w+:", link):
            continue
        name, _, anchor = link.partition("#")
        path = (document.parent / name) if name else document
        assert path.exists(), link
        if anchor and path.suffix == ".md":
            assert anchor in set(anchors(path)), link


def test_the_worked_example_is_found_from_the_documents():
    for path in [*READMES, ROOT / "docs" / "trust.md"]:
        assert "worked-example.md)" in path.read_text("utf-8")


def test_the_page_of_integrations_installs_from_a_checkout():
    """As the README does: the package is in no index, by whose name alone nothing is found."""
    page = (ROOT / "docs" / "integrations.md").read_text("utf-8")
    before, _, sections = page.partition("\n## ")
    assert "pip install -c constraints.txt '.[keras]'" in before
    known = (ROOT / "pyproject.toml").read_text("utf-8")
    for extra in set(re.findall(r"attnpool\[([\w,-]+)\]", sections)):
        for name in extra.split(","):
            assert re.search(rf"^{name} = \[", known, flags=re.M), name


def test_what_was_tried_to_break_can_be_tried_again():
    """The page names commands, whose files and options there are, and READMEs name the page."""
    page = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    commands = {tuple(line.split()[2:]) for line in re.findall(r"`(python -m [^`]+)`", page)}
    assert {words[0] for words in commands} == {
        "pytest",
        "fuzz.models",
        "fuzz.tables",
        "fuzz.guided",
    }
    for module, *words in commands:
        if module == "pytest":
            assert all((ROOT / path).exists() for path in words)
        elif module != "fuzz.guided":  # which needs atheris
            command = [sys.executable, "-m", module, "--help"]
            known = subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout
            assert {word for word in words if word.startswith("-")} <= {
                *re.findall(r"--\w+", known)
            }
    for readme in READMES:
        text = readme.read_text("utf-8")
        assert "(SECURITY.md)" in text
        assert "(docs/reliability.md)" in text


def test_what_is_promised_is_named_as_it_is(capsys):
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    options = set(re.findall(r"`(--[\w-]+)", page))
    assert len(options) >= 3
    known = "".join(help_of(command.callback.__name__, capsys) for command in registered())
    for option in options:
        assert option in known
    calls = set(re.findall(r"`(?:save\()?(\w+)=\w+\)?`", page))
    assert calls == {"hashes", "download"}
    names = inspect.signature(attnpool.TextClassifier.save).parameters
    assert "hashes" in names
    assert "hashes" in inspect.signature(attnpool.TextClassifier.push_to_hub).parameters
    assert "download" in inspect.signature(attnpool.TextClassifier).parameters
