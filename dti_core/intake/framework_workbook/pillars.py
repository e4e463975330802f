"""General information and pillars, which have a row each."""

from dti_core.framework.model import Information, Pillar, PillarErratum
from dti_core.framework.sheets import words as w
from dti_core.intake.framework_workbook import cell as read
from dti_core.intake.framework_workbook.book import Row
from dti_core.intake.framework_workbook.cell import Cell
from dti_core.intake.framework_workbook.draft import Draft, Reader, validated
from dti_core.intake.framework_workbook.fields import (
    NEEDS_WORDS,
    Agencies,
    maximum,
    once,
    read_citation,
    read_provider,
    room_of,
    row_code,
    shown_code,
    slug,
    yes,
)
from dti_core.intake.framework_workbook.mistakes import Mistakes


def read_information(
    rows: list[Row], number: str, agencies: Agencies, mistakes: Mistakes
) -> list[tuple[Information | None, Draft]]:
    found: list[tuple[Information | None, Draft]] = []
    seen: dict[str, Cell] = {}
    for row in rows:
        reader = Reader(row, mistakes, f"thông tin {shown_code(row, 'code')}")
        draft = reader.draft("code")
        own = reader.into(
            draft,
            "code",
            "code",
            lambda cell: read.code(cell, room=room_of(cell, rows, "code")),
            "Hãy ghi mã mục.",
        )
        once(reader, "code", own, seen)
        reader.into(draft, "name", "name", read.text, NEEDS_WORDS)
        kinds = "Hãy chọn loại số liệu trong danh sách."
        reader.into(draft, "kind", "kind", lambda cell: read.word(cell, w.KINDS), kinds)
        reader.into(draft, "unit", "unit", read.text)
        reader.into(draft, "quantity", "quantity", slug)
        reader.into(draft, "fields", "fields", read.lines)
        for key in ("stated", "note", "evidence"):
            reader.into(draft, key, key, read.text)
        citation = read_citation(reader, number, own)
        draft.nest(("citation",), citation, data=True)
        provider, provided = read_provider(reader, agencies)
        if provided:
            draft.nest(("provider",), provided)
            draft.data["provider"] = provider
        found.append((validated(draft, Information, mistakes, reader.what), draft))
    return found


def read_pillars(
    rows: list[Row], number: str, mistakes: Mistakes
) -> list[tuple[Pillar | None, Draft]]:
    """The pillars in their order, still without criteria."""
    found: list[tuple[Pillar | None, Draft]] = []
    seen: dict[str, Cell] = {}
    for row in rows:
        reader = Reader(row, mistakes, f"chỉ số chính {shown_code(row, 'code')}")
        draft = reader.draft("code")
        needs = "Hãy ghi mã chỉ số chính, ví dụ 1."
        own = reader.into(draft, "code", "code", row_code, needs)
        once(reader, "code", own, seen)
        reader.into(draft, "name", "name", read.text, NEEDS_WORDS)
        maximum(reader, draft)
        reader.into(draft, "criteria_stated", "criteria_stated", read.whole)
        outside = reader.into(draft, "outside_maximum", "outside_maximum", yes)
        if outside:
            draft.data["outside_maximum"] = True
        _pillar_erratum(reader, draft)
        draft.nest(("citation",), read_citation(reader, number, own), data=True)
        found.append((validated(draft, Pillar, mistakes, reader.what), draft))
    return found


def _pillar_erratum(reader: Reader, draft: Draft) -> None:
    if not any(reader.has(key) for key in ("erratum", "found_by", "note")):
        return
    inner = reader.draft("erratum")
    needs = "Hãy chọn loại sai sót, hoặc xóa ghi chú và người phát hiện ở dòng này."
    reader.into(inner, "kind", "erratum", lambda cell: read.word(cell, w.ERRATA), needs)
    reader.into(inner, "found_by", "found_by", lambda cell: read.word(cell, w.FOUND_BY))
    reader.into(inner, "note", "note", read.text, "Hãy ghi văn bản sai ở chỗ nào.")
    erratum: PillarErratum | None = validated(inner, PillarErratum, reader.mistakes, reader.what)
    draft.nest(("erratum",), inner)
    if erratum is not None:
        draft.data["erratum"] = erratum
