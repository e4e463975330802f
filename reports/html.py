"""Fill an HTML template: escaped, strict about what is missing, the same input the same text."""

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

_BLANK_LINES = re.compile(r"\n\s*\n+")


def fill(template: str, **values: object) -> str:
    """The page's text. Raises jinja2.UndefinedError where the template asks for what is missing."""
    page = _environment().get_template(template).render(**values)
    return _BLANK_LINES.sub("\n", page) + "\n"


@cache
def _environment() -> Environment:
    """One for all pages: a round has hundreds, and a template is compiled once."""
    environment = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["bar"] = lambda share: f"{100 * share:.2f}%"
    return environment
