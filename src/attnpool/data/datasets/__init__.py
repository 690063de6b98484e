"""Public datasets by name, each read in its original format.

To add a dataset, describe it as a `NamedDataset` in the file of its kind and add it to the
tuple at the end of that file.
"""

from attnpool.data.datasets.registry import NAMED, named_dataset
from attnpool.data.datasets.spec import NamedDataset

__all__ = ["NAMED", "NamedDataset", "named_dataset"]
