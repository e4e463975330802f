"""The decision that corrects an issued one (quyết định đính chính)."""

from collections.abc import Sequence
from dataclasses import dataclass

from dti_core.errors import Refused
from dti_core.program.policies import RoundingRule
from reports.built_tables import Column, Row, build, marker, words
from reports.docx import fill
from reports.letters import result_tables
from reports.letters.decision import authority, proposal
from reports.letters.issued import Issued, require_authority
from reports.letters.paper import Paper, template
from reports.letters.standings import Group, ranked_count
from reports.letters.wording import whole, within
from reports.series import with_tables


class NothingCorrected(Refused):
    """A correction that would change nothing, or that says not why."""


@dataclass(frozen=True)
class Change:
    """What was wrong about a unit, as it was published and as it holds now.

    what    "Thứ hạng", "Tổng điểm", or the row of the framework
    reason  of a row: why it has these points now
    """

    unit: str
    what: str
    before: str
    now: str
    reason: str = ""


@dataclass(frozen=True)
class Correction:
    """What the decision says; the rest as in `decision.Decision`.

    corrected     the decision that it corrects, `corrected_by` whose that was
    amended       what corrected that one before
    reason        why, in all
    changes       one line each
    groups        the result as it holds now
    """

    paper: Paper
    competence: str
    grounds: tuple[str, ...]
    proposer: str
    proposal: str
    organiser: str
    executors: str
    title: str
    corrected: Issued
    corrected_by: str
    reason: str
    changes: tuple[Change, ...]
    groups: tuple[Group, ...]
    rounding: RoundingRule
    amended: tuple[Issued, ...] = ()
    proposed: Issued | None = None
    issued: Issued | None = None


def render(values: Correction) -> bytes:
    """The decision as a .docx.

    Raises NothingCorrected, BrokenStandings where nobody is ranked, BrokenAuthority,
    BrokenTemplate.
    """
    ranked_count(values.groups)
    require_authority(values.paper, values.competence)
    reason = values.reason.strip().rstrip(".")
    if not reason or not values.changes:
        raise NothingCorrected(
            f"Quyết định đính chính Quyết định {values.corrected.cited}:"
            f" {'không có nội dung nào thay đổi' if reason else 'chưa nêu lý do đính chính'}."
        )
    digits, file = values.rounding.digits, template("correction.docx")
    filled = fill(
        file,
        {
            **authority(values.paper, values.competence, values.grounds, values.issued),
            **proposal(values.proposer, values.proposal, values.proposed),
            "organiser": values.organiser,
            "executors": values.executors,
            "title": within(values.title),
            "corrected": values.corrected.cited,
            "corrected_by": values.corrected_by,
            "amended": [each.cited for each in values.amended],
            "reason": within(reason),
            "count": whole(len(values.changes)),
            "digits": whole(digits),
            "rounded_sum": values.rounding.total == "sum_of_exact",
            "tables": {name: marker(name) for name in ("changes", "ranking")},
        },
    )
    tables = {
        "changes": _changes(values.changes),
        "ranking": result_tables.ranking(values.groups, digits),
    }
    return with_tables(filled, tables, file)


def _changes(changes: Sequence[Change]) -> str:
    with_reason = any(change.reason for change in changes)
    columns = [
        Column("STT", 1.2, "center"),
        Column("Cơ quan, đơn vị", 4.6),
        Column("Nội dung", 4.3 if with_reason else 6.3),
        Column("Đã công bố", 1.9 if with_reason else 2.2, "right"),
        Column("Nay là", 1.9 if with_reason else 2.2, "right"),
        *([Column("Lý do", 2.6)] if with_reason else []),
    ]
    rows = [
        Row(
            (
                str(number),
                change.unit,
                change.what,
                change.before,
                change.now,
                *([change.reason] if with_reason else []),
            )
        )
        for number, change in enumerate(changes, 1)
    ]
    return words("", leads=True) + build(columns, rows)
