"""Results to publish: groups of any size on the shipped frameworks, and the papers about them."""

from datetime import date
from fractions import Fraction

from dti_core.framework.load import load_framework
from dti_core.framework.model import Framework
from dti_core.framework.rules import SumOfChildren
from dti_core.program.load import RoundContext
from dti_core.program.policies import RoundingRule
from reports.letters.correction import Change, Correction
from reports.letters.decision import Decision
from reports.letters.issued import Issued
from reports.letters.notice import Notice, Provisional, SheetPillar, SheetRow
from reports.letters.paper import Paper, organisers_paper
from reports.letters.standings import Column, Group, RowValue, Standing
from reports.letters.wording import cite
from reports.unit_round.rows import maximum, row_columns

ISSUED = Issued("05", "QĐ-UBND", date(2024, 3, 15))
ROUNDING = RoundingRule(digits=2, total="sum_of_exact")
PROVISIONAL = Provisional(petition_by=date(2024, 3, 5))


def values_of(framework: Framework, place: int) -> tuple[RowValue, ...]:
    """Every row's points of the unit at a place: a share of the maximum that no two units have."""
    share = Fraction(211 - place, 211)
    return tuple(
        RowValue(None if row.max_points is None else row.max_points * share)
        for row in framework.rows
    )


def group_of(
    framework: Framework,
    units: int,
    name: str | None = None,
    of: str = "Ủy ban nhân dân xã Đơn vị",
) -> Group:
    """Units ranked 1, 2, 3 … by points that fall evenly."""
    columns = tuple(Column(p.name, p.max_points) for p in framework.pillars)
    most = sum((maximum(pillar) for pillar in framework.pillars), Fraction(0))
    standings = []
    for place in range(units):
        share = Fraction(211 - place, 211)
        pillars = tuple(None if c.max_points is None else c.max_points * share for c in columns)
        standings.append(
            Standing(
                f"{of} {place + 1}",
                place + 1,
                sum((points or Fraction(0) for points in pillars), Fraction(0)),
                pillars,
                rows=values_of(framework, place),
            )
        )
    return Group(name, most, columns, tuple(standings), rows=row_columns(framework))


def publishers_paper(context: RoundContext, *signer: str) -> Paper:
    return Paper(
        parent=None,
        issuer=("Ủy ban nhân dân", "tỉnh Vĩnh Phúc"),
        place="Vĩnh Phúc",
        symbol="QĐ-UBND",
        signer=signer or ("TM. Ủy ban nhân dân", "Chủ tịch"),
        recipients=("Chủ tịch, các Phó Chủ tịch Ủy ban nhân dân tỉnh",),
        illustration=context.round.illustration,
    )


def decision_of(context: RoundContext, *groups: Group) -> Decision:
    basis = cite(next(iter(context.frameworks.values())).decree)
    return Decision(
        paper=publishers_paper(context),
        competence="Ủy ban nhân dân tỉnh Vĩnh Phúc",
        grounds=(
            "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
            f"Căn cứ {basis}",
        ),
        proposer="Giám đốc Sở Thông tin và Truyền thông",
        proposal="TTr-STTTT",
        organiser="Sở Thông tin và Truyền thông",
        executors="Chánh Văn phòng Ủy ban nhân dân tỉnh; Thủ trưởng các sở, ban, ngành",
        basis=basis,
        title=context.round.title,
        evaluation_year=context.round.evaluation_year,
        data_from=context.round.data_from.on,
        data_to=context.round.data_to.on,
        groups=groups,
        rounding=ROUNDING,
    )


def correction_of(context: RoundContext, *groups: Group) -> Correction:
    decision = decision_of(context, *groups)
    return Correction(
        paper=decision.paper,
        competence=decision.competence,
        grounds=decision.grounds,
        proposer=decision.proposer,
        proposal=decision.proposal,
        organiser=decision.organiser,
        executors=decision.executors,
        title=decision.title,
        corrected=ISSUED,
        corrected_by=decision.competence,
        reason="Nhập sai số hồ sơ trực tuyến khi tổng hợp.",
        changes=(
            Change("Sở A & B", "Thứ hạng", "5", "3"),
            Change("Sở A & B", "Mục 1.2. Tỷ lệ <thử>", "7,5", "12"),
        ),
        groups=groups,
        rounding=ROUNDING,
    )


def notice_of(context: RoundContext, group: Group, place: int = 0) -> Notice:
    """The letter to the unit at a place; one row adjusted, one exempted, one not assessed."""
    framework = load_framework(context.program.frameworks["so"])
    one = group.standings[place]
    return Notice(
        paper=organisers_paper(context),
        basis=cite(framework.decree),
        title=context.round.title,
        evaluation_year=context.round.evaluation_year,
        standing=one,
        group=group.name,
        ranked=len(group.ranked),
        max_points=group.max_points,
        sheet=_sheet(framework, one),
        stage=PROVISIONAL,
        digits=2,
        send_to="so-tttt@mau.example",
    )


def _sheet(framework: Framework, one: Standing) -> tuple[SheetPillar, ...]:
    points = {row.code: value for row, value in zip(framework.rows, one.rows, strict=True)}
    scored = [row.code for row in framework.rows if not isinstance(row.rule, SumOfChildren)]
    reasons = {
        scored[0]: "Văn bản kiểm chứng ban hành sau năm đánh giá.",
        scored[1]: "Tính bằng điểm cao nhất của nhóm: không có đơn vị trực thuộc.",
        scored[2]: "Không đánh giá, trừ khỏi điểm tối đa: không có chức năng.",
    }
    return tuple(
        SheetPillar(
            pillar.name,
            pillar.max_points,
            one.pillars[place],
            tuple(
                SheetRow(
                    row.code,
                    row.name,
                    row.max_points,
                    self_assessed=row.max_points,
                    computed=points[row.code].points,
                    official=None if row.code == scored[2] else points[row.code].points,
                    reason=reasons.get(row.code, ""),
                    assessed=row.code != scored[2],
                    exempt=row.code in scored[1:3],
                )
                for row in pillar.rows
            ),
        )
        for place, pillar in enumerate(framework.pillars)
    )
