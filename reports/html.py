"""Fill an HTML template: escaped, strict about what is missing, the same input the same text."""

import re

from jinja2 import Environment, PackageLoader, StrictUndefined

_BLANK_LINES = re.compile(r"\n\s*\n+")


def fill(template: str, **values: object) -> str:
    """The page's text. Raises jinja2.UndefinedError where the template asks for what is missing."""
    environment = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["bar"] = lambda share: f"{100 * share:.2f}%"
    return _BLANK_LINES.sub("\n", environment.get_template(template).render(**values)) + "\n"
