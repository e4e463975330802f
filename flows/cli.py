"""`dti`: the one command. A refusal is said in Vietnamese, with what to do; a fault is logged."""

import logging
import os
import sys
from typing import Annotated

import typer

from dti_core.errors import Refused
from dti_core.framework.load import home
from flows.commands import (
    audit,
    earlier,
    framework_diff,
    frameworks,
    improve,
    national,
    rounds,
    stages,
    unit_round,
)
from flows.commands.appraisal import appraise
from flows.commands.backup import backup, restore
from flows.commands.confirm import confirm
from flows.commands.council import council
from flows.commands.demo import demo
from flows.commands.deploy import deploy
from flows.commands.exemptions import exemptions, place
from flows.commands.extend import extend
from flows.commands.intake import intake
from flows.commands.office import doctor, up
from flows.commands.outbox import outbox
from flows.commands.people import app as people
from flows.commands.petition import petition
from flows.commands.publish import approve, publish
from flows.commands.readings import readings
from flows.commands.remind import remind
from flows.commands.robustness import robustness
from flows.commands.simulate import simulate
from flows.commands.status import status
from flows.commands.terminal import err
from flows.commands.vietnamese import Command, Group, usage_error
from flows.commands.what_if import what_if
from flows.commands.why import why

app = typer.Typer(
    name="dti",
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Vận hành một đợt đánh giá chuyển đổi số (DTI): từ số liệu đến báo cáo.",
)
frameworks.app.command("diff", cls=Command)(framework_diff.diff)
app.add_typer(frameworks.app, name="frameworks")
app.add_typer(rounds.app, name="rounds")
app.add_typer(audit.app, name="audit")
app.add_typer(earlier.app, name="earlier")
app.add_typer(improve.app, name="improve")
app.add_typer(people, name="people")
app.add_typer(national.app, name="national")
for function in (
    status,
    unit_round.dispatch,
    intake,
    extend,
    confirm,
    remind,
    outbox,
    stages.validate,
    unit_round.flag,
    unit_round.explain,
    stages.quality,
    stages.score,
    exemptions,
    place,
    appraise,
    council,
    unit_round.rank,
    petition,
    publish,
    approve,
    stages.report,
    stages.cycle,
    deploy,
    why,
    what_if,
    readings,
    robustness,
    simulate,
    demo,
    up,
    doctor,
    backup,
    restore,
):
    app.command(cls=Command)(function)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dti {version('dti')}")
        raise typer.Exit


@app.callback()
def _options(
    _show: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="In phiên bản."),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command. Exit codes: 0 done, 1 refused with a reason, 2 wrong usage, 3 a fault."""
    from typer._click.exceptions import UsageError

    try:
        code = app(standalone_mode=False)
    except UsageError as error:
        err.print(usage_error(error), style="red", markup=False, soft_wrap=True)
        code = 2
    except typer.Abort:
        err.print("Đã dừng.")
        code = 130
    except KeyboardInterrupt:
        err.print("Đã dừng. Chạy lại lệnh để đi tiếp; việc đã ghi thì giữ nguyên.")
        code = 130
    except BrokenPipeError:
        # the reader of our output went away, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        code = _failed(error)
    sys.exit(code or 0)


def _failed(error: Exception) -> int:
    """Say what went wrong: a known reason, else that it is a fault and where its trace is."""
    if isinstance(error, Refused):
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    # only where something failed: the database's library takes a while to import
    from dti_core.records.trouble import told

    if words := told(error):
        err.print(words, style="red", markup=False, soft_wrap=True)
        return 1
    log = home() / "logs" / "dti.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(log, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("dti")
    logger.addHandler(handler)
    logger.propagate = False
    logger.error("dti %s", " ".join(sys.argv[1:]), exc_info=error)
    err.print(
        f"[red]Có lỗi ngoài dự kiến: {type(error).__name__}.[/] Dữ liệu đã ghi không bị ảnh hưởng."
        f" Chi tiết nằm ở {log}; hãy gửi tệp đó cho người hỗ trợ.",
        soft_wrap=True,
    )
    return 3


if __name__ == "__main__":
    main()
