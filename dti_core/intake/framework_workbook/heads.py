"""The decree, its agencies and the framework's head."""

from datetime import date
from typing import Any

from dti_core.framework.model import Agency, Citation
from dti_core.framework.sheets import words as w
from dti_core.framework.sheets.layout import HEAD, HEAD_FIELDS
from dti_core.intake.cells import plain
from dti_core.intake.framework_workbook import cell as read
from dti_core.intake.framework_workbook.book import Row
from dti_core.intake.framework_workbook.cell import Cell
from dti_core.intake.framework_workbook.draft import Draft, Reader, validated
from dti_core.intake.framework_workbook.fields import (
    NEEDS_WORDS,
    Agencies,
    once,
    shown_code,
    slug,
    stated_points,
)
from dti_core.intake.framework_workbook.mistakes import Mistakes


def read_head(rows: list[Row], mistakes: Mistakes) -> Draft:
    """The sheet of the decree: its values by the keys of `layout.HEAD_FIELDS`."""
    top = Cell(HEAD.name, HEAD.columns[0].heading, 1, 1)
    draft = Draft({}, {(): top})
    labelled: dict[str, list[Row]] = {}
    for row in rows:
        label = row.cells.get("label")
        if label is not None and isinstance(label.value, str):
            labelled.setdefault(plain(label.value), []).append(row)
    for each in HEAD_FIELDS:
        same = labelled.get(plain(each.label), [])
        if len(same) != 1:
            draft.failed.add((each.key,))
            problem = "có hai lần" if same else "không còn"
            mistakes.sheet(
                HEAD.name, f"dòng “{each.label}” {problem}. Hãy để đúng một dòng có nhãn này."
            )
            continue
        reader = Reader(same[0], mistakes, "")
        optional = each.key.startswith("cited_") or each.key == "criteria_stated"
        needs = "" if optional else f"Hãy ghi “{each.label}” vào ô này."
        reader.into(draft, each.key, "value", _reading_of(each.key, each.kind), needs)
    return draft


def _reading_of(key: str, kind: str) -> Any:
    if key == "id":
        return slug
    match kind:
        case "date":
            return read.day
        case "word":
            return lambda cell: read.word(cell, w.LEVELS)
        case "points":
            return stated_points
        case "whole":
            return read.whole
        case "code":
            return read.code
        case _:
            return read.text


def read_agencies(rows: list[Row], mistakes: Mistakes) -> Agencies:
    agencies = Agencies()
    seen: dict[str, Cell] = {}
    for row in rows:
        reader = Reader(row, mistakes, f"cơ quan {shown_code(row, 'slug')}")
        draft = reader.draft("slug")
        own = reader.draft("slug")
        reader.into(own, "slug", "slug", slug, "Hãy đặt cho cơ quan một mã, ví dụ so-noi-vu.")
        reader.into(draft, "name", "name", read.text, NEEDS_WORDS)
        reader.into(draft, "group", "group", lambda cell: read.word(cell, w.GROUPS))
        reader.into(draft, "includes", "includes", read.lines)
        agency: Agency | None = validated(draft, Agency, mistakes, reader.what)
        key = own.data.get("slug")
        if key is None:
            continue
        once(reader, "slug", key, seen)
        agencies.named[key] = agency or Agency(name=key)
    return agencies


def head_citation(draft: Draft, number: str) -> Citation:
    """The citation of the framework itself."""
    cited = {
        name: draft.data.get(f"cited_{name}")
        for name in ("appendix", "table", "row", "clause", "column")
    }
    return Citation(decree=number, **cited)


def decree_data(draft: Draft, agencies: Agencies) -> dict[str, Any]:
    """What decree.yaml holds."""
    issued: date = draft.data["issued"]
    keys = ("id", "number", "issuer", "title", "source")
    return {
        **{key: draft.data[key] for key in keys},
        "issued": issued,
        "agencies": dict(agencies.named),
    }
