"""The form on Prefect's page: who fills it in approves, over exactly what it was shown for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dti_core.program.load import RoundContext
from dti_core.records.approvals import approval_state
from dti_core.records.database import session
from tests.flows.served import Form, approve, served, start_run, until
from tests.unit.signed_round import ROUND, adjusts, opened

pytestmark = pytest.mark.prefect


@pytest.fixture
def context(server: Path) -> Iterator[RoundContext]:
    """The round, with a flow served that waits for it."""
    context = opened(policies={"approvers": {"tham-dinh": ["Giám đốc"]}})
    with served("tests.flows.waiting_round", server / "waiting.log"):
        yield context


def state(context: RoundContext, step: str = "tham-dinh") -> tuple[str, str | None]:
    with session() as records:
        found = approval_state(records, context, step)
        return found.state, found.role


def test_a_step_is_approved_by_the_form_or_by_command(context: RoundContext) -> None:
    form = Form(start_run("cho-xac-nhan/thu", round_id=ROUND))
    told = form.shown()
    assert "người thẩm định nhập điểm và lý do" in told
    assert "đã khép việc thẩm định" in told
    assert "Người được xác nhận: Giám đốc." in told

    told = form.answered("Giám đốc", agree=False)
    assert "Lần trước chưa ghi được" not in told, "who does not agree keeps it waiting"
    assert state(context) == ("missing", None)

    told = form.answered("Chuyên viên", agree=True)
    assert "“Chuyên viên” không được xác nhận bước tham-dinh" in told
    assert state(context) == ("missing", None)

    adjusts(context, "so-a", "1.2", 16)
    told = form.answered("Giám đốc", agree=True)
    assert "đã đổi sau khi được đưa ra xác nhận" in told, "it was shown something else"
    assert state(context) == ("missing", None)

    told = form.answered("Giám đốc", agree=True)
    assert "đã khép việc giải trình" in told, "the run has gone on to the next step"
    assert state(context) == ("valid", "Giám đốc")

    assert "1 luồng" in approve(ROUND, "giai-trinh", "Tổ trưởng", apart=True)
    until(form.run_id, "Completed")
    assert state(context, "giai-trinh") == ("valid", "Tổ trưởng")
