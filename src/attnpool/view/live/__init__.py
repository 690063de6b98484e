"""The live page: a compact model that runs in a browser."""

from attnpool.view.live.engine import engine_script, packed, tables_of

__all__ = ["engine_script", "packed", "tables_of"]
