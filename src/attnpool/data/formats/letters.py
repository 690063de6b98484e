"""The letters of languages, the most frequent first, and the encodings that write them.

A legacy encoding is recognised by what its bytes would spell (`guess.py`).
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple


class Language(NamedTuple):
    """A language, or several that share letters and encodings.

    Attributes:
        letters: The share of each group of letters, and the group, the most frequent first. Of
            languages with Latin letters: those beyond ASCII.
        encodings: The encodings of such files, and how rare each is: the natural logarithm of its
            prior probability.
        standard: The codec of a national standard, and its rows of common and of rare characters:
            first and last lead byte, and the share of all characters.
    """

    letters: tuple[tuple[float, str], ...]
    encodings: dict[str, float]
    standard: tuple[str, tuple[tuple[int, int, float], ...]] | None = None


MARKS = "’“”‘–—…«»„‚€£°·•§©®™½²³´×¡¿ªº\u00a0"
"""Characters of any language in a one-byte encoding that are no letters."""

WIDE_MARKS = "，。、！？：；（）“”…—《》「」『』～‧·ー・　‘’【】〜％＋／１２３４５６７８９０★"
"""Punctuation of East Asia."""

_SIMPLIFIED = (
    "的一是了不在有大中国和为这上他个地年来我会以到时要出生学说道民家子也成行下们于后就发自之对得主长可过天作分方用多你着"
    "部能市等业全里工公经本都而高政法面门动日进区事代那去心小同北定开产前其军还然起种所如现理机体表力好外与文当两实重新三么"
    "只山水关明从化平建又制南内西没此将员名手最东头者月间无安看见各城十相但已些正口通想度加第她合院物性战由位常点海意场使次"
    "二向治因立数样身情入原问把路被并利老教万知级量任江及应省资委务元美特期世湖回系比气总展电科金先声提品设或义王社很统处四"
    "首共马形己儿目基直计别女权话少流命至报给打变果书清活几解议更称程决张导术府才保交放管结师便走达反再题色五条接式白它改风"
    "光运信受什组听济强做取选记真却号件花类何眼兵传带空边联古广完质难增每住商步认车台必死言求德叫近非感转该始让思根格际亲"
    "房店酒差吃服务早餐板床卫干净吵贵环境订屋洗澡态热情推荐喜欢慢坏脏隔音太满便宜惊客满退款货质"
)
_TRADITIONAL = (
    "的一是不了有在人我他這個中大來上國為到說時要就出會可也你對生能而子那得著下自之年過發後作裡用道行所然家種事成方多經麼去"
    "法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知"
    "全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位"
    "次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量"
    "再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象"
    "完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運房間飯店餐廳服務櫃檯環境乾淨"
    "隔音冷氣漏水電梯地毯態度親切早餐豐盛差糟糕吃喝買賣價錢貴便宜推薦喜歡失望滿意味道非常真的老闆請謝漂亮灣臺台港嗎呢吧啊"
    "喺嘅咗唔係冇佢哋嚟啲咁嘢點睇"
)
_HIRAGANA = (
    "のにるたとはしいをでてがなれからさっりすあもこまうくよきんめおけそつだやえどわちみせじばへびずろほげむべひょゆぶごゃねふぐぎ"
    "ぼゅづざぞぬぜぱぽぷぴぃぁぇぺぢぉぅゐゑゝゞ"
)
_KATAKANA = (
    "ンスルトリイアラックドシレジタフロカテマィグバムプオコデニウメサビナブャエュチキズダパミェョハセベガモツネボソノァヴワポペ"
    "ピケゴギザホゲォヤヒユヨヘゼヌゥゾヶヂヲヅヵヱヰヮ"
)
_KANJI = (
    "日一人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校国語"
    "事自社者地業方場員立開手力問代明動京目通言理体田主題意不作用度強公持野思家世多正安院心界教文元重近画海売知道集別物使品計"
    "死特私始朝運終台広住真有口少町料工建空急止送切転研究楽起着店病質待試早映験味写字答夜音注帰買悪図室歩風白色走駅服食飲飯"
    "部屋清潔感対応良丁寧満足価格最美便利説明残念遅壊返商品届汚親静快適朝湯温泉景予約接客無料以上全然思次回同当合実現相定連"
)
_HANGUL = (
    "이다는에의로하을가고지서한은기으년대사시를리도인스일해그자나아들정어부있수라여제상장전만것보주원면구해비모과조세마실공진유중"
    "신소되우동위안성습니었았했무너정말좋없관음오게요건물방내단때생경미배문산계연국개적물거절직원친청깨끗맛식당감분네추천러데트"
    "드려까운발많같른후더저히든밥또품질격싸고별로쁘느꼈편터바반표회크던번타말번행속께선라통화간업입차근남양치학교명결여파종"
    "임설열권호석예각울살란쓰출평복최집피야키처음박점침넓력용새벽외형료재포강군불할면돈망실약환매녁"
)
_RUSSIAN = "оеаинтсрвлкмдпугяызбйьчхжцюшщэфъё"
_UKRAINIAN = "оаніирвтеслкудмпзяьбгйчхцїжєюшщфґ’"
_BULGARIAN = "аиоентрсвлкдпмзгяъубчцйжщхшюфь"
_SERBIAN = "аиоенрсуткјвдмплгзбцњчшћђљжхфџ"
_GREEK = "ατοιενρσκηπςυμλίόάγέδήωχθύφβζξώψϊΐϋΰ"
_HEBREW = "יוהלרבתמאשנעםדקחפסכגטצןזךףץ"
_ARABIC = "اليمونرتبةعدسفهكقأحجشطصىخإذضزثغءئؤآظ،؟"
_PERSIAN = "ایردنهومتبسلکشزفگعخقجآپحطصچغذضژظ\u200c،؟"
_THAI = "านรอกเ่งมยลว้ดทัสตีะิปบคหแ็จพชขใไุูโณึืผธซ์ถฟศฉญฝภำษฐๆฮฬฎฆฏฌฑๅฯ๑๒๓๔๕๖๗๘๙๐"
_LATIN = {
    "de": "üäößÜÖÄé",
    "fr": "éèàêçîôùûâëïœÉÀÇæÊÈ",
    "es": "óíáéñúü¿¡ÁÉÓÍÚÑ",
    "pt": "ãáéçíóêõâúàôüÉÁÓÚÀ",
    "it": "èàòùìéÈÀ",
    "north": "äåöøæéÅÄÖØÆëïóèü",
}
_CENTRAL = {
    "pl": "łęąóżśćźńŻŁŚÓ",
    "cz": "íáéěřýčžšůúťďňöŘČŠŽÚĚ",
    "sk": "áýíčéžšúľťôďäňĺŕóŠČŽÚ",
    "hu": "éáóöőíüúűÉÁÖÓŐÍÜÚ",
    "hr": "čšžćđČŠŽĆĐ",
    "ro": "ăîâşţÎŞŢ",
}
_WEST = {"cp1252": 0.0, "iso8859-15": -2.0, "mac_roman": -4.0, "cp850": -5.0, "latin-1": -3.0}
_EAST = {"cp1250": -2.0, "iso8859-2": -3.0, "cp852": -5.0}
_CYRILLIC = {
    "cp1251": 0.0,
    "koi8-r": -2.0,
    "cp866": -3.0,
    "koi8-u": -3.0,
    "iso8859-5": -4.0,
    "mac_cyrillic": -5.0,
}


def _latin(letters: str, encodings: dict[str, float], marks: float = 0.3) -> Language:
    return Language(((1 - marks, letters), (marks, MARKS)), encodings)


def _one_byte(letters: str, encodings: dict[str, float], *, capitals: bool) -> Language:
    groups = [(0.92, letters), (0.05, MARKS)]
    if capitals:
        groups.append((0.03, "".join(c.upper() for c in letters if len(c.upper()) == 1)))
    return Language(tuple(groups), encodings)


@cache
def languages() -> dict[str, Language]:
    """All languages, by a short name."""
    wide = (0.12, WIDE_MARKS)
    return {
        "zh": Language(
            ((0.75, _SIMPLIFIED), wide),
            {"gb18030": 0.0},
            ("gb2312", ((0xB0, 0xD7, 0.1), (0xD8, 0xF7, 0.01))),
        ),
        "zh-Hant": Language(
            ((0.75, _TRADITIONAL), wide, (0.01, _KATAKANA), (0.003, _HIRAGANA)),
            {"cp950": -0.5, "big5": -1.0, "big5hkscs": -1.5, "gb18030": -4.0},
            ("big5", ((0xA4, 0xC6, 0.1), (0xC9, 0xF9, 0.01))),
        ),
        "ja": Language(
            ((0.45, _HIRAGANA), (0.13, _KATAKANA), (0.22, _KANJI), wide),
            {"cp932": -0.5, "euc_jp": -1.0, "gb18030": -8.0},
            ("euc_jp", ((0xB0, 0xCF, 0.08), (0xD0, 0xF4, 0.01))),
        ),
        "ko": Language(
            ((0.8, _HANGUL), (0.05, WIDE_MARKS)),
            {"cp949": -0.5, "johab": -5.0},
            ("euc_kr", ((0xB0, 0xC8, 0.1), (0xCA, 0xFD, 0.001))),
        ),
        "en": _latin("éèïöüñçàêûâôî", _WEST, marks=0.8),
        **{name: _latin(letters, _WEST) for name, letters in _LATIN.items()},
        **{name: _latin(letters, _EAST) for name, letters in _CENTRAL.items()},
        "tr": _latin("ıüşçğöİâŞÇÖÜ", {"cp1254": -1.0}),
        "baltic": _latin("āėšūžīčųąēõäöüņļįęķģŠŽ", {"cp1257": -1.5}),
        "vi": _latin("đàáâêôươăạ\u0301\u0300\u0323\u0309\u0303éèóòíìúùýãõĐ", {"cp1258": -1.5}),
        "ru": _one_byte(_RUSSIAN, _CYRILLIC, capitals=True),
        "uk": _one_byte(_UKRAINIAN, {**_CYRILLIC, "koi8-u": -2.0}, capitals=True),
        "bg": _one_byte(_BULGARIAN, _CYRILLIC, capitals=True),
        "sr": _one_byte(_SERBIAN, {"cp1251": -1.0, "iso8859-5": -4.0}, capitals=True),
        "el": _one_byte(_GREEK, {"cp1253": -0.5, "iso8859-7": -1.5}, capitals=True),
        "he": _one_byte(_HEBREW, {"cp1255": -0.5, "iso8859-8": -2.0}, capitals=False),
        "ar": _one_byte(_ARABIC, {"cp1256": -0.5, "iso8859-6": -2.0}, capitals=False),
        "fa": _one_byte(_PERSIAN, {"cp1256": -1.5}, capitals=False),
        "th": _one_byte(_THAI, {"cp874": -0.5, "iso8859-11": -1.5}, capitals=False),
    }
