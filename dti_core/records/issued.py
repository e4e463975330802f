"""What was issued, and how the present result differs from it.

The published ranking and points are kept as a snapshot beside the decision, so that a later change
is seen, told and corrected by another paper: nothing that was issued changes silently.
"""

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.rational import vietnamese
from dti_core.records.files import holds, round_folder
from dti_core.records.official import official_awards
from dti_core.records.ranking import ranks
from dti_core.records.tables import AuditRecord, DocumentRecord, IssueRecord

DECISION, CORRECTION = "decision", "correction"
SNAPSHOT = "issued_result"
"""The kind of document that keeps what an issued paper published."""

FOLDER = "documents/ban-hanh"
"""Where snapshots and signed papers lie under the round's folder."""

STARTED = "correction_started"
"""The audit event that opens a correction, with its reason."""

_PLACES = {
    "ranked": "có xếp hạng",
    "not_ranked": "không xếp hạng",
    "not_evaluated": "không đánh giá",
    "voluntary": "tự nguyện, không xếp hạng",
}
_RANK_COLUMNS = {
    "rank": "Thứ hạng",
    "published": "Tổng điểm",
    "percent_published": "Tỷ lệ phần trăm",
    "grade": "Xếp loại",
    "status": "Việc xếp hạng",
}
_NONE = "không có"


class SnapshotLost(Refused):
    """The file that keeps what was issued is gone or was changed."""


@dataclass(frozen=True)
class Difference:
    """One thing that the present result says otherwise than what was issued.

    kind           column of the ranking, or `points` of a row
    unit           its id
    what           in words: "Thứ hạng", "Điểm mục 1.2"
    before, after  as published, in words
    reason         of a row: why it has its points now
    """

    kind: str
    unit: str
    what: str
    before: str
    after: str
    reason: str = ""


def issues(session: Session, round_id: str) -> list[IssueRecord]:
    """What was issued, in order: the decision, then its corrections."""
    return list(
        session.exec(
            select(IssueRecord)
            .where(IssueRecord.round_id == round_id)
            .order_by(col(IssueRecord.id))
        )
    )


def snapshot(session: Session, context: RoundContext) -> dict[str, Any]:
    """The result as it stands: ranking by group and unit, official points by unit and row."""
    columns = {"rank", "status", "points", "published", "max_points", "percent", "grade"}
    columns |= {"percent_published", "reason"}
    ranking: dict[str, dict[str, Any]] = {}
    for each in ranks(session, context.id):
        ranking.setdefault(each.group, {})[each.unit] = each.model_dump(include=columns)
    points: dict[str, dict[str, Any]] = {}
    for (unit, code), award in sorted(official_awards(session, context).items()):
        points.setdefault(unit, {})[code] = {
            "points": award.points,
            "published": award.published,
            "status": award.status,
            "reason": award.reason,
        }
    return {"round": context.id, "ranking": ranking, "points": points}


def snapshot_path(kind: str, place: int) -> str:
    """Where the snapshot of an issue lies; `place` counts the issues of the round from 1."""
    name = "quyet-dinh" if kind == DECISION else f"dinh-chinh-{place - 1}"
    return f"{FOLDER}/{name}.json"


def differences(session: Session, context: RoundContext) -> list[Difference]:
    """What the present result says otherwise than the last issued paper, by unit of the round.

    Empty where nothing was issued. Raises SnapshotLost.
    """
    issued = issues(session, context.id)
    if not issued:
        return []
    before = _read(session, context.id, snapshot_path(issued[-1].kind, len(issued)))
    now = snapshot(session, context)
    found = []
    for unit in context.units:
        found += _of_ranking(before["ranking"], now["ranking"], unit.id)
        found += _of_points(before["points"], now["points"], unit.id)
    return found


def correction_reason(session: Session, round_id: str) -> str | None:
    """Why the correction that is under way was started; None where none is."""
    reason: str | None = None
    for event in session.exec(
        select(AuditRecord)
        .where(
            AuditRecord.round_id == round_id,
            col(AuditRecord.action).in_([STARTED, "result_issued"]),
        )
        .order_by(col(AuditRecord.seq))
    ):
        reason = event.detail["reason"] if event.action == STARTED else None
    return reason


def unannounced_changes(
    session: Session, context: RoundContext
) -> tuple[IssueRecord | None, list[Difference]]:
    """The last issued paper, and what changed since while no correction is under way."""
    issued = issues(session, context.id)
    if not issued:
        return None, []
    if correction_reason(session, context.id) is not None:
        return issued[-1], []
    return issued[-1], differences(session, context)


def _of_ranking(before: dict[str, Any], now: dict[str, Any], unit: str) -> list[Difference]:
    found = []
    for group in {**before, **now}:
        then, after = before.get(group, {}).get(unit), now.get(group, {}).get(unit)
        for column, words in _RANK_COLUMNS.items():
            old, new = (None if side is None else side.get(column) for side in (then, after))
            if old != new:
                found.append(
                    Difference(column, unit, words, _words(column, old), _words(column, new))
                )
    return found


def _of_points(before: dict[str, Any], now: dict[str, Any], unit: str) -> list[Difference]:
    then, after = before.get(unit, {}), now.get(unit, {})
    found = []
    for code in {**then, **after}:
        old, new = then.get(code, {}), after.get(code, {})
        if (old.get("points"), old.get("status")) == (new.get("points"), new.get("status")):
            continue
        sides = _words_of_points(old), _words_of_points(new)
        if sides[0] != sides[1]:
            why = new.get("reason") or ""
            found.append(Difference("points", unit, f"Điểm mục {code}", *sides, why))
    return found


def _words(column: str, value: Any) -> str:
    if value is None:
        return _NONE
    if column == "status":
        return _PLACES[value]
    if column == "percent_published":
        return f"{vietnamese(Fraction(value), 6)} %"
    return vietnamese(Fraction(value), 6) if column == "published" else str(value)


def _words_of_points(award: dict[str, Any]) -> str:
    if award.get("status") == "not_assessed":
        return "không đánh giá"
    points = award.get("points")
    return _NONE if points is None else vietnamese(Fraction(points), 6)


def _read(session: Session, round_id: str, path: str) -> dict[str, Any]:
    record = session.exec(
        select(DocumentRecord).where(
            DocumentRecord.round_id == round_id, DocumentRecord.path == path
        )
    ).first()
    file = round_folder(round_id) / path
    if record is None or not holds(file, record.sha256):
        raise SnapshotLost(
            f"Bản ghi kết quả đã ban hành ({path}) mất hoặc đã bị sửa, nên không so được với kết"
            " quả hiện nay. Hãy khôi phục tệp từ bản sao lưu của thư mục dữ liệu."
        )
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found
