"""The report on the appraisal to the publisher (Báo cáo kết quả thẩm định)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from dti_core.errors import Refused
from dti_core.rational import percent
from dti_core.records.petitions import STATUS_TEXT
from reports.docx import fill
from reports.letters.appraised import Petition, Quality, Scope, Tally, Unplaced, Verifier
from reports.letters.minutes import Adjusted, Exempted, adjusted_rows, exempted_rows, tallied
from reports.letters.paper import Paper, template
from reports.letters.wording import day, points, whole, within
from reports.policies import PolicyLine


class NothingAppraised(Refused):
    """There is no appraisal to report on."""


@dataclass(frozen=True)
class AppraisalReport:
    """What the report says.

    office      the signer's office, under the signature of a council's chair
    appraiser   who appraised, as a sentence names it
    sittings    days on which the council sat; empty where there is none
    doubts      state of a doubt in words → how many there are
    adjusted    rows whose official points differ from those before
    pending     how many exempted rows are still to be decided
    digits      decimals of published points
    """

    paper: Paper
    recipient: str
    basis: str
    title: str
    evaluation_year: int
    data_from: date
    data_to: date
    appraiser: str
    verifiers: tuple[Verifier, ...]
    scopes: tuple[Scope, ...]
    adjusted: tuple[Adjusted, ...]
    exempted: tuple[Exempted, ...]
    doubts: tuple[tuple[str, int], ...]
    unplaced: tuple[Unplaced, ...]
    petitions: tuple[Petition, ...]
    quality: Quality
    policies: tuple[PolicyLine, ...]
    digits: int
    pending: int = 0
    office: str | None = None
    sittings: tuple[date, ...] = ()


def render(values: AppraisalReport) -> bytes:
    """The report as a .docx. Raises NothingAppraised where no row has points, BrokenTemplate."""
    tallies = [tally for scope in values.scopes for tally in scope.tallies]
    if not any(tally.appraised for tally in tallies):
        raise NothingAppraised(
            f"Chưa có điểm thẩm định để báo cáo kết quả {within(values.title)}. Hãy nhập điểm thẩm"
            " định trước (dti appraise)."
        )
    granted = [one for one in values.exempted if one.granted]
    return fill(
        template("appraisal_report.docx"),
        {
            "paper": values.paper,
            "office": values.office,
            "recipient": values.recipient,
            "basis": values.basis,
            "title": within(values.title),
            "evaluation_year": values.evaluation_year,
            "data_from": day(values.data_from),
            "data_to": day(values.data_to),
            "appraiser": values.appraiser,
            "sittings": [day(each) for each in values.sittings],
            "sittings_count": whole(len(values.sittings)),
            "units": whole(sum(scope.units for scope in values.scopes)),
            "verifiers": [_verifier(number, one) for number, one in enumerate(values.verifiers, 1)],
            "scopes": [_scope(scope, values.digits) for scope in values.scopes],
            "adjusted": adjusted_rows(values.adjusted, values.digits),
            **tallied(values.adjusted),
            "exempted": exempted_rows(granted),
            "exempted_count": whole(sum(len(one.criteria) for one in granted)),
            "exempted_units": whole(len({one.unit for one in granted})),
            "refused_count": _some(
                sum(len(one.criteria) for one in values.exempted if not one.granted)
            ),
            "pending": _some(values.pending),
            "doubts": [{"state": state, "count": whole(count)} for state, count in values.doubts],
            "doubts_count": whole(sum(count for _, count in values.doubts)),
            "unplaced": values.unplaced,
            "petitions": [_petition(one, values.digits) for one in values.petitions],
            "petitions_count": whole(len(values.petitions)),
            "petitions_by": [
                {"state": text, "count": whole(count)}
                for status, text in STATUS_TEXT.items()
                if (count := sum(one.status == status for one in values.petitions))
            ],
            "stages": _stages(values.quality.stages),
            "providers": _some(values.quality.providers),
            "answered": whole(values.quality.answered),
            "late": _some(values.quality.late),
            "policies": values.policies,
        },
    )


def _some(count: int) -> str | None:
    """A number of things, None for none: the template then leaves the sentence out."""
    return whole(count) if count else None


def _verifier(number: int, one: Verifier) -> dict[str, Any]:
    return {
        "number": number,
        "name": one.name,
        "fields": "; ".join(one.fields) or "–",
        "asked": "–" if one.asked is None else whole(one.asked),
        "rows": whole(one.rows),
        "state": "–" if one.closed is None else "đã kết thúc" if one.closed else "chưa kết thúc",
    }


def _scope(scope: Scope, digits: int) -> dict[str, Any]:
    whole_scope = Tally(
        "Cộng",
        *(sum(getattr(each, name) for each in scope.tallies) for name in _COUNTED),
        change=sum((each.change for each in scope.tallies), Fraction(0)),
    )
    return {
        "name": scope.name,
        "units": whole(scope.units),
        "criteria": whole(scope.criteria),
        "tallies": [_tally(each, digits) for each in scope.tallies],
        "whole": _tally(whole_scope, digits),
        "open": _some(scope.open),
        "left": _some(scope.left),
    }


_COUNTED = ("kept", "up", "down", "outright")


def _tally(one: Tally, digits: int) -> dict[str, str]:
    sign = "+" if one.change > 0 else ""
    counted = {name: _number(getattr(one, name)) for name in ("appraised", *_COUNTED)}
    return {"name": one.name, **counted, "change": f"{sign}{points(one.change, digits)}"}


def _number(count: int) -> str:
    """A number in a table; a dash for none."""
    return whole(count) if count else "–"


def _petition(one: Petition, digits: int) -> dict[str, Any]:
    awarded = "" if one.points is None else f", {points(one.points, digits)} điểm"
    return {
        "number": one.number,
        "unit": one.unit,
        "about": one.about,
        "text": one.text.strip().rstrip("."),
        "received_on": f"{one.received_on:%d/%m/%Y}",
        "decided": f"{STATUS_TEXT[one.status]}{awarded}",
        "reason": (one.reason or "").strip().rstrip("."),
    }


def _stages(stages: Sequence[tuple[str, str, int]]) -> list[dict[str, str]]:
    """The stages with their share of the first one; none where no figure was asked for."""
    asked = stages[0][2] if stages else 0
    if not asked:
        return []
    return [
        {
            "name": name,
            "meaning": meaning,
            "count": whole(count),
            "share": percent(Fraction(count, asked)),
        }
        for name, meaning, count in stages
    ]
