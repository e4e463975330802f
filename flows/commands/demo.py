"""`dti demo`: whole rounds on the bundled data, into DTI_HOME."""

import os
from contextlib import ExitStack
from datetime import timedelta

from dti_core.framework.load import home
from dti_core.program.load import RoundContext, load_round
from flows.commands.stages import OPERATOR, print_totals
from flows.commands.terminal import command, err, out, step
from flows.commands.unit_round import print_ranking

JUNE = "vinh-long/2024-06"
UNITS = "vinh-phuc/2023-so"


def demo() -> None:
    """Chạy thử trọn hai đợt minh họa trên dữ liệu kèm theo; kết quả nằm trong ./var."""
    june, units = load_round(JUNE), load_round(UNITS)
    from flows.runtime import prefect

    with ExitStack() as stack:
        with step("Khởi động Prefect"):
            stack.enter_context(prefect())
        from flows.cycle import provincial_cycle

        _announce(june)
        with step("Mở đợt, nhận số liệu, kiểm tra, tính điểm, viết báo cáo"):
            papers = provincial_cycle(JUNE, OPERATOR)
        print_totals(june, None)
        _announce(units)
        papers += _unit_round(units)
    print_ranking(units)
    out.print("\n[bold]Mở để xem:[/]")
    for path in [
        *papers,
        str(home() / "rounds" / UNITS / "out"),
        str(home() / "rounds" / UNITS / "mail"),
    ]:
        out.print(f"  {path}", soft_wrap=True)
    out.print("[bold]Hỏi thêm:[/]")
    for example in (
        f"dti why {JUNE} kon-tum 4.7",
        f"dti why {JUNE} kon-tum 7.4",
        f"dti why {UNITS} so-tu-phap 1.2.1",
        f"dti status {UNITS}",
        "dti frameworks check",
    ):
        out.print(f"  {command(example)}", soft_wrap=True)
    out.print(f"Dữ liệu nằm ở {home()}; xóa thư mục đó để làm lại từ đầu.", soft_wrap=True)


def _announce(context: RoundContext) -> None:
    out.print(f"\n[bold]{context.round.title}[/]")
    out.print(context.round.illustration or "", style="yellow", markup=False)


def _unit_round(context: RoundContext) -> list[str]:
    """The unit round; where it waits for people, the bundled answers of the sample step in."""
    from flows.mailbox import mail_server
    from flows.sample_people import answer
    from flows.unit_cycle import unit_cycle
    from flows.waits import Waiting

    out.print(
        "Ở mỗi chỗ chờ người, dữ liệu mẫu kèm theo được điền vào chính các biểu mẫu đã gửi đi. Thư"
        " được gửi thật qua máy chủ thư trên máy này, mỗi thư một tệp .eml."
    )
    day = context.round.opens.on
    folder = home() / "rounds" / context.id / "mail"
    with mail_server(folder, "he-thong@mau.example") as channel:
        before = os.environ.get("DTI_CHANNEL")
        os.environ["DTI_CHANNEL"] = channel
        try:
            while True:
                try:
                    with step("Chạy các bước cho đến chỗ chờ người"):
                        return unit_cycle(context.id, OPERATOR, day)
                except Waiting as waiting:
                    done = answer(context, waiting.step)
                    err.print(f"  [dim]Mẫu, bước {waiting.step}: {done}[/]")
                    day = context.round.closes.on + timedelta(days=1)
        finally:
            os.environ.pop("DTI_CHANNEL")
            if before is not None:
                os.environ["DTI_CHANNEL"] = before
