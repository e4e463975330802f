"""The short texts that go out with workbooks and letters: Jinja2 files that an office rewords."""

from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from dti_core.program.load import RoundContext


def message(name: str, context: RoundContext, recipient: str, **values: Any) -> str:
    """The text of `reports/templates/messages/NAME.txt` for one unit; dates as dd/mm/yyyy."""
    environment = Environment(
        loader=PackageLoader("reports", "templates/messages"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=False,
        autoescape=False,  # plain text
    )
    round_ = context.round
    known = {
        "recipient": context.program.unit[recipient].name,
        "issuer": context.program.letterhead.issuer,
        "decree": context.program.decree,
        "round_title": round_.title,
        "evaluation_year": round_.evaluation_year,
        "data_from": round_.data_from.on,
        "data_to": round_.data_to.on,
        "due": round_.closes.on,
        "illustration": round_.illustration,
        **values,
    }
    shown = {
        key: f"{value:%d/%m/%Y}" if isinstance(value, date) else value
        for key, value in known.items()
    }
    return environment.get_template(f"{name}.txt").render(shown)
