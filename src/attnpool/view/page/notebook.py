"""Fragments for notebooks that hold no explanations: a fitted model, measures of faithfulness."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from attnpool.view.page.markup import environment
from attnpool.view.page.style import fragment_sheet
from attnpool.view.words import Words


def to_plain_fragment(name: str, words: Words, **parts: Any) -> str:
    """Fill the template `name`, whose parts it escapes, with the style sheet of fragments."""
    sheet = Markup(fragment_sheet())  # noqa: S704 (our own style sheet)
    return environment().get_template(name).render(style=sheet, words=words, **parts)
