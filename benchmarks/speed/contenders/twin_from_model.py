"""The twin with the weights of a trained `TextClassifier`: it must give the same answers."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import torch

from attnpool import TextClassifier
from benchmarks.speed.contenders.twin import TrainedTwin, shape_of
from benchmarks.speed.contenders.twin_model import TwinModel
from benchmarks.speed.contenders.twin_text import TwinText, normal

_BITS = 21


def copied(classifier: TextClassifier) -> TrainedTwin:
    """A twin that answers as `classifier`, which must read characters."""
    params = classifier.get_params()
    weights = {name: tensor.cpu() for name, tensor in classifier.model_.state_dict().items()}
    vocabulary = _vocabulary(classifier)
    keys = weights.get("encoder.ngrams.keys", torch.zeros(0, dtype=torch.int64)).tolist()
    of_id = {i: character for character, i in vocabulary.items()}
    ngrams = {_ngram(key, of_id): row for row, key in enumerate(keys, start=1)}
    text = TwinText(vocabulary, ngrams, params["ngrams"], classifier.limit_)
    shape = shape_of(params, text, len(classifier.classes_))
    model = TwinModel(shape)
    renamed = {
        "embedding.weight": weights["encoder.embedding.weight"],
        "ngrams.weight": weights.get("encoder.ngrams.table.weight", torch.zeros(1, shape.dim)),
        "projection.weight": weights["pooling.projection.weight"],
        "score.weight": weights["pooling.score.weight"],
        "head.weight": weights["head.weight"],
        "head.bias": weights["head.bias"],
    }
    for i, width in enumerate(shape.kernel_sizes):
        kernel = weights[f"encoder.convolutions.{i}.kernel.weight"]
        by_place = kernel.reshape(shape.dim, width, shape.dim).permute(0, 2, 1)
        renamed[f"convolutions.{i}.weight"] = by_place
        renamed[f"convolutions.{i}.bias"] = weights[f"encoder.convolutions.{i}.kernel.bias"]
    model.load_state_dict(renamed)
    return TrainedTwin(text, model.eval(), [str(name) for name in classifier.classes_])


def _vocabulary(classifier: TextClassifier) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tokenizer.json"
        classifier.tokenizer_.save(file)
        known = json.loads(file.read_text("utf-8"))["model"]["vocab"]
    # Variants of a character share its id; the twin makes them one before it looks up.
    return {c: i for c, i in known.items() if i > 1 and normal(c) == c}


def _ngram(key: int, of_id: dict[int, str]) -> str:
    ids = []
    while key:
        ids.append(key & ((1 << _BITS) - 1))
        key >>= _BITS
    return "".join(of_id[i] for i in reversed(ids))
