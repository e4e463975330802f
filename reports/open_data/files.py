"""The files of the open data: the same records the same bytes."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.rational import vietnamese
from dti_core.records.issued import CORRECTION, DECISION
from reports.letters.issued import Issued
from reports.open_data import rows
from reports.open_data.fields import TABLES, TYPES, Field
from reports.open_data.schema import schema
from reports.site.beside import DataFile
from reports.unit_round.site_issued import issued

JSON, SCHEMA, DICTIONARY, READ_ME = (
    "du-lieu.json",
    "du-lieu.schema.json",
    "tu-dien.csv",
    "doc-truoc.txt",
)
ABOUT = {
    **{f"{table}.csv": about for table, (about, _) in TABLES.items()},
    JSON: "tất cả các bảng trong một tệp JSON",
    SCHEMA: "cấu trúc của tệp JSON (JSON Schema)",
    DICTIONARY: "từ điển dữ liệu: ý nghĩa, đơn vị, kiểu, nguồn, ví dụ của từng trường",
    READ_ME: "nguồn, điều kiện sử dụng, cách mở",
}
"""File → what it holds."""


class NothingToOpen(Refused):
    """The round has no ranking yet."""


def open_data(records: Session, context: RoundContext) -> dict[str, bytes]:
    """File name → content, UTF-8 without a byte order mark. Raises NothingToOpen,
    NoDecisionPaper."""
    tables = {
        "ranking": rows.ranking(records, context),
        "pillars": rows.pillars(records, context),
        "criteria": rows.criteria(records, context),
    }
    if not tables["ranking"]:
        raise NothingToOpen(
            f"Đợt {context.id} chưa xếp hạng nên chưa có dữ liệu để mở. Hãy chạy: dti rank"
            f" {context.id}"
        )
    dictionary = _dictionary(context, tables)
    about = _about(records, context)
    return {
        **{
            f"{table}.csv": _csv([f.name for f in fields], tables[table])
            for table, (_, fields) in TABLES.items()
        },
        JSON: _json({**about, **tables, "dictionary": dictionary}),
        SCHEMA: _json(schema()),
        DICTIONARY: _csv(list(dictionary[0]), dictionary),
        READ_ME: _read_me(about).encode(),
    }


def data_files(made: Mapping[str, bytes], folder: str) -> tuple[DataFile, ...]:
    """The files as the result pages link them: `folder` is theirs, from the index."""
    return tuple(
        DataFile(
            f"{folder}/{name}", ABOUT[name], f"{vietnamese(Fraction(len(content), 1000), 1)} KB"
        )
        for name, content in made.items()
    )


def _about(records: Session, context: RoundContext) -> dict[str, Any]:
    """What the data is, whose, and whether it is published."""
    papers = issued(records, context)
    decision = next((_paper(paper) for kind, paper in papers if kind == DECISION), None)
    round_, program = context.round, context.program
    return {
        "round": context.id,
        "title": round_.title,
        "program": program.name,
        "decree": program.decree,
        "publisher": program.publisher,
        "evaluation_year": round_.evaluation_year,
        "data_from": round_.data_from.on.isoformat(),
        "data_to": round_.data_to.on.isoformat(),
        "draft": decision is None,
        "decision": decision,
        "corrections": [_paper(paper) for kind, paper in papers if kind == CORRECTION],
        "illustration": round_.illustration,
        "source": f"{program.letterhead.issuer}, {program.name}; {round_.title}",
        "terms": f"Điều kiện sử dụng lại do {program.publisher} quyết định khi công bố. Khi dùng"
        " lại phải ghi nguồn và không sửa số liệu.",
    }


def _paper(paper: Issued) -> dict[str, str]:
    return {"number": f"{paper.number}/{paper.symbol}", "issued_on": paper.on.isoformat()}


def _dictionary(
    context: RoundContext, tables: Mapping[str, Sequence[rows.Row]]
) -> list[dict[str, str]]:
    """A line a field, with an example out of the data itself."""
    words = {"decree": context.program.decree, "policies": "Chính sách của chương trình"}
    return [
        {
            "tep": f"{table}.csv",
            "truong": field.name,
            "y_nghia": _meaning(field),
            "don_vi": field.unit,
            "kieu": TYPES[field.type],
            "nguon": field.source.format(**words),
            "vi_du": _example(field, tables[table]),
        }
        for table, (_, fields) in TABLES.items()
        for field in fields
    ]


def _meaning(field: Field) -> str:
    values = "; ".join(f"{value}: {says}" for value, says in (field.values or {}).items())
    empty = f"Để trống: {field.empty}" if field.empty else ""
    return ". ".join(part for part in (field.meaning, values, empty) if part)


def _example(field: Field, found: Sequence[rows.Row]) -> str:
    return next((str(row[field.name]) for row in found if row[field.name] is not None), "")


def _csv(names: Sequence[str], found: Sequence[Mapping[str, rows.Cell]]) -> bytes:
    """RFC 4180: commas, quotes where they are due, CRLF."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows({key: "" if v is None else v for key, v in row.items()} for row in found)
    return text.getvalue().encode()


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _read_me(about: Mapping[str, Any]) -> str:
    decision, corrections = about["decision"], about["corrections"]
    published = (
        "DỰ THẢO, chưa công bố."
        if decision is None
        else f"Công bố theo văn bản số {decision['number']} ngày {decision['issued_on']}."
    )
    corrected = "; ".join(f"{each['number']} ngày {each['issued_on']}" for each in corrections)
    lines = [
        about["title"],
        published,
        *([f"Đã đính chính theo văn bản số {corrected}."] if corrections else []),
        *([about["illustration"]] if about["illustration"] else []),
        "",
        f"Nguồn: {about['source']}. Tính theo {about['decree']}.",
        about["terms"],
        "",
        "Các tệp",
        *(f"- {name}: {what}" for name, what in ABOUT.items() if name != READ_ME),
        "",
        "Cách mở",
        "- Tệp CSV mã hóa UTF-8, không có dấu BOM, cột cách nhau bằng dấu phẩy. Trong Excel: Data >"
        " From Text/CSV, chọn 65001: Unicode (UTF-8), để cột exact và percent_exact là kiểu Text"
        " (nếu không, Excel có thể đổi phân số thành ngày tháng).",
        "- Số thập phân dùng dấu chấm. Trường exact và percent_exact là phân số chính xác; trường"
        " points và percent là số công bố, đã làm tròn.",
        "- Ô trống nghĩa là không có giá trị; lý do ở từ điển dữ liệu.",
        "- Trường unit nối các tệp với nhau.",
        "",
        "Không có trong dữ liệu này: số liệu gốc và tài liệu kiểm chứng của đơn vị, nghi vấn về số"
        " liệu, giải trình, người liên hệ.",
    ]
    return "\n".join(lines) + "\n"
