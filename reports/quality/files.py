"""The files of the data-quality report: pages and workbook of one reading of the records."""

from datetime import date

from sqlmodel import Session

from dti_core.program.load import RoundContext
from reports.quality.page import WORKBOOK, render_quality
from reports.quality.values import quality_values
from reports.quality.workbook import render_workbook


def quality_files(
    records: Session, context: RoundContext, day: date | None = None
) -> dict[str, bytes]:
    """File name → content: the round's page and workbook, and a page for each unit in a folder.

    `day` as for `quality_values`: the same records and day are the same bytes.
    """
    report = quality_values(records, context, day)
    pages = {name: page.encode() for name, page in render_quality(report).items()}
    return {**pages, WORKBOOK: render_workbook(report)}
