"""Deadlines: the round's day, moved by its policy, or the later day that somebody granted."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.program.calendar import Closing, closing_of
from dti_core.program.load import RoundContext, load_round
from dti_core.records import audit
from dti_core.records.one_writer import one_writer
from dti_core.records.rights import Right, need
from dti_core.records.tables import ExtensionRecord, RequestRecord


class NotExtended(Refused):
    """A deadline that cannot be moved as wished. The text says why."""


def closing(round_id: str) -> Closing:
    """Where the round closes for who got no extension.

    Raises UnknownYear, UnsettledDay where the calendar does not reach.
    """
    context = load_round(round_id)
    return closing_of(context.program, context.round)


def deadline(session: Session, round_id: str, provider: str, kind: str) -> date:
    """By when a provider's workbook has to come: the newest extension, else the round's day."""
    extension = granted(session, round_id).get((provider, kind))
    return _effective(extension, closing(round_id).on)


def deadlines(session: Session, round_id: str) -> Mapping[tuple[str, str], date]:
    """(provider, kind) → the effective deadline of every request of the round."""
    extensions, closes = granted(session, round_id), closing(round_id).on
    return {
        (provider, kind): _effective(extensions.get((provider, kind)), closes)
        for provider, kind in session.exec(
            select(RequestRecord.provider, RequestRecord.kind).where(
                RequestRecord.round_id == round_id
            )
        )
    }


def granted(session: Session, round_id: str) -> Mapping[tuple[str, str], ExtensionRecord]:
    """(provider, kind) → the newest extension."""
    return {
        (record.provider, record.kind): record
        for record in session.exec(
            select(ExtensionRecord)
            .where(ExtensionRecord.round_id == round_id)
            .order_by(col(ExtensionRecord.id))
        )
    }


def extend(
    session: Session,
    context: RoundContext,
    provider: str,
    until: date,
    reason: str,
    document: str,
    actor: str,
    kind: str | None = None,
) -> Mapping[str, date]:
    """Grant a later deadline for a provider's requests, or for one kind of them.

    The very same extension again changes nothing. Returns kind → the deadline before it. Raises
    NotExtended where nothing was asked of the provider, where `until` is not later than a deadline
    concerned, or without reason or document.
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    one_writer(session, context.id)
    if not reason.strip() or not document.strip():
        raise NotExtended(
            "Gia hạn phải có lý do và số văn bản chấp thuận: --reason LÝ_DO --document SỐ_VĂN_BẢN."
        )
    asked = {
        each_kind: due
        for (who, each_kind), due in deadlines(session, context.id).items()
        if who == provider and kind in (None, each_kind)
    }
    if not asked:
        providers = sorted({who for who, _ in deadlines(session, context.id)})
        hint = f" Có: {', '.join(providers)}." if providers else ""
        raise NotExtended(
            f"Đợt {context.id} không có yêu cầu nào gửi tới {provider!r}"
            f"{f' loại {kind!r}' if kind else ''}.{hint}"
            f" Yêu cầu được ghi khi chạy: dti dispatch {context.id}"
        )
    if again := _granted_before(session, context, asked, provider, until, reason, document):
        return again
    for due in asked.values():
        if until <= due:
            raise NotExtended(
                f"Hạn mới {until:%d/%m/%Y} phải sau hạn hiện nay của {provider}: {due:%d/%m/%Y}."
            )
    for each_kind, due in asked.items():
        session.add(
            ExtensionRecord(
                round_id=context.id,
                provider=provider,
                kind=each_kind,
                due=until.isoformat(),
                reason=reason,
                document=document,
                actor=actor,
                at=audit.now(),
            )
        )
        detail = {
            "kind": each_kind,
            "from": due.isoformat(),
            "until": until.isoformat(),
            "reason": reason,
            "document": document,
        }
        audit.append(session, context.id, "deadline_extended", provider, detail, actor)
    return asked


def _granted_before(
    session: Session,
    context: RoundContext,
    kinds: Iterable[str],
    provider: str,
    until: date,
    reason: str,
    document: str,
) -> Mapping[str, date]:
    """Kind → the deadline before, where the newest extension of every kind is this very one."""
    extensions: dict[str, list[ExtensionRecord]] = {kind: [] for kind in kinds}
    for record in session.exec(
        select(ExtensionRecord)
        .where(ExtensionRecord.round_id == context.id, ExtensionRecord.provider == provider)
        .order_by(col(ExtensionRecord.id))
    ):
        extensions.get(record.kind, []).append(record)
    wished = until.isoformat(), reason, document
    before = {}
    for kind, made in extensions.items():
        if not made or (made[-1].due, made[-1].reason, made[-1].document) != wished:
            return {}
        before[kind] = _effective(made[-2] if made[1:] else None, closing(context.id).on)
    return before


def _effective(extension: ExtensionRecord | None, closes: date) -> date:
    return date.fromisoformat(extension.due) if extension else closes
