"""What every whole round of the samples ends with: its papers, the same in number, name and rank
as the records."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn

from dti_core.program.load import RoundContext
from dti_core.rational import vietnamese
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.official import official_totals
from dti_core.records.ranking import ranks
from dti_core.records.tables import RankRecord
from dti_core.records.verifying import verify
from dti_core.scoring.total import Total
from tasks.final import issue_result
from tests.unit.official_papers import text_of

ISSUED = date(2025, 1, 15)
UNFILLED = re.compile(r"\{\{|\{%|\}\}|\bNone\b|\bnan\b|Undefined|jinja")


def papers_of(round_id: str) -> Iterator[Path]:
    """Every .docx of a round."""
    yield from sorted(round_folder(round_id).rglob("*.docx"))


def nothing_is_unfilled(round_id: str) -> int:
    """Every .docx opens and has nothing left to fill in; returns how many there are."""
    count = 0
    for paper in papers_of(round_id):
        text = text_of(paper.read_bytes())
        assert not UNFILLED.search(text), (paper.name, UNFILLED.search(text))
        assert len(text) > 200, paper.name
        count += 1
    return count


def decision_says(context: RoundContext, name: str) -> None:
    """The decision has every unit with its rank and points, and every unit's pillars add up."""
    document = Document(str(round_folder(context.id) / "documents" / name))
    lines: dict[str, list[list[str]]] = {}
    for table in document.tables:
        for row in table._tbl.tr_lst:
            cells = ["".join(t.text or "" for t in cell.iter(qn("w:t"))) for cell in row.tc_lst]
            for cell in set(cells):
                lines.setdefault(_bare(cell), []).append(cells)
    with session() as records:
        entries = ranks(records, context.id)
        wholes, pillars = official_totals(records, context)
    for entry in entries:
        mine = lines.get(_bare(context.program.unit[entry.unit].name), [])
        assert mine, f"{entry.unit} is not in {name}"
        if entry.rank is None:
            reason = (entry.reason or "").partition(" (")[0]
            assert any(reason in " ".join(line) for line in mine), entry.unit
            continue
        points = vietnamese(Fraction(str(entry.published)), 2)
        assert any(str(entry.rank) in line and _has(line, points) for line in mine), entry.unit
        assert _adds_up(entry, wholes[entry.unit], pillars, context)


def _bare(cell: str) -> str:
    """A unit's name without what tells it apart from another of the same name."""
    return cell.partition(" (")[0].strip()


def _has(line: list[str], points: str) -> bool:
    return any(
        cell.rstrip("0").rstrip(",") == points.rstrip("0").rstrip(",")
        if "," in cell
        else cell == points
        for cell in line
    )


def _adds_up(
    entry: RankRecord, whole: Total, pillars: dict[tuple[str, str], Total], context: RoundContext
) -> bool:
    framework = context.framework_of(entry.unit)
    parts = sum((pillars[entry.unit, p.code].low for p in framework.pillars), Fraction(0))
    return Fraction(str(entry.points)) == whole.low == parts


def ends_with_its_documents(context: RoundContext) -> None:
    """Drafts first, then the issue and all that follows; twice the same."""
    folder = round_folder(context.id)
    for name in ("du-thao-quyet-dinh.docx", "bao-cao-tham-dinh.docx", "to-trinh.docx"):
        assert (folder / "documents" / name).exists(), name
    decision_says(context, "du-thao-quyet-dinh.docx")
    assert "DỰ THẢO" in text_of((folder / "documents" / "du-thao-quyet-dinh.docx").read_bytes())
    new, paths = issue_result(context, "123", ISSUED, "Văn thư")
    assert new
    assert paths
    decision_says(context, "quyet-dinh-cong-bo.docx")
    issued = text_of((folder / "documents" / "quyet-dinh-cong-bo.docx").read_bytes())
    assert "DỰ THẢO" not in issued
    assert "Số: 123/" in issued
    assert "ngày 15 tháng 01 năm 2025" in issued
    with session() as records:
        evaluated = {e.unit for e in ranks(records, context.id) if e.status != "not_evaluated"}
    for unit in (each for each in context.units if each.id in evaluated):
        notice = text_of((folder / "out" / unit.id / "thong-bao-ket-qua.docx").read_bytes())
        assert unit.name.partition(" (")[0] in notice
        assert "123/" in notice
        assert (folder / "site" / "don-vi" / f"{unit.id}.html").exists()
    assert (folder / "site" / "du-lieu" / "ranking.csv").exists()
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    again, _ = issue_result(context, "123", ISSUED, "Văn thư")
    assert not again
    after = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    assert before == after, "the same issue again writes nothing"
    with session() as records:
        assert verify(records, context.id) == []
