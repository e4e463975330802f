"""`dti simulate`: a program's year on a virtual clock, in a home of its own."""

import shlex
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dti_core.program.load import load_program
from flows.commands.terminal import err, out, table

if TYPE_CHECKING:
    from flows.simulate.outcome import Outcome


def simulate(
    program: Annotated[
        str, typer.Argument(metavar="CHƯƠNG_TRÌNH", help="Mã chương trình, ví dụ dien-bien.")
    ],
    year: Annotated[int, typer.Option("--year", metavar="NĂM", help="Năm, ví dụ 2024.")],
    seed: Annotated[
        int, typer.Option("--seed", metavar="SỐ", help="Hạt giống: cùng số thì cùng diễn biến.")
    ] = 1,
    seeds: Annotated[
        int, typer.Option("--seeds", min=1, help="Chạy bấy nhiêu hạt giống liên tiếp.")
    ] = 1,
    through: Annotated[
        Literal["stages", "prefect"],
        typer.Option(
            "--through", help="stages: qua hàm của từng bước; prefect: qua luồng trên máy chủ."
        ),
    ] = "stages",
    report: Annotated[
        Path | None, typer.Option("--report", metavar="TỆP", help="Ghi báo cáo Markdown vào tệp.")
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="THƯ_MỤC", help="Giữ dữ liệu mô phỏng ở thư mục mới này."),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="Chạy cùng lúc bấy nhiêu hạt giống.")
    ] = 1,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Không chạy lại hạt giống đã xong, được giữ cạnh báo cáo (coi như cùng phần mềm).",
        ),
    ] = False,
) -> None:
    """Chạy mọi sự kiện của lịch trong một năm trên đồng hồ mô phỏng, với đơn vị do máy đặt ra."""
    load_program(program)
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise typer.BadParameter(f"{keep} đã có dữ liệu; hãy nêu một thư mục mới hoặc trống.")
    if resume and report is None:
        raise typer.BadParameter("--resume đi cùng --report: hạt giống đã xong nằm cạnh báo cáo.")
    from flows.runtime import prepare

    prepare()  # the stages' modules import Prefect, which makes its home where it is told to
    from flows.simulate.kept import keep as keep_beside
    from flows.simulate.kept import kept
    from flows.simulate.report import report as written
    from flows.simulate.run import events_of
    from flows.simulate.seeds import simulate_all

    events_of(program, year)
    wanted = range(seed, seed + seeds)
    done: list[Outcome] = []
    if resume and report is not None:
        found = (kept(report, program, year, through, each) for each in wanted)
        done = [each for each in found if each is not None]
        err.print(f"{len(done)} hạt giống đã xong từ trước.")
    left = sorted(set(wanted) - {each.seed for each in done})
    title = f"Chạy năm {year} của {program}, {len(left)} hạt giống …"
    with err.status(title) as status:

        def told(reached: Mapping[int, datetime]) -> None:
            words = (f"hạt giống {one} đến {at:%d/%m/%Y}" for one, at in reached.items())
            status.update(f"{title} {'; '.join(words)}")

        for each in simulate_all(program, year, left, through, keep, workers, told):
            done.append(each)
            if report is not None:
                keep_beside(report, each)
            bad = sum(len(one.unexplained) for one in each.rounds)
            told = f"{bad} điều không giải thích được" if bad else "mọi việc đều có nguyên nhân"
            err.print(f"Hạt giống {each.seed}: {told} ({each.seconds:.0f} giây).")
    done.sort(key=lambda each: each.seed)
    _show(done)
    if report is not None:
        again = f"dti simulate {program} --year {year} --seed {seed} --seeds {seeds}"
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(written(done, f"{again} --through {through}"), encoding="utf-8")
        out.print(f"Báo cáo: {shlex.quote(str(report))}", soft_wrap=True)
    if not all(each.whole for each in done):
        raise typer.Exit(1)


def _show(done: "Sequence[Outcome]") -> None:
    for each in done:
        table(
            f"Năm {each.year}, chương trình {each.program}, hạt giống {each.seed}",
            [
                ("Đợt", "left"),
                ("Yêu cầu", "right"),
                ("Đúng hạn", "right"),
                ("Muộn", "right"),
                ("Không gửi", "right"),
                ("Thư", "right"),
                ("Văn bản", "right"),
                ("Xếp hạng", "right"),
                ("Không giải thích được", "right"),
            ],
            [
                [
                    one.round_id,
                    str(one.requests),
                    str(one.in_time),
                    str(one.late),
                    str(len(one.never)),
                    str(sum(one.kinds.values())),
                    str(one.papers),
                    str(one.ranked),
                    str(len(one.unexplained)),
                ]
                for one in each.rounds
            ],
        )
        for one in each.rounds:
            for words in one.unexplained:
                out.print(f"- {one.round_id}: {words}", style="red", markup=False, soft_wrap=True)
