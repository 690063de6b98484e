"""Every word that renderings show, in English and in Chinese: one table, in parts by area.

A template has named fields; whole numbers in them get separators of thousands. Nothing of other
people's text is ever read as a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from attnpool.attribution_methods import METHODS, AttributionMethod
from attnpool.errors import InputError
from attnpool.sanitize import one_line
from attnpool.view.words.captions import CAPTIONS
from attnpool.view.words.gallery import GALLERY
from attnpool.view.words.live import LIVE
from attnpool.view.words.methods import METHODS_ZH, MethodWords
from attnpool.view.words.page import PAGE, SCRIPT, SHARED
from attnpool.view.words.recipes import RECIPES
from attnpool.view.words.report import REPORT, REPORT_SCRIPT, REPORT_SHARED
from attnpool.view.words.table import Plural, Table, Template
from attnpool.view.words.warnings import WARNINGS
from attnpool.view.words.worked import WORKED

__all__ = ["LANGUAGES", "TABLE", "Language", "MethodWords", "Words", "check_language"]

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

_PARTS = (CAPTIONS, PAGE, SCRIPT, REPORT, REPORT_SCRIPT, WARNINGS, GALLERY, RECIPES, WORKED, LIVE)
TABLE: Table = MappingProxyType({key: forms for part in _PARTS for key, forms in part.items()})
"""Every key with its English and its Chinese template."""


def check_language(lang: str) -> Language:
    """The language itself, if it is one there are words in.

    Raises:
        InputError: It is not.
    """
    if lang not in LANGUAGES:
        raise InputError(f"unknown lang {lang!r}; choose one of: {', '.join(LANGUAGES)}")
    return lang


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language: `words("unread", count=3)`.

    Attributes:
        language: The language.
    """

    language: Language

    def __call__(self, key: str, /, **fields: object) -> str:
        """The template of a key with its fields filled in."""
        template = self.template(key)
        if isinstance(template, Plural):
            template = template.one if fields["count"] == 1 else template.many
        shown = {name: _shown(value) for name, value in fields.items()}
        return template.format_map(shown) if shown else template

    def template(self, key: str) -> Template:
        """The template of a key."""
        return TABLE[key][LANGUAGES.index(self.language)]

    def script(self, *, report: bool = False) -> Mapping[str, str | list[str]]:
        """The templates that the script of a page fills in itself; a plural is a list of two."""
        found: dict[str, str | list[str]] = {}
        for key in (*SCRIPT, *SHARED, *((*REPORT_SCRIPT, *REPORT_SHARED) if report else ())):
            template = self.template(key)
            found[key] = list(template) if isinstance(template, Plural) else template
        return found

    def live(self) -> Mapping[str, str]:
        """What the live page says, by the keys that its script has."""
        first = len("live.")
        found = {key[first:]: str(self.template(key)) for key in LIVE}
        for kind, name in (("moved", "contribution"), ("looked", "attention")):
            words = self.method(METHODS[name])
            found |= {name: words.name, f"{kind}_low": words.ends[0], f"{kind}_high": words.ends[1]}
        found |= {"match": self("match"), "no_match": self("no-match")}
        return found | {"looked": self.method(METHODS["attention"]).legend}

    def method(self, record: AttributionMethod) -> MethodWords:
        """What a method is called, and what its colours mean; a new method speaks for itself."""
        ours = record.name in METHODS_ZH and METHODS.get(record.name) == record
        if self.language == "zh" and ours:
            return METHODS_ZH[record.name]
        return MethodWords(record.name, record.legend, record.ends, record.noun, record.marks)

    @property
    def tag(self) -> str:
        """The BCP 47 tag of what is said in these words."""
        return "zh-Hans" if self.language == "zh" else "en"

    def method_name(self, name: str) -> str:
        """What a method is called by its name: one of somebody's own as it is, in one line."""
        return self.method(METHODS[name]).name if name in METHODS else one_line(name)


def _shown(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)
