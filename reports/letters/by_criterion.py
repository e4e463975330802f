"""Points by row of the framework, as the last appendix of a decision lays them out.

Rows are criteria and columns are units, ten a table: a name stands upright over its column, and a
group of 136 communes makes fourteen tables, each readable by itself.
"""

from collections.abc import Iterator, Sequence

from reports.built_tables import Column, Row, build, words
from reports.letters.standings import Group, RowValue, Standing
from reports.letters.wording import points
from reports.templates.layout import LANDSCAPE_WIDTH

UNITS_A_TABLE = 10
CODE, MOST, EACH = 1.3, 1.3, 1.3
# "Sở Nông nghiệp và Phát triển nông thôn" in 10 points bold takes two lines of this
NAME_HEIGHT = 4.2
NOT_ASSESSED, EXEMPT = "KĐG", "*"


def tables(groups: Sequence[Group], digits: int) -> str:
    """The tables of all groups as WordprocessingML, each under its heading."""
    return "".join(part for group in groups for part in _group(group, digits))


def marks(groups: Sequence[Group]) -> str:
    """What the signs in the tables mean."""
    values = [value for group in groups for one in group.standings for value in one.rows]
    told = ["số đứng trước tên cơ quan, đơn vị là thứ hạng"]
    if any(not value.assessed for value in values):
        told.append(f"{NOT_ASSESSED}: không đánh giá, mục được trừ khỏi điểm tối đa của đơn vị")
    if any(value.exempt and value.assessed for value in values):
        told.append(f"dấu {EXEMPT}: mục được miễn, điểm tính theo quy định về miễn")
    return "; ".join(told)


def _group(group: Group, digits: int) -> Iterator[str]:
    shown = [one for one in (*group.ranked, *group.unranked) if one.rows]
    blocks = [shown[at : at + UNITS_A_TABLE] for at in range(0, len(shown), UNITS_A_TABLE)]
    for number, block in enumerate(blocks, 1):
        which = f"Bảng {number} trong {len(blocks)}" if len(blocks) > 1 else ""
        heading = ". ".join(part for part in (group.name, which) if part)
        yield words(heading, bold=True, centred=True, leads=True)
        yield _block(group, block, digits)


def _block(group: Group, block: Sequence[Standing], digits: int) -> str:
    name = LANDSCAPE_WIDTH - CODE - MOST - EACH * len(block)
    columns = [
        Column("Mục", CODE),
        Column("Tiêu chí", name),
        Column("Điểm tối đa", MOST, "right"),
        *(Column(_heading(one), EACH, "right", upright=True) for one in block),
    ]
    return build(columns, _rows(group, block, digits), size=10, heading_height=NAME_HEIGHT)


def _heading(one: Standing) -> str:
    return one.unit if one.rank is None else f"{one.rank}. {one.unit}"


def _rows(group: Group, block: Sequence[Standing], digits: int) -> Iterator[Row]:
    for pillar, column in enumerate(group.columns):
        yield Row(
            (
                "",
                column.name,
                points(column.max_points, digits),
                *(points(one.pillars[pillar], digits) for one in block),
            ),
            bold=True,
        )
        for place, row in enumerate(group.rows):
            if row.pillar == pillar:
                most = points(row.max_points, digits)
                values = (_value(one.rows[place], digits) for one in block)
                yield Row((row.code, row.name, most, *values))
    total = points(group.max_points, digits)
    yield Row(("", "Tổng điểm", total, *(points(one.points, digits) for one in block)), bold=True)
    if group.own_maxima:
        most = (points(one.max_points or group.max_points, digits) for one in block)
        yield Row(("", "Điểm tối đa của đơn vị", "", *most), bold=True)
    if group.by == "percent":
        yield Row(("", "Tỷ lệ (%)", "", *(points(one.percent, digits) for one in block)), bold=True)


def _value(value: RowValue, digits: int) -> str:
    if not value.assessed:
        return NOT_ASSESSED
    return points(value.points, digits) + (EXEMPT if value.exempt else "")
