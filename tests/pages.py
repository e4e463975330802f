"""Values for the pages of a unit round in which every text can be told from every other."""

import dataclasses
import itertools
import types
import typing
from collections.abc import Iterator

from reports.quality.data import AsideLine, QualityReport, Remark, YearLine
from reports.quality.stages import Counts
from reports.shown import Tone
from reports.site.data import Site

T = typing.TypeVar("T")

NASTY = 'Sở <b>Thử</b> & "Nghiệm"'
"""A name that breaks a page which does not escape."""

UNITS = (
    # name, rank, points, points in the only pillar
    ("Sở Đo đạc", "1", "1.000,5", "9,5"),
    ("Sở Y tế", "2", "980", "10"),
    (NASTY, "3", "75,25", "–"),
)


def filled(cls: type[T]) -> T:
    """An instance whose every text is unique and needs escaping; one element in each list."""
    number = itertools.count(1)

    def value(kind: object, name: str) -> object:
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if kind is Tone:
            return "good"
        if kind is str:
            return f"<{name} & {next(number)}>"
        if kind in (float, bool, int):
            return {float: 0.5, bool: True, int: 1}[kind]  # type: ignore[index]
        if isinstance(kind, types.UnionType):
            return value(arguments[0], name)
        if origin is tuple and arguments[-1] is Ellipsis:
            return (value(arguments[0], name),)
        if origin is tuple:
            return tuple(value(each, name) for each in arguments)
        return make(typing.cast(type, kind))

    def make(kind: type) -> object:
        hints = typing.get_type_hints(kind)
        values = {
            field.name: value(hints[field.name], field.name) for field in dataclasses.fields(kind)
        }
        if "pillars" in values and "units" in values:  # a group: its units have its pillars
            heads = typing.cast(tuple, values["pillars"])
            values["units"] = tuple(
                dataclasses.replace(
                    unit,
                    id="so-thu",
                    pillars=tuple(
                        dataclasses.replace(cell, code=head.code)
                        for cell, head in zip(unit.pillars, heads, strict=True)
                    ),
                )
                for unit in typing.cast(tuple, values["units"])
            )
        return kind(**values)

    return typing.cast(T, make(cls))


def texts(instance: object, *leave_out: str) -> Iterator[str]:
    """Every text of an instance and of what it holds, fields named in `leave_out` apart."""
    if isinstance(instance, str):
        yield instance
    elif isinstance(instance, tuple):
        for each in instance:
            yield from texts(each, *leave_out)
    elif dataclasses.is_dataclass(instance):
        for field in dataclasses.fields(instance):
            if field.name not in leave_out:
                yield from texts(getattr(instance, field.name), *leave_out)


def ranking() -> Site:
    """A site of three ranked units, whose names, ranks and points each sort in another way."""
    site = filled(Site)
    (group,) = site.groups
    (page,) = group.units
    units = tuple(
        dataclasses.replace(
            page,
            id=f"don-vi-{rank}",
            name=name,
            rank=rank,
            total=dataclasses.replace(page.total, points=points),
            pillars=(dataclasses.replace(page.pillars[0], points=in_pillar),),
        )
        for name, rank, points, in_pillar in UNITS
    )
    return dataclasses.replace(site, groups=(dataclasses.replace(group, units=units),))


LONG = "Tỷ lệ hồ sơ công việc của đơn vị được xử lý trên môi trường mạng, trừ hồ sơ mật. " * 4


def crowded_site() -> Site:
    """Twenty units, ten pillars, forty criteria a unit, long words: what has to fit a page."""
    site = filled(Site)
    (group,) = site.groups
    (page,) = group.units
    (section,) = page.sections
    (row,) = section.criteria
    row = dataclasses.replace(row, name=LONG, rule=LONG, status="chưa thống kê được")
    units = tuple(
        dataclasses.replace(
            page,
            id=f"don-vi-{n}",
            name=f"Sở Nông nghiệp và Phát triển nông thôn {n}",
            rank=str(n),
            pillars=page.pillars * 10,
            sections=(dataclasses.replace(section, criteria=(row,) * 40),),
        )
        for n in range(1, 21)
    )
    return dataclasses.replace(
        site, groups=(dataclasses.replace(group, pillars=group.pillars * 10, units=units),)
    )


def quality_report() -> QualityReport:
    """A report of two groups and one unit, whose every text is unique and needs escaping."""
    report = filled(QualityReport)
    (page,) = report.pages
    line = dataclasses.replace(page.line, id="so-thu")
    return dataclasses.replace(
        report,
        year_before=2022,
        pages=(dataclasses.replace(page, line=line),),
        groups=tuple(
            dataclasses.replace(report.groups[0], group=name, name=name)
            for name in ("Nhóm & một", "Nhóm & hai")
        ),
    )


def crowded_report() -> QualityReport:
    """Three groups, five flag states, long cells and messages: what has to fit a page."""
    report = quality_report()
    (page,) = report.pages
    cell = "so-nong-nghiep-va-phat-trien-nong-thon-lan-2.xlsx, 6. Hoạt động chính quyền số, ô E57"
    counts = Counts(98765, 98764, 98700, 97000, 95000, 94000, 90000, 3000)
    remark = Remark("Ban Quản lý các Khu công nghiệp", "6.14.12", LONG, cell)
    flag = dataclasses.replace(
        page.flags[0], code=", ".join(["6.14.12"] * 21), text=LONG, explanation=LONG
    )
    pages = tuple(
        dataclasses.replace(
            page,
            line=dataclasses.replace(
                page.line,
                id=f"don-vi-{n}",
                name=f"Ban Quản lý các Khu công nghiệp {n}",
                group=f"Nhóm đơn vị thứ {n // 10}",
                asked=1482,
                answered=1204,
                fatal=128,
                warned=204,
                received="23/01/2024, 27/01/2024",
                due="31/01/2024, 15/02/2024",
                timeliness="còn thiếu tệp, quá hạn",
                flags=(112, 0, 24, 31, 7),
            ),
            counts=counts,
            missing=(remark,) * 20,
            fatal=(dataclasses.replace(remark, about=""),) * 20,
            flags=(flag,) * 10,
            changes=(remark,) * 10,
        )
        for n in range(20)
    )
    criterion = dataclasses.replace(
        report.criteria[0], name=LONG, units=136, wrong=117, missing=117, doubted=104, papers=136
    )
    part = dataclasses.replace(report.pillars[0], name=LONG, units=136, counts=counts)
    return dataclasses.replace(
        report,
        flag_states=("chờ giải trình", "chờ cán bộ xem", "chấp nhận", "không chấp nhận", "hết hạn"),
        counts=counts,
        groups=(part,) * 3,
        pillars=(part,) * 8,
        pages=pages,
        criteria=(criterion,) * 40,
        aside=(AsideLine(cell.replace(" ", "-"), "31/01/2024", LONG),) * 5,
        years=(YearLine("Cấp huyện", 98765, 45678, 40000, 13087, 1234, 567, counts, counts),) * 3,
    )
