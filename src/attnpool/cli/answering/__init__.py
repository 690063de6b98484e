"""`predict`, at length: where rows come from, where answers go, and what is done between."""

from attnpool.cli.answering.source import INPUT_FORMATS, local_data
from attnpool.cli.answering.target import OUTPUT_FORMATS, Target
from attnpool.cli.answering.work import Work

__all__ = ["INPUT_FORMATS", "OUTPUT_FORMATS", "Target", "Work", "local_data"]
