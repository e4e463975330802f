"""`dti frameworks`: what the decrees say, as data, and what is wrong in them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from dti_core.framework.describe import ERRATUM, describe
from dti_core.framework.load import framework_ids, load_framework
from dti_core.framework.model import Criterion, Framework, Information
from dti_core.rational import as_json, vietnamese
from flows.commands.framework_files import export, import_
from flows.commands.terminal import out, print_json, table
from flows.commands.vietnamese import Command, Group

if TYPE_CHECKING:
    from dti_core.framework.check import Finding

app = typer.Typer(cls=Group, no_args_is_help=True, help="Xem và kiểm tra các bộ chỉ số.")

AsJson = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")]
FRAME = ", mới có khung, chưa mở đợt được"
SEVERITY = {"error": "[red]sai[/]", "warning": "[yellow]cần quyết định[/]", "note": "lưu ý"}


@app.command("list", cls=Command)
def list_(as_json_: AsJson = False) -> None:
    """Liệt kê các bộ chỉ số và tình trạng của chúng."""
    frameworks = [load_framework(each) for each in framework_ids()]
    rows = [
        {
            "id": f.id,
            "decree": f.decree.number,
            "level": f.level,
            "title": f.title,
            "pillars": len(f.pillars),
            "criteria": len(f.criteria),
            "criteria_stated": f.criteria_stated,
            "rows": len(f.rows),
            "total": as_json(_total(f)),
            "complete": bool(f.criteria),
        }
        for f in frameworks
    ]
    if as_json_:
        print_json(rows)
        return
    table(
        None,
        [("Mã", "left"), ("Bộ chỉ số", "left"), ("Tiêu chí", "right"), ("Điểm", "right")],
        [
            [
                str(r["id"]),
                f"{r['title']} ({r['decree']})" + ("" if r["complete"] else FRAME),
                f"{r['criteria']} ({r['rows']} dòng)"
                if r["complete"]
                else f"0 trên {r['criteria_stated']}",
                "không nêu" if r["total"] is None else str(r["total"]),
            ]
            for r in rows
        ],
    )


@app.command(cls=Command)
def show(
    framework_id: Annotated[str, typer.Argument(metavar="MÃ", help="Ví dụ vinh-phuc-2074/so.")],
    as_json_: AsJson = False,
) -> None:
    """In một bộ chỉ số: chỉ số chính, tiêu chí, điểm, quy tắc, sai sót."""
    framework = load_framework(framework_id)
    if as_json_:
        print_json(framework_json(framework))
        return
    out.print(f"[bold]{framework.title}[/]  {framework.decree.number}, {framework.id}")
    for pillar in framework.pillars:
        out.print(f"\n[bold]{pillar.code}. {pillar.name}[/] ({_points(pillar.max_points)} điểm)")
        if pillar.erratum:
            kind = ERRATUM[pillar.erratum.kind]
            out.print(f"  [yellow]Sai sót ({kind}): {escape(pillar.erratum.note)}[/]")
        if not pillar.criteria:
            count = pillar.criteria_stated
            stated = f"{count} tiêu chí" if count else "Các tiêu chí"
            out.print(f"  [dim]{stated} của chỉ số chính này không có trong văn bản.[/]")
        for row in pillar.rows:
            indent = "    " if row.code in framework.parents else "  "
            out.print(f"{indent}[cyan]{row.code}[/] {escape(row.name)} ({_points(row.max_points)})")
            for line in describe(row, row.rule):
                out.print(f"{indent}    [dim]{escape(line)}[/]")
            if row.erratum:
                kind = ERRATUM[row.erratum.kind]
                out.print(f"{indent}    [yellow]Sai sót ({kind}): {escape(row.erratum.note)}[/]")


@app.command("check", cls=Command)
def check_(
    framework_id: Annotated[
        str | None, typer.Argument(metavar="MÃ", help="Bỏ trống: tất cả.")
    ] = None,
    as_json_: AsJson = False,
) -> None:
    """Kiểm tra bộ chỉ số: tổng điểm, ngưỡng, bảng mức, sai sót đã ghi nhận."""
    from dti_core.framework.check import check

    ids = [framework_id] if framework_id else framework_ids()
    found = [finding for each in ids for finding in check(load_framework(each))]
    if as_json_:
        print_json([finding_json(finding) for finding in found])
        return
    if found:
        table(
            None,
            [("Bộ chỉ số", "left"), ("Mục", "left"), ("Mức", "left"), ("Nội dung", "left")],
            [
                [f.framework, f.code, SEVERITY[f.severity], escape(f.message) + _recorded(f)]
                for f in found
            ],
        )
    unrecorded = [f for f in found if f.severity == "error" and not f.erratum]
    recorded = sum(1 for f in found if f.severity == "error" and f.erratum)
    out.print(
        f"{len(ids)} bộ chỉ số: {recorded} chỗ sai đã ghi nhận kèm cách đọc, "
        f"{len(unrecorded)} chỗ sai chưa ghi nhận, "
        f"{sum(f.severity == 'warning' for f in found)} chỗ cần quyết định, "
        f"{sum(f.severity == 'note' for f in found)} lưu ý."
    )
    if unrecorded:
        raise typer.Exit(1)


def _recorded(finding: "Finding") -> str:
    return f" [dim](đã ghi: {ERRATUM[finding.erratum]})[/]" if finding.erratum else ""


def _points(points: Any) -> str:
    return "không nêu" if points is None else vietnamese(points)


def _total(framework: Framework) -> Any:
    added = [p.max_points for p in framework.pillars if p.max_points and not p.outside_maximum]
    return sum(added) if added else None


def finding_json(finding: "Finding") -> dict[str, Any]:
    """The contract of `frameworks check --json`."""
    return {
        "framework": finding.framework,
        "code": finding.code,
        "kind": finding.kind,
        "severity": finding.severity,
        "numbers": {name: as_json(number) for name, number in finding.numbers.items()},
        "message": finding.message,
        "citation": finding.citation.model_dump(exclude_none=True),
        "erratum": finding.erratum,
    }


def framework_json(framework: Framework) -> dict[str, Any]:
    """The contract of `frameworks show --json`: children stand flat beside their parent."""
    return {
        "id": framework.id,
        "decree": framework.decree.number,
        "level": framework.level,
        "title": framework.title,
        "total_stated": as_json(framework.total_stated),
        "total": as_json(_total(framework)),
        "information": [_information_json(each) for each in framework.information],
        "pillars": [
            {
                "code": pillar.code,
                "name": pillar.name,
                "max_points": as_json(pillar.max_points),
                **({"erratum": pillar.erratum.model_dump()} if pillar.erratum else {}),
                "criteria": [
                    _criterion_json(row, framework.parents.get(row.code)) for row in pillar.rows
                ],
            }
            for pillar in framework.pillars
        ],
    }


def _criterion_json(row: Criterion, parent: str | None) -> dict[str, Any]:
    dumped = row.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"children"})
    return {
        "code": row.code,
        "parent": parent,
        "name": row.name,
        "max_points": as_json(row.max_points),
        "rule": dumped["rule"],
        "erratum": dumped.get("erratum"),
        "variables": dumped["variables"],
        "provider": dumped.get("provider"),
        "evidence": row.evidence,
        **({"follow_up": dumped["follow_up"]} if row.follow_up else {}),
        "citation": dumped["citation"],
    }


def _information_json(information: Information) -> dict[str, Any]:
    dumped: dict[str, Any] = information.model_dump(mode="json", exclude_none=True)
    return dumped


app.command("export", cls=Command)(export)
app.command("import", cls=Command)(import_)
