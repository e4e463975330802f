"""The tables of a result: ranking, units without a rank, points by pillar, a table a group."""

from collections.abc import Iterator, Mapping, Sequence

from dti_core.program.ranking import Place
from reports.built_tables import Column, Row, build, words
from reports.letters.standings import Group, Standing
from reports.letters.wording import points
from reports.templates.layout import TEXT_WIDTH

RANK, TOTAL = 1.3, 1.9
# narrower than this a pillar's "412,35" would break over two lines
PILLAR_WIDTH, PILLAR_WIDEST, UNIT_WIDTH = 1.15, 2.5, 4.4
UNRANKED = "Cơ quan, đơn vị không xếp hạng"

PLACES: Mapping[Place, str] = {
    "ranked": "Xếp hạng",
    "not_ranked": "Được đánh giá, không xếp hạng",
    "not_evaluated": "Không đánh giá",
    "voluntary": "Tự nguyện tham gia, không xếp hạng",
}


def change(one: Standing) -> str:
    """How the rank moved: "▲2" up two places, "▼1" down one, "–" the same, "mới" none before."""
    if one.rank is None or one.previous_rank is None:
        return "" if one.rank is None else "mới"
    moved = one.previous_rank - one.rank
    return f"▲{moved}" if moved > 0 else f"▼{-moved}" if moved < 0 else "–"


def ranking(groups: Sequence[Group], digits: int) -> str:
    """Ranks and points, then who has no rank and why, as WordprocessingML."""
    parts: list[str] = []
    for group in groups:
        if group.name:
            parts.append(words(group.name, bold=True, centred=True, leads=True))
        else:
            parts.append(words("", leads=True))
        if group.ranked:
            parts.append(_ranking(group, digits))
        if group.unranked:
            parts += [words(UNRANKED, italic=True, centred=True, leads=True)]
            parts.append(_unranked(group, digits))
    return "".join(parts)


def _ranking(group: Group, digits: int) -> str:
    extra: list[tuple[Column, list[str]]] = []
    ranked = group.ranked
    if group.own_maxima:
        most = [points(one.max_points or group.max_points, digits) for one in ranked]
        extra.append((Column("Điểm tối đa", TOTAL, "right"), most))
    if group.by == "percent":
        shares = [points(one.percent, digits) for one in ranked]
        extra.append((Column("Tỷ lệ (%)", TOTAL, "right"), shares))
    if group.graded:
        extra.append((Column("Xếp loại", 2.4, "center"), [one.grade or "–" for one in ranked]))
    if group.compared:
        moves = [change(one) for one in ranked]
        extra.append((Column("Tăng, giảm hạng", 1.9, "center"), moves))
    unit = TEXT_WIDTH - RANK - TOTAL - sum(column.width for column, _ in extra)
    columns = [
        Column("Hạng", RANK, "center"),
        Column("Cơ quan, đơn vị", unit),
        Column("Điểm", TOTAL, "right"),
        *(column for column, _ in extra),
    ]
    rows = [
        Row((str(one.rank), one.unit, points(one.points, digits), *(t[at] for _, t in extra)))
        for at, one in enumerate(ranked)
    ]
    if not group.own_maxima:
        blank = [""] * len(extra)
        rows.append(Row(("", "Điểm tối đa", points(group.max_points, digits), *blank), bold=True))
    return build(columns, rows)


def _unranked(group: Group, digits: int) -> str:
    columns = [
        Column("STT", RANK, "center"),
        Column("Cơ quan, đơn vị", 5.1),
        Column("Tình trạng", 3.4),
        Column("Điểm", TOTAL, "right"),
        Column("Lý do", 4.8),
    ]
    return build(
        columns,
        [
            Row(
                (
                    str(number),
                    one.unit,
                    PLACES[one.place],
                    points(one.points, digits),
                    one.reason or "",
                )
            )
            for number, one in enumerate(group.unranked, 1)
        ],
    )


def pillars(groups: Sequence[Group], digits: int) -> str:
    """Points by pillar of everybody who was evaluated, as WordprocessingML."""
    return "".join(part for group in groups for part in _pillars(group, digits))


def _pillars(group: Group, digits: int) -> Iterator[str]:
    rank, total = 1.2, 1.6
    free = TEXT_WIDTH - rank - total
    count = len(group.columns)
    each = min(max(PILLAR_WIDTH, (free - UNIT_WIDTH) / count), PILLAR_WIDEST)
    columns = [
        Column("Hạng", rank, "center"),
        Column("Cơ quan, đơn vị", free - count * each),
        *(Column(column.name, each, "right") for column in group.columns),
        Column("Tổng điểm", total, "right"),
    ]
    shown = [*group.ranked, *(one for one in group.unranked if one.points is not None)]
    rows = [
        Row(
            (
                "–" if one.rank is None else str(one.rank),
                one.unit,
                *(points(value, digits) for value in one.pillars),
                points(one.points, digits),
            )
        )
        for one in shown
    ]
    most = (points(column.max_points, digits) for column in group.columns)
    rows.append(Row(("", "Điểm tối đa", *most, points(group.max_points, digits)), bold=True))
    yield words(group.name or "", bold=True, centred=True, leads=True)
    yield build(columns, rows, size=10)
