"""The commands put together, and errors turned into one line."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

from attnpool._version import __version__
from attnpool.cli import datasets, demo, evaluate, explain, predict, train
from attnpool.errors import InputError

BAD_INPUT = 2
INTERRUPTED = 130

app = typer.Typer(
    help="Small text models that pool with attention, and pictures of what they looked at.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (demo.demo, train.train, evaluate.evaluate, explain.explain, predict.predict):
    app.command()(command)
app.command()(datasets.datasets)


def _version(asked: bool | None) -> None:
    if asked:
        typer.echo(f"attnpool {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool | None,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = None,
) -> None:
    del version


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    Args:
        arguments: What stands behind `attnpool`.

    Returns:
        The exit status: 0, 2 for bad input or usage, 130 when interrupted.
    """
    try:
        # Nobody who types the bare name has made a mistake.
        words = list(arguments) or ["--help"]
        done = get_command(app).main(words, prog_name="attnpool", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except InputError as error:
        return _fail(str(error))
    except typer.Exit as leave:
        return leave.exit_code
    except typer.TyperException as error:
        return _fail(
            f"{error.format_message().rstrip('.')}. See: attnpool {_command(arguments)}--help"
        )
    except (typer.Abort, KeyboardInterrupt):
        print("attnpool: stopped", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough; Python would complain while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _fail(f"{error.filename or 'output'}: {error.strerror or error}")
    return done if isinstance(done, int) else 0


def main() -> None:
    """The entry point of the `attnpool` command."""
    warnings.simplefilter("ignore")  # a library's advice to developers is no output of ours
    for stream in (sys.stdout, sys.stderr):
        # A lone surrogate in a user's text, or a C locale, must not end in a traceback.
        if stream is not None:
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(run(sys.argv[1:]))


def _fail(message: str) -> int:
    from attnpool.view.safe import one_line

    # Labels and paths in it are the user's: no control character reaches the terminal.
    print(f"attnpool: {one_line(message)}", file=sys.stderr)  # noqa: T201
    return BAD_INPUT


def _command(arguments: Sequence[str]) -> str:
    known = {command.callback.__name__ for command in app.registered_commands if command.callback}
    return next((f"{word} " for word in arguments[:1] if word in known), "")
