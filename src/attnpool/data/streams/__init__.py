"""Files and folders of them as rows, all at once or some at a time."""

from attnpool.data.streams.joining import concatenated, named
from attnpool.data.streams.pieces import Limit
from attnpool.data.streams.sample import RowSample, sizes_of
from attnpool.data.streams.stream import RowStream

__all__ = ["Limit", "RowSample", "RowStream", "concatenated", "named", "sizes_of"]
