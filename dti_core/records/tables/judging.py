"""What was found, doubted, awarded and ranked."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dti_core.records.tables.base import Record, json_column


class FindingRecord(Record, table=True):
    """What validation found about one figure of the current versions."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("round_id", "unit", "criterion", "variable", "rule"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    unit: str
    criterion: str
    variable: str
    rule: str
    severity: str
    message: str
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None


class AwardRecord(Record, table=True):
    """Points of one unit for one row. `kind`: self-assessed, computed or appraised."""

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("round_id", "unit", "criterion", "reading", "kind"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    unit: str
    criterion: str
    reading: str
    kind: str
    max_points: str | None = None
    points: str | None = None
    published: str | None = None
    low: str
    high: str
    status: str
    reasons: list[str] = Field(sa_column=json_column())
    unclipped: str | None = None
    reason: str | None = None
    decided_by: str | None = None


class FlagRecord(Record, table=True):
    """A doubt about a figure, what the unit answered and how the officer took it.

    status        see `dti_core.records.flags`
    suspicion     how much it is doubted, from a half to 1 (`Flag.suspicion`)
    impact        points on the row, if the figure were the expected one; `impact_total` points on
                  the unit's total, `impact_rank` places
    due           the last day for the unit's answer; None where none was set that it could keep
    """

    __tablename__ = "flag"
    __table_args__ = (UniqueConstraint("round_id", "flag_id"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    flag_id: str
    unit: str
    criterion: str
    criteria: list[str] = Field(sa_column=json_column())
    variable: str | None = None
    detector: str
    reported: str | None = None
    expected: str | None = None
    message: str
    suspicion: float | None = None
    impact: str | None = None
    impact_total: str | None = None
    impact_rank: int | None = None
    status: str
    due: str | None = None
    decision: str | None = None
    corrected: str | None = None
    explanation: str | None = None
    officer_reason: str | None = None


class RankRecord(Record, table=True):
    """A unit's place in its group.

    status    ranked, not_ranked, not_evaluated or voluntary; all but the first with a `reason`
    max_points, percent  the unit's own maximum, and its points in percent of it: exact
    percent_published    as published
    previous_rank, previous_points  of the last evaluation year, by the unit's predecessors
    previous_of          how many were ranked then
    """

    __tablename__ = "rank_entry"
    __table_args__ = (UniqueConstraint("round_id", "group", "unit"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    group: str
    unit: str
    points: str | None = None
    published: str | None = None
    rank: int | None = None
    reason: str | None = None
    status: str = "ranked"
    max_points: str | None = None
    percent: str | None = None
    percent_published: str | None = None
    grade: str | None = None
    previous_rank: int | None = None
    previous_points: str | None = None
    previous_of: int | None = None
