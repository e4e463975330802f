"""`dti demo`: whole rounds on the bundled data, into DTI_HOME."""

from dti_core.framework.load import home
from dti_core.program.load import load_round
from flows.commands.run import running
from flows.commands.stages import OPERATOR, print_totals
from flows.commands.terminal import command, out

DEMO_ROUND = "vinh-long/2024-06"


def demo() -> None:
    """Chạy thử trọn đợt minh họa trên dữ liệu kèm theo; kết quả nằm trong ./var."""
    context = load_round(DEMO_ROUND)
    out.print(f"[bold]{context.round.title}[/]")
    out.print(f"[yellow]{context.round.illustration}[/]")
    with running("Mở đợt, nhận số liệu, kiểm tra, tính điểm, viết báo cáo"):
        from flows.cycle import provincial_cycle

        paths = provincial_cycle(DEMO_ROUND, OPERATOR)
    print_totals(context, None)
    out.print("\n[bold]Mở để xem:[/]")
    for path in paths:
        out.print(f"  {path}", soft_wrap=True)
    unit = context.units[0].id
    out.print("[bold]Hỏi thêm:[/]")
    for example in (
        f"dti why {DEMO_ROUND} {unit} 4.7",
        f"dti why {DEMO_ROUND} {unit} 7.4",
        f"dti score {DEMO_ROUND} --json",
        "dti frameworks check",
    ):
        out.print(f"  {command(example)}", soft_wrap=True)
    out.print(f"Dữ liệu của đợt nằm ở {home()}; xóa thư mục đó để làm lại từ đầu.", soft_wrap=True)
