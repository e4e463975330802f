"""The figures that the criteria ask for, by criterion and name."""

import re

from dti_core.framework.model import RATIO, Variable
from dti_core.framework.sheets import words as w
from dti_core.intake.framework_workbook import cell as read
from dti_core.intake.framework_workbook.book import Row
from dti_core.intake.framework_workbook.cell import Cell, Unreadable
from dti_core.intake.framework_workbook.draft import Draft, Reader, validated
from dti_core.intake.framework_workbook.fields import Agencies, read_provider, shown_code, slug
from dti_core.intake.framework_workbook.inner import NEEDS_CODE, Codes
from dti_core.intake.framework_workbook.mistakes import Mistakes

_NAME = re.compile(r"[a-z][a-z0-9_]*")

Figures = dict[str, dict[str, tuple[Variable | None, Draft]]]
"""Criterion → name → the figure, None where it could not be read, with its cells."""


def read_figures(rows: list[Row], codes: Codes, agencies: Agencies, mistakes: Mistakes) -> Figures:
    found: Figures = {}
    for row in rows:
        what = f"mục {shown_code(row, 'criterion')}, số liệu {shown_code(row, 'variable')}"
        reader = Reader(row, mistakes, what)
        criterion = codes.read(reader, needs=NEEDS_CODE)
        own = reader.draft("variable")
        needs = "Hãy đặt ký hiệu cho số liệu, ví dụ a."
        name = reader.into(own, "name", "variable", _name, needs)
        figure, draft = _figure(reader, agencies)
        if criterion is None or name is None:
            continue
        known = found.setdefault(criterion, {})
        if name in known:
            reader.wrong(
                "variable", f"ký hiệu “{name}” của mục này có hai lần. Hãy đổi hoặc xóa một dòng."
            )
        else:
            known[name] = figure, draft
    return found


def _name(cell: Cell) -> str | None:
    words = read.code(cell)
    if words is None:
        return None
    if not _NAME.fullmatch(words):
        raise Unreadable(
            f"“{words}” không dùng làm ký hiệu được. Hãy dùng chữ thường không dấu, chữ số, gạch"
            " dưới, bắt đầu bằng chữ: a, so_ho_so."
        )
    if words == RATIO:
        raise Unreadable(
            f"ký hiệu “{RATIO}” dành cho tỷ lệ được nêu thẳng. Hãy đặt ký hiệu khác và sửa phép"
            " tính của mục."
        )
    return words


def _figure(reader: Reader, agencies: Agencies) -> tuple[Variable | None, Draft]:
    draft = reader.draft("variable")
    reader.into(draft, "label", "label", read.text, "Hãy ghi số liệu này đếm cái gì, hỏi gì.")
    needs = "Hãy chọn loại số liệu trong danh sách."
    kind = reader.into(draft, "kind", "kind", lambda cell: read.word(cell, w.KINDS), needs)
    reader.into(draft, "unit", "unit", read.text)
    reader.into(draft, "quantity", "quantity", slug)
    choices = reader.into(draft, "choices", "choices", read.pairs)
    if kind and ("choices",) not in draft.failed and (kind == "choice") != bool(choices):
        draft.failed.add(("choices",))
        reader.wrong(
            "choices",
            f"số liệu loại “{w.KINDS['choice']}” cần các trạng thái, mỗi dòng một “mã: nội dung”."
            if kind == "choice"
            else f"chỉ số liệu loại “{w.KINDS['choice']}” mới có các trạng thái. Hãy xóa ô này,"
            " hoặc đổi loại số liệu.",
        )
    provider, provided = read_provider(reader, agencies)
    if provided:
        draft.nest(("provider",), provided)
        draft.data["provider"] = provider
    if draft.failed & {("choices",), ("kind",), ("label",)}:
        return None, draft
    return validated(draft, Variable, reader.mistakes, reader.what), draft
