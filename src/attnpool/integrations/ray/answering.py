"""What an actor of Ray Data runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attnpool.bulk import Predictor
from attnpool.integrations.ray.columns import arrow_columns
from attnpool.integrations.ray.library import pyarrow as pa


class Answering:
    """A `Predictor` for tables of Arrow: their own columns stay as they are, of any type.

    Args:
        predictor: What answers.
    """

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor

    def __call__(self, table: pa.Table) -> pa.Table:
        """The table with the answers behind its columns.

        Args:
            table: Some rows. It is not changed.

        Raises:
            InputError: As of `Predictor`.
        """
        texts = self._predictor.text
        batch: dict[str, Any] = dict.fromkeys(table.column_names, ())
        batch |= {name: table[name].to_pylist() for name in texts if name in batch}
        for name, column in arrow_columns(added(self._predictor, batch)).items():
            table = table.append_column(name, column.slice(0, table.num_rows))
        return table


def added(predictor: Predictor, batch: Mapping[str, Any]) -> dict[str, Any]:
    """What is added to a batch; to one without rows, as if there were an empty text.

    That tells the types of columns, and what cannot be answered.

    Args:
        predictor: What answers.
        batch: The columns; of those that are no texts the names are enough.

    Raises:
        InputError: As of `Predictor`.
    """
    if not any(len(batch.get(name, ())) for name in predictor.text):
        batch = {**batch, **{name: [""] for name in predictor.text if name in batch}}
    return predictor.added(batch)
