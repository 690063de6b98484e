"""Teachers: anything that gives vectors or probabilities of texts, and what it knows of some."""

from attnpool.teachers.language import other_language
from attnpool.teachers.open import open_teacher
from attnpool.teachers.pool import LeftOut, clean_pool
from attnpool.teachers.teach import Taught, teach
from attnpool.teachers.teacher import Teacher

__all__ = [
    "LeftOut",
    "Taught",
    "Teacher",
    "clean_pool",
    "open_teacher",
    "other_language",
    "teach",
]
