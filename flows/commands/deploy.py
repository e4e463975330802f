"""`dti deploy`: the calendar of the programs as schedules on the Prefect server."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.frameworks import AsJson
from flows.commands.terminal import out, print_json, table

if TYPE_CHECKING:
    from flows.deployments import Deployed
    from flows.schedules import Schedule

PREFECT_FILE = "prefect.yaml"


def deploy(
    programs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CHƯƠNG_TRÌNH]...", help="Ví dụ vinh-long; bỏ trống: mọi chương trình."
        ),
    ] = None,
    show: Annotated[
        bool, typer.Option("--show", help="Chỉ in lịch, không cần máy chủ, không đăng ký gì.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help=f"Viết lại {PREFECT_FILE} trong thư mục hiện tại.")
    ] = False,
    run: Annotated[
        str | None,
        typer.Option("--run", metavar="ĐỢT", help="Bắt đầu hoặc đánh thức một đợt ngay bây giờ."),
    ] = None,
    as_json_: AsJson = False,
) -> None:
    """Đưa lịch của chương trình lên máy chủ Prefect: bắt đầu đợt, đôn đốc hằng ngày, các hạn."""
    from flows.schedules import schedules

    if run is not None:
        _run_now(run, as_json_)
        return
    if write or show:
        found = schedules(programs or None)
        if write:
            from flows.prefect_file import written

            Path(PREFECT_FILE).write_text(written(found), encoding="utf-8")
            out.print(f"Đã viết {PREFECT_FILE}: {len(found)} lịch.")
        if show:
            _print(found, None, as_json_)
        return
    done = _deployed(programs or None)
    _print(done.schedules, done, as_json_)


def _deployed(programs: Sequence[str] | None) -> "Deployed":
    from flows.commands.terminal import step
    from flows.runtime import prepare, use_running_server

    prepare()
    use_running_server()
    from flows.deployments import deploy as register

    with step("Đăng ký lịch lên máy chủ Prefect"):
        return register(programs)


def _run_now(round_id: str, as_json_: bool) -> None:
    """A round on demand, by the server's worker."""
    from dti_core.program.load import load_round
    from flows.runtime import prepare, use_running_server

    load_round(round_id)
    prepare()
    use_running_server()
    from flows.deployments import require_server
    from flows.wake import TOLD, wake

    require_server()
    woken = wake(round_id)
    if as_json_:
        print_json({"round": round_id, "state": woken})
        return
    out.print(f"Đợt {round_id}: {TOLD[woken]}.", soft_wrap=True)


def _print(found: Sequence["Schedule"], done: "Deployed | None", as_json_: bool) -> None:
    from dti_core.clock import now

    moment = now()
    rows = sorted(
        ((each.next_after(moment), each) for each in found),
        key=lambda row: (row[0] is None, row[0] or moment, row[1].slug),
    )
    if as_json_:
        print_json(_as_json(rows, done))
        return
    coming = [(at, each) for at, each in rows if at is not None]
    paused = set(done.paused) if done else set()
    table(
        None,
        [("Khi nào", "left"), ("Việc", "left"), ("Đợt", "left"), ("Căn cứ", "left")],
        [
            [
                f"{at:%d/%m/%Y %H:%M}" + (" (tạm dừng)" if each.slug in paused else ""),
                each.title,
                each.about,
                each.basis,
            ]
            for at, each in coming
        ],
    )
    out.print(f"{len(coming)} lịch sắp tới; {len(rows) - len(coming)} mốc đã qua.")
    if done is None:
        return
    out.print(
        f"Trên máy chủ: {len(done.created)} lịch mới, {len(done.moved)} lịch đổi,"
        f" {len(done.removed)} lịch bỏ, {len(done.paused)} lịch đang tạm dừng (giữ nguyên)."
    )
    if done.by_hand:
        out.print(f"{done.by_hand} lịch đặt tay trên trang Prefect được để nguyên.")
    for name in done.held:
        out.print(f"Deployment {name} đang tạm dừng: không lịch nào của nó chạy.")


def _as_json(
    rows: "Sequence[tuple[datetime | None, Schedule]]", done: "Deployed | None"
) -> dict[str, Any]:
    listed = [
        {
            "slug": each.slug,
            "deployment": each.deployment.full_name,
            "next": at.isoformat() if at else None,
            "title": each.title,
            "parameters": each.parameters,
            "rrule": each.rule,
            "basis": each.basis,
            "paused": each.slug in done.paused if done else None,
        }
        for at, each in rows
    ]
    if done is None:
        return {"schedules": listed}
    changes = {name: getattr(done, name) for name in ("created", "moved", "removed", "held")}
    return {"schedules": listed, **changes, "by_hand": done.by_hand}
