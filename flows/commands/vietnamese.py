"""Typer in Vietnamese: titles, help option, usage errors.

Typer keeps these words in constants and methods; they are set here, once, so that every command
speaks one language.
"""

from typing import Any

from typer.core import TyperCommand, TyperGroup


def _speak_vietnamese() -> None:
    """Set the words of the help pages. Only those need them, and loading them takes a while."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "Tham số"
    rich_utils.OPTIONS_PANEL_TITLE = "Tùy chọn"
    rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"
    rich_utils.DEFAULT_STRING = "[mặc định: {}]"
    rich_utils.REQUIRED_LONG_STRING = "[bắt buộc]"
    rich_utils.ENVVAR_STRING = "[biến môi trường: {}]"


class _Vietnamese:
    options_metavar: str | None

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _speak_vietnamese()
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        self.options_metavar = "[TÙY CHỌN]"
        if isinstance(self, TyperGroup):
            self.subcommand_metavar = "LỆNH [THAM SỐ]..."
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="Cách dùng: ")

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Hiện trợ giúp này."
        return option


class Command(_Vietnamese, TyperCommand):
    """A command with Vietnamese help."""


class Group(_Vietnamese, TyperGroup):
    """A group of commands with Vietnamese help."""


def usage_error(error: Any) -> str:
    """What is wrong with a command line, and where to look."""
    name = type(error).__name__
    message = str(error.format_message())
    if name == "MissingParameter":
        what = (error.param.metavar or error.param.name) if error.param else ""
        text = f"Thiếu tham số {what}."
    elif name == "NoSuchOption":
        text = f"Không có tùy chọn {error.option_name}."
    elif message.startswith("No such command"):
        text = f"Không có lệnh {message.split(chr(39))[1]!r}."
    elif name == "BadParameter":
        text = f"Giá trị không hợp lệ: {error.message}"
    elif "unexpected extra argument" in message:
        text = f"Thừa tham số: {message[message.find('(') + 1 : message.rfind(')')]}."
    else:
        text = message
    command = error.ctx.command_path if error.ctx else "dti"
    return f"{text} Xem cách dùng: {command} --help"
