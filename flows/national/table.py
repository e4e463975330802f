"""The national table: what all provinces' results add up to, as JSON and CSV.

Made from the files that the provinces' runs have recorded, in the order of the rounds, so that it
is the same whoever worked them out, and in whatever order.
"""

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dti_core.errors import Refused
from dti_core.framework.load import LEVELS, home
from dti_core.program.load import RoundContext, load_round
from dti_core.program.policies import Policies
from dti_core.rational import exact_text, round_half_up
from dti_core.records.files import round_folder, write_whole
from dti_core.scoring.rank import rank
from tasks.national_group import path_of

FOLDER = "national"
COLUMNS = ("cấp", "hạng cả nước", "tỉnh", "đơn vị", "hạng trong tỉnh", "điểm", "phát hiện")


class NotAlike(Refused):
    """Provinces that were evaluated by different law have no common ranking."""


@dataclass(frozen=True)
class Merged:
    """Where the table stands, what it is (SHA-256 of its JSON), and how much is in it."""

    json: str
    csv: str
    sha256: str
    provinces: int
    units: int
    ranked: int
    scores: int
    findings: int


@dataclass(frozen=True)
class _Line:
    province: str
    unit: str
    name: str
    points: str | None
    published: str | None
    rank: int | None
    findings: int


def write_table(rounds: Sequence[str]) -> Merged:
    """Merge the recorded results of the rounds. Raises NotAlike."""
    contexts = [load_round(each) for each in rounds]
    levels: dict[str, list[_Line]] = {}
    told: dict[str, tuple[str, str]] = {}
    scores = 0
    provinces: list[dict[str, Any]] = []
    for context in contexts:
        summary: dict[str, Any] = {"round": context.id, "name": context.program.name, "levels": {}}
        for level in context.frameworks:
            content = (round_folder(context.id) / path_of(level)).read_bytes()
            result = json.loads(content)
            _alike(told, level, context, result)
            lines = _lines(context, result)
            levels.setdefault(level, []).extend(lines)
            scores += sum(
                len(row["exact"]) for r in result["points"].values() for row in r.values()
            )
            summary["levels"][level] = _summary(lines, content, context.program.policies)
        provinces.append(summary)
    placed = {level: _placed(levels[level], contexts) for level in LEVELS if level in levels}
    says = next((c.round.illustration for c in contexts if c.round.illustration), None)
    whole = {
        "illustration": says,
        "provinces": provinces,
        "levels": {
            level: [[place, *vars(line).values()] for place, line in lines]
            for level, lines in placed.items()
        },
    }
    content = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    folder = home() / FOLDER
    write_whole(folder / "toan-quoc.json", content)
    write_whole(folder / "toan-quoc.csv", _csv(placed, says).encode("utf-8-sig"))
    every = [line for lines in placed.values() for line in lines]
    return Merged(
        json=str(folder / "toan-quoc.json"),
        csv=str(folder / "toan-quoc.csv"),
        sha256=hashlib.sha256(content).hexdigest(),
        provinces=len(contexts),
        units=len(every),
        ranked=sum(place is not None for place, _ in every),
        scores=scores,
        findings=sum(line.findings for _, line in every),
    )


def _alike(
    told: dict[str, tuple[str, str]], level: str, context: RoundContext, result: dict[str, Any]
) -> None:
    """One framework a level, and one way to count (`Policies` that ranking goes by)."""
    policies = context.program.policies
    how = json.dumps(
        [
            each.model_dump(mode="json")["value"] if each else None
            for each in (
                policies.reading,
                policies.overlap,
                policies.zero_denominator,
                policies.missing_figure,
                policies.pillar_overflow,
                policies.rounding,
                policies.ties,
                policies.rank_on,
            )
        ]
    )
    law = result["pins"][result["framework"]] + how
    known = told.setdefault(level, (context.id, law))
    if known[1] != law:
        raise NotAlike(
            f"Đợt {context.id} và đợt {known[0]} tính cấp {level} theo bộ chỉ số hoặc chính sách"
            " khác nhau nên không xếp chung cả nước được. Hãy chạy riêng từng nhóm tỉnh cùng bộ"
            " chỉ số (nêu tên các đợt trong lệnh)."
        )


def _lines(context: RoundContext, result: dict[str, Any]) -> list[_Line]:
    found: dict[str, int] = {}
    for each in result["findings"]:
        found[each[0]] = found.get(each[0], 0) + 1
    totals = result["totals"]
    return [
        _Line(
            context.program.name,
            unit,
            context.program.unit[unit].name,
            totals["exact"][at],
            totals["published"][at],
            totals["rank"][at],
            found.get(unit, 0),
        )
        for at, unit in enumerate(result["units"])
    ]


def _summary(lines: list[_Line], content: bytes, policies: Policies) -> dict[str, Any]:
    known = [Fraction(line.points) for line in lines if line.points is not None]
    mean = sum(known, Fraction(0)) / len(known) if known else None
    digits = policies.rounding.value.digits if policies.rounding else 2
    return {
        "units": len(lines),
        "open": len(lines) - len(known),
        "mean": None if mean is None else exact_text(mean),
        "mean_published": None if mean is None else str(round_half_up(mean, digits)),
        "findings": sum(line.findings for line in lines),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _placed(lines: list[_Line], contexts: Sequence[RoundContext]) -> list[tuple[int | None, _Line]]:
    """Lines with their places in the nation, best first; equal ones in the order of the rounds."""
    policies = contexts[0].program.policies
    published = policies.rank_on is not None and policies.rank_on.value == "published"
    points = {
        (line.province, line.unit): None if text is None else Fraction(text)
        for line in lines
        for text in (line.published if published else line.points,)
    }
    by_key = {(line.province, line.unit): line for line in lines}
    at = {f"{number}": key for number, key in enumerate(points)}
    told = rank(
        {number: points[key] for number, key in at.items()},
        policies.ties.value if policies.ties else "same_rank",
    )
    return [(each.rank, by_key[at[each.unit]]) for each in told]


def _csv(placed: dict[str, list[tuple[int | None, _Line]]], says: str | None) -> str:
    text = io.StringIO()
    if says:
        text.write(f"# {says}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for level, lines in placed.items():
        for place, line in lines:
            shown = line.published or ""
            own = "" if line.rank is None else line.rank
            nation = "" if place is None else place
            writer.writerow([level, nation, line.province, line.name, own, shown, line.findings])
    return text.getvalue()
