"""`predict`: a Dataset in, a Dataset with answers out."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import Any

from attnpool.bulk import Predictor
from attnpool.errors import InputError
from attnpool.files.paths import checked_path
from attnpool.integrations.ray.answering import Answering, added
from attnpool.integrations.ray.library import ray

BATCH = 4096
"""Rows that are answered at a time."""


def predict(
    dataset: Any,
    model: str | os.PathLike[str],
    *,
    text: str | Sequence[str] = "text",
    explain: bool = False,
    method: str | None = None,
    candidates: Sequence[str] | None = None,
    batch_size: int = BATCH,
    workers: int | tuple[int, int] = 1,
    **options: Any,
) -> Any:
    """Answer every row of a Dataset, in as many actors as asked for.

    Like each step of Ray Data it runs when its rows are asked for. The rows keep their order, and
    their columns stay as they are. Ray's `write_parquet` does not keep the order: carry an id. An
    actor that dies is replaced and its rows are answered again. What can be known before is
    refused at once; for that the model is loaded here too.

    Args:
        dataset: The `ray.data.Dataset`.
        model: The folder of a trained model, the file that `export` made of it, or the address of
            either on the Hugging Face hub. All machines must be able to read it.
        text: The column of the text; two for pairs.
        explain: Whether the tokens' offsets, weights and values are added.
        method: What the values are; default: contributions. See `TextClassifier.explain`.
        candidates: The labels to rank, for models of the architecture `"label"`.
        batch_size: How many rows are answered at a time.
        workers: How many actors answer; or the least and the most, between which Ray chooses.
        options: Further ones of `Dataset.map_batches`, such as `memory`, `runtime_env`, or
            `num_cpus`, the cores that an actor claims; default: 1, or less where all actors would
            leave none to what reads the rows.

    Returns:
        A Dataset with the columns that `Predictor` adds: `prediction`, `probability`, one
        `probability_<class>` for each class, for pairs with two classes `score`, and where it
        explains `start` and `end` (lists of uint32), `weights` and `value` (of float16).

    Raises:
        InputError: It is no Dataset, there is no model, a column is missing or has a name that is
            added, or an argument is not what the model takes.
    """
    if not isinstance(dataset, ray.data.Dataset):
        raise InputError(
            f"dataset is {type(dataset).__name__}; give a ray.data.Dataset, such as "
            'ray.data.read_parquet("folder")'
        )
    if batch_size < 1:
        raise InputError(f"batch_size is {batch_size}; give 1 or more")
    predictor = Predictor(
        _place(model), text=text, explain=explain, method=method, candidates=candidates
    )
    compute = pool(workers)
    _check(predictor, dataset)
    options.setdefault("num_cpus", _cores(compute.max_size))
    answered = dataset.map_batches(
        Answering,
        fn_constructor_args=(predictor,),
        batch_format="pyarrow",
        batch_size=batch_size,
        compute=compute,
        udf_modifying_row_count=False,
        **options,
    )
    answered.context.execution_options.preserve_order = True
    return answered


def pool(workers: int | tuple[int, int]) -> Any:
    """The actors.

    Args:
        workers: How many, or the least and the most.

    Raises:
        InputError: They are fewer than one.
    """
    least, most = (workers, workers) if isinstance(workers, int) else workers
    if not 1 <= least <= most:
        raise InputError(f"workers is {workers}; give 1 or more, or the least and the most")
    return ray.data.ActorPoolStrategy(min_size=least, max_size=most)


def _cores(actors: int) -> float:
    """The cores that an actor claims.

    Actors keep theirs to the end. Where they had all, reading would wait for one for ever; so
    would it where the filter of Ray's checkpoints, an actor too, had the last one.
    """
    others = 1 if ray.data.DataContext.get_current().checkpoint_config is None else 2
    free = max(0.0, ray.cluster_resources().get("CPU", 0.0) - others)
    claim: float = math.floor(100 * free / actors) / 100
    return min(1.0, claim)


def _place(model: str | os.PathLike[str]) -> str:
    """The path from the root, if it is one: actors have another working directory."""
    checked_path(model, "model")
    place = os.fspath(model)
    return place if "://" in place else os.path.abspath(place)  # noqa: PTH100 - may be none


def _check(predictor: Predictor, dataset: Any) -> None:
    """Refuse now what no actor could answer: Ray hides why in the traces of its own."""
    predictor.model  # noqa: B018 - loads it
    names = dataset.columns()
    # Of a Dataset without rows Ray knows no columns.
    added(predictor, dict.fromkeys(names or predictor.text, ()))
