"""Finished seeds beside their report: an interrupted run goes on where it stopped."""

from datetime import UTC, datetime
from pathlib import Path

from flows.simulate.check import Ended
from flows.simulate.kept import keep, kept, software
from flows.simulate.outcome import Outcome
from flows.simulate.report import report
from flows.simulate.week import Seen

MOMENT = datetime(2024, 6, 10, 0, 30, tzinfo=UTC)


def outcome(seed: int, software: str = "abc") -> Outcome:
    end = Ended(
        round_id="x/2024",
        title="Đợt mẫu",
        requests=3,
        in_time=1,
        late=1,
        never=("Sở Mẫu (own): không",),
        set_aside=0,
        kinds={"request": 3, "remind": 2},
        dropped=0,
        approvals=2,
        refused_approvals=0,
        papers=4,
        ranked=3,
        passes=9,
        unexplained=("thư lạ",),
    )
    week = Seen("x/2024", MOMENT, 1, 1, 1, 2, 5, 0, 1, 0, 0, "thu-thap", ("thu-thap",), 4)
    return Outcome(
        program="x",
        year=2024,
        seed=seed,
        through="stages",
        seconds=1.5,
        processor=1.25,
        software=software,
        events={"hằng ngày": 9},
        deeds={"xác nhận": 2},
        mails=5,
        weeks=(week,),
        rounds=(end,),
        notes=((MOMENT, "x/2024", "đáng chú ý"),),
    )


def test_a_kept_seed_comes_back_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    assert kept(file, "x", 2024, "stages", 7) is None
    keep(file, outcome(7))
    assert kept(file, "x", 2024, "stages", 7) == outcome(7)
    assert kept(file, "x", 2024, "prefect", 7) is None, "another way to run is another run"
    assert kept(file, "x", 2023, "stages", 7) is None
    assert kept(file, "another", 2024, "stages", 7) is None
    keep(file, outcome(7, "def"))
    assert kept(file, "x", 2024, "stages", 7) == outcome(7, "def"), "run anew, it gives way"


def test_the_report_says_where_seeds_ran_on_different_software() -> None:
    assert "bản khác nhau của phần mềm (abc, def)" in report([outcome(1), outcome(2, "def")], "x")
    assert "bản khác nhau" not in report([outcome(1), outcome(2)], "x")


def test_the_digest_of_the_software_is_that_of_its_files() -> None:
    assert software() == software()
    assert len(software()) == 12
