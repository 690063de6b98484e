"""Files and folders of them as rows, all at once or some at a time."""

from attnpool.data.streams.stream import Limit, RowStream

__all__ = ["Limit", "RowStream"]
