"""Text typed in fonts older than Unicode: TCVN3 (.VnTime) and VNI (VNI-Times).

Such fonts show Vietnamese letters for other signs: "Kh«ng cã" in .VnTime looks like "Không có". A
text is taken for one of them only where that makes every word of it a Vietnamese syllable, and
where as it stands some word is none.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

# TCVN 5712:1993 (VN3) as Windows-1252 shows it
_TCVN3 = {
    "aàáảãạ": "aµ¸¶·¹",
    "ăằắẳẵặ": "¨»¾¼½Æ",
    "âầấẩẫậ": "©ÇÊÈÉË",
    "eèéẻẽẹ": "eÌÐÎÏÑ",
    "êềếểễệ": "ªÒÕÓÔÖ",
    "iìíỉĩị": "i×ÝØÜÞ",
    "oòóỏõọ": "oßãáâä",
    "ôồốổỗộ": "«åèæçé",
    "ơờớởỡợ": "¬êíëìî",
    "uùúủũụ": "uïóñòô",
    "ưừứửữự": "\u00adõøö÷ù",
    "yỳýỷỹỵ": "yúýûüþ",
    "đĂÂÊÔƠƯĐ": "®¡¢£¤¥¦§",
}
# VNI for Windows: a letter, and behind it a sign for its accents
_VNI_TONES = {"a": "øùûõï", "e": "øùûõï", "o": "øùûõï", "u": "øùûõï", "y": "øùûõ"}
_VNI_CIRCUMFLEX = "âàáåãä"
_VNI_BREVE = "êèéúüë"
_VNI_SINGLE = {
    "ì": "ì",
    "í": "í",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "î": "ỵ",
    "ñ": "đ",
    "ô": "ơ",
    "ö": "ư",
}
_TONES = "\u0300\u0301\u0309\u0303\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"

_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"[aăâeêioôơuưy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)
_WORD = re.compile(r"[^\s\d.,;:!?()\[\]/\\\"'“”‘’+*=%&<>_-]+")


def spellings(text: str) -> Iterator[str]:
    """The text as it stands, then as old fonts show it."""
    yield text
    if not text.isascii():
        yield from_tcvn3(text)
        yield from_vni(text)


def readable(text: str) -> str:
    """The text in Unicode: converted where only that makes it Vietnamese, else as it stands."""
    if text.isascii() or _vietnamese(text):
        return text
    found = [each for each in (from_tcvn3(text), from_vni(text)) if _vietnamese(each)]
    return found[0] if len(found) == 1 else text


def from_tcvn3(text: str) -> str:
    return text.translate(_tcvn3_table())


def from_vni(text: str) -> str:
    table = _vni_table()
    out: list[str] = []
    place = 0
    while place < len(text):
        two, one = text[place : place + 2], text[place]
        if len(two) == 2 and two in table:
            out.append(table[two])
            place += 2
        else:
            out.append(table.get(one, one))
            place += 1
    return "".join(out)


@cache
def _tcvn3_table() -> dict[int, str]:
    return {
        ord(sign): letter
        for letters, signs in _TCVN3.items()
        for letter, sign in zip(letters, signs, strict=True)
    }


@cache
def _vni_table() -> dict[str, str]:
    """One or two signs → the letter, in both cases."""
    table = dict(_VNI_SINGLE)
    for base, signs in _VNI_TONES.items():
        table |= {base + sign: base + tone for sign, tone in zip(signs, _TONES, strict=False)}
    for base in "aeo":
        marks = ("", *_TONES)
        table |= {
            base + s: base + _CIRCUMFLEX + t for s, t in zip(_VNI_CIRCUMFLEX, marks, strict=True)
        }
    table |= {"a" + s: "a" + _BREVE + t for s, t in zip(_VNI_BREVE, ("", *_TONES), strict=True)}
    for horn, letter in (("ô", "ơ"), ("ö", "ư")):
        table |= {horn + s: letter + t for s, t in zip("øùûõï", _TONES, strict=True)}
    lower = {key: unicodedata.normalize("NFC", value) for key, value in table.items()}
    upper = {key.upper(): value.upper() for key, value in lower.items()}
    mixed = {key[0].upper() + key[1:]: value.upper() for key, value in lower.items()}
    return {**mixed, **upper, **lower}


def _vietnamese(text: str) -> bool:
    """Every word with an accent is a syllable with one tone at most."""
    return all(word.isascii() or _is_syllable(word) for word in _WORD.findall(text))


def _is_syllable(word: str) -> bool:
    signs = unicodedata.normalize("NFD", word.casefold())
    tones = sum(sign in _TONES for sign in signs)
    bare = unicodedata.normalize("NFC", "".join(sign for sign in signs if sign not in _TONES))
    return tones <= 1 and bool(_SYLLABLE.fullmatch(bare))
