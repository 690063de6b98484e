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
    "thai vowels": [(0xE30, 0xE4E), (0xEB0, 0xECE)],
    "southeast": [(0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x1AAF), (0x1B00, 0x1BFF)],
    "jamo": [(0x1100, 0x1112), (0x1161, 0x1175), (0x11A7, 0x11C2), (0xAC00, 0xAC40)],
    "hangul": [(0x1100, 0x11FF), (0xA960, 0xA97F), (0xAC00, 0xD7FF)],
    "kana": [(0x3040, 0x30FF), (0xFF66, 0xFF9F)],
    "half kana": [(0xFF66, 0xFF70), (0xFF9D, 0xFF9F)],
    "punctuation": [(0x2000, 0x206F), (0x3000, 0x303F)],
    "forms": [(0xFE10, 0xFFEF), (0xFB00, 0xFB17)],
    "radicals": [(0x2E80, 0x2FDF), (0xF900, 0xFAFF)],
    "han": [(0x4E00, 0x9FFF), (0x3400, 0x34FF), (0x20000, 0x20100), (0x2F800, 0x2FA1F)],
    "emoji": [(0x1F1E6, 0x1F1FF), (0x1F300, 0x1F64F), (0x1F900, 0x1F9FF), (0x1F3FB, 0x1F3FF)],
    "joined": [
        (0x200B, 0x200D),
        (0xFE0E, 0xFE0F),
        (0x1F466, 0x1F469),
        (0x93E, 0x94D),
        (0x61, 0x62),
    ],
    "astral": [(0x10000, 0x1FFFF)],
    "late": [(0x11000, 0x11FFF), (0x1E000, 0x1EFFF), (0x16E40, 0x16EBF)],
    "surrogates": [(0xD800, 0xDFFF), (0x61, 0x64)],
    "any": [(0, 0x10FFFF)],
}
_PIECES = [
    *(
        "房间很干净",
        "服务热情",
        "隔音太差",
        "（组图）",
        "(图)",
        "[泪]",
        "[[泪]",
        "好",
        "不好",
        "。",
        "，",
        "！",
    ),
    *(
        "a",
        "wonderful",
        "film",
        "don't",
        "Don’t",
        "isn't",
        "WONDERFUL",
        "İstanbul",
        "ΟΔΟΣ",
        "Straße",
        "ﬁlm",
    ),
    *(
        "<br />",
        "</p>",
        "<b",
        "&nbsp;",
        "&#12345;",
        "&#xfeff;",
        "&;",
        "<a href='x'>",
        "<<i>>",
        "&amp",
    ),
    *(
        "ＷＯＮＤＥＲ",
        "ﾊﾟﾋﾞ",
        "ก\u0e4d\u0e48า",
        "ກ\u0ec8\u0ecdາ",
        "\u0e40\u0e40",
        "\u0ec0\u0ec0",
        "สวัสดี\u200bครับ",
    ),
    *(
        "👨‍👩‍👧",
        "🇩🇪🇫🇷",
        "👍🏽",
        "❤️",
        "क्‍ष",
        "می‌خواهم",
        "e\u0301",
        "a\u0323\u0307",
        "각",
        "\u1112\u1161\u11ab",
    ),
    *(
        " ",
        "  ",
        "\n",
        "\t",
        "\u3000",
        "\u00a0",
        "\u2028",
        "\x1c",
        "\x85",
        "\ufeff",
        "'",
        "''",
        "-",
        "\u200d",
    ),
]


def _unpaired(text):
    """The text with no half of a pair before another, which JavaScript reads as one character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _characters(draw, kinds, length):
    made = []
    for _ in range(length):
        first, last = draw.choice(_RANGES[draw.choice(kinds)])
        made.append(chr(draw.randint(first, last)))
    return "".join(made)


def text(draw, words=()):
    """One text."""
    pieces, parts = [*_PIECES, *words], []
    for _ in range(draw.choice([0, 1, 1, 2, 3, 5, 9])):
        kind = draw.random()
        if kind < 0.5:
            parts += draw.choices(pieces, k=draw.randint(1, 6))
        elif kind < 0.52:
            parts.append(draw.choice(pieces) * draw.choice([20, 50, 400]))
        else:
            kinds = draw.sample([*_RANGES], draw.choice([1, 1, 2, 3]))
            parts.append(_characters(draw, kinds, draw.choice([1, 2, 4, 8, 40])))
        parts.append(draw.choice(["", "", " "]))
    whole = "".join(parts)
    if draw.random() < 0.1:
        whole = unicodedata.normalize("NFD", whole)
    if draw.random() < 0.1:
        whole = whole.upper()
    return _unpaired(whole)


def texts(count, seed, words=()):
    """Many texts, among them an empty one and a very long one."""
    draw = random.Random(seed)
    made = [text(draw, words) for _ in range(count - 2)]
    long = "".join(text(draw, words) for _ in range(400))
    return ["", *made, _unpaired(long)]
