"""MẪU: a program so small that its whole round takes seconds, with something for every stage.

Four departments and five rows: one provider that also gives a figure about the others, one that
sends late, one that never sends, one whose figure is doubted and corrected.
"""

import json
from pathlib import Path
from typing import Any

from dti_core.intake.sample_file import MARK
from dti_core.program.load import load_program
from dti_core.strict_yaml import Document

DECREE, PROGRAM = "mau-ngat", "ngat"
ROUND = f"{PROGRAM}/2023"
CITE = {"decree": "1/QĐ-UBND", "appendix": "I"}

ORGANISER, DOUBTED, LATE, MISSING = "so-noi-vu", "so-tu-phap", "so-y-te", "ban-dan-toc"
UNITS = {
    ORGANISER: "Sở Nội vụ MẪU",
    DOUBTED: "Sở Tư pháp MẪU",
    LATE: "Sở Y tế MẪU",
    MISSING: "Ban Dân tộc MẪU",
}
ARRIVALS = """\
provider,kind,date
so-noi-vu,own,2024-01-10
so-noi-vu,about_units,2024-01-11
so-tu-phap,own,2024-01-12
so-y-te,own,2024-02-02
ban-dan-toc,own,
"""
ANSWERS = """\
provider,kind,unit,criterion,variable,text
so-noi-vu,own,so-noi-vu,1.1,x,Có
so-noi-vu,own,so-noi-vu,2.1,a,90
so-noi-vu,own,so-noi-vu,2.1,b,120
so-noi-vu,own,so-noi-vu,2.2,x,4
so-tu-phap,own,so-tu-phap,1.1,x,Có
so-tu-phap,own,so-tu-phap,2.1,a,222
so-tu-phap,own,so-tu-phap,2.1,b,219
so-tu-phap,own,so-tu-phap,2.2,x,3
so-y-te,own,so-y-te,1.1,x,Không
so-y-te,own,so-y-te,2.1,a,50
so-y-te,own,so-y-te,2.1,b,80
so-y-te,own,so-y-te,2.2,x,2
so-noi-vu,about_units,so-noi-vu,1.2,x,3
so-noi-vu,about_units,so-tu-phap,1.2,x,4
so-noi-vu,about_units,so-y-te,1.2,x,2
so-noi-vu,about_units,ban-dan-toc,1.2,x,1
"""
SELF = """\
unit,criterion,points
so-noi-vu,1.1,20
so-tu-phap,1.1,20
so-tu-phap,2.1,40
"""
REPLIES = """\
unit,criterion,variable,decision,corrected,reason,officer_decision,officer_reason
so-tu-phap,,,Giữ nguyên,,Mẫu: đúng sổ theo dõi.,accepted,Mẫu: đã xem sổ theo dõi.
so-tu-phap,2.1,a,Điều chỉnh,212,Mẫu: nhầm cột khi nhập.,accepted,Mẫu: đã xem sổ theo dõi.
so-tu-phap,2.1,b,Giữ nguyên,,Mẫu: đúng sổ theo dõi.,accepted,Mẫu: đã xem sổ theo dõi.
so-noi-vu,,,Giữ nguyên,,Mẫu: đúng sổ theo dõi.,accepted,Mẫu: đã xem sổ theo dõi.
so-y-te,,,Giữ nguyên,,Mẫu: đúng sổ theo dõi.,accepted,Mẫu: đã xem sổ theo dõi.
ban-dan-toc,,,Giữ nguyên,,Mẫu: đúng sổ theo dõi.,accepted,Mẫu: đã xem sổ theo dõi.
"""
APPRAISALS = """\
unit,criterion,points,reason
so-noi-vu,2.3,15,Mẫu: sáng kiến đã áp dụng.
so-tu-phap,2.3,10,Mẫu: sáng kiến ở một đơn vị trực thuộc.
so-y-te,2.3,12,Mẫu: sáng kiến đã áp dụng.
ban-dan-toc,1.1,0,Mẫu: không có tài liệu kiểm chứng.
ban-dan-toc,2.1,0,Mẫu: không có tài liệu kiểm chứng.
ban-dan-toc,2.2,0,Mẫu: không có tài liệu kiểm chứng.
ban-dan-toc,2.3,0,Mẫu: không có tài liệu kiểm chứng.
"""
PETITIONS = """\
unit,criterion,text,decision,points,reason
so-y-te,2.3,Mẫu: sáng kiến áp dụng ở hai nơi.,upheld,14,Mẫu: có tài liệu kiểm chứng bổ sung.
"""
SAMPLE = {
    "answers": ANSWERS,
    "self": SELF,
    "arrivals": ARRIVALS,
    "replies": REPLIES,
    "appraisals": APPRAISALS,
    "petitions": PETITIONS,
}


def write_program(home: Path) -> None:
    """Decree, program and sample into a home."""
    decree = {
        "id": DECREE,
        "number": "1/QĐ-UBND",
        "issued": "2022-11-09",
        "issuer": "UBND tỉnh MẪU",
        "title": "Quyết định MẪU",
        "source": "MẪU: đặt ra để thử phần mềm",
        "agencies": {ORGANISER: {"name": "Sở Nội vụ MẪU"}},
    }
    _write(home / "decrees" / DECREE / "decree.yaml", decree)
    _write(home / "decrees" / DECREE / "so.yaml", _framework())
    folder = home / "programs" / PROGRAM
    _write(folder / "program.yaml", _program())
    for name, rows in SAMPLE.items():
        file = folder / "sample" / f"{name}-2023.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{MARK} đặt ra để thử phần mềm\n{rows}", encoding="utf-8")


def _write(file: Path, content: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")  # JSON is YAML


def _framework() -> dict[str, Any]:
    first = [
        _row(
            "1.1", "Ban hành kế hoạch", 20, {"type": "flag", "of": "x"}, x=("Có kế hoạch", "flag")
        ),
        _row(
            "1.2",
            "Số hội nghị",
            20,
            {"type": "per_item", "of": "x", "each": 5},
            x=("Số hội nghị", "count"),
        )
        | {"provider": {"leads": [ORGANISER]}},
    ]
    second = [
        _row(
            "2.1",
            "Tỷ lệ hồ sơ trực tuyến",
            40,
            {"type": "ratio", "of": "a / b"},
            a=("Số hồ sơ trực tuyến", "count"),
            b=("Tổng số hồ sơ", "count"),
        ),
        _row(
            "2.2",
            "Số dịch vụ số",
            5,
            {"type": "per_item", "of": "x", "each": 1},
            x=("Số dịch vụ số", "count"),
        ),
        _row("2.3", "Sáng kiến", 15, {"type": "appraised"}),
    ]
    pillars = {"1": ("Nhận thức số", 40, first), "2": ("Hoạt động số", 60, second)}
    return {
        "level": "so",
        "title": "Bộ chỉ số MẪU",
        "citation": CITE,
        "total_stated": 100,
        "pillars": [
            {"code": code, "name": name, "max_points": most, "citation": CITE, "criteria": rows}
            for code, (name, most, rows) in pillars.items()
        ],
    }


def _row(
    code: str, name: str, most: int, rule: dict[str, Any], **variables: tuple[str, str]
) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "max_points": most,
        "variables": {
            key: {"label": label, "kind": kind} for key, (label, kind) in variables.items()
        },
        "rule": rule,
        "provider": {"relative": "self"},
        "citation": {**CITE, "row": code},
    }


def _program() -> dict[str, Any]:
    """The shipped program of departments with other units, on the framework above."""
    content: dict[str, Any] = Document(load_program("vinh-phuc").folder / "program.yaml").content
    (round_,) = [each for each in content["rounds"] if each["levels"] == ["so"]]
    del round_["prior"]
    own_rows = content["policies"]["organiser_rows"]
    return content | {
        "id": PROGRAM,
        "name": "Tỉnh MẪU",
        "decree": "1/QĐ-UBND",
        "frameworks": {"so": f"{DECREE}/so"},
        "organiser": ORGANISER,
        "units": [
            {
                "id": unit,
                "name": name,
                "level": "so",
                "address": f"{unit}@mau.example",
                **({"agency": unit} if unit == ORGANISER else {}),
            }
            for unit, name in UNITS.items()
        ],
        "appraisal": {"fields": [{"field": "MẪU", "verifiers": [ORGANISER], "basis": "MẪU"}]},
        "policies": content["policies"]
        | {"organiser_rows": {**own_rows, "value": {"verifier": LATE}}},
        "rounds": [{**round_, "id": "2023"}],
    }
