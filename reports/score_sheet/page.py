"""A score sheet as a page that opens offline and prints."""

from reports.html import fill
from reports.score_sheet.data import ScoreSheet


def render(sheet: ScoreSheet) -> str:
    """The page's text. Raises jinja2.UndefinedError where the template asks for what is missing."""
    return fill("score_sheet.html", sheet=sheet)
