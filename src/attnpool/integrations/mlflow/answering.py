"""What MLflow loads: a model that answers tables of texts.

A saved MLflow model names this module, and holds what `attnpool.load` reads: no pickle, no code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import attnpool
from attnpool.architectures import texts_per_item
from attnpool.errors import InputError
from attnpool.explain.lists import is_list_like
from attnpool.integrations.mlflow.library import MlflowException, pandas
from attnpool.sanitize import counted
from attnpool.view.as_json import to_json


def _load_pyfunc(path: str) -> Answering:
    """The name and the manner are MLflow's."""
    return Answering(attnpool.load(path))


class Answering:
    """A model as `mlflow.pyfunc` calls it.

    Args:
        model: The model.
    """

    def __init__(self, model: attnpool.Model) -> None:
        self._model = model

    def predict(self, data: Any, params: Mapping[str, Any] | None = None) -> Any:
        """The answers as a table with the index of the texts.

        Args:
            data: A table, whose first column, or first two of a matcher of pairs, are the texts.
            params: `explain`, whether to explain each answer; `method`, by which method.

        Raises:
            MlflowException: A text is missing or no text, or the method is unknown; one line.
        """
        asked = params or {}
        try:
            table = pandas.DataFrame(data)
            columns = self._columns(
                _items(table, texts_per_item(self._model)),
                asked.get("explain"),
                asked.get("method"),
            )
        except InputError as error:  # the scoring server hides all others
            raise MlflowException.invalid_parameter_value(str(error)) from None
        return pandas.DataFrame(columns, index=table.index)

    def _columns(
        self, items: list[Any], explain: bool | None, method: str | None
    ) -> dict[str, list[Any]]:
        if not explain and method is not None:
            raise InputError("the param method does nothing without explain; leave it out")
        explained = self._model.explain(items, method=method) if explain else []
        shares = [one.distribution for one in explained] or self._model.predict_proba(items)
        probabilities = np.reshape(shares, (len(items), len(self._model.classes_)))
        columns = {
            "label": self._model.classes_[probabilities.argmax(1)].tolist(),
            "probability": probabilities.max(1).tolist(),
        }
        if explain:
            columns["explanation"] = [to_json([one]).rstrip("\n") for one in explained]
        return columns


def _items(table: Any, sides: int) -> list[Any]:
    """The texts, or pairs of them."""
    if len(table.columns) < sides:
        given = counted(len(table.columns), "column")
        raise InputError(f"the table has {given}; give {sides}, one for each text of an item")
    texts = [table.iloc[:, side].tolist() for side in range(sides)]
    for column in texts:
        for row, cell in enumerate(column):
            if is_list_like(cell):
                # As MLflow's own one row of a dictionary of lists, which cannot be told apart.
                raise InputError(
                    f"row {row} holds {type(cell).__name__}, not a text; give one text per row "
                    "(MLflow makes one row of a dictionary of lists: give pandas.DataFrame of it)"
                )
    return texts[0] if sides == 1 else [*zip(*texts, strict=True)]
