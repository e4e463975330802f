"""A small nation, made (mẫu), in one process, by two workers of which one is killed, and on Dask:
the same bytes each time."""

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from dti_core.figures import Figure
from dti_core.framework.load import SHIPPED
from dti_core.intake.sample import prior_figures
from dti_core.program.load import load_round
from dti_core.rational import round_half_up
from dti_core.records.database import session
from dti_core.records.scoring import compute
from dti_core.records.verifying import verify
from dti_core.scoring import engine
from dti_core.scoring.standings import groups_of, officially, standings
from expectations.beside import Beside
from expectations.frame import pooled_frame
from expectations.run import validate
from flows.national.nation import run_nation
from flows.national.programs import answers_file, write_program
from flows.national.province import CLAIMS
from flows.national.provinces import Size
from flows.national.table import Merged
from tasks.national_group import evaluate_group

pytestmark = pytest.mark.prefect

PER_ITEM = "{type: per_item, of: x, each: 4}"

SIZES = [Size(code=code, size_of="thử", so=5, huyen=4, xa=11) for code in ("91", "92", "93")]


@pytest.fixture(scope="module")
def rounds(server: Path) -> list[str]:
    """Three provinces, by a framework of their own in which one rule compares with the best of the
    group: none of those that ship compares so in these levels."""
    own = server / "decrees" / "vinh-phuc-2074"
    shutil.copytree(SHIPPED / "vinh-phuc-2074", own)
    text = (own / "xa.yaml").read_text(encoding="utf-8")
    assert text.count(PER_ITEM) == 1
    text = text.replace(PER_ITEM, "{type: relative_to_best, of: x, peers: group}")
    (own / "xa.yaml").write_text(text, encoding="utf-8")
    return [write_program(size, seed=63) for size in SIZES]


@pytest.fixture(scope="module")
def single(server: Path, rounds: list[str]) -> tuple[Merged, dict[str, bytes]]:
    """The nation in one process: what it came to, and every file that it left."""
    return run_nation(rounds), _left(server)


@pytest.fixture
def elsewhere(
    server: Path, rounds: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Another home with the same provinces and nothing worked out."""
    assert len(rounds) == 3
    for folder in ("decrees", "programs"):
        shutil.copytree(server / folder, tmp_path / folder)
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    return tmp_path


def test_one_process_evaluates_every_unit(
    server: Path, single: tuple[Merged, dict[str, bytes]]
) -> None:
    merged, left = single
    assert (merged.provinces, merged.units) == (3, 60)
    assert merged.ranked > 50
    assert merged.findings > 0
    assert len(left) == 3 * 3 + 2
    assert run_nation([f"tinh-mau-{size.code}/2023" for size in SIZES]) == merged
    assert _left(server) == left
    with session() as records:
        assert verify(records) == []


def test_a_group_comes_out_as_the_stages_of_a_round_would_have_it(
    rounds: list[str], single: tuple[Merged, dict[str, bytes]]
) -> None:
    for each in rounds:
        context = load_round(each)
        policies, units = context.program.policies, [unit.id for unit in context.units]
        given: dict[tuple[str, str, str], Figure] = {}
        for level in context.frameworks:
            given |= prior_figures(answers_file(context.program.folder, level), context)
        scores = compute(context, given)
        official = {}
        for group in groups_of(context):
            official |= standings(group, officially(group, scores, policies, {}), policies)
        below = {unit: [u.id for u in context.units if u.parent == unit] for unit in units}
        beside = Beside(below=below, frameworks={u: context.framework_of(u) for u in units})
        for level, framework in context.frameworks.items():
            result = json.loads(single[1][f"rounds/{each}/national/{level}.json"])
            mine = [unit.id for unit in context.units if unit.level == level]
            assert result["units"] == mine
            for reading, by_row in result["points"].items():
                for row in framework.rows:
                    points = [scores[reading][unit, row.code].points for unit in mine]
                    assert _read(by_row[row.code]["exact"]) == points
                    shown = [None if p is None else str(round_half_up(p, 2)) for p in points]
                    assert by_row[row.code]["published"] == shown
            assert _read(result["totals"]["exact"]) == [official[unit].points for unit in mine]
            assert result["totals"]["rank"] == [official[unit].rank for unit in mine]
            found = validate(pooled_frame(framework, mine, given, beside))
            assert [tuple(each) for each in result["findings"]] == [
                tuple(vars(each).values()) for each in found
            ]


def test_the_column_engine_is_called_once_a_group_and_reading(
    rounds: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    points = engine.points

    def counted(*given: Any) -> dict[str, engine.Points]:
        sizes.append(len(given[2].units))
        return points(*given)

    monkeypatch.setattr(engine, "points", counted)
    evaluate_group(rounds[0], "xa")
    assert sizes == [11, 11]


def test_two_workers_give_the_same_although_one_is_killed(
    elsewhere: Path, rounds: list[str], single: tuple[Merged, dict[str, bytes]]
) -> None:
    killed: list[int] = []
    killer = threading.Thread(target=_kill_one, args=(elsewhere, killed), daemon=True)
    killer.start()
    merged = run_nation(rounds, workers=2, batch=2)
    killer.join(timeout=1)
    assert len(killed) == 2
    assert merged.sha256 == single[0].sha256
    assert _left(elsewhere) == single[1]


def test_a_dask_cluster_of_two_processes_gives_the_same(
    elsewhere: Path, rounds: list[str], single: tuple[Merged, dict[str, bytes]]
) -> None:
    merged = run_nation(rounds, "dask", workers=2)
    assert merged.sha256 == single[0].sha256
    assert _left(elsewhere) == single[1]


def _read(points: Sequence[str | None]) -> list[Fraction | None]:
    return [None if text is None else Fraction(text) for text in points]


def _left(home: Path) -> dict[str, bytes]:
    """Results and tables: points exact and as published, findings in their order, ranks."""
    files = [*home.glob("rounds/*/*/national/*"), *home.glob("national/toan-quoc.*")]
    return {str(file.relative_to(home)): file.read_bytes() for file in files}


def _kill_one(home: Path, killed: list[int]) -> None:
    """Kill the first run that says it has begun, and the worker that started it."""
    for claim in _claims(home):
        run = int(claim.read_text().rsplit("-", 2)[1])
        worker = int(Path(f"/proc/{run}/stat").read_text().rpartition(")")[2].split()[1])
        for pid in (worker, run):
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
        return


def _claims(home: Path) -> Iterator[Path]:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        yield from (f for f in (home / CLAIMS).glob("*") if f.suffix != ".tmp")
        time.sleep(0.02)
