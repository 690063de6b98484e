"""A trained model over the rows of a `ray.data.Dataset`, on all machines of a cluster.

`predict` adds the answers as columns. Each actor loads the model once, by its path.
"""

from __future__ import annotations

from attnpool.integrations.ray.predicting import predict

__all__ = ["predict"]
