"""The data-quality report as one static HTML page, for a screen, a phone and A4."""

from reports.html import fill
from reports.quality.data import QualityReport


def render_quality(report: QualityReport) -> str:
    """The page's text. Raises jinja2.UndefinedError where the template asks for what is missing."""
    return fill("quality.html", report=report)
