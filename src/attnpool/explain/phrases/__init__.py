"""What drives each class: phrases, over many explanations; numpy alone."""

from attnpool.explain.phrases.listing import ClassPhrases, phrase_minimum, phrases
from attnpool.explain.phrases.ranking import Phrase

__all__ = ["ClassPhrases", "Phrase", "phrase_minimum", "phrases"]
