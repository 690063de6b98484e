"""A compact file to a model that predicts."""

from __future__ import annotations

from pathlib import Path

from attnpool.errors import MissingLibraryError
from attnpool.explain.lists import label_array
from attnpool.persistence.checked_config import check_reader
from attnpool.persistence.figures import checked_figures
from attnpool.runtime import file
from attnpool.runtime.model import CompactModel
from attnpool.text.reader import TextReader
from attnpool.text.tokenizers.loading import parse_tokenizer


def load_compact(path: Path) -> CompactModel:
    """Read a compact model.

    Args:
        path: The file.

    Raises:
        InputError: There is none, it is cut short, was changed or made up, a newer version of
            attnpool wrote it, or its tokeniser needs a library that is not installed.
    """
    network, config, tokenizer = file.read(path)
    try:
        check_reader(config)
        parsed = parse_tokenizer(tokenizer, config["tokenizer"], str(path))
        reader = TextReader.from_config(config, parsed)
        classes = label_array(config["classes"])
        _check(network.ngrams.first == parsed.size, "as many tokens as the tokeniser has")
        shape = (network.shape.classes,)
        _check(classes.shape == shape, "classes")
        checked_figures(config["metrics"])
        _check(isinstance(config["source"], dict), "source")
        _check(isinstance(config["source"].get("ngrams_of"), int), "source")
        return CompactModel(network, reader, classes, config)
    except MissingLibraryError:
        raise
    except file.NONSENSE as error:  # an InputError is a ValueError
        raise file.damaged(path, str(error).removeprefix(f"{path}: ")) from None


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)
