"""The live pages of the gallery: one beside the page for each model that can have one."""

from __future__ import annotations

from attnpool.errors import NoCompactFormError
from attnpool.estimators.exporting import made_page
from attnpool.gallery.modelling import Trained
from attnpool.gallery.recipes import Recipe
from attnpool.view.page.section import Section
from attnpool.view.words import Words


def live_name(recipe: Recipe) -> str:
    """The file of a recipe's live page; the file its commands write is called otherwise."""
    return f"{recipe.id}-live.html"


def live_page(recipe: Recipe, trained: Trained, section: Section, words: Words) -> str | None:
    """The live page of a recipe's model, which offers the recipe's samples.

    Args:
        recipe: The recipe.
        trained: Its model.
        section: Its section, whose samples the page offers.
        words: The words of the gallery.

    Returns:
        The page, or None if the model has no compact form, or none that a page can run.
    """
    texts = list(dict.fromkeys(tuple(one.texts[: trained.reads]) for one in section.explanations))
    try:
        return made_page(trained.model, title=words(f"{recipe.id}.title"), examples=texts)[1]
    except NoCompactFormError:
        return None
