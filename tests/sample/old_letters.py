"""Vietnamese text as the fonts before Unicode keep it: TCVN3 (.VnTime) and VNI (VNI-Times).

Written apart from the table of the reader, so that a slip in one is not hidden by the same slip in
the other.
"""

import unicodedata

_UNICODE = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ"
_TCVN3 = dict(
    zip(
        _UNICODE,
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§",
        strict=True,
    )
)

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_TONES = ("", _ACUTE, _GRAVE, _HOOK, _TILDE, _DOT)
_HORN, _CIRCUMFLEX, _BREVE = "\u031b", "\u0302", "\u0306"
_VNI_PLAIN = dict(zip(_TONES, ("", "ù", "ø", "û", "õ", "ï"), strict=True))
_VNI_CIRCUMFLEX = dict(zip(_TONES, "âáàåãä", strict=True))
_VNI_BREVE = dict(zip(_TONES, "êéèúüë", strict=True))
_VNI_OF_I = dict(zip(_TONES, "iíìæóò", strict=True))


def tcvn3(text: str) -> str:
    """The text in TCVN3; capitals with a tone mark, which need another font, are not covered."""
    return "".join(_TCVN3.get(sign, sign) for sign in unicodedata.normalize("NFC", text))


def vni(text: str) -> str:
    """The text in VNI for Windows."""
    return "".join(_vni(sign) for sign in unicodedata.normalize("NFC", text))


def _vni(sign: str) -> str:
    base, *marks = unicodedata.normalize("NFD", sign)
    tone = next((mark for mark in marks if mark in _VNI_PLAIN), "")
    lower = base.lower()
    if sign in "đĐ":
        written = "ñ"
    elif _HORN in marks:
        written = {"o": "ô", "u": "ö"}[lower] + _VNI_PLAIN[tone]
    elif _CIRCUMFLEX in marks:
        written = lower + _VNI_CIRCUMFLEX[tone]
    elif _BREVE in marks:
        written = lower + _VNI_BREVE[tone]
    elif lower == "i":
        written = _VNI_OF_I[tone]
    elif lower == "y" and tone == _DOT:
        written = "î"
    else:
        written = lower + _VNI_PLAIN[tone]
    return written.upper() if sign.isupper() else written
