"""`attnpool datasets`: the public sets that have a name here."""

from __future__ import annotations

from attnpool.cli import arguments, outputs


def datasets(as_json: arguments.Json = False) -> None:
    """List the public datasets: their format, size and where to get them."""
    from attnpool.data import NAMED

    if as_json:
        outputs.print_json(
            [
                {"name": d.name, "task": d.task, "files": d.files, "row": d.row}
                | {"size": d.size, "source": d.source, "cleanup": list(d.cleanup)}
                for d in NAMED.values()
            ]
        )
        return
    from rich.text import Text

    from attnpool.view.terminal.console import SafeConsole

    console = SafeConsole()
    for d in NAMED.values():
        console.print(Text.assemble((d.name, "bold"), f"  {d.size}"))
        cleaned = f"; left out: {', '.join(d.cleanup)}" if d.cleanup else ""
        for line in (f"{d.files}: {d.row}{cleaned}", d.source):
            console.print(Text(f"    {line}"))
