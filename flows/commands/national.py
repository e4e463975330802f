"""`dti national`: many provinces at once, on one machine or on many (docs/nhieu-may.md)."""

from typing import Annotated, Literal

import typer

from flows.commands.frameworks import AsJson
from flows.commands.rounds import Actor
from flows.commands.run import running
from flows.commands.terminal import next_step, out, print_json, step
from flows.commands.vietnamese import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, help="Chạy nhiều tỉnh một lượt.")


@app.command("sample", cls=Command)
def sample(
    provinces: Annotated[int, typer.Option("--provinces", min=1, max=63, help="Số tỉnh mẫu.")] = 63,
    share: Annotated[
        float,
        typer.Option("--share", min=0.001, max=1.0, help="Phần đơn vị của mỗi tỉnh, 1 là đủ."),
    ] = 1.0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Hạt giống sinh số liệu.")] = 2023,
) -> None:
    """Sinh chương trình và số liệu MẪU của các tỉnh vào DTI_HOME, để chạy thử."""
    from flows.national.programs import write_program
    from flows.national.provinces import provinces as sizes

    chosen = [each.reduced(share) if share < 1 else each for each in sizes()[:provinces]]
    with step(f"Sinh {len(chosen)} chương trình mẫu"):
        for each in chosen:
            write_program(each, seed)
    out.print(
        f"{len(chosen)} tỉnh mẫu, {sum(each.units for each in chosen)} đơn vị (quy mô theo Danh mục"
        " hành chính Việt Nam; số liệu là mẫu)."
    )
    next_step("dti national run")


@app.command("run", cls=Command)
def run(
    rounds: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ĐỢT]…", help="Bỏ trống: mọi tỉnh mẫu trong DTI_HOME."),
    ] = None,
    runner: Annotated[
        Literal["processes", "dask"],
        typer.Option("--runner", help="processes: Prefect work pool; dask: cụm Dask."),
    ] = "processes",
    workers: Annotated[
        int,
        typer.Option(
            "--workers",
            min=0,
            help="Số tiến trình xử lý ở máy này; 1: chạy ngay trong lệnh; 0: chỉ dùng máy khác.",
        ),
    ] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", help="Địa chỉ bộ điều phối Dask có sẵn, ví dụ tcp://may:8786."),
    ] = None,
    batch: Annotated[
        int | None, typer.Option("--batch", min=1, help="Số tỉnh mỗi lượt chạy trên work pool.")
    ] = None,
    as_json_: AsJson = False,
    actor: Actor = "Người vận hành",
) -> None:
    """Kiểm tra số liệu, tính điểm, xếp hạng mọi tỉnh; lập bảng toàn quốc."""
    chosen = _rounds(rounds)
    if scheduler is not None and runner != "dask":
        raise typer.BadParameter("--scheduler chỉ dùng với --runner dask.")
    if runner == "dask":
        if workers == 0 and scheduler is None:
            raise typer.BadParameter("--workers 0 với --runner dask cần --scheduler ĐỊA_CHỈ.")
        from flows.national.dask_runner import require_dask

        require_dask()
    with running(f"Đánh giá {len(chosen)} tỉnh"):
        from flows.national.nation import run_nation

        merged = run_nation(chosen, runner, workers, scheduler, batch, actor)
    if as_json_:
        print_json(vars(merged))
        return
    out.print(
        f"{merged.provinces} tỉnh, {merged.units} đơn vị, {merged.ranked} đơn vị có thứ hạng,"
        f" {merged.scores} điểm thành phần (hai cách đọc), {merged.findings} phát hiện."
    )
    out.print("Thứ hạng theo điểm tính từ số liệu, chưa qua thẩm định.")
    for path in (merged.csv, merged.json):
        out.print(path, soft_wrap=True)
    out.print(f"SHA-256 của bảng: {merged.sha256}")


def _rounds(named: list[str] | None) -> list[str]:
    """The rounds to run; each is known. Raises UnknownRound, BadParameter where there is none."""
    from dti_core.program.load import load_round
    from flows.national.programs import made_rounds

    chosen = list(dict.fromkeys(named or made_rounds()))
    if not chosen:
        raise typer.BadParameter(
            "chưa có tỉnh nào để chạy. Hãy nêu các đợt, hoặc sinh tỉnh mẫu: dti national sample"
        )
    for each in chosen:
        load_round(each)
    return chosen
