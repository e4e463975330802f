"""The data-quality report as static HTML, for a screen, a phone and A4: a page for the round and
one for each unit. Each is one file that fetches nothing."""

from itertools import groupby

from dti_core.rational import vietnamese as number
from reports.html import fill
from reports.quality.charts import COLOURS, Bar, amount, chart, legend, percentage
from reports.quality.data import TOP, PartLine, QualityReport, UnitPage
from reports.quality.stages import PARTS, STAGES, Counts
from reports.shown import share

INDEX = "chat-luong-so-lieu.html"
FOLDER = "chat-luong-so-lieu"
WORKBOOK = "chat-luong-so-lieu.xlsx"

CAPTIONS = {
    "thieu": "Số liệu để trống trong tệp đã gửi.",
    "chua-ro": "Chỗ không đọc được chắc chắn, và điều cần đơn vị trả lời.",
    "loi": "Số liệu không dùng được cho đến khi sửa.",
    "canh-bao": "Số liệu vẫn dùng được, đơn vị nên xem lại.",
    "kiem-chung": "Tiêu chí có số liệu nhưng chưa có tài liệu kiểm chứng mà quyết định nêu.",
    "thay-doi": "Số liệu khác nhau giữa các lần gửi.",
}


def render_quality(report: QualityReport) -> dict[str, str]:
    """File name → text: the round's page, and `chat-luong-so-lieu/<unit>.html` for each unit.

    Raises jinja2.UndefinedError where a template asks for what is missing.
    """
    pages = {INDEX: _round(report)}
    for page in report.pages:
        pages[f"{FOLDER}/{page.line.id}.html"] = _unit(report, page)
    return pages


def _round(report: QualityReport) -> str:
    worst = report.worst_first[:TOP]
    return fill(
        "quality.html",
        report=report,
        n=number,
        pct=percentage,
        all_stages=STAGES,
        top=TOP,
        folder=FOLDER,
        workbook=WORKBOOK,
        funnel=_funnel("pheu", report.title, report.counts),
        legend=legend(PARTS),
        group_chart=_parts_chart("nhom", "Số liệu không còn vướng, theo nhóm", report.groups),
        pillars=[
            (
                group,
                lines,
                _parts_chart(
                    f"chi-so-{place}", f"Số liệu không còn vướng, theo chỉ số chính: {group}", lines
                ),
            )
            for place, (group, lines) in enumerate(_by_group(report.pillars))
        ],
        worst_chart=chart(
            "sai",
            "Mười tiêu chí có nhiều đơn vị sai nhất",
            [
                Bar(
                    f"{line.group}, {line.code} {line.name}"
                    if report.many_groups
                    else f"{line.code} {line.name}",
                    f"{line.wrong}/{line.units}",
                    ((line.share, COLOURS[3]),),
                )
                for line in worst
            ],
        ),
        unit_groups=[
            (group, list(units)) for group, units in groupby(report.units, lambda u: u.group)
        ],
    )


def _unit(report: QualityReport, page: UnitPage) -> str:
    return fill(
        "quality_unit.html",
        report=report,
        page=page,
        n=number,
        pct=percentage,
        all_stages=STAGES,
        index=INDEX,
        captions=CAPTIONS,
        funnel=_funnel("pheu", page.line.name, page.counts),
        lists=[
            ("thieu", "Còn thiếu", page.missing),
            ("chua-ro", "Phải hỏi lại", page.unclear),
            ("loi", "Lỗi phải sửa", page.fatal),
            ("canh-bao", "Cảnh báo", page.warned),
            ("nghi-van", "Nghi vấn", page.flags),
            ("kiem-chung", "Thiếu tài liệu kiểm chứng", page.papers),
            ("thay-doi", "Thay đổi giữa các lần gửi", page.changes),
            ("tep", "Tệp đã gửi", page.files),
        ],
    )


def _funnel(id_: str, what: str, counts: Counts) -> str:
    """The stages as bars; the lighter part of one got there by an explanation."""
    bars = []
    for stage in STAGES:
        count: int = getattr(counts, stage.field)
        settled = counts.doubted if stage.field == "explained" else 0
        parts = (
            (share(count - settled, counts.asked), COLOURS[0]),
            (share(settled, counts.asked), COLOURS[1]),
        )
        bars.append(Bar(stage.name, amount(count, counts.asked), parts))
    return chart(id_, f"Số liệu qua từng bước: {what}", bars)


def _parts_chart(id_: str, title: str, lines: tuple[PartLine, ...]) -> str:
    return chart(
        id_,
        title,
        [
            Bar(
                line.name,
                percentage(line.counts.explained, line.counts.asked),
                tuple(
                    (share(part, line.counts.asked), colour)
                    for part, colour in zip(line.counts.parts(), COLOURS, strict=True)
                ),
            )
            for line in lines
        ],
    )


def _by_group(lines: tuple[PartLine, ...]) -> list[tuple[str, tuple[PartLine, ...]]]:
    return [(group, tuple(mine)) for group, mine in groupby(lines, lambda line: line.group)]
