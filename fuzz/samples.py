"""Small models of every kind, to be damaged."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attnpool import TextClassifier, TextMatcher
from fuzz import encoders

DICTIONARY = ["热情周到", "隔音 900 n"]
CHINESE = ["房间干净", "服务热情周到", "隔音太差", "态度恶劣", "位置很好很安静", "早餐太差"] * 3
ENGLISH = [
    *("a wonderful film", "dull and lifeless", "wonderfully acted films"),
    "the dullest of stories",
] * 4
GOOD = ["好", "好", "差", "差", "好", "差"] * 3
PAIRS = list(zip(CHINESE, [*CHINESE[1:], CHINESE[0]], strict=True))
ENGLISH_PAIRS = list(zip(ENGLISH, [*ENGLISH[1:], ENGLISH[0]], strict=True))

_SMALL: dict[str, Any] = {"dim": 8, "epochs": 1, "attention_dim": 8}
_PAIR: dict[str, Any] = {**_SMALL, "head_dim": 4, "heads": 2, "refit": False}


def _classifier(**more: Any) -> TextClassifier:
    return TextClassifier(**{**_SMALL, **more}).fit(CHINESE, GOOD)


def _matcher(architecture: str, **more: Any) -> TextMatcher:
    more = {"architecture": architecture, **_PAIR, **more}
    if architecture == "label":
        return TextMatcher(**more).fit(CHINESE, GOOD)
    return TextMatcher(**more).fit(PAIRS, [0, 1] * 9)


def _english(**more: Any) -> TextClassifier:
    return TextClassifier(**{**_SMALL, **more}).fit(ENGLISH, ["good", "bad"] * 8)


FOLDERS: dict[str, Callable[[], Any]] = {
    "characters": _classifier,
    "words": _english,
    "convolution": lambda: _english(kernel_sizes=(2,), positions=True, linear=False, ngrams=()),
    "max": lambda: _classifier(pooling="max", attention_dim=None),
    "faithful": lambda: _classifier(faithful=True),
    "siamese": lambda: TextMatcher(**_PAIR).fit(ENGLISH_PAIRS, ["a", "b"] * 8),
    "alignment": lambda: _matcher("alignment"),
    "interaction": lambda: _matcher("interaction", heads=1),
    "label": lambda: _matcher("label"),
    "triplet": lambda: _matcher("triplet", distance="learned"),
    "jieba": lambda: _classifier(tokenizer="jieba"),
    "dictionary": lambda: _matcher("siamese", tokenizer="jieba", dictionary=DICTIONARY),
}
"""Models that become folders, by name."""

FILES: dict[str, Callable[[], Any]] = {
    "compact": _classifier,
    "compact words": _english,
    "compact queries": lambda: _english(faithful=True),
    "compact pairs": lambda: TextMatcher(**{**_PAIR, "ngrams": (2,)}).fit(PAIRS, [0, 1] * 9),
    "compact jieba": lambda: _classifier(tokenizer="jieba"),
    "compact dictionary": lambda: _classifier(tokenizer="jieba", dictionary=DICTIONARY),
}
"""Models that become compact files."""


def make(folder: Path) -> list[Path]:
    """Train all models and write them into a folder.

    Returns:
        Their places.
    """
    places = []
    for name, fit in FOLDERS.items():
        places.append(folder / name)
        fit().save(places[-1])
    for name, fit in FILES.items():
        places.append(folder / f"{name}.safetensors")
        fit().export(places[-1])
    return places + _of_hugging_face(folder)


def _of_hugging_face(folder: Path) -> list[Path]:
    """Models with a tokeniser or an encoder of others; nothing of it need be there any more."""
    places = [folder / name for name in ("pretrained", "compact pretrained.safetensors")]
    with tempfile.TemporaryDirectory() as theirs:
        read = _english(tokenizer=encoders.tokenizer_file(Path(theirs) / "tokenizer"))
        read.save(places[0])
        read.export(places[1])
        encoder = encoders.encoder(Path(theirs) / "encoder")
        small = {"encoder": encoder, "epochs": 1}
        made = {
            "encoder": TextClassifier(**small).fit(ENGLISH, ["good", "bad"] * 8),
            "encoder pairs": TextMatcher(**small).fit(ENGLISH_PAIRS, ["a", "b"] * 8),
        }
        for name, model in made.items():
            places.append(folder / name)
            model.save(places[-1], with_encoder=True)
    return places
