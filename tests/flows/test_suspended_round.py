"""The waits for real: a served deployment, suspended, approved by command or form, resumed
elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dti_core.program.load import load_round
from dti_core.records.approvals import approval_state
from dti_core.records.database import session
from flows.sample_appraisal import send_appraisals
from flows.sample_people import (
    judge_explanations,
    send_explanations,
    send_figures,
)
from tests.flows.kills.program import ROUND, write_program
from tests.flows.served import Form, approve, served, start_run, until

pytestmark = pytest.mark.prefect
DAY = "2024-03-01"
"""The day that it is for the run; for the people, years have passed since."""


@pytest.fixture
def home(server: Path) -> Iterator[Path]:
    """The cycle served by a process of its own, for a small whole round."""
    write_program(server)
    with served("tests.flows.serve_cycle", server / "serve.log"):
        yield server


def test_a_suspended_round_goes_on_when_people_approve(home: Path) -> None:
    from flows.stages import intake
    from flows.unit_stages import appraise, explain

    context = load_round(ROUND)
    form = Form(start_run("danh-gia-don-vi/don-vi", round_id=ROUND, day=DAY))
    assert "các cơ quan gửi tệp số liệu" in form.shown()
    send_figures(context, late=False)
    send_figures(context, late=True)
    intake(ROUND)
    assert "1 luồng" in approve(ROUND, "thu-thap", apart=True)
    assert "đơn vị giải trình" in form.shown()
    send_explanations(context)
    explain(ROUND)
    judge_explanations(context, "Cán bộ")
    approve(ROUND, "giai-trinh")
    assert "người thẩm định" in form.shown()
    send_appraisals(context)
    appraise(ROUND)
    approve(ROUND, "tham-dinh")
    assert "kiến nghị" in form.shown()
    assert "1 luồng" in approve(ROUND, "kien-nghi")
    assert "dự thảo quyết định" in form.shown()
    assert (home / "rounds" / ROUND / "documents" / "du-thao-quyet-dinh.docx").exists()
    assert "lãnh đạo xem" in form.answered("Giám đốc Sở", agree=False)
    form.fill("Giám đốc Sở", agree=True)
    until(form.run_id, "Completed")
    with session() as records:
        found = approval_state(records, context, "du-thao")
    assert (found.state, found.role) == ("valid", "Giám đốc Sở")
