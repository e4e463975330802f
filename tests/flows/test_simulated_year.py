"""A small province's year on a virtual clock, through the stages; a round through Prefect."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dti_core.clock import standing_at
from dti_core.program.load import SHIPPED, load_round
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.rounds import documents
from flows.simulate.check import ended
from flows.simulate.expected import lacking
from flows.simulate.messages import unexplained
from flows.simulate.passes import one_pass
from flows.simulate.run import run
from flows.simulate.sink import Mail, sink
from flows.simulate.week import Seen, seen
from flows.simulate.year import Arrival, Year, a_home_of_its_own
from tasks import flagging, reporting, scoring

pytestmark = pytest.mark.prefect

PROGRAM, ROUND, SEED = "dien-bien", "dien-bien/2023", 3
KEPT = ("so-tttt", "vp-ubnd", "so-noi-vu", "so-tai-chinh", "so-khdt", "huyen-tua-chua")

SOONER = {
    "ask_days_ahead: 7": "ask_days_ahead: 2",
    'closes: {on: "2024-01-30"': 'closes: {on: "2024-01-10"',
    'explain_by: {on: "2024-02-20"': 'explain_by: {on: "2024-01-15"',
    'appraise_by: {on: "2024-03-11"': 'appraise_by: {on: "2024-01-24"',
    'petition_by: {on: "2024-03-20"': 'petition_by: {on: "2024-02-05"',
    'publish_by: {on: "2024-03-31"': 'publish_by: {on: "2024-02-09"',
}
"""The same round in half the days: a day costs the test a pass."""


def small_province(home: Path) -> None:
    """The bundled program with the council's own offices and one district, and with less time."""
    own = home / "programs" / PROGRAM
    shutil.copytree(SHIPPED / PROGRAM, own)
    file = own / "program.yaml"
    lines = [
        line
        for line in file.read_text(encoding="utf-8").splitlines()
        if not line.startswith("  - {id: ") or any(f"{{id: {each}," in line for each in KEPT)
    ]
    text = "\n".join(lines) + "\n"
    for before, now in SOONER.items():
        assert before in text, before
        text = text.replace(before, now)
    file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def simulated(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Year, list[Mail], list[Seen]]]:
    """One seed of the small province, its home still set."""
    home = tmp_path_factory.mktemp("nam")
    small_province(home)
    weeks: list[Seen] = []
    with a_home_of_its_own(home), sink() as mail:
        year = run(
            PROGRAM, 2024, SEED, "stages", lambda made, until: weeks.extend(seen(made, until))
        )
        yield year, mail, weeks


def test_the_year_ends_with_its_documents_and_nothing_unexplained(
    simulated: tuple[Year, list[Mail], list[Seen]],
) -> None:
    year, mail, weeks = simulated
    (end,) = ended(year, mail)
    assert end.unexplained == ()
    assert end.requests == len(KEPT)
    assert end.in_time + end.late + len(end.never) == len(KEPT)
    assert end.ranked == len(KEPT)
    assert sum(end.kinds.values()) == len(mail) > 3 * len(KEPT)
    assert weeks[0].missing == len(KEPT)
    assert weeks[-1].waits == "xong"
    assert {step for week in weeks for step in week.approved} == {
        "thu-thap",
        "giai-trinh",
        "tham-dinh",
        "kien-nghi",
        "du-thao",
    }


def test_what_would_be_unexplained_is_found(
    simulated: tuple[Year, list[Mail], list[Seen]],
) -> None:
    """The same year with the truth told otherwise: each lie shows."""
    year, mail, _ = simulated
    context = year.rounds[ROUND].context
    reminded = next(m for m in mail if "nhắc" in m.title.lower() or "quá hạn" in m.title.lower())
    who = reminded.address.partition("@")[0]
    sent_before = Arrival(ROUND, who, "own", "x.xlsx", reminded.moment - timedelta(hours=1))
    lied = replace(year, arrivals=[*year.arrivals, sent_before])
    with session() as records:
        found = list(unexplained(records, lied, context))
        assert any(who in words for words in found), found
        paper = next(
            d.path for d in documents(records, ROUND) if d.path.endswith("du-thao-quyet-dinh.docx")
        )
        file = round_folder(ROUND) / paper
        content = file.read_bytes()
        file.unlink()
        try:
            assert any("dự thảo quyết định" in words for words in lacking(records, context))
        finally:
            file.write_bytes(content)
    unseen = replace(year, approvals=[replace(a, digest="0" * 64) for a in year.approvals])
    assert any("trên nội dung chưa trình" in words for words in ended(unseen, mail)[0].unexplained)
    assert any("sổ ghi gửi" in words for words in ended(year, mail[1:])[0].unexplained)


def test_the_june_round_goes_through_prefect_itself(
    server: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert server.is_dir()
    monkeypatch.setattr("flows.simulate.run.events_of", _first_day_and_close)
    before = dict(os.environ)
    with a_home_of_its_own(tmp_path), sink() as mail:
        year = run("vinh-long", 2024, 1, "prefect", lambda *_: None)
        (end,) = ended(year, mail)
    assert end.unexplained == ()
    assert end.papers >= 2
    assert dict(os.environ) == before, "the user's home and channel are his again"


def test_days_on_which_nothing_comes_work_nothing_out_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A round over published figures: after its first day, and the one that finds it settled, the
    days up to the end of its timetable leave every stage out."""
    ran: list[str] = []
    for module, name in ((reporting, "_report"), (flagging, "_flag"), (scoring, "_score")):
        monkeypatch.setattr(module, name, _counting(ran, name, getattr(module, name)))
    context = load_round("vinh-long/2024-06")
    with a_home_of_its_own(tmp_path), sink():
        for day in range(1, 6):
            with standing_at(datetime(2024, 6, day, 1, tzinfo=UTC)):
                papers = one_pass(context, "Mẫu", "stages")
                assert [Path(each).name for each in papers] == ["bao-cao.html", "bao-cao.docx"]
            if day == 2:
                settled = len(ran)
    assert {"_report", "_flag", "_score"} <= set(ran)
    assert len(ran) == settled


def _counting(ran: list[str], name: str, real: Callable[..., object]) -> Callable[..., object]:
    def counting(*given: object) -> object:
        ran.append(name)
        return real(*given)

    return counting


def test_which_deadline_doubts_tell_of_hangs_on_the_day() -> None:
    context = load_round(ROUND)
    assert context.round.explain_by is not None
    last = context.round.explain_by.on
    assert flagging._due(context, last - timedelta(days=9)) == last
    assert flagging._due(context, last) == last
    assert flagging._due(context, last + timedelta(days=1)) is None


def _first_day_and_close(program_id: str, year: int) -> list:  # type: ignore[type-arg]
    """The June round's beginning and its deadline, without the days between."""
    from dti_core.program.load import load_program
    from dti_core.program.timetable import timetable

    assert year == 2024
    events = timetable(load_program(program_id))
    return [event for event in events if event.kind in ("requests", "close")]
