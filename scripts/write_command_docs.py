"""Write docs/commands.md from the commands' own help: `python -m scripts.write_command_docs`."""

from __future__ import annotations

import os
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from typer.main import get_command

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"


def page() -> str:
    """The page as it should be."""
    from attnpool.cli import run
    from attnpool.cli.app import app

    os.environ["COLUMNS"] = "100"  # where the help wraps
    parts = [
        "# The commands\n",
        "Made from `attnpool COMMAND --help` by `python -m scripts.write_command_docs`; "
        "a test fails when this page is behind.\n",
    ]
    for command in get_command(app).commands:
        out = StringIO()
        with redirect_stdout(out):
            run([command, "--help"])
        lines = "\n".join(line.rstrip() for line in out.getvalue().strip().splitlines())
        parts.append(f"## attnpool {command}\n\n```\n{lines}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
