"""Random texts of every kind that a reader may meet, the same for the same seed."""

import random
import unicodedata

_RANGES = {
    "ascii": [(0x20, 0x7E)],
    "control": [(0x00, 0x1F), (0x7F, 0xA0)],
    "latin": [(0xC0, 0x24F), (0x1E00, 0x1EFF)],
    "marks": [(0x300, 0x36F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF)],
    "greek and cyrillic": [(0x370, 0x52F), (0x1F00, 0x1FFF)],
    "hebrew and arabic": [(0x590, 0x7BF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF)],
    "indic": [(0x900, 0xDFF)],
    "thai and lao": [(0xE00, 0xEFF)],
    "vowels in parts": [(0xE32, 0xE34), (0xE40, 0xE41), (0xE48, 0xE4D), (0xEC8, 0xECD)],
    "southeast": [(0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x1AAF), (0x1B00, 0x1BFF)],
    "jamo": [(0x1100, 0x1112), (0x1161, 0x1175), (0x11A7, 0x11C2), (0xAC00, 0xAC40)],
    "hangul": [(0x1100, 0x11FF), (0xA960, 0xA97F), (0xAC00, 0xD7FF)],
    "kana": [(0x3040, 0x30FF), (0xFF66, 0xFF9F)],
    "half-width kana": [(0xFF66, 0xFF70), (0xFF9D, 0xFF9F)],
    "punctuation": [(0x2000, 0x206F), (0x3000, 0x303F)],
    "forms": [(0xFE10, 0xFFEF), (0xFB00, 0xFB17)],
    "radicals": [(0x2E80, 0x2FDF), (0xF900, 0xFAFF)],
    "han": [(0x4E00, 0x9FFF), (0x3400, 0x34FF), (0x20000, 0x20100), (0x2F800, 0x2FA1F)],
    "emoji": [(0x1F1E6, 0x1F1FF), (0x1F300, 0x1F64F), (0x1F900, 0x1F9FF), (0x1F3FB, 0x1F3FF)],
    "joined": [(0x200B, 0x200D), (0xFE0E, 0xFE0F), (0x1F466, 0x1F469), (0x93E, 0x94D), (97, 98)],
    "joined signs": [(0x200D, 0x200D), (0x1F466, 0x1F469), (0xE31, 0xE34), (0x300, 0x301)],
    "astral": [(0x10000, 0x1FFFF)],
    "late": [(0x11000, 0x11FFF), (0x1E000, 0x1EFFF), (0x16E40, 0x16EBF)],
    "surrogates": [(0xD800, 0xDFFF), (0x61, 0x64)],
    "any": [(0, 0x10FFFF)],
}
_CHINESE = "房间很干净 服务热情 隔音太差 （组图） (图) [泪] [[泪] 好 不好 。 ， ！ ( （ [ ]"
_ENGLISH = "a wonderful film don't Don’t isn't a'b'c' WONDERFUL İstanbul ΟΔΟΣ Straße ﬁlm ' '' -"
_HTML = "<br /> </p> <b &nbsp; &#12345; &#xfeff; &; <a'x'> <<i>> &amp &#1234567; < > &"
_OTHER = (
    "ＷＯＮＤＥＲ ﾊﾟﾋﾞ สวัสดี\u200bครับ ก\u0e4d\u0e48า ກ\u0ec8\u0ecdາ \u0e40\u0e40 \u0ec0\u0ec0 "
    "e\u0301 a\u0323\u0307 "
    "👨‍👩‍👧 🇩🇪🇫🇷 👍🏽 ❤️ क्‍ष می‌خواهم 각 \u1112\u1161\u11ab \ufeff \u200d"
)
_RARE = (  # what a rule speaks of and chance seldom meets
    "กข\u200babc กข\u200bขก ab\u200bขก 👩\u0e34\u200d👩🏽\u200d👧ab 👩\u0e34\u200d👩\u200d👧 "
    "＜br／＞ ＜br＞ ［泪］ ＆nbsp； ﾝﾞ ｶﾞ ﾊﾟﾞ क\u094d\u200dष क\u200dष ب\u200cب a\u200db "
    "\u0344 \u0958 \ufb49 \u2126 ＡＡ\u030a ＫA\u030a"
)
_BLANKS = [" ", "  ", "\n", "\t", "\u3000", "\u00a0", "\u2028", "\x1c", "\x85"]
_PIECES = [
    *(piece for row in (_CHINESE, _ENGLISH, _HTML, _OTHER, _RARE) for piece in row.split(" "))
]


def _paired(text):
    """The text with a pair of surrogates as one character, as JavaScript reads it."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _characters(draw, kinds, length):
    made = []
    for _ in range(length):
        first, last = draw.choice(_RANGES[draw.choice(kinds)])
        made.append(chr(draw.randint(first, last)))
    return "".join(made)


def text(draw):
    """One text."""
    parts = []
    for _ in range(draw.choice([0, 1, 1, 2, 3, 5])):
        kind = draw.random()
        if kind < 0.5:
            parts += draw.choices(_PIECES, k=draw.randint(1, 6))
        elif kind < 0.52:
            parts.append(draw.choice(_PIECES) * draw.choice([20, 50, 400]))
        else:
            kinds = draw.sample([*_RANGES], draw.choice([1, 1, 2, 3]))
            parts.append(_characters(draw, kinds, draw.choice([1, 2, 4, 8, 40])))
        parts.append(draw.choice(["", "", *_BLANKS]))
    whole = "".join(parts)
    if draw.random() < 0.1:
        whole = unicodedata.normalize("NFD", whole)
    if draw.random() < 0.1:
        whole = whole.upper()
    return _paired(whole)


def texts(count, seed, long=0):
    """Many texts, the first of them empty; the last made of `long` ones."""
    draw = random.Random(seed)
    made = ["", *(text(draw) for _ in range(count - 1))]
    return [*made, _paired("".join(text(draw) for _ in range(long)))] if long else made


def cut_words(limit):
    """Texts in which the beginning that is read first ends in every place of a word."""
    size = 16 * (limit + 32)
    for words in (limit - 2, limit - 1, limit):
        for before in range(1, 8):
            begun = "a " * words
            yield f"{begun}{' ' * (size - len(begun) - before)}don't stop ผู้หญิง"


def long_words():
    """Words of known n-grams that are about as long as what is read of a word."""
    return [("wonderful" * 12)[first:last] for first in (0, 2) for last in range(98, 106)]


def every_character():
    """Texts with each character that rules speak of, behind a letter and before a Thai one."""
    blocks = [(0, 0x3400), (0xA000, 0xAC00), (0xD7A0, 0x12000), (0x16800, 0x17000)]
    blocks += [(0x1AF00, 0x20000), (0x2F800, 0x2FA20), (0xE0000, 0xE0200)]
    codes = [code for block in blocks for code in range(*block)]
    for start in range(0, len(codes), 64):
        yield "".join(f"A{chr(code)}ก{chr(code)} " for code in codes[start : start + 64])
