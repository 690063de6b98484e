"""Whether two sets of texts are of one language, by their letters and runs of three letters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from math import sqrt

_TEXTS, _CHARACTERS = 1000, 200  # of a sample
_FEWEST_LETTERS, _FEWEST_RUNS = 100, 300  # fewer do not tell
_SHARED = 0.6  # of the letters' scripts: Chinese and Japanese share less
# The likeness of English and German, French, Spanish, Dutch or Portuguese is 0.2 to 0.48; that of
# twenty English reviews and twenty lines of reviews, manuals or programs 0.65 to 1. Closer
# languages, such as Spanish and Portuguese, are not told apart.
_ALIKE = 0.5
_WORD = re.compile(r"[^\W\d_]+")
_WITHOUT_WORDS = ("Chinese", "Japanese", "Hangul", "Thai", "Lao", "Khmer", "Myanmar")
_NAMES = {"Cjk": "Chinese", "Hiragana": "Japanese", "Katakana": "Japanese"}


def other_language(labelled: Sequence[str], pool: Sequence[str]) -> str | None:
    """One sentence where the pool is of another language than the labelled texts.

    Args:
        labelled: The labelled texts.
        pool: The unlabelled texts.

    Returns:
        None where they are of one language, or where either has too few letters to tell.
    """
    ours, theirs = _sample(labelled), _sample(pool)
    own, other = _scripts(ours), _scripts(theirs)
    if min(own.total(), other.total()) < _FEWEST_LETTERS:
        return None
    shared = sum(min(own[name] / own.total(), other[name] / other.total()) for name in own)
    (script, _), (another, _) = own.most_common(1)[0], other.most_common(1)[0]
    if shared < _SHARED:
        how = f"{_share(another, other)} there, {_share(script, own)} here"
    elif script not in _WITHOUT_WORDS and _unlike(_runs(ours), _runs(theirs)):
        how = "other words in the same letters"
    else:
        return None
    return (
        "the unlabelled texts seem to be of another language than the labelled ones "
        f"({how}); a model learns little from them"
    )


def _sample(texts: Sequence[str]) -> list[str]:
    distinct = list(dict.fromkeys(texts))
    step = max(1, len(distinct) // _TEXTS)
    return [text[:_CHARACTERS] for text in distinct[::step]]


def _scripts(texts: Iterable[str]) -> Counter[str]:
    """How many letters there are of each script."""
    letters = Counter(letter for text in texts for letter in text if letter.isalpha())
    scripts = Counter[str]()
    for letter, count in letters.items():
        scripts[_script(letter)] += count
    return scripts


@cache
def _script(letter: str) -> str:
    """Latin, Cyrillic, Chinese …: the first word of the name that Unicode gives the letter."""
    name = unicodedata.name(letter, "other").split()[0].split("-")[0].capitalize()
    return _NAMES.get(name, name)


def _share(script: str, scripts: Counter[str]) -> str:
    return f"{scripts[script] / scripts.total():.0%} {script} letters"


def _runs(texts: Iterable[str]) -> Counter[str]:
    """Runs of three letters in words, whose ends count as letters."""
    runs = Counter[str]()
    for text in texts:
        for word in _WORD.findall(text.lower()):
            ended = f" {word} "
            runs.update(ended[i : i + 3] for i in range(len(ended) - 2))
    return runs


def _unlike(ours: Counter[str], theirs: Counter[str]) -> bool:
    if min(ours.total(), theirs.total()) < _FEWEST_RUNS:
        return False
    # Less the part of the lengths that is chance: few texts would be unlike any others.
    own, other = (sum(n * (n - 1) for n in runs.values()) for runs in (ours, theirs))
    return sum(n * theirs[run] for run, n in ours.items()) < _ALIKE * sqrt(own * other)
