"""The tables of the data-quality workbook: their columns, and their rows as typed cells."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reports.quality.data import QualityReport, Remark, UnitPage
from reports.quality.stages import STAGES, Counts

Cell = str | int | float | None

NUMBER, SHARE, WIDE = "số", "phần", "chữ"


@dataclass(frozen=True)
class Column:
    """A column of a table; `kind` says how its cells are written, `width` is in characters."""

    name: str
    kind: str = NUMBER
    width: int = 11


def tables(
    report: QualityReport,
) -> Iterator[tuple[str, Sequence[Column], Iterable[Sequence[Cell]]]]:
    """(name, columns, rows) of every page, in order."""
    yield "Từng bước", STAGE_COLUMNS, stages(report)
    yield "Nhóm, chỉ số", PART_COLUMNS, parts(report)
    yield f"So với năm {report.year_before}", YEAR_COLUMNS, years(report)
    yield "Tiêu chí", CRITERION_COLUMNS, criteria(report)
    yield "Đơn vị", unit_columns(report), units(report)
    yield "Phát hiện", REMARK_COLUMNS, remarks(report)
    yield "Nghi vấn", FLAG_COLUMNS, flags(report)
    not_run = ((each.group, each.check, each.reason) for each in report.not_run)
    yield "Chưa kiểm tra được", NOT_RUN_COLUMNS, not_run
    yield "Tệp để riêng", ASIDE_COLUMNS, ((f.name, f.day, f.reason) for f in report.aside)


STAGE_COLUMNS = (
    Column("Bước", WIDE, 20),
    Column("Nghĩa là", WIDE, 60),
    Column("Số liệu"),
    Column("Trên số đã hỏi", SHARE),
    Column("Không qua"),
    Column("Vì sao", WIDE, 42),
)
PART_COLUMNS = (
    Column("Nhóm", WIDE, 24),
    Column("Chỉ số chính", WIDE, 44),
    Column("Đơn vị"),
    *(Column(stage.name) for stage in STAGES),
    *(Column(f"{stage.name} (%)", SHARE) for stage in STAGES[1:]),
)
YEAR_COLUMNS = (
    Column("Nhóm", WIDE, 24),
    *(
        Column(name, width=13)
        for name in (
            "Có ở cả hai năm",
            "Giữ nguyên",
            "Tăng",
            "Giảm",
            "Năm trước có, năm nay không",
            "Năm nay mới có",
        )
    ),
    *(
        Column(f"{stage.name}, {year} (%)", SHARE, 13)
        for stage in STAGES[1:]
        for year in ("năm trước", "năm nay")
    ),
)
CRITERION_COLUMNS = (
    Column("Nhóm", WIDE, 20),
    Column("Mục", WIDE, 9),
    Column("Tiêu chí", WIDE, 60),
    Column("Đơn vị được đánh giá"),
    Column("Đơn vị sai"),
    Column("Đơn vị sai (%)", SHARE),
    Column("Để trống"),
    Column("Chưa rõ"),
    Column("Lỗi phải sửa"),
    Column("Cảnh báo"),
    Column("Nghi vấn"),
    Column("Thiếu tài liệu kiểm chứng"),
)
REMARK_COLUMNS = (
    Column("Đơn vị", WIDE, 30),
    Column("Về đơn vị", WIDE, 30),
    Column("Loại", WIDE, 20),
    Column("Mục", WIDE, 9),
    Column("Nội dung", WIDE, 80),
    Column("Nơi ghi", WIDE, 40),
)
FLAG_COLUMNS = (
    Column("Đơn vị", WIDE, 30),
    Column("Mục", WIDE, 14),
    Column("Nghi vấn", WIDE, 70),
    Column("Điểm thay đổi nếu sửa", NUMBER, 12),
    Column("Tình trạng", WIDE, 22),
    Column("Đơn vị giải trình", WIDE, 50),
    Column("Người thẩm định", WIDE, 40),
)
NOT_RUN_COLUMNS = (
    Column("Nhóm", WIDE, 24),
    Column("Phép kiểm tra", WIDE, 50),
    Column("Vì sao không chạy được", WIDE, 70),
)
ASIDE_COLUMNS = (Column("Tệp", WIDE, 40), Column("Ngày", WIDE, 12), Column("Lý do", WIDE, 90))


def unit_columns(report: QualityReport) -> tuple[Column, ...]:
    return (
        Column("Đơn vị", WIDE, 34),
        Column("Nhóm", WIDE, 22),
        Column("Tình trạng nộp", WIDE, 18),
        Column("Hạn", WIDE, 12),
        Column("Nhận", WIDE, 12),
        Column("Đã hỏi"),
        Column("Đã trả lời"),
        Column("Đã trả lời (%)", SHARE),
        Column("Phải hỏi lại"),
        Column("Lỗi phải sửa"),
        Column("Cảnh báo"),
        Column("Thiếu tài liệu kiểm chứng"),
        *(Column(f"Nghi vấn {state}", width=12) for state in report.flag_states),
        Column("Người đứng đầu xác nhận", WIDE, 14),
    )


def stages(report: QualityReport) -> Iterable[Sequence[Cell]]:
    before = report.counts.asked
    for stage in STAGES:
        count: int = getattr(report.counts, stage.field)
        share = _share(count, report.counts.asked)
        yield stage.name, stage.meaning, count, share, before - count, stage.lost
        before = count


def parts(report: QualityReport) -> Iterable[Sequence[Cell]]:
    for line in report.groups:
        yield line.group, "Cả nhóm", line.units, *_reached(line.counts)
    for line in report.pillars:
        yield line.group, line.name, line.units, *_reached(line.counts)


def _reached(counts: Counts) -> list[Cell]:
    numbers: list[int] = [getattr(counts, stage.field) for stage in STAGES]
    return [*numbers, *(_share(number, counts.asked) for number in numbers[1:])]


def years(report: QualityReport) -> Iterable[Sequence[Cell]]:
    for year in report.years:
        shares: list[Cell] = []
        for stage in STAGES[1:]:
            for counts in (year.before, year.now):
                number = getattr(counts, stage.field) if counts else None
                shares.append(_share(number, counts.asked) if counts else None)
        yield (
            year.group,
            year.both,
            year.same,
            year.up,
            year.down,
            year.lost,
            year.new,
            *shares,
        )


def criteria(report: QualityReport) -> Iterable[Sequence[Cell]]:
    for line in sorted(report.criteria, key=lambda line: -line.share):
        yield (
            line.group,
            line.code,
            line.name,
            line.units,
            line.wrong,
            _share(line.wrong, line.units),
            line.missing,
            line.unclear,
            line.fatal,
            line.warned,
            line.doubted,
            line.papers,
        )


def units(report: QualityReport) -> Iterable[Sequence[Cell]]:
    for unit in report.units:
        yield (
            unit.name,
            unit.group,
            unit.timeliness,
            unit.due,
            unit.received,
            unit.asked,
            unit.answered,
            _share(unit.answered, unit.asked),
            unit.unclear,
            unit.fatal,
            unit.warned,
            unit.papers,
            *unit.flags,
            unit.confirmed,
        )


def remarks(report: QualityReport) -> Iterable[Sequence[Cell]]:
    for page in report.pages:
        for kind, lines in _kinds(page):
            for line in lines:
                name = page.line.name
                yield name, line.about or name, kind, line.code, line.text, line.where


def _kinds(page: UnitPage) -> tuple[tuple[str, tuple[Remark, ...]], ...]:
    return (
        ("Còn thiếu", page.missing),
        ("Phải hỏi lại", page.unclear),
        ("Lỗi phải sửa", page.fatal),
        ("Cảnh báo", page.warned),
        ("Thiếu tài liệu kiểm chứng", page.papers),
        ("Thay đổi giữa các lần gửi", page.changes),
    )


def flags(report: QualityReport) -> Iterable[Sequence[Cell]]:
    for page in report.pages:
        for flag in page.flags:
            yield (
                page.line.name,
                flag.code,
                flag.text,
                flag.points,
                flag.status,
                flag.explanation,
                flag.decision,
            )


def _share(part: int | None, whole: int) -> float | None:
    """What a cell in per cent holds; blank where there is no whole."""
    return part / whole if part is not None and whole else None
