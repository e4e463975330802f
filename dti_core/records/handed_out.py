"""Dossiers that were handed out: who got which, and whether the chain is still the one in them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from dti_core.records import audit
from dti_core.records.one_writer import one_writer
from dti_core.records.rights import Right, need
from dti_core.records.tables import AuditRecord

EXPORTED = "dossier_exported"


def record_export(
    session: Session, round_id: str, unit: str, sha256: str, head: str, recipient: str, actor: str
) -> None:
    """Record that a dossier was made: officials answer for who got it.

    sha256  of the whole file; head  the digest that its chain ends with

    Raises NotAllowed, UnreadableToken.
    """
    actor = need(session, round_id, Right.OPERATE, actor)
    one_writer(session, round_id)
    detail = {"sha256": sha256, "head": head, "recipient": recipient}
    audit.append(session, round_id, EXPORTED, unit, detail, actor)


def unlike_records(
    session: Session, round_id: str, sha256: str | None, links: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Where a dossier differs from what the database says now, in Vietnamese; empty where nowhere.

    sha256  of the whole file, which an event of export should name; None not to ask
    links   its chain, `seq` and `digest` of each
    """
    found: list[str] = []
    now = dict(
        session.exec(
            select(AuditRecord.seq, AuditRecord.digest).where(AuditRecord.round_id == round_id)
        ).all()
    )
    if not now:
        return [f"Cơ sở dữ liệu này không có đợt {round_id}."]
    differing = [link["seq"] for link in links if now.get(link["seq"]) != link["digest"]]
    if differing:
        found.append(
            f"{len(differing)} sự kiện không như trong cơ sở dữ liệu, từ số {min(differing)}."
        )
    if sha256 is not None:
        exports = session.exec(
            select(AuditRecord.detail)
            .where(AuditRecord.round_id == round_id, AuditRecord.action == EXPORTED)
            .order_by(col(AuditRecord.seq))
        )
        if sha256 not in {detail["sha256"] for detail in exports}:
            found.append(
                "Nhật ký không có lần xuất hồ sơ nào với mã SHA-256 này: tệp đã bị sửa sau khi"
                " xuất, hoặc không phải do cơ sở dữ liệu này xuất."
            )
    return found
