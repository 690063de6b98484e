"""Reading files to rows: public datasets by name, and any CSV, TSV, JSON lines or Parquet."""

from attnpool.data.balance import class_weights
from attnpool.data.convert import Triplets, to_text_label_pairs, to_triplets
from attnpool.data.datasets.registry import NAMED, named_dataset
from attnpool.data.datasets.spec import NamedDataset
from attnpool.data.demo_rows import DEMO_TASKS, DemoRows, load_demo
from attnpool.data.formats.frames import Frame
from attnpool.data.groups import positive_groups
from attnpool.data.reader import has_part, read, stream
from attnpool.data.rows import Reading, Rows
from attnpool.data.streams import Limit, RowStream

__all__ = [
    "DEMO_TASKS",
    "NAMED",
    "DemoRows",
    "Frame",
    "Limit",
    "NamedDataset",
    "Reading",
    "RowStream",
    "Rows",
    "Triplets",
    "class_weights",
    "has_part",
    "load_demo",
    "named_dataset",
    "positive_groups",
    "read",
    "stream",
    "to_text_label_pairs",
    "to_triplets",
]
