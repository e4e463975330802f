"""A round with a council of seven, small enough to count by hand: three departments and the
framework of 2001/QĐ-UBND (35 rows a unit, no computed points).

Self-assessed: every row of every unit 5 points. The parts of all verifiers are closed.
"""

import json
from datetime import date
from fractions import Fraction
from typing import Any

from sqlmodel import select

from dti_core.framework.load import home
from dti_core.program.appraisal import CHAIR, PETITION
from dti_core.program.load import RoundContext, load_round
from dti_core.records.appraising import write_self
from dti_core.records.assignments import rows_by_verifier
from dti_core.records.database import session
from dti_core.records.exemptions import decide
from dti_core.records.opinions import Appraised, write_opinions
from dti_core.records.participation import keep_out
from dti_core.records.petitions import DISMISSED
from dti_core.records.rounds import open_round
from dti_core.records.sittings import hold
from dti_core.records.tables import AssignmentRecord, OpinionRecord, PetitionRecord
from dti_core.scoring.total import scored_rows

PROGRAM = "hoi-dong"
ROUND = f"{PROGRAM}/2023"
FIRST, LAST = date(2024, 3, 5), date(2024, 3, 12)
COUNCIL = "Hội đồng thẩm định Chỉ số chuyển đổi số năm 2023"
# id, office, duty, unit
MEMBERS = (
    ("chu-tich", "Phó Chủ tịch Ủy ban nhân dân tỉnh", "chair", None),
    ("pho", "Phó Giám đốc Sở Thông tin và Truyền thông", "vice", "so-tttt"),
    ("thu-ky", "Trưởng phòng Chuyển đổi số", "secretary", "so-tttt"),
    ("noi-vu", "Phó Giám đốc Sở Nội vụ", "member", None),
    ("tai-chinh", "Phó Giám đốc Sở Tài chính", "member", None),
    ("van-phong", "Phó Chánh Văn phòng Ủy ban nhân dân tỉnh", "member", None),
    ("cong-an", "Phó Giám đốc Công an tỉnh", "member", None),
)
NAMES = {
    "so-tttt": "Sở Thông tin và Truyền thông",
    "so-y-te": "Sở Y tế",
    "so-tu-phap": "Sở Tư pháp & Pháp chế",
}


def program(**more: Any) -> RoundContext:
    """Write the program into the current home; `more` are further keys, None takes one away."""
    usual: dict[str, Any] = {
        "id": PROGRAM,
        "name": "Tỉnh Mẫu",
        "decree": "2001/QĐ-UBND",
        "frameworks": {"so": "dien-bien-2001/so"},
        "organiser": "so-tttt",
        "publisher": "Ủy ban nhân dân tỉnh Mẫu",
        "letterhead": {
            "parent": "Ủy ban nhân dân tỉnh Mẫu",
            "issuer": "Sở Thông tin và Truyền thông",
            "place": "Mẫu",
            "signer": "Giám đốc",
            "file_code": "STTTT",
        },
        "decision": {
            "issuer": ["Ủy ban nhân dân", "tỉnh Mẫu"],
            "symbol": "QĐ-UBND",
            "place": "Mẫu",
            "signer": ["TM. Ủy ban nhân dân", "Chủ tịch"],
            "competence": "Ủy ban nhân dân tỉnh Mẫu",
            "grounds": [
                "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
                "Căn cứ Quyết định số 2001/QĐ-UBND ngày 31 tháng 10 năm 2022",
            ],
            "proposer": "Giám đốc Sở Thông tin và Truyền thông",
            "proposal": "TTr-STTTT",
            "executors": "Chánh Văn phòng UBND tỉnh; Thủ trưởng các sở, ban, ngành",
            "recipients": ["Chủ tịch, các Phó Chủ tịch Ủy ban nhân dân tỉnh"],
        },
        "units": [{"id": unit, "name": name, "level": "so"} for unit, name in NAMES.items()],
        "appraisal": {
            "council": {
                "name": COUNCIL,
                "place": "Phòng họp số 2, trụ sở Ủy ban nhân dân tỉnh",
                "basis": "2001/QĐ-UBND, mục V.3",
                "symbol": "HĐTĐ",
                "members": [
                    {"id": who, "position": office, "duty": duty, "unit": unit}
                    for who, office, duty, unit in MEMBERS
                ],
            },
            "fields": [
                _field("Nhận thức số", ["noi-vu"], pillars=["1"]),
                _field("Thể chế số", ["noi-vu", "van-phong"], pillars=["2"]),
                _field("Hạ tầng số", ["pho"], pillars=["3"]),
                _field("Chi ngân sách", ["tai-chinh"], criteria=["5.7", "6.13"]),
                _field("An toàn thông tin mạng", ["cong-an"], pillars=["5"]),
            ],
        },
        "exemptions": [
            {
                "id": "khong-danh-gia",
                "name": "Không có chức năng",
                "effect": "not_assessed",
                "levels": ["so"],
                "basis": "2001/QĐ-UBND, mục II.1.3a",
            }
        ],
        "policies": {
            name: {"value": value, "basis": f"Quy chế {name}", "decided_on": "2024-01-02"}
            for name, value in {
                "reading": "as_written",
                "rounding": {"digits": 2, "total": "sum_of_exact"},
                "ties": "same_rank",
                "rank_on": "exact",
                "quorum": "2/3",
                "organiser_rows": {"verifier": "van-phong"},
                "petition_days": 5,
            }.items()
        },
        "rounds": [
            {
                "id": "2023",
                "title": "Xác định chỉ số chuyển đổi số năm 2023",
                "evaluation_year": 2023,
                "data_from": _on("2023-01-01"),
                "data_to": _on("2023-12-31"),
                "opens": _on("2024-01-02"),
                "closes": _on("2024-01-30"),
                "appraise_by": _on("2024-03-20"),
                "levels": ["so"],
                "illustration": "Mẫu: hội đồng đặt ra để chạy thử.",
            }
        ],
    }
    content = {key: value for key, value in (usual | more).items() if value is not None}
    file = home() / "programs" / PROGRAM / "program.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
    return load_round(ROUND)


def appraise(context: RoundContext) -> None:
    """Two sittings, and between them the points, an exemption and petitions.

    row    unit        before  after  by
    1.1    so-y-te     5       3      noi-vu
    1.2    so-y-te     5       15/2   noi-vu
    2.1    so-tu-phap  5       4      the chair: noi-vu gave 2, van-phong 6
    5.1    so-tu-phap  5       8      a petition, upheld after the first sitting
    3.1    so-tttt     5       1/3    van-phong, as pho is of that very unit
    """
    with session() as records:
        open_round(records, context, "test")
        rows = [row for c in context.frameworks["so"].criteria for row in scored_rows(c)]
        own = {(unit, row.code): Fraction(5) for unit in NAMES for row in rows}
        write_self(records, context, own, "test")
        for verifier, unit, code, points, reason in (
            ("noi-vu", "so-y-te", "1.1", Fraction(3), "Chưa kiện toàn Tổ triển khai."),
            ("noi-vu", "so-y-te", "1.2", Fraction(15, 2), "Có 3 cuộc họp <theo biên bản>"),
            ("noi-vu", "so-tu-phap", "2.1", Fraction(2), "Kế hoạch ban hành muộn"),
            ("van-phong", "so-tu-phap", "2.1", Fraction(6), "Kế hoạch đầy đủ"),
            ("van-phong", "so-tttt", "3.1", Fraction(1, 3), "Một phần ba số máy"),
            (CHAIR, "so-tu-phap", "2.1", Fraction(4), "Đủ nội dung, muộn 02 tháng"),
            (PETITION, "so-tu-phap", "5.1", Fraction(8), "Kiến nghị số 1: có hồ sơ"),
        ):
            given = [Appraised(unit, code, points, reason)]
            write_opinions(records, context, verifier, given, "test")
        for record in records.exec(_all_opinions()):
            late = record.verifier == PETITION
            record.at = f"2024-03-{'11' if late else '04'}T03:00:00+00:00"
            records.add(record)
        decide(
            records,
            context,
            "so-tu-phap",
            "khong-danh-gia",
            granted=True,
            reason="Không có thủ tục",
            actor="test",
            criterion="6.4",
        )
        for verifier, pairs in rows_by_verifier(records, context).items():
            records.add(_closed(verifier, len(pairs)))
        keep_out(records, context, "so-tttt", "not_ranked", "Cơ quan chủ trì.", "Quy chế", "test")
        present = [who for who, *_ in MEMBERS if who not in ("thu-ky", "cong-an")]
        hold(records, context, FIRST, "Phòng họp số 2", present, "test")
        hold(records, context, LAST, "Phòng họp số 2", [m[0] for m in MEMBERS], "test", note="Rà.")
        records.add(_petition(1, "upheld", "8", "Có hồ sơ"))
        records.add(_petition(2, DISMISSED, None, "Không có căn cứ"))


def _all_opinions() -> Any:
    return select(OpinionRecord).where(OpinionRecord.round_id == ROUND)


def _closed(verifier: str, items: int) -> AssignmentRecord:
    return AssignmentRecord(
        round_id=ROUND,
        verifier=verifier,
        items=items,
        workbook=f"out/{verifier}.xlsx",
        sha256="a" * 64,
        closed_at="2024-03-04T00:00:00+00:00",
        closed_by="test",
    )


def _petition(number: int, status: str, points: str | None, reason: str) -> PetitionRecord:
    return PetitionRecord(
        round_id=ROUND,
        number=number,
        unit="so-tu-phap",
        criterion="5.1" if points else None,
        text="Đề nghị xem lại & tính đủ",
        received_on="2024-03-08",
        status=status,
        points=points,
        reason=reason,
        decided_by="test",
        decided_at="2024-03-11T03:00:00+00:00",
        actor="test",
        at="2024-03-08T00:00:00+00:00",
    )


def _field(name: str, verifiers: list[str], **rows: list[str]) -> dict[str, Any]:
    return {"field": name, "verifiers": verifiers, "basis": "2001/QĐ-UBND, mục V.2", **rows}


def _on(day: str) -> dict[str, str]:
    return {"on": day, "basis": "2001/QĐ-UBND, mục IV.1"}
