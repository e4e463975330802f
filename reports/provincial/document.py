"""The report as a .docx in the layout of Nghị định 30/2020/NĐ-CP."""

from reports.docx import TEMPLATES, fill
from reports.provincial.data import Report

TEMPLATE = TEMPLATES / "provincial.docx"


def render(report: Report) -> bytes:
    """The filled document. Raises BrokenTemplate."""
    return fill(
        TEMPLATE,
        {
            "report": report,
            "unit": report.units[0],
            "head": report.letterhead,
            "reading": (
                "theo câu chữ văn bản"
                if report.reading == "as_written"
                else "theo cách đọc đã chỉnh"
            ),
        },
    )
