"""Files of any size measured: rows some at a time, and figures from sums."""

from attnpool.cli.evaluation.chunks import MOST_CHARACTERS, MOST_ROWS, Chunks, with_progress
from attnpool.cli.evaluation.sums import EvaluationSums
from attnpool.cli.evaluation.triplets import TripletSums

__all__ = [
    "MOST_CHARACTERS",
    "MOST_ROWS",
    "Chunks",
    "EvaluationSums",
    "TripletSums",
    "with_progress",
]
