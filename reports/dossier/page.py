"""A dossier as a page that opens offline, from the unpacked archive or alone, and prints."""

from reports.dossier.course import moment
from reports.dossier.data import Dossier
from reports.html import fill


def render(dossier: Dossier) -> str:
    """The page's text. Raises jinja2.UndefinedError where the template asks for what is missing."""
    return fill("dossier.html", dossier=dossier, moment=moment)
