"""Values for the pages of a unit round in which every text can be told from every other."""

import dataclasses
import itertools
import types
import typing
from collections.abc import Iterator

from reports.quality.data import QualityReport
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


def crowded_report() -> QualityReport:
    """Three severities, five flag states, long cells and messages: what has to fit a page."""
    report = filled(QualityReport)
    unit, criterion = report.units[0], report.criteria[0]
    finding, flag = report.findings[0], report.flags[0]
    cell = "so-nong-nghiep-va-phat-trien-nong-thon-lan-2.xlsx, 6. Hoạt động chính quyền số, ô E57"
    return dataclasses.replace(
        report,
        severities=("lỗi phải sửa", "cảnh báo", "lưu ý"),
        flag_states=("chờ giải trình", "chờ cán bộ xem", "chấp nhận", "không chấp nhận", "rút"),
        units=tuple(
            dataclasses.replace(
                unit,
                name=f"Ban Quản lý các Khu công nghiệp {n}",
                received="23/01/2024, 27/01/2024",
                findings=("12", "3", "0"),
                flags=("1", "0", "2", "3", "–"),
            )
            for n in range(20)
        ),
        criteria=(dataclasses.replace(criterion, name=LONG),) * 40,
        findings=(dataclasses.replace(finding, cell=cell, message=LONG),) * 30,
        flags=(dataclasses.replace(flag, cell=cell, message=LONG, explanation=LONG),) * 30,
    )
