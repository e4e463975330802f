"""`dti why`: everything behind one score."""

import os
from typing import Annotated, Any

import typer
from rich.markup import escape

from dti_core.errors import Refused
from dti_core.framework.describe import ERRATUM, FIGURE_STATUS, READING, SCORE_STATUS
from dti_core.program.load import RoundContext, load_round
from dti_core.rational import as_json, vietnamese
from flows.commands.frameworks import AsJson
from flows.commands.rounds import RoundId
from flows.commands.terminal import next_step, out, print_json

Unit = Annotated[str, typer.Argument(metavar="ĐƠN_VỊ", help="Mã đơn vị, ví dụ kon-tum.")]
Code = Annotated[
    str | None, typer.Argument(metavar="MỤC", help="Mã tiêu chí, ví dụ 4.7; bỏ trống với --all.")
]
Whole = Annotated[
    bool, typer.Option("--all", help="Ghi cả phiếu điểm của đơn vị: mọi mục, mọi căn cứ.")
]


class UnknownSubject(Refused):
    """The round has no such unit, or its framework no such row."""


def why(
    round_id: RoundId,
    unit: Unit,
    criterion: Code = None,
    all_: Whole = False,
    as_json_: AsJson = False,
) -> None:
    """Giải thích một điểm: số liệu, công thức, phép tính, cơ quan, trích dẫn, hai cách đọc."""
    context = load_round(round_id)
    _known(context, unit, criterion)
    if (criterion is None) != all_:
        raise UnknownSubject(
            "Hãy nêu một mục (ví dụ 4.7), hoặc thêm --all để ghi cả phiếu điểm, không dùng cả hai."
        )
    if criterion is None:
        _whole_sheet(context, unit, as_json=as_json_)
        return
    explanation = explained(context, unit, criterion)
    if as_json_:
        print_json(_json(explanation))
        return
    _print(context, explanation)


def _known(context: RoundContext, unit: str, code: str | None) -> None:
    """Raises UnknownSubject for a unit or a row that there is not."""
    units = [each.id for each in context.units]
    if unit not in units:
        raise UnknownSubject(f"Đợt {context.id} không có đơn vị {unit!r}. Có: {', '.join(units)}.")
    framework = context.framework_of(unit)
    if code is not None and code not in framework.by_code:
        raise UnknownSubject(
            f"{framework.id} không có mục {code!r}. Xem các mục: dti frameworks show {framework.id}"
        )


def explained(context: RoundContext, unit: str, code: str) -> Any:
    """The explanation of a recorded score. Raises RoundNotOpen, LawChanged, StaleScores."""
    from dti_core.records.glance import scored_row
    from dti_core.scoring.explain import explain

    framework = context.framework_of(unit)
    row = scored_row(context, unit, framework.by_code[code])
    return explain(framework, unit, code, row.figures, row.scores, context.program.policies)


def _whole_sheet(context: RoundContext, unit: str, *, as_json: bool) -> None:
    """The score sheet of a unit: printed as JSON, or written as a page to open and to print."""
    from dti_core.records.database import session
    from dti_core.records.files import round_folder, write_whole
    from dti_core.records.rounds import require_round
    from dti_core.records.scoring import scored_round
    from dti_core.scoring.explain import explain

    framework, policies = context.framework_of(unit), context.program.policies
    with session() as records:
        require_round(records, context)
        scored = scored_round(records, context)
        rows = [
            explain(framework, unit, row.code, scored.figures, scored.scores, policies)
            for row in framework.rows
        ]
        if as_json:
            print_json([_json(row) for row in rows])
            return
        from reports.score_sheet.page import render
        from reports.score_sheet.records import sheet_values

        page = render(sheet_values(records, context, unit, scored, rows))
    file = round_folder(context.id) / "out" / f"phieu-diem-{unit}.html"
    write_whole(file, page.encode())
    out.print(f"Phiếu điểm {len(rows)} mục: {os.path.relpath(file)}", soft_wrap=True)
    next_step(f"mở tệp bằng trình duyệt, hoặc dti why {context.id} {unit} MỤC để xem một mục")


def _print(context: RoundContext, explanation: Any) -> None:
    criterion = explanation.criterion
    unit = context.program.unit[explanation.unit]
    framework = context.framework_of(unit.id)
    maximum = "không nêu" if criterion.max_points is None else vietnamese(criterion.max_points)
    if context.round.illustration:
        out.print(f"[yellow]{escape(context.round.illustration)}[/]\n")
    out.print(f"[bold]{unit.name}, mục {criterion.code}: {escape(criterion.name)}[/]")
    out.print(f"Điểm tối đa {maximum}. Căn cứ: {criterion.citation}.")
    if explanation.figures:
        out.print("\n[bold]Số liệu[/]")
    ratio_given = any(
        line.variable == "ratio" and line.figure.known for line in explanation.figures
    )
    for line in explanation.figures:
        figure = line.figure
        status = FIGURE_STATUS[figure.status] if figure else "chưa có"
        if not figure and ratio_given:
            status = "không cần, nguồn đã nêu tỷ lệ"
        name = "tỷ lệ" if line.variable == "ratio" else line.variable
        out.print(f"  {name} = [bold]{escape(line.shown)}[/] ({status})")
        if line.variable != "ratio":
            out.print(f"      {line.label}", style="dim", markup=False)
        if figure and figure.raw:
            out.print(f"      Nguồn viết “{escape(figure.raw)}”")
        if figure:
            for cell in figure.cells:
                out.print(f"      {cell}", style="dim", markup=False)
        if figure and figure.question:
            out.print(f"      [yellow]Hỏi: {escape(figure.question)}[/]")
        if figure and figure.note:
            out.print(f"      Ghi chú: {escape(figure.note)}")
        if not (figure and figure.known) and line.providers and not ratio_given:
            out.print(f"      Hỏi ở: {'; '.join(line.providers)}")
    substantive = criterion.erratum is not None and criterion.erratum.kind == "substantive"
    for result in explanation.results:
        official = result.reading == explanation.official
        if not official and not substantive:
            continue
        mark = "cách đọc chính thức của đợt" if official else "cách đọc kia, để so sánh"
        out.print(f"\n[bold]Quy tắc {READING[result.reading]}[/] ({mark})")
        for rule in result.rule:
            out.print(f"  {rule}", markup=False)
        out.print("[bold]Tính[/]")
        for text in result.steps:
            out.print(f"  {text}", markup=False)
        out.print(f"  Tình trạng: {SCORE_STATUS[result.score.status]}")
    if criterion.provider or explanation.figures:
        leads, partners = _agencies(framework, criterion)
        out.print(f"\nCơ quan chủ trì: {leads}." + (f" Phối hợp: {partners}." if partners else ""))
    if criterion.evidence:
        out.print(f"Tài liệu kiểm chứng: {escape(criterion.evidence)}.")
    if criterion.erratum:
        out.print(f"Sai sót ({ERRATUM[criterion.erratum.kind]}): {escape(criterion.erratum.note)}")
    else:
        out.print("Văn bản không có sai sót nào được ghi nhận ở mục này.")


def _agencies(framework: Any, criterion: Any) -> tuple[str, str]:
    from dti_core.scoring.explain import providers

    leads = dict.fromkeys(
        who for name in [*criterion.variables, ""] for who in providers(framework, criterion, name)
    )
    partners = criterion.provider.partners if criterion.provider else ()
    return "; ".join(leads), "; ".join(framework.agency(each) for each in partners)


def _json(explanation: Any) -> dict[str, Any]:
    criterion = explanation.criterion
    return {
        "unit": explanation.unit,
        "criterion": criterion.code,
        "name": criterion.name,
        "max_points": as_json(criterion.max_points),
        "citation": criterion.citation.model_dump(exclude_none=True),
        "official_reading": explanation.official,
        "figures": [
            {
                "variable": line.variable,
                "label": line.label,
                "value": line.shown,
                "status": line.figure.status if line.figure else "missing",
                "raw": line.figure.raw if line.figure else None,
                "cells": list(line.figure.cells) if line.figure else [],
                "question": line.figure.question if line.figure else None,
                "providers": list(line.providers),
            }
            for line in explanation.figures
        ],
        "readings": [
            {
                "reading": result.reading,
                "rule": list(result.rule),
                "steps": list(result.steps),
                "status": result.score.status,
                "exact": as_json(result.score.points),
                "low": as_json(result.score.low),
                "high": as_json(result.score.high),
            }
            for result in explanation.results
        ],
        "erratum": criterion.erratum.model_dump(mode="json", exclude_none=True, by_alias=True)
        if criterion.erratum
        else None,
    }
