"""Names and texts that would act on a terminal, and what of them came to one."""

import re
import unicodedata

# Magenta on magenta, which nothing of ours is: a code of colours too is known for theirs.
CODES = "\x1b[35m\x1b[45m\x1b[2J\x1b[1A\x1b]title\x07\x1b[8m\x9b35m\x9d\x90\x08\x7f\x0e\r"
MARKS = (
    "\u202e\u202d\u202a\u202b\u2066\u2067\u2068\u200e\u200f\u061c\u206a\u2028\u2029\x85\U000e0041"
)
HOSTILE = f"a{CODES}{MARKS}z"
FAKE = f"{HOSTILE}\nattnpool: all is well\n"
FLAG = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
KEPT = f"👩\u200d👩\u200d👧 e\u0301 مرحبا می\u200cخواهم 房间 नमस्\u200dते {FLAG}"
COLOURS = re.compile(r"\x1b\[([0-9;]*)m")
BARS = re.compile(r"\r(?=\n)|\r(\x1b\[1A)?\x1b\[2K|\x1b\[\?25[hl]")
BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def faults(seen):
    """What acts on a terminal in what came to a screen, but for codes of ours."""
    text = seen.decode()  # UTF-8, and nothing else
    for code in COLOURS.findall(text):
        assert not {"35", "45", "8"} & set(re.sub(r"[34]8;[25](;\d+)+", "", code).split(";")), code
    text = BARS.sub("", COLOURS.sub("", text)).replace(FLAG, "")
    return {
        f"U+{ord(char):04X}"
        for char in text
        if (unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} and char not in "\n\t")
        or unicodedata.bidirectional(char) in BIDI
        or char in "\u200e\u200f\u061c"
        or 0x206A <= ord(char) <= 0x206F
        or 0xE0000 <= ord(char) <= 0xE007F
    }
