"""The report as one static HTML page: no script, no font, no image from outside."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.provincial.data import Report


def render(report: Report) -> str:
    """The page's text. Raises jinja2.UndefinedError where the template asks for what is missing."""
    environment = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["bar"] = lambda share: f"{100 * share:.2f}%"
    return environment.get_template("provincial.html").render(report=report)
