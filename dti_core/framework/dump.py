"""Write frameworks and decrees as YAML: the same model is always the same text.

What `dti_core.strict_yaml` and `load` read back from the text equals the model. Short things are
written in one line, long words are folded, and texts that look like numbers are quoted, as in the
files that are written by hand.
"""

import re
from collections.abc import Iterator
from typing import Any

from dti_core.framework.model import Decree, Framework
from dti_core.framework.plain import Number, Plain, plain_decree, plain_framework

_WIDTH = 118
"""Characters in a line; only a word without spaces may run beyond it."""

_ALWAYS_BLOCK = {
    "agencies",
    "information",
    "pillars",
    "criteria",
    "children",
    "variables",
    "parts",
}
"""Things that have a line for each of their members, however short."""
_SPACED = {"information", "pillars"}
"""Lists that stand apart from what is around them."""

_LOOKS_TYPED = re.compile(r"[-+.,/%\d]+|true|false|null|~|", re.IGNORECASE)
_PLAIN_START = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]")
_NEEDS_QUOTES = re.compile(r":(?:\s|$)|\s#|\s$")
# what YAML shows as it is, without the signs that it takes for the end of a line
_PRINTABLE = re.compile(
    r"[ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*"
)
_BREAKS = re.compile(r" (?!%)")  # "80 %" stays in one line
_FLOW_SIGNS = re.compile(r"[,\[\]{}?]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def dump_decree(decree: Decree) -> str:
    """The text of decree.yaml."""
    return "\n".join(_mapping(plain_decree(decree), 0)) + "\n"


def dump_framework(framework: Framework) -> str:
    """The text of the file of a level."""
    return "\n".join(_mapping(plain_framework(framework), 0)) + "\n"


def _mapping(mapping: Plain, indent: int) -> Iterator[str]:
    for key, value in mapping.items():
        if key in _SPACED and indent == 0:
            yield ""
        yield from _entry(key, value, indent)


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """A key with its value, in one line where that is short enough."""
    start = f"{' ' * indent}{_scalar(key)}:"
    line = None if key in _ALWAYS_BLOCK and value else _flow(value, quoted=key == "code")
    if line is not None and len(start) + 1 + len(line) <= _WIDTH:
        yield f"{start} {line}"
    elif isinstance(value, dict):
        yield start
        yield from _mapping(value, indent + 2)
    elif isinstance(value, list):
        yield start
        for number, item in enumerate(value):
            if number and key == "pillars":
                yield ""
            yield from _item(item, indent + 2, block=key in _ALWAYS_BLOCK)
    else:
        yield from _long_text(start, value, indent + 2)


def _item(item: Any, indent: int, *, block: bool) -> Iterator[str]:
    """A member of a list."""
    dash = f"{' ' * indent}- "
    line = None if block and isinstance(item, dict) else _flow(item)
    if line is not None and len(dash) + len(line) <= _WIDTH:
        yield dash + line
    elif isinstance(item, dict):
        lines = _mapping(item, indent + 2)
        yield dash + next(lines)[indent + 2 :]
        yield from lines
    else:
        yield from _long_text(dash.rstrip(), item, indent + 2)


def _flow(value: Any, *, quoted: bool = False, inside: bool = False) -> str | None:
    """The value in one line; None for what is told better in several."""
    if isinstance(value, dict):
        if "choices" in value:
            return None
        members = [_flow(each, inside=True) for each in value.values()]
        if None in members:
            return None
        pairs = zip(value, members, strict=True)
        return "{" + ", ".join(f"{_scalar(k, flow=True)}: {v}" for k, v in pairs) + "}"
    if isinstance(value, list):
        if any(isinstance(each, dict) for each in value):
            return None
        return "[" + ", ".join(_scalar(each, flow=True) for each in value) + "]"
    if isinstance(value, str) and "\n" in value and _has_tidy_lines(value):
        return None
    return _scalar(value, flow=inside, quoted=quoted)


def _long_text(start: str, text: str, indent: int) -> Iterator[str]:
    """Words over several lines: folded, or line by line where the text has lines of its own."""
    edge = " " * indent
    if "\n" in text and _has_tidy_lines(text):
        yield f"{start} |-"
        yield from (edge + line if line else "" for line in text.split("\n"))
    elif _folds(text):
        yield f"{start} >-"
        line = ""
        for word in _BREAKS.split(text):
            if line and len(edge) + len(line) + 1 + len(word) > _WIDTH:
                yield edge + line
                line = word
            else:
                line = f"{line} {word}" if line else word
        yield edge + line
    else:
        yield f"{start} {_quoted(text)}"


def _folds(text: str) -> bool:
    """Whether folding keeps the text: single spaces between words, nothing at the ends."""
    return bool(text) and _PRINTABLE.fullmatch(text) is not None and "" not in text.split(" ")


def _has_tidy_lines(text: str) -> bool:
    """Whether the text can stand line by line: a line begins and ends with a sign that is seen."""
    lines = text.split("\n")
    return bool(lines[0] and lines[-1]) and all(
        line == line.strip() and _PRINTABLE.fullmatch(line) for line in lines
    )


def _scalar(value: Any, *, flow: bool = False, quoted: bool = False) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Number():
            return str(value)
        case _:
            return value if _stays(value, flow=flow) and not quoted else _quoted(value)


def _stays(text: str, *, flow: bool) -> bool:
    """Whether the text can stand without quotes and is read back as the same text."""
    return (
        _PLAIN_START.match(text) is not None
        and _LOOKS_TYPED.fullmatch(text) is None
        and _NEEDS_QUOTES.search(text) is None
        and _PRINTABLE.fullmatch(text) is not None
        and not (flow and (_FLOW_SIGNS.search(text) or ":" in text))
    )


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(sign) for sign in text) + '"'


def _escaped(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if _PRINTABLE.fullmatch(sign):
        return sign
    return f"\\x{ord(sign):02x}" if ord(sign) < 0x100 else f"\\u{ord(sign):04x}"
