"""How time and memory grow with rows, with the length of texts and with heads."""

from __future__ import annotations

from typing import Any

from benchmarks.speed.memory import TASKS, Job, in_child
from benchmarks.speed.registry import OURS, TWIN
from benchmarks.speed.run import Run

TITLE = 20
"""Characters of a news title, as texts are that come by the million."""
REVIEW = 100
HEADED = 2_000
EPOCHS = 2


def measure(run: Run) -> dict[str, Any]:
    """Three tables of points, each point in processes of its own, training and answering."""
    scale = run.scale
    data = None if run.data is None else str(run.data)

    affordable = {"train": scale.twin_rows, "answer": scale.twin_answers}

    def point(count: int, length: int, **params: Any) -> dict[str, Any]:
        sizes = {"data": data, "synthetic": (count, length), "params": params}
        return {
            name: {
                task: in_child(Job(name, task, **sizes))
                for task in TASKS
                if name == OURS or count * length <= affordable[task] * TITLE
            }
            for name in (OURS, TWIN)
        }

    rows = {str(count): point(count, TITLE) for count in scale.growth_rows}
    lengths = {}
    for length in scale.growth_lengths:
        count = max(20, scale.growth_characters // length)
        lengths[str(length)] = point(count, length, epochs=EPOCHS) | {"texts": count}
    count = min(HEADED, scale.growth_characters // REVIEW)
    heads = {
        str(number): point(count, REVIEW, epochs=EPOCHS, heads=number)
        for number in scale.growth_heads
    }
    return {"rows": rows, "length": lengths, "heads": heads, "headed": [count, REVIEW]}
