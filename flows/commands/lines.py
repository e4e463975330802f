"""Lines of running text whose continuation stays under their beginning."""

from rich.text import Text

from flows.commands.terminal import out


def line(text: str, indent: int = 2, style: str = "") -> None:
    """Print a line, indented as a whole; nothing in it is markup."""
    for part in Text(text, style=style).wrap(out, max(out.width - indent, 20)):
        part.rstrip()
        out.print(Text(" " * indent) + part)
