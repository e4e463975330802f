"""Whole numbers spelt out in Vietnamese: "một nghìn hai trăm linh bốn" is 1204."""

_DIGITS = {
    "không": 0,
    "một": 1,
    "mốt": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "lăm": 5,
    "nhăm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
}
_SCALES = (("tỷ", 10**9), ("triệu", 10**6), ("nghìn", 10**3))
_SAME = {"tỉ": "tỷ", "ngàn": "nghìn", "lẻ": "linh", "chẵn": ""}


def number_of(words: str) -> int | None:
    """The number that words in lower case and composed letters spell out; None for other words."""
    rest = [_SAME.get(word, word) for word in words.replace("-", " ").split()]
    rest = [word for word in rest if word]
    total = 0
    for scale, size in _SCALES:
        if scale in rest:
            place = rest.index(scale)
            group = _below_thousand(rest[:place])
            if not group:
                return None
            total += group * size
            rest = rest[place + 1 :]
            if not rest:
                return total
    group = _below_thousand(rest)
    return None if group is None else total + group


def _below_thousand(words: list[str]) -> int | None:
    if "trăm" in words:
        place = words.index("trăm")
        hundreds, rest = words[:place], words[place + 1 :]
        if len(hundreds) != 1 or hundreds[0] not in _DIGITS:
            return None
        if not rest:
            return _DIGITS[hundreds[0]] * 100
        below = _DIGITS.get(rest[1]) if rest[0] == "linh" and len(rest) == 2 else _tens(rest)
        return None if below is None else _DIGITS[hundreds[0]] * 100 + below
    if len(words) == 2 and words[0] == "linh":
        return _DIGITS.get(words[1])
    return _tens(words)


def _tens(words: list[str]) -> int | None:
    match words:
        case [one] if one in _DIGITS:
            return _DIGITS[one]
        case ["mười"]:
            return 10
        case ["mười", one] if one in _DIGITS:
            return 10 + _DIGITS[one]
        case [ten, "mươi"] if ten in _DIGITS:
            return _DIGITS[ten] * 10
        case [ten, "mươi", one] if ten in _DIGITS and one in _DIGITS:
            return _DIGITS[ten] * 10 + _DIGITS[one]
    return None
