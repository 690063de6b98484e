"""The commands put together, and errors turned into one line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.main import get_command

from attnpool._version import __version__
from attnpool.cli import (
    datasets,
    demo,
    evaluate,
    explain,
    export,
    gallery,
    interrupt,
    predict,
    report,
    train,
)
from attnpool.cli.streams import BAD_INPUT, INTERRUPTED, say, shut, tell, unwritten, warnings_said
from attnpool.cli.terminal import check_words
from attnpool.cli.terminal.command import Command
from attnpool.errors import InputError, explained

app = typer.Typer(
    help="Train small text models that pool with attention, and explain their predictions.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    demo.demo,
    gallery.gallery,
    train.train,
    evaluate.evaluate,
    explain.explain,
    report.report,
    predict.predict,
    export.export,
):
    app.command(cls=Command)(command)
app.command(cls=Command)(datasets.datasets)


def _version(asked: bool | None) -> None:
    if asked:
        tell(f"attnpool {__version__}")
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
        with warnings_said():
            done = _done(arguments)
        sys.stdout.flush()
    except InputError as error:
        return _fail(str(error))
    except typer.Exit as leave:
        return leave.exit_code
    except typer.TyperException as error:
        message = error.format_message()
        stop = "" if message.endswith("?") else "."
        return _fail(f"{message.rstrip('.')}{stop} See: attnpool {_command(arguments)}--help")
    except (typer.Abort, KeyboardInterrupt):
        say("stopped")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough.
        shut(sys.stdout)
        return 0
    except OSError as error:
        return _fail(unwritten(error))
    except (MemoryError, RuntimeError) as error:
        if not _of_memory(error):
            raise
        return _fail(
            "not enough memory; give fewer or shorter texts, or train with a lower --max-length"
        )
    except SystemExit:
        # How typer and rich leave when nobody reads what they print.
        shut(sys.stdout)
        return 0
    return done if isinstance(done, int) else 0


def _done(arguments: Sequence[str]) -> Any:
    """Do what a command line asks for; a library that an extra brings is named where it misses."""
    # Nobody who types the bare name has made a mistake.
    words = list(arguments) or ["--help"]
    check_words(words)
    try:
        return get_command(app).main(words, prog_name="attnpool", standalone_mode=False)
    except ModuleNotFoundError as error:
        raise explained(error, f"attnpool {_command(arguments)}".strip()) from None


def _of_memory(error: Exception) -> bool:
    """Whether memory ran out: torch says so by a `RuntimeError` with these words."""
    return isinstance(error, MemoryError) or any(
        words in str(error) for words in ("can't allocate memory", "out of memory")
    )


def _fail(message: str) -> int:
    if interrupt.interrupted():
        raise interrupt.Stopped
    say(message)
    return BAD_INPUT


def _command(arguments: Sequence[str]) -> str:
    known = {command.callback.__name__ for command in app.registered_commands if command.callback}
    return next((f"{word} " for word in arguments[:1] if word in known), "")
