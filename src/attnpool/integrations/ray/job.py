"""A `Job` of the command line on a cluster: the same parts as the local engine's."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from typing import Any

from attnpool.bulk.local import Job
from attnpool.bulk.outputs import FolderOutput
from attnpool.bulk.parts import Part
from attnpool.bulk.step import Step
from attnpool.errors import InputError
from attnpool.integrations.ray.cluster import connected
from attnpool.integrations.ray.library import ray
from attnpool.integrations.ray.pieces import Piece, WritingActor, read
from attnpool.integrations.ray.predicting import pool
from attnpool.progress import Progress


def run(job: Job, output: FolderOutput, workers: int, progress: Progress | None = None) -> None:
    """Answer all rows, but those that a run before has answered.

    Ray's workers read the files, answer and write the parts; here is only told what is done.

    Args:
        job: What is done. All machines must find its model, its files and the output.
        output: Where the answers go.
        workers: How many actors answer.
        progress: Where to show progress; default: nowhere.

    Raises:
        InputError: A file has changed meanwhile, an output cannot be written, or Ray gave up.
    """
    survey = job.survey
    pieces = [*_pieces(job, output)]
    with (progress or Progress()).bar("predicting", survey.count, "rows") as advance:
        left = sum(rows for _, rows in pieces)
        advance(survey.count - left)
        if left:
            with connected(workers):
                for row in _written([piece for piece, _ in pieces], _step(job, output), workers):
                    if row["fault"]:
                        raise InputError(row["fault"])
                    output.add(Part(row["part"], row["bytes"], row["sha256"]))
                    advance(row["rows"])
        output.finish()


def _pieces(job: Job, output: FolderOutput) -> Iterator[tuple[Piece, int]]:
    """Each file of which something is to be done, and how many rows that are."""
    number = 0
    for place, (_, file) in enumerate(job.rows.places):
        wanted, rows = {}, 0
        for chunk, size in enumerate(job.survey.chunks.get(file, [])):
            if not size:
                continue  # bad rows alone
            if not output.has(number):
                wanted[chunk] = number
                rows += size
            number += 1
        if wanted:
            yield Piece(job.rows.part(place), job.limit, wanted), rows


def _step(job: Job, output: FolderOutput) -> Step:
    """What is done with each chunk, wherever: a worker has another working directory."""
    step, predictor = job.step(output), copy(job.predictor)
    predictor.path = os.path.abspath(predictor.path)  # noqa: PTH100
    piece = replace(output.piece, folder=output.piece.folder.absolute())
    return replace(step, predictor=predictor, piece=piece)


def _written(pieces: list[Piece], step: Step, workers: int) -> Iterator[dict[str, Any]]:
    """What is known of each part as it is written."""
    options: Any = {"batch_format": "pyarrow", "batch_size": 1}
    rows = [{"piece": pickle.dumps(piece)} for piece in pieces]
    files = ray.data.from_items(rows, override_num_blocks=len(rows))
    files.context.target_max_block_size = 1  # each chunk is for whichever actor is free
    files.context.enable_progress_bars = False
    # Without a claim to a core: reading goes on also where the actors have them all.
    reading = ray.data.TaskPoolStrategy(size=min(workers, len(pieces)))
    chunks = files.map_batches(read, compute=reading, num_cpus=0, **options)
    parts = chunks.map_batches(
        WritingActor,
        fn_constructor_args=(step,),
        compute=pool(min(workers, sum(len(piece.wanted) for piece in pieces))),
        udf_modifying_row_count=False,
        **options,
    )
    for batch in parts.iter_batches(batch_size=None, batch_format="pyarrow"):
        yield from batch.to_pylist()
