"""The fonts of PNG pictures: those matplotlib brings along, and a Chinese one of the system.

Nothing is registered with matplotlib: each picture names the font files it draws with.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from attnpool.errors import InputError

# In this order: sans serif before serif, pan-Chinese-Japanese-Korean before one language.
_FAMILIES = (
    r"NotoSansCJK(sc)?-(Regular|VF)",
    r"NotoSans(CJK)?(SC|TC|JP|KR|HK)-(Regular|VF|VariableFont)",
    r"SourceHanSans.*-(Regular|VF)",
    r"wqy-(microhei|zenhei)",
    r"DroidSansFallback",
    r"msyh\.|simhei|Deng\.",
    r"PingFang|Hiragino Sans GB|STHeiti|ヒラギノ角ゴシック W3|AppleSDGothicNeo|Arial Unicode",
    r"NotoSerifCJK.*-Regular|SourceHanSerif.*-Regular",
    r"simsun|uming|ukai|fireflysung|NanumGothic\.|malgun\.|msgothic|YuGothM|meiryo\.|ipag|TakaoG",
)
_REGIONS = {"zh": "SC", "ja": "JP", "ko": "KR"}
_CJK = re.compile(
    r"[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
# Joiners and variants say how their neighbours are drawn; without such glyphs they say nothing.
_SILENT = re.compile(r"[\u200b-\u200f\u00ad\u2060\ufe00-\ufe0f\ufeff]")

MISSING = (
    "a PNG of Chinese, Japanese or Korean text needs a font for it and none was found: install "
    "fonts-noto-cjk (Debian, Ubuntu), google-noto-sans-cjk-fonts (Fedora), noto-fonts-cjk (Arch) "
    "or Noto Sans CJK from fonts.google.com, or write SVG"
)
"""What is said where text needs a font that the system lacks."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font: its file, its place in the file, and the code points it can draw."""

    path: str
    index: int
    codes: frozenset[int]

    @cache  # noqa: B019 (a face lives as long as the program)
    def properties(self, pixels: float) -> font_manager.FontProperties:
        """The font in a size, as matplotlib wants it; a pixel is a point at 72 dpi."""
        where: Any = self.path
        if self.index:
            # Collections of several faces are known to matplotlib 3.11 and later.
            where = font_manager.FontPath(self.path, self.index)
        return font_manager.FontProperties(fname=where, size=pixels)


class Fonts:
    """The fonts for one picture.

    Args:
        language: A BCP 47 tag of the text: which forms Han characters take.
        find: Finds the file of a font for Chinese; None where there is none.
    """

    def __init__(self, language: str = "und", find: Callable[[], str | None] | None = None) -> None:
        self._region = _REGIONS.get(language, "SC")
        self._find = find or cjk_file
        self._mono = [_bundled("DejaVuSansMono.ttf"), _bundled("DejaVuSans.ttf")]
        self._bold = [_bundled("DejaVuSansMono-Bold.ttf"), _bundled("DejaVuSans-Bold.ttf")]

        self.face = cache(self._face)
        self.drawable = cache(self._drawable)

    def _face(self, text: str, *, bold: bool = False) -> Face:
        """The first font that has all characters of a text; else the first of all."""
        codes = {ord(char) for char in text if char != " "}
        for face in self._bold if bold else self._mono:
            if codes <= face.codes:
                return face
        for face in self._cjk(bold=bold):
            if codes <= face.codes:
                return face
        return self._mono[0]

    def _drawable(self, cluster: str) -> str:
        """The character, or what can be drawn in its place: code points in angle quotes.

        Raises:
            InputError: It is Chinese, Japanese or Korean, and there is no font for such text.
        """
        if cluster in ("\n", " "):
            return cluster
        if _has(self._mono, cluster) or _has(self._cjk(), cluster):
            return cluster
        if not self._cjk() and _CJK.search(cluster):
            raise InputError(MISSING)
        return "".join(self._one(char) for char in _SILENT.sub("", cluster))

    def _one(self, char: str) -> str:
        known = _has(self._mono, char) or _has(self._cjk(), char)
        if known:
            return char
        name = unicodedata.name(char, "") if "\u2400" <= char <= "\u2424" else ""
        # `visible` shows a control character as its picture.
        return f"‹{name.removeprefix('SYMBOL FOR ') or f'U+{ord(char):04X}'}›"

    def _cjk(self, *, bold: bool = False) -> list[Face]:
        path = self._find()
        if path is None:
            return []
        heavy = Path(path.replace("Regular", "Bold"))
        return [_regional(str(heavy) if bold and heavy.exists() else path, self._region)]


@cache
def cjk_file() -> str | None:
    """The best font file of this system for Chinese, Japanese and Korean; None without any."""
    files = sorted(font_manager.findSystemFonts())
    for pattern in _FAMILIES:
        for file in files:
            if re.match(pattern, Path(file).name, re.IGNORECASE):
                return file
    return None


def _has(faces: list[Face], text: str) -> bool:
    return any(all(ord(char) in face.codes for char in text) for face in faces)


@cache
def _bundled(name: str) -> Face:
    return _load(str(Path(matplotlib.get_data_path(), "fonts", "ttf", name)), 0)


@lru_cache(maxsize=8)
def _regional(path: str, region: str) -> Face:
    """The face of a collection for a region, by its name; the first where none has it."""
    if hasattr(font_manager, "FontPath") and path.lower().endswith((".ttc", ".otc")):
        for index in range(1, FT2Font(path).num_faces):
            names = FT2Font(path, face_index=index).family_name.split()
            if region in names and "Mono" not in names:
                return _load(path, index)
    return _load(path, 0)


def _load(path: str, index: int) -> Face:
    font = FT2Font(path, face_index=index) if index else FT2Font(path)
    return Face(path, index, frozenset(font.get_charmap()))
