"""Rounds for the data-quality report: a whole province of three levels, filled as a test wishes.

Figures, findings and doubts are written into the records as the stages before write them; no
workbook is drawn and Great Expectations does not run.
"""

import json
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime, time
from fractions import Fraction

from sqlmodel import Session

from dti_core.figures import Figure, Value
from dti_core.framework.load import home
from dti_core.framework.model import Criterion
from dti_core.plausibility.flag import Flag
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import PART, Item, requests, shared_figures
from dti_core.records.awards import write_findings
from dti_core.records.collecting import Asked, record_requests, source_of
from dti_core.records.database import session
from dti_core.records.figures import receive, write_figures
from dti_core.records.flags import write_flags
from dti_core.records.parts import combine
from dti_core.records.rounds import open_round
from dti_core.records.tables import FindingRecord, InformationRecord, SubmissionRecord
from tests.unit.shipped_departments import departments

ROUND = "chat-luong/2023"
DUE = date(2024, 1, 31)
DAY = date(2024, 1, 20)
SO, TWO, HUYEN, XA = "so-tu-phap", "so-y-te", "huyen-1", "xa-1"

HALF = Fraction(1, 2)

Said = Callable[[Item, Criterion], Figure | None]


def write_program(huyen: int = 2, xa: int = 3, *, all_departments: bool = False) -> RoundContext:
    """Vĩnh Phúc's program with districts and communes under another name, without last year; of
    its departments those that give figures of others, and two more."""
    content = departments()
    content["id"] = ROUND.partition("/")[0]
    content["frameworks"] |= {level: f"vinh-phuc-2074/{level}" for level in ("huyen", "xa")}
    those = content["units"]
    content["units"] = [
        *(u for u in those if all_departments or "agency" in u or u["id"] in (SO, TWO)),
        *({"id": f"huyen-{n}", "name": f"UBND huyện {n}", "level": "huyen"} for n in _upto(huyen)),
        *(
            {
                "id": f"xa-{n}",
                "name": f"UBND xã {n}",
                "level": "xa",
                "parent": f"huyen-{1 + n % huyen}",
            }
            for n in _upto(xa)
        ),
        *(
            {"id": agency, "name": f"Nơi cung cấp {agency}", "agency": agency}
            for agency in ("buu-dien", "viettel-post", "nhnn", "doanh-nghiep-cung-cap-dich-vu")
        ),
    ]
    (round_,) = content["rounds"]
    del round_["prior"]
    round_ |= {"levels": ["so", "huyen", "xa"], "closes": {"on": DUE.isoformat(), "basis": "thử"}}
    round_["title"] = "Đánh giá chuyển đổi số ba cấp"
    file = home() / "programs" / content["id"] / "program.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
    return load_round(ROUND)


def next_year() -> RoundContext:
    """The same program with a round of the year after."""
    file = home() / "programs" / ROUND.partition("/")[0] / "program.yaml"
    content = json.loads(file.read_text(encoding="utf-8"))
    (first,) = content["rounds"]
    dates = {
        name: {
            "on": first[name]["on"].replace("2024", "2025").replace("2023", "2024"),
            "basis": "t",
        }
        for name in ("data_from", "data_to", "opens", "closes")
    }
    later = {key: value for key, value in first.items() if key != "explain_by"}
    content["rounds"].append({**later, **dates, "id": "2024", "evaluation_year": 2024})
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return load_round(ROUND.replace("2023", "2024"))


def opened(huyen: int = 2, xa: int = 3, *, all_departments: bool = False) -> RoundContext:
    """The round, opened, with everybody asked."""
    context = write_program(huyen, xa, all_departments=all_departments)
    with session() as records:
        open_round(records, context, "test")
        asked = [
            Asked(request.provider, kind, DUE, len(items), "x.xlsx", "a" * 64)
            for request in requests(context)
            for kind, items in (("own", request.own), ("about_units", request.about_units))
            if items
        ]
        record_requests(records, ROUND, asked, "test")
    return context


def given(item: Item, row: Criterion) -> Figure:
    """A figure that nobody would doubt."""
    variable = row.variables[item.variable]
    value: Value = Fraction(5)
    if variable.kind == "flag":
        value = True
    elif variable.kind == "choice":
        value = next(iter(variable.choices))
    return Figure(*item.key, status="given", value=value, raw="5", file="tep.xlsx", sheet="1")


def sends(
    records: Session,
    context: RoundContext,
    provider: str,
    said: Said = given,
    day: date = DAY,
    content: str = "1",
    kinds: Collection[str] = ("own", "about_units"),
) -> SubmissionRecord | None:
    """A provider's workbooks come in on a day; the last of them."""
    (request,) = (each for each in requests(context) if each.provider == provider)
    submission = None
    for kind, items in (("own", request.own), ("about_units", request.about_units)):
        if not items or kind not in kinds:
            continue
        digest = f"{provider}{kind}{content}".encode().hex().ljust(64, "0")[-64:]
        moment = datetime.combine(day, time(5), UTC).isoformat(timespec="seconds")
        source, name = source_of(provider, kind), f"{digest[:12]}-{provider}-{kind}.xlsx"
        submission, _ = receive(records, context.id, provider, source, digest, name, "test", moment)
        figures = [_part(item, provider, said(item, _row(context, item))) for item in items]
        shared = shared_figures(context)
        write_figures(records, context.id, submission, [f for f in figures if f], "test", shared)
        combine(records, context, submission, "test")
    return submission


def everybody_sends(records: Session, context: RoundContext, but: Collection[str] = ()) -> None:
    for request in requests(context):
        if request.provider not in but:
            sends(records, context, request.provider)


def found(unit: str, criterion: str, variable: str, **more: str) -> FindingRecord:
    """What validation finds."""
    values = {"rule": "whole", "severity": "fatal", "message": f"Sai ở mục {criterion}.", **more}
    return FindingRecord(
        round_id=ROUND, unit=unit, criterion=criterion, variable=variable, **values
    )


def finds(records: Session, found_: Iterable[FindingRecord]) -> None:
    write_findings(records, ROUND, list(found_), "test")


def doubt(unit: str, criterion: str, variable: str | None = "a", **more: str) -> Flag:
    values = {"detector": "prior_year", "message": f"Mục {criterion} tăng 4 lần.", **more}
    return Flag(unit=unit, criterion=criterion, variable=variable, criteria=(criterion,), **values)


def doubts(records: Session, flags: Iterable[Flag]) -> None:
    write_flags(records, ROUND, list(flags), {}, "test")


def contact(records: Session, submission: SubmissionRecord, **fields: str) -> None:
    """The contact that a unit gives in its general information."""
    names = {"name": "Họ tên", "phone": "Điện thoại liên hệ", "mail": "Email", "post": "Chức vụ"}
    assert submission.id is not None
    for field, value in fields.items():
        records.add(
            InformationRecord(
                round_id=ROUND,
                submission_id=submission.id,
                unit=submission.unit,
                code=f"2.1|{names[field]}",
                value=value,
                private=True,
            )
        )


def _part(item: Item, provider: str, figure: Figure | None) -> Figure | None:
    if figure is None or not item.part:
        return figure
    return Figure(**{**vars(figure), "variable": f"{item.variable}{PART}{provider}"})


def _row(context: RoundContext, item: Item) -> Criterion:
    return context.framework_of(item.unit).by_code[item.criterion]


def _upto(last: int) -> range:
    return range(1, last + 1)
