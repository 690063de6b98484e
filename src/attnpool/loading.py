"""`load`: a trained model from its folder, or from its compact file."""

from __future__ import annotations

import logging
from pathlib import Path

from attnpool.errors import TRAINING, require
from attnpool.persistence import hub
from attnpool.persistence.model import Model
from attnpool.persistence.model_folder import check_model
from attnpool.runtime.file import is_compact
from attnpool.sanitize import escaped

_log = logging.getLogger(__name__)


def load(path: str | Path) -> Model:
    """Read a trained model of any kind: a folder, a compact file, or either from the hub.

    `TextClassifier.load` and `TextMatcher.load` read a folder of their own kind, and type checkers
    then know all methods of that kind. A compact file needs no torch.

    Args:
        path: The folder that `save` or `attnpool train` wrote, the file that `export` wrote, or an
            address on the Hugging Face hub: `hf://user/repository@revision`, with
            `/file.safetensors` behind it for a compact file. A revision is a branch, a tag or a
            commit; without one it is the newest of the main branch. Only an address uses the
            network.

    Returns:
        The model, ready to predict: a `TextClassifier`, a `TextMatcher` or a `CompactModel`.

    Raises:
        InputError: There is no model, a part of it is missing, cut short or changed, a newer
            version of attnpool wrote it, a library that it needs is not installed, or the hub
            has no such model or cannot be reached.
    """
    model: Model
    with hub.local(path) as (place, address):
        if is_compact(place):
            from attnpool.runtime.loading import load_compact

            model = load_compact(place)
        else:
            check_model(place)
            require(f"{place}: a model folder", *TRAINING)
            from attnpool.estimators.loading import load_estimator

            model = load_estimator(place)
    kind, classes = type(model).__name__, len(model.classes_)
    _log.info("read %s: a %s of %d classes", escaped(address or str(place)), kind, classes)
    return model
