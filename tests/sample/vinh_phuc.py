"""Write the sample of the rounds of vinh-phuc: `python -m tests.sample.vinh_phuc`.

The same bytes every time. Nothing in it is any agency's figure; every file says so.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import yaml

from dti_core.framework.model import Framework
from dti_core.intake.sample import (
    ANSWER_COLUMNS,
    APPRAISAL_COLUMNS,
    ARRIVAL_COLUMNS,
    MARK,
    REPLY_COLUMNS,
    SELF_COLUMNS,
    PlantedFault,
)
from dti_core.program.load import SHIPPED, RoundContext, load_round
from dti_core.program.requests import Request, requests
from dti_core.rational import round_half_up
from dti_core.scoring.score import score
from tests.sample import vinh_phuc_levels
from tests.sample.appraisals import appraisals
from tests.sample.faults import (
    COPIED,
    MISSING,
    NEIGHBOUR,
    UNSUPPORTED_SELF,
    after_replies,
    arrivals,
    as_figures,
    plant,
    replies,
)
from tests.sample.handwriting import typed
from tests.sample.years import SEED, Figures, two_years

ROUND = "vinh-phuc/2023-so"
FOLDER = SHIPPED / "vinh-phuc" / "sample"
NOTICE = (
    f"{MARK} số liệu do chương trình sinh ra, hạt giống {SEED}, không phải số liệu của cơ quan nào"
)

Cells = Sequence[object]


def write(folder: Path) -> list[Path]:
    """Write every file of the sample; the paths written."""
    context = load_round(ROUND)
    asked = requests(context)
    before, true = two_years()
    planted = plant(context, asked, true)
    given = planted.figures
    answered = replies(context, asked, true, given)
    own = {(item.unit, item.criterion) for request in asked for item in request.own}
    final = after_replies(true, _without_missing(asked, given), answered)
    concerned = {(fault.unit, fault.criterion or "") for fault in planted.faults}
    awards = appraisals(context, own, true, final, concerned)

    folder.mkdir(parents=True, exist_ok=True)
    reply_rows = [
        (
            r.unit,
            r.criterion or "",
            r.variable or "",
            r.decision,
            r.corrected or "",
            r.reason,
            r.officer_decision,
            r.officer_reason,
        )
        for r in answered
    ]
    files = {
        "prior-2022.csv": _csv(ANSWER_COLUMNS, _answers(context, asked, before)),
        "answers-2023.csv": _csv(
            ANSWER_COLUMNS, _answers(context, asked, given, copied=True, missing=True)
        ),
        "self-2023.csv": _csv(SELF_COLUMNS, _self_points(context, asked, given)),
        "arrivals-2023.csv": _csv(
            ARRIVAL_COLUMNS, ((a.provider, a.kind, a.date or "") for a in arrivals(context, asked))
        ),
        "replies-2023.csv": _csv(REPLY_COLUMNS, reply_rows),
        "appraisals-2023.csv": _csv(
            APPRAISAL_COLUMNS,
            ((a.unit, a.criterion, round_half_up(a.points, 2), a.reason) for a in awards),
        ),
        "faults-2023.yaml": _yaml(planted.faults),
        **vinh_phuc_levels.files(NOTICE),
    }
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    return [folder / name for name in files]


def _answers(
    context: RoundContext,
    asked: Sequence[Request],
    figures: Figures,
    *,
    copied: bool = False,
    missing: bool = False,
) -> Iterable[Cells]:
    for request in asked:
        for kind, items in (("own", request.own), ("about_units", request.about_units)):
            if missing and kind == "own" and request.provider == MISSING:
                continue
            # a copied workbook has the neighbour's handwriting too
            copy = copied and kind == "own" and request.provider == COPIED
            office = NEIGHBOUR if copy else request.provider
            for item in items:
                row = context.framework_of(item.unit).by_code[item.criterion]
                value = figures[item.unit, item.criterion, item.variable]
                text = typed(value, row.variables[item.variable], office)
                place = (item.unit, item.criterion, item.variable)
                yield (request.provider, kind, *place, text)


def _self_points(
    context: RoundContext, asked: Sequence[Request], given: Figures
) -> Iterable[Cells]:
    """What the figures of a unit's own rows earn, but for the one planted self-assessment."""
    policies = context.program.policies
    assert policies.reading is not None
    assert policies.rounding is not None
    figures = as_figures(given)
    for request in asked:
        unit = request.provider
        if unit == MISSING:
            continue
        framework = context.framework_of(unit)
        scores = score(framework, [unit], figures, policies, policies.reading.value)
        for code in dict.fromkeys(item.criterion for item in request.own):
            points = scores[unit, code].published(policies.rounding.value)
            assert points is not None
            if (unit, code) == UNSUPPORTED_SELF:
                points = _maximum(framework, code, above=points)
            yield unit, code, points


def _maximum(framework: Framework, code: str, above: Decimal) -> Decimal:
    most = framework.by_code[code].max_points
    assert most is not None
    points = round_half_up(most, 2)
    assert points != above, f"{code}: số liệu đã cho điểm tối đa"
    return points


def _without_missing(asked: Sequence[Request], figures: Figures) -> Figures:
    gone = {
        (item.unit, item.criterion, item.variable)
        for request in asked
        if request.provider == MISSING
        for item in request.own
    }
    return {key: value for key, value in figures.items() if key not in gone}


def _csv(columns: Sequence[str], rows: Iterable[Cells]) -> str:
    text = io.StringIO()
    text.write(f"{NOTICE}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _yaml(faults: Sequence[PlantedFault]) -> str:
    content = {"faults": [fault.model_dump(mode="json") for fault in faults]}
    body = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    return f"{NOTICE}\n{body}"


if __name__ == "__main__":
    for path in write(FOLDER):
        print(path)
