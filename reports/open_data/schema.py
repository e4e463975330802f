"""The JSON Schema of the open data, made from its fields."""

from typing import Any

from reports.open_data.fields import TABLES, Field

_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?(/[1-9][0-9]*)?$"
_FRACTION = r"^-?[0-9]+(/[1-9][0-9]*)?$"
_TEXT = {"type": "string", "minLength": 1}


def schema() -> dict[str, Any]:
    """What `du-lieu.json` is, by JSON Schema 2020-12."""
    names = ("round", "title", "program", "decree", "publisher", "source", "terms")
    about = dict.fromkeys(names, _TEXT)
    day = {"type": "string", "format": "date"}
    paper = _object({"number": _TEXT, "issued_on": day})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Kết quả đánh giá chuyển đổi số",
        **_object(
            {
                **about,
                "evaluation_year": {"type": "integer"},
                "data_from": day,
                "data_to": day,
                "draft": {"type": "boolean", "description": "chưa công bố: chỉ là dự thảo"},
                "decision": {"anyOf": [paper, {"type": "null"}]},
                "corrections": {"type": "array", "items": paper},
                "illustration": {"type": ["string", "null"]},
                **{
                    table: {"type": "array", "description": about_it, "items": _row(fields)}
                    for table, (about_it, fields) in TABLES.items()
                },
                "dictionary": {"type": "array", "items": {"type": "object"}},
            }
        ),
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _row(fields: tuple[Field, ...]) -> dict[str, Any]:
    return _object({field.name: _value(field) for field in fields})


def _value(field: Field) -> dict[str, Any]:
    kind: dict[str, Any] = {
        "integer": {"type": "integer"},
        "decimal": {"type": "string", "pattern": _DECIMAL},
        "fraction": {"type": "string", "pattern": _FRACTION},
    }.get(field.type, _TEXT)
    if field.values:
        kind = {"enum": list(field.values)}
    if field.empty:
        kind = {"anyOf": [kind, {"type": "null"}]}
    return {"description": field.meaning, **kind}
