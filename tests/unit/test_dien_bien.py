"""The round dien-bien/2023 from request to receipts: points and evidence are asked, no figures."""

from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from dti_core.intake.fill import fill
from dti_core.intake.layout import ACCOUNT, NOTE, SELF_POINTS, SELF_ROW, figure_key
from dti_core.intake.sample import load_appraisals, load_arrivals, load_self_points
from dti_core.intake.submission import Submitted, figures_of
from dti_core.intake.workbook import read_workbook
from dti_core.program.appraisal import CHAIR
from dti_core.program.load import RoundContext, load_round
from dti_core.program.proposed import proposed
from dti_core.program.requests import SELF, Request, requests
from dti_core.program.routing import assigned
from dti_core.records.awards import awards
from dti_core.records.bases import SELF as SELF_ASSESSED
from dti_core.records.collecting import remarks, standings
from dti_core.records.database import session
from dti_core.records.evidence import links
from dti_core.records.files import round_folder
from dti_core.records.progress import UnitProgress, progress
from dti_core.records.rounds import open_round
from dti_core.records.scoring import score_round
from dti_core.records.tables import SubmissionRecord
from expectations.results import Outcome
from flows.sample_people import send_figures
from reports.workbooks.own import own_workbook
from tasks.collecting import collect
from tasks.dispatching import send_requests
from tasks.flagging import flag
from tasks.receipts import give_receipts
from tasks.validation import validate_round
from tests.sample.dien_bien import BLANK, FOLDER, LAST_HOUR, LATE, ROUND, write
from tests.sample.dien_bien_council import DIFFERING

CLOSES = date(2024, 1, 30)
"""2001/QĐ-UBND, IV.1."""

RECEIVED = pytest.mark.usefixtures("received")

SPARED = 30
"""Pairs of department and criterion that the program proposes not to assess (II.1.3a)."""


@pytest.fixture(scope="module")
def context() -> RoundContext:
    return load_round(ROUND)


@pytest.fixture(scope="module")
def asked(context: RoundContext) -> dict[str, Request]:
    return {each.provider: each for each in requests(context)}


@pytest.fixture(scope="module")
def given() -> dict[tuple[str, str], Fraction]:
    points = load_self_points(FOLDER / "self-2023.csv")
    return {(each.unit, each.criterion): each.points for each in points}


def test_the_row_of_points_has_one_name() -> None:
    """The guarded process reads the layout alone, so it cannot import the word."""
    assert SELF == SELF_ROW


def test_the_bundled_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    written = write(tmp_path)
    assert {file.name for file in written} == {file.name for file in FOLDER.iterdir()}
    for file in written:
        assert file.read_bytes() == (FOLDER / file.name).read_bytes(), file.name


def test_every_unit_is_asked_for_its_points_and_for_no_figure(
    context: RoundContext, asked: dict[str, Request]
) -> None:
    """35 rows of Bảng 1 for 19 departments, 68 of Bảng 2 for 10 districts."""
    assert list(asked) == [unit.id for unit in context.units]
    assert Counter(unit.level for unit in context.units) == {"so": 19, "huyen": 10}
    assert not any(each.own or each.about_units for each in asked.values())
    rows = {"so": 35, "huyen": 68}
    for unit in context.units:
        request = asked[unit.id]
        assert len(request.self_assessed) + len(request.spared) == rows[unit.level or ""]
    spared = [item for each in asked.values() for item in each.spared]
    assert len(spared) == SPARED
    assert {context.program.unit[item.unit].level for item in spared} == {"so"}
    assert {proposed(context, item.unit)[item.criterion].effect for item in spared} == {
        "not_assessed"
    }


def test_the_sample_scores_every_assessed_row_but_two_that_were_forgotten(
    asked: dict[str, Request], given: dict[tuple[str, str], Fraction], context: RoundContext
) -> None:
    wanted = {item.key[:2] for each in asked.values() for item in each.self_assessed}
    assert set(given) == wanted - BLANK
    for (unit, code), points in given.items():
        assert 0 <= points <= (context.framework_of(unit).by_code[code].max_points or 0)


def test_files_come_early_in_the_last_hour_and_late() -> None:
    arrivals = {each.provider: each for each in load_arrivals(FOLDER / "arrivals-2023.csv")}
    assert len(arrivals) == 29
    late = {who for who, each in arrivals.items() if each.date and each.date > CLOSES}
    last = {
        who
        for who, each in arrivals.items()
        if each.date == CLOSES and each.at is not None and each.at.hour == 23
    }
    assert (late, last) == (set(LATE), set(LAST_HOUR))
    assert sum(each.date is not None and each.date < CLOSES for each in arrivals.values()) == 24


def test_a_fifth_of_the_points_is_adjusted_with_a_reason_by_who_may(
    context: RoundContext, given: dict[tuple[str, str], Fraction]
) -> None:
    who = assigned(context)
    final: dict[tuple[str, str], Fraction] = {}
    by_row: dict[tuple[str, str], list[tuple[str, Fraction]]] = {}
    for each in load_appraisals(FOLDER / "appraisals-2023.csv"):
        place = each.unit, each.criterion
        verifier = each.verifier or ""
        assert verifier == CHAIR or verifier in who[place]
        row = context.framework_of(each.unit).by_code[each.criterion]
        assert 0 <= each.points <= (row.max_points or 0)
        by_row.setdefault(place, []).append((verifier, each.points))
        final[place] = each.points  # the chair's line is the last of its row
    adjusted = {place for place in final if place in given and final[place] != given[place]}
    assert len(adjusted) == round(len(given) / 5)
    assert set(final) == adjusted | BLANK
    differing = {
        place: said
        for place, said in by_row.items()
        if len({points for verifier, points in said if verifier != CHAIR}) > 1
    }
    decided = {place for place, said in by_row.items() if any(who == CHAIR for who, _ in said)}
    assert set(differing) == decided
    assert len(decided) == DIFFERING
    for place, said in by_row.items():
        assert [verifier for verifier, _ in said if verifier != CHAIR] == list(who[place])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, context: RoundContext) -> Path:
    """The round with everything received that units sent, once for the tests that only read."""
    folder = tmp_path_factory.mktemp("dien-bien")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DTI_HOME", str(folder))
        with session() as records:
            open_round(records, context, "test")
        send_requests(context, "test")
        assert send_figures(context, late=False) == 27
        assert send_figures(context, late=True) == 2
        collect(context, "test")
        give_receipts(context, "test")
    return folder


@pytest.fixture
def received(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTI_HOME", str(home))


def stands(context: RoundContext) -> dict[str, UnitProgress]:
    with session() as records:
        return {each.provider: each for each in progress(records, context, CLOSES).units}


@RECEIVED
def test_every_workbook_is_read_and_every_point_recorded_exactly(
    context: RoundContext, given: dict[tuple[str, str], Fraction]
) -> None:
    with session() as records:
        sources = records.exec(
            select(SubmissionRecord.source).where(SubmissionRecord.round_id == ROUND)
        ).all()
        recorded = {
            (each.unit, each.criterion): Fraction(each.points or 0)
            for each in awards(records, ROUND, SELF_ASSESSED)
        }
        told = [each for one in remarks(records, ROUND).values() for each in one]
    assert sorted(sources) == sorted(f"{unit.id}:own" for unit in context.units)
    assert recorded == given
    assert told == []


@RECEIVED
def test_evidence_and_account_stay_with_the_points() -> None:
    sample = {
        (each.unit, each.criterion): each for each in load_self_points(FOLDER / "self-2023.csv")
    }
    with session() as records:
        accounts = {
            (each.unit, each.criterion): each.reason or ""
            for each in awards(records, ROUND, SELF_ASSESSED)
        }
        named = {
            (each.unit, each.criterion, each.variable): each.words for each in links(records, ROUND)
        }
    assert accounts == {place: each.account for place, each in sample.items()}
    assert named == {
        (*place, SELF): each.evidence for place, each in sample.items() if each.evidence
    }


@RECEIVED
def test_the_status_counts_rows_without_figures(
    context: RoundContext, asked: dict[str, Request]
) -> None:
    found = stands(context)
    for who, request in asked.items():
        assert found[who].asked == len(request.self_assessed)
    short = {unit for unit, _ in BLANK}
    assert {who for who, each in found.items() if not each.complete} == short
    (unit,) = short
    assert found[unit].asked - found[unit].answered == len(BLANK)
    assert all(each.received and each.readable for each in found.values())
    assert {who for who, each in found.items() if not each.on_time} == set(LATE)
    with session() as records:
        items = {each.provider: each.items for each in standings(records, ROUND)}
    assert items == {who: len(request.self_assessed) for who, request in asked.items()}


@RECEIVED
def test_the_receipt_names_the_rows_without_points(context: RoundContext) -> None:
    receipts = dict(give_receipts(context, "test"))
    assert len(receipts) == 29
    (unit,) = {unit for unit, _ in BLANK}
    assert {who for who, each in receipts.items() if not each.complete} == {unit}
    assert receipts[unit].missing == ["Chưa có điểm tự đánh giá: 6.11, 8.3"]
    assert receipts[unit].missing_answers == 2
    book = load_workbook(round_folder(ROUND) / f"out/{unit}/phieu-tiep-nhan.xlsx")
    words = [str(cell.value) for row in book.worksheets[0] for cell in row if cell.value]
    assert "PHIẾU TIẾP NHẬN ĐIỂM TỰ ĐÁNH GIÁ" in words
    assert "• Chưa có điểm tự đánh giá: 6.11, 8.3" in words
    assert any(each.startswith("Chưa đủ: 2 điểm tự đánh giá còn thiếu") for each in words)


@RECEIVED
def test_all_pairs_not_assessed_stand_in_the_workbooks_with_their_ground(
    asked: dict[str, Request],
) -> None:
    found: set[tuple[str, str]] = set()
    for who in asked:
        book = load_workbook(round_folder(ROUND) / f"out/{who}/{who}.xlsx")
        for sheet in book.worksheets:
            for key, code, words, *_ in sheet.iter_rows(max_col=4, values_only=True):
                if "Đề xuất: Không đánh giá" in str(words):
                    assert "2001/QĐ-UBND, mục II.1.3a" in str(words)
                    assert key == figure_key(str(code), SELF_ROW)
                    found.add((who, str(code)))
    assert found == {item.key[:2] for each in asked.values() for item in each.spared}
    assert len(found) == SPARED


@RECEIVED
def test_a_framework_without_figures_passes_every_stage_with_nothing_to_do(
    context: RoundContext,
) -> None:
    with session() as records:
        found, not_run = validate_round(records, context, "test")
        assert (found, {level: list[Outcome](each) for level, each in not_run.items()}) == ([], {})
        score_round(records, context, "test")
        assert {each.status for each in awards(records, ROUND)} == {"appraised"}
    assert flag(context, "test", CLOSES) == []


# One workbook by itself


def filled(
    context: RoundContext, asked: dict[str, Request], path: Path, typed: dict[str, object]
) -> Submitted:
    """Ban Dân tộc's workbook with values in the points and notes of some rows."""
    path.write_bytes(own_workbook(context, asked["ban-dan-toc"], {}))
    fill(path, {tuple(key.split("/")): value for key, value in typed.items()})  # type: ignore[misc]
    return figures_of(read_workbook(path), context, path.name)


@pytest.mark.parametrize("typed", [10.5, -1])
def test_points_out_of_bounds_are_a_question_and_not_taken(
    context: RoundContext, asked: dict[str, Request], tmp_path: Path, typed: float
) -> None:
    read = filled(
        context, asked, tmp_path / "a.xlsx", {"1.1|@self/self": typed, "1.2|@self/self": 15}
    )
    assert read.self_points == {("ban-dan-toc", "1.2"): 15}
    (question,) = read.questions
    assert question.sheet == "1. Nhận thức số"
    assert "mục 1.1, điểm tự đánh giá" in question.text
    assert "phải từ 0 đến 10" in question.text


def test_what_a_unit_says_of_rows_without_points_is_told(
    context: RoundContext, asked: dict[str, Request], tmp_path: Path
) -> None:
    """6.4 is proposed not to be assessed, 6.2 is the unit's own wish."""
    read = filled(
        context,
        asked,
        tmp_path / "a.xlsx",
        {
            f"6.2|{SELF_ROW}/{NOTE}": "Đề nghị không đánh giá: không có dữ liệu mở",
            f"6.4|{SELF_ROW}/{NOTE}": "Đơn vị có 2 thủ tục, đề nghị đánh giá",
            f"6.1|{SELF_ROW}/{NOTE}": "Đủ tính năng",
            f"6.1|{SELF_ROW}/{SELF_POINTS}": 15,
        },
    )
    assert read.questions == ()
    assert read.notices == (
        "Mục 6.2, không có điểm tự đánh giá, đơn vị ghi: “Đề nghị không đánh giá: không có dữ liệu"
        " mở”.",
        "Mục 6.4, không có điểm tự đánh giá, đơn vị ghi: “Đơn vị có 2 thủ tục, đề nghị đánh giá”.",
    )


def test_a_line_that_is_gone_is_asked_about(
    context: RoundContext, asked: dict[str, Request], tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(own_workbook(context, asked["ban-dan-toc"], {}))
    book = load_workbook(path, rich_text=True)
    book["3. Hạ tầng số"].delete_rows(4)
    book.save(path)
    (question,) = figures_of(read_workbook(path), context, path.name).questions
    assert "không còn 1 ô của biểu mẫu: mục 3.1, điểm tự đánh giá" in question.text


def test_points_follow_the_names_of_their_rows(
    context: RoundContext, asked: dict[str, Request], tmp_path: Path
) -> None:
    """Somebody sorts a page and forgets the hidden column."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(own_workbook(context, asked["ban-dan-toc"], {}))
    fill(path, {("1.1|@self", "self"): 9, ("1.2|@self", "self"): 7})
    book = load_workbook(path, rich_text=True)
    page = book["1. Nhận thức số"]
    for column in range(2, 8):
        first, second = page.cell(4, column), page.cell(5, column)
        first.value, second.value = second.value, first.value
    book.save(path)
    read = figures_of(read_workbook(path), context, path.name)
    assert read.self_points == {("ban-dan-toc", "1.1"): 9, ("ban-dan-toc", "1.2"): 7}


def test_the_page_says_what_the_account_is_for(
    context: RoundContext, asked: dict[str, Request], tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(own_workbook(context, asked["huyen-tua-chua"], {}))
    book = load_workbook(path)
    assert [sheet.title for sheet in book.worksheets][:3] == [
        "Bìa",
        "I. Nhận thức số",
        "2. Thể chế số",
    ]
    heads = [cell.value for cell in book["I. Nhận thức số"][3]]
    assert heads[1:] == [
        "Mục",
        "Chỉ số thành phần",
        "Điểm tối đa",
        "Điểm tự đánh giá",
        "Tài liệu kiểm chứng",
        ACCOUNT,
    ]


def test_a_row_without_figures_among_figures_takes_points_in_its_steps(tmp_path: Path) -> None:
    """5.10 of the invented set of Vĩnh Long: points in multiples of 0,5, up to 10."""
    context = load_round("vinh-long-mau/2024-q4")
    request = next(each for each in requests(context) if each.provider == "so-y-te")
    assert "5.10" in {item.criterion for item in request.self_assessed}
    assert "5.10" not in {item.criterion for item in request.own}
    path = tmp_path / "a.xlsx"
    path.write_bytes(own_workbook(context, request, {}))
    fill(path, {("5.10|@self", "self"): 7.5, ("5.10|@self", "evidence"): "12/BC-SYT"})
    read = figures_of(read_workbook(path), context, path.name)
    assert read.self_points == {("so-y-te", "5.10"): Fraction(15, 2)}
    assert read.evidence == {("so-y-te", "5.10", SELF): "12/BC-SYT"}
    assert read.questions == ()
    fill(path, {("5.10|@self", "self"): 7.3})
    read = figures_of(read_workbook(path), context, path.name)
    assert read.self_points == {}
    assert "điểm 7,3 phải là bội số của 0,5" in read.questions[0].text
