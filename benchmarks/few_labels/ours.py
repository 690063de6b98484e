"""attnpool: as it was, as it comes, with unlabelled texts, and with a teacher."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from attnpool import TextClassifier
from benchmarks.few_labels.baselines import Ran
from benchmarks.few_labels.protocol import Draw
from benchmarks.few_labels.teachers import Encoder


def before(draw: Draw) -> Ran:
    """Attention alone, n-grams that are in two texts, no class weights."""
    return _run(draw, {"linear": False, "ngram_min_frequency": 2, "class_weight": None})


def default(draw: Draw) -> Ran:
    return _run(draw, {})


def unlabelled(draw: Draw) -> Ran:
    return _run(draw, {}, unlabelled=draw.texts(draw.pool))


def taught(draw: Draw, encoder: Encoder) -> Ran:
    """Taught about the pool; with all labels there is none, and the labelled rows are all."""
    pool = {"unlabelled": draw.texts(draw.pool)} if len(draw.pool) else {}
    return _run(draw, {}, teacher=encoder, **pool)


def teacher_alone(draw: Draw, encoder: Encoder) -> Ran:
    """The teacher's own answers, which need the encoder at prediction.

    It is asked about the pool and the test texts at once. Its vectors are centred on all of them,
    as they are when it teaches; it learns nothing else from the test texts.
    """
    from attnpool.teachers import open_teacher, teach

    texts, labels = draw.clean(draw.labelled), np.array(draw.labels(draw.labelled))
    asked = draw.clean(np.concatenate([draw.pool, draw.test]))
    classes, y = np.unique(labels, return_inverse=True)
    encoder([*texts, *asked])  # read before the clock starts
    began = time.perf_counter()
    known = teach(open_teacher(encoder, classes), texts, y, classes, asked, seed=draw.split)
    seconds = time.perf_counter() - began
    answers = known.unlabelled[len(draw.pool) :].argmax(axis=1)
    return draw.right(classes[answers]), seconds


def _run(draw: Draw, parameters: dict[str, Any], **more: Any) -> Ran:
    if encoder := more.get("teacher"):
        encoder(draw.clean(np.concatenate([draw.labelled, draw.pool])))
    model = TextClassifier(cleanup=draw.rows.cleanup, seed=draw.split, **parameters)
    began = time.perf_counter()
    model.fit(draw.texts(draw.labelled), draw.labels(draw.labelled), **more)
    seconds = time.perf_counter() - began
    return draw.right(model.predict(draw.texts(draw.test))), seconds
