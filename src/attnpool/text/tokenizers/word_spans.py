r"""Where the words of a text begin and end, the same in every installation.

The words are those of the pattern that `tokenizer.json` holds. What its `\w`, `\p{Han}` and `\X`
mean depends on the version of Unicode that a library was built with: Oniguruma, which Hugging Face
`tokenizers` uses, `regex` and each Python have another one. So the kind of each code point is
written down here, as Oniguruma has it in `tokenizers` 0.23 (Unicode 16), and a model reads a text
alike wherever it is loaded. Characters that Unicode got later are signs, each a token by itself.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from attnpool._shapes import Int, Integer
from attnpool.text.code_points import code_points
from attnpool.text.look_alikes import SPACELESS

# RUNS has the kinds of all code points from U+0000 on, each with the length of its run; behind the
# last run there are only signs. The kind of a capital is that of its lower case.
#   _        white space
#   .        a sign, Han or kana, a token by itself; ' is an apostrophe, p a pictograph
#   w        a letter, figure or underscore (\w); q is a pictograph too
#   T        the same in a script without spaces
# and those that stay with the character before them (\X), or are marks (\p{M}), or both:
#   m n v e  like w; m, n and v are marks; m and e extend (Unicode's Extend), n is a spacing mark
#   M N V S  like T; M, N and V are marks; M extends, N and S are spacing marks
#   j k z    like a sign; j and k extend, k is a mark, z is the zero-width joiner
RUNS = """
.9_5.18_.6'.8w10.7w26.4w.w26.10_.26_.8pw.3p.6w.4w.5w23.w31.w458.4w12.14w5.7w.w.17m112w5.w2.2w4.w.6
w.w3.w.w20.w83.w139.m7w166.w38.2w.6w41.8m45.m.m2.m2.m.8w27.4w4.29m11.5w43m21w10.4w2mw99.wm7.2m6w2
m2.m4w15.2w.16wmw30m27.2w89m11w.14w43m9w2.4w.2m.2w22m4wm9wm3wm5.18w25m3.4w11.5w24.w6.8m9w42m24.m32
nw54mnmwn3m8n4mn2wm7w10m2.2w10.w16mn2.w8.2w2.2w22.w7.w.3w4.2mwmn2m4.2n2.2n2mw.8m.4w2.w3m2.2w12.10w
.m.2m2n.w6.4w2.2w22.w7.w2.w2.w2.2m.n3m2.4m2.2m3.3m.7w4.w.7w10m2w3m.11m2n.w9.w3.w22.w7.w2.w5.2mwn3
m5.m2n.n2m.2w.15w2m2.2w10.9wm6.mn2.w8.2w2.2w22.w7.w2.w5.2mwm2nm4.2n2.2n2m.7m3.4w2.w3m2.2w10.w.16mw
.w6.3w3.w4.3w2.w.w2.3w2.3w3.3w12.4mnmn2.3n3.n3m.2w.6m.14w10.16mn3mw8.w3.w23.w16.2mwm3n4.m3.m4.7m2.
w3.2w.2w2m2.2w10.16wmn2.w8.w3.w23.w10.w5.2mwnm2nmn2.m3.m4.7m2.6w2.w2m2.2w10.w2n.12m2n2w9.w3.w41m2w
mn2m4.n3.n3mw.5w3m.7w3m2.2w10.10w6.mn2.w18.3w24.w9.w.2w7.3m.4mn2m3.m.n7m.6w10.2n2.13T48MTSM7.5T7M8
.T10.39T2.T.T5.T24.T.T10MTSM9T.2T5.T.M7.T10.2T4.32w.23m2.6w10.11m.m.m.4n2w8.w36.4m14nm5.m2w5m11.
m36.9m.57T43V2M4NM6VM2N2M2T11.6T6N2M2T4M3TV3T2V7T3M4T13MVNM2V6MTVT10V3M.2w38.w.5w.2w43.w333.w4.2w7
.w.w4.2w41.w4.2w33.w4.2w7.w.w4.2w15.w57.w4.2w67.2m3.32w16.16w86.2w6.3w620.2w17_w26.5w75.3w11.7w18
m4.9w19m3.11w18m2.12w13.w3.m2.12T52M2NM7N8MN2M11.3T.4TM.2T10.33m3.mw10.6w89.7w5m2w34mw.5w70.10w31.
m3n4m2n3.4n2mn6m3.10w10T30.2T5.11T44.4T26.6T10.38w23m2n2m.4T53NMNM7.MVMV2M8N6M10.2MT10.6T10.13T.8
m31.49M4NT47M10N4M3T8.3T10.17M9.12m2nw30nm4n2m6w56mnm2n3mnm5.12w36n8m8n2m2.8w10.3w49.2w11.5w43.2w3
.16m3.m13nm7w4mw6mw2nm2w.5w192m64w278.2w6.2w38.2w6.2w8.w.w.w.w31.2w53.w7.w.3w3.w7.3w4.2w6.4w13.5w3
.w7.3_11.jz.11'.14_2.5_.12p.2w2.8p.10w.10_.17w.13w.16w13.51m33.17w.4w.2w10.w.3w5.4p.w.w.w.w4.w10q
.2w4.5w5.4w.17w41.11p6.15p2.367p2.12p.95p.70p.25p11.4p3.187w52.192p2.10p.9p.58p4.p6.p12.p114.10
p118.2p11.p.p.6p.3p.6p.10p2.15p.2p.4p.p.4p3.p.11p5.45p3.9p.14p.14p.372p2.463p3.19p2.51p.4p.170w229
.6w4m3w2.12w38.w.5w.2w56.7w.15mw23.9w7.w7.w7.w7.w7.w7.w7.w7.m32.47w.464_.5w.35m6pw5.6wp.91m2.97w.8
w43.w94.17w32.215p.p.28006w1165.67w46.2w269.3w28.20w47m4.m10.w31m2w80m2.37w9.2w103.2w67.2w13.21w16
mw3mw4mw23n2m2n.4m.19w52.12n2w50n16m2.10w10.6m18w6.3w.w2mw38m8.2w23m11nm.12w29.3M3NT47MN2M4N2M2N2M
.14T11.6T5MT25.w41m6n2m2n2m2.9w3mw8mn.2w10.6T23.3TVMVT50MTM3T2M2T5M2TMT.24T3.2w11nm2n2.2w3nm.10w6
.2w6.2w6.9w7.w7.w43.w14.6w115n2mn2mn2.nm.2w10.6w11172.12w23.4w49.8964w7.12w5.5wmw10.w13.w5.w.w2.w2
.w108.33w363.18w64.2w54.40w12.4m16.16m16.3w2.24w3.32w5.w135.19w10.7w26.4w.w26.21w.45e2w31.3w6.2w6
.2w6.2w3.35w12.w26.w19.w2.w15.2w14.34w123.69w53.136m.130w29.3w49.15m.31w32.13w30.5w38m5.5w30.2w36
.4w8.w5.42w158.2w10.6w36.4w36.4w40.8w52.12w11.w15.w7.w2.w11.w15.w7.w2.3w52.12w311.9w22.10w8.24w6.
w42.w9.69w6.2w.w44.w2.3w.2w23.10w23.9w31.65w19.w2.10w22.10w26.70w56.6w2.64wm3.m2.5m4w4.w3.w29.2m3
.4m.32w29.3w29.35w8.w28m2.25w54.10w22.10w19.13w18.110w73.55w51.13w51.13w36m4.8w10.6w38.3m5.w23.250
w42.m2.3w2.16w3.55m4w29.10w.8w22m11.31w18m4.42w21.27w23.9nmnw53m15.31w10mw2m2w.9m3nw45n3m4n2m2.7m
.13w25.7w10.6m3w36m5nm8.w10.4wn2w.8w35m.2w.9m2nw48n3m9nmw4.4m4.nmw11.w.35w18.w25n3m3n2m4.6mw2m.62
w7.w.w4.w15.w10.7w47mn3m8.5w10.6m2n2.w8.2w2.2w22.w7.w2.w5.m2wmnmn4.2n2.2n2m.2w.6m.5w5n2.2m7.3m5.11
w10.w.2w.w38.wmn2m6.m.2m.m3n.n2m3wmw.13m2.29w53n3m8n2m3nmw4.5w10.4mw3.30w48mn2m6nmn2mnm2nm2w2.w.8
w10.166w47mn2m4.2n4m2nm2.23w4m2.34w48n3m8n2mnm2.3w.11w10.38w43mnmn2m8w.7w10.6w20.28w27.2mnmv2m4nm5
.4w10.6w7.185w44n3m9nm2.101w74.21w8.2w.2w8.w2.w24mn5.n2.2m4wnwnm.12w10.70w8.2w39n3m4.2m2n4mw.wn.27
wm10w40m6nwm4.8m.8wm6n2m3w46m13nm2.3w.18w73.199w33.15w10.6w9.w37nm7.m6nmw.15w10.24w30.2m22.nm7nm2n
m2.73w7.w2.w38m6.3m.m2.m7wm.8w10.6w6.w2.w32n5.m2.n2mnmw.7w10.310w19m2n2.9m2wnw13.w34n2m5.3n2m3.13
w10m.85w.79w922.102w111.17w196.2636w97.15w1072.16mw6m15.10w3995.5w583.6841w30m12n3m3w10.1734w569.7
w31.w10.6w79.w10.6w30.2m5.11w48m7.9w4.12w10.9w21.5w19.432w45.3w10.198w64.128w75.4mwn55.7m4w13.64w2
.2m.11k2.14w6136.8w1238.41w10.9319w396.2308w107.5w13.3w9.7w10.3m2.4177w10.518m46.2m23.542m5.3m6.8
m8.2m7.30m4.148m3.443w85.w71.w2.2w.2w2.2w4.w12.w.w7.w65.w4.2w8.w7.w28.w4.w5.w.3w7.w340.2w25.w25.
w31.w25.w31.w25.w31.w25.w31.w25.w8.2w50.512m55.4m50.8m.14m.22m5.m15.1104w31.6w6.213m7.m17.2m7.m2.
m5.5w62.33m.112w45.3m7w7.2w10.4w.321w30m.17w44m4w10.470w28m4w10.214w30m2w11.485w7.w4.w2.w15.w197
.11m7.41w68m7w.4w10.1190w4.w27.w2.w.2w.w10.w4.w.w.6w.4w.w.w.w3.w2.w.2w.w.w.w.w.w2.w.2w4.w7.w4.w4.w
.w10.w17.5w3.w5.w17.324p256.13p3.31pw26.6w26.2p4q2w12q2w10.4p.2p10.18p57.27p15.10p.20p.2p9.p4.9
p434j5p318.8p266.48p128.116p12.85p43.12p4.56p8.10p6.40p8.30p82.12p47.p10.p441.240w10.6p1022.786466
j96.128m240
"""
_SPACE = ord("_")

_WORD, _SPACELESS = "wqmnve", "TMNVS"
_EXTEND, _MARK = "mejkM", "mnvkMNV"
_STAY = f"{_EXTEND}nNSzP"

_WORDS = re.compile(rf"[{_WORD}{_SPACELESS}]++(?:'[{_WORD}{_SPACELESS}]++)*+|[^_]".encode())
_WORDS_AND_CLUSTERS = re.compile(
    rf"[{_WORD}]++(?:'[{_WORD}]++)*+|[{_SPACELESS}][{_STAY}]*+[{_MARK}]*+|[^_]".encode()
)
# Pictographs that joiners make one cluster. A vowel sign in it begins a token, with which the
# pictographs behind it, then of the kind P, stay.
_JOINED = re.compile(rb"([pq][mejk]*+M[mejkM]*+z)([pq](?:[mejkM]*+z[pq])*+)")

# The same two in the terms of Hugging Face `tokenizers`, to which tokenizer.json is written: a Han
# or kana character; a word, with its inner apostrophes (don't); any other single sign; a letter
# with all its vowel signs, where words have no spaces between them.
_CJK = r"\p{Han}\p{Hiragana}\p{Katakana}"
_SAVED = rf"[{_CJK}]|" r"[\w&&[^{alone}]]+(?:['’][\w&&[^{alone}]]+)*|[^\w\s]"
_ESCAPED = "".join(c if c == "-" else rf"\x{{{ord(c):04x}}}" for c in SPACELESS)
_SAVED_CLUSTER = rf"|(?=[{_ESCAPED}])\X\p{{M}}*"


@cache
def _kinds() -> Integer[np.ndarray, "codes"]:
    """The kind of each code point, as a byte; the last entry is for all beyond the table."""
    runs = re.findall(r"(\D)(\d*)", RUNS.replace("\n", ""))
    kinds = np.frombuffer("".join(kind for kind, _ in runs).encode(), dtype=np.uint8)
    return np.append(kinds.repeat([int(length or 1) for _, length in runs]), np.uint8(ord(".")))


def word_spans(
    text: str, *, clusters: bool = False
) -> tuple[Int[np.ndarray, "words"], Int[np.ndarray, "words"]]:
    """The offsets at which the words of a text begin, and those at which they end.

    All that is not white space belongs to a word, and no word holds white space.

    Args:
        text: The text; any string will do, lone surrogates too.
        clusters: Whether a letter with its vowel signs is a word in scripts that have no spaces
            between words; otherwise what stands between two spaces is one.
    """
    kinds = _kinds().take(code_points([text]), mode="clip")
    spelt = kinds.tobytes()
    if clusters and b"z" in spelt:
        spelt = _JOINED.sub(lambda match: match[1] + re.sub(rb"[pq]", b"P", match[2]), spelt)
    found = (_WORDS_AND_CLUSTERS if clusters else _WORDS).findall(spelt)
    sizes = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    starts = np.flatnonzero(kinds != _SPACE)[np.cumsum(sizes) - sizes]
    return starts, starts + sizes


def saved_pattern(*, clusters: bool = False) -> str:
    """The pattern of these words as `tokenizer.json` holds it.

    Args:
        clusters: As for `word_spans`.
    """
    alone = _CJK + _ESCAPED if clusters else _CJK
    return _SAVED.replace("{alone}", alone) + _SAVED_CLUSTER * clusters
