"""`python -m attnpool`: the `attnpool` command."""

from __future__ import annotations

from attnpool.cli import main

if __name__ == "__main__":
    main()
