"""Taking in one file looks at what that file's sender gave, however many others have sent."""

from typing import Any

import pytest
from sqlalchemy import event, text

from dti_core.figures import Figure
from dti_core.program.load import load_round
from dti_core.records.database import engine, session
from dti_core.records.figures import receive, write_figures
from dti_core.records.location import database_url
from dti_core.records.rounds import open_round

ROUND = "vinh-phuc/2023-so"
SENDERS = ("so-y-te", "so-noi-vu", "so-tu-phap")


def send(sender: str, content: str, value: int) -> list[tuple[str, Any]]:
    """A file of one figure; returns the SELECTs that this took."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    context = load_round(ROUND)
    with session() as records:
        open_round(records, context, "test")
    event.listen(engine(database_url()), "before_cursor_execute", note)
    try:
        with session() as records:
            submission, _ = receive(
                records, ROUND, sender, f"{sender}:own", content * 64, f"{content}.xlsx", "test"
            )
            figure = Figure(sender, "1.2.2", "a", "given", None, raw=str(value))
            write_figures(records, ROUND, submission, [figure], "test")
    finally:
        event.remove(engine(database_url()), "before_cursor_execute", note)
    return asked


@pytest.mark.usefixtures("empty_home")
def test_no_question_reads_every_figure_or_every_seal_of_the_round() -> None:
    for sender in SENDERS:
        send(sender, "a", 7)
    asked = send(SENDERS[0], "b", 8)
    plans = []
    with session() as records:
        for statement, parameters in asked:
            rows = records.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", parameters
            )
            plans += [(row[3], statement) for row in rows if row[3].startswith(("SEARCH", "SCAN"))]
        assert records.connection().execute(text("SELECT count(*) FROM figure")).scalar() == 4
    of_figures = [plan for plan, _ in plans if " figure " in f"{plan} "]
    assert any("(round_id=? AND submission_id=?)" in plan for plan in of_figures)
    assert not [plan for plan in of_figures if plan.endswith(("(round_id=?)", "figure"))]
    of_seals = [plan for plan, _ in plans if " seal " in f"{plan} "]
    assert of_seals
    assert all("part=?" in plan for plan in of_seals)
