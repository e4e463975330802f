"""The form on Prefect's page by which a person approves a step of a suspended run.

A run that is resumed starts from its top, and a key that has fired once does not suspend again:
every suspension has a key of its own, which carries the digest of what the person is shown. What
was filled in is read on the way back, signed over that very digest, and put away.
"""

from typing import Any
from uuid import uuid4

from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.input.actions import delete_flow_run_input, filter_flow_run_input
from pydantic import Field

from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.records.approvals import STEPS, allowed_roles
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from dti_core.records.rights import is_closed
from dti_core.records.rounds import require_round
from dti_core.records.sign_off import sign
from tasks.busy import until_free

HALF_A_YEAR = 180 * 24 * 3600
"""A council takes weeks (2001/QĐ-UBND, IV.1: quý I); a suspended run costs nothing meanwhile."""

MOST_INPUTS = 200
"""What a run may have gathered at one step; Prefect gives no more at once. All of it is put away
once it has been read."""

WAKE: dict[str, Any] = {"role": "dti approve", "agree": False}
"""What a run is resumed with that has only to look at the records again: nobody agrees by it."""


class XacNhan(RunInput):
    """The form; its name and texts are what Prefect's page shows."""

    role: str = Field(
        title="Vai trò",
        description="Vai trò của người xác nhận, ví dụ: Giám đốc Sở. Ghi vào nhật ký của đợt.",
        min_length=1,
    )
    agree: bool = Field(
        default=False,
        title="Đồng ý",
        description="Bật để xác nhận đúng nội dung nêu trên; để tắt thì đợt tiếp tục chờ.",
    )


def suspend(context: RoundContext, step: str, hint: str, refusals: list[str]) -> None:
    """Suspend this run with the form over what the records hold now; ends the process.

    refusals  why earlier answers were not taken; shown with the form
    """
    with session() as records:
        digest = digest_of(records, context.id, step)
    form = XacNhan.with_initial_data(description=_told(context, step, hint, digest, refusals))
    key = f"{step}-{digest}-{uuid4()}"
    suspend_flow_run(wait_for_input=form, timeout=HALF_A_YEAR, key=key)


def take_answers(context: RoundContext, step: str) -> list[str]:
    """Sign what people filled in since the last suspension; returns why some was not taken."""
    refusals: list[str] = []
    prefix = f"suspended-{step}-"
    for given in filter_flow_run_input(key_prefix=prefix, limit=MOST_INPUTS):
        if given.key.endswith("-response"):
            answer = XacNhan.load_from_flow_run_input(given)
            shown = given.key.removeprefix(prefix).partition("-")[0]
            if answer.agree and _by_token(context):
                refusals.append(_not_here(context, step))
            elif answer.agree:
                refusals += _signed(context, step, answer.role, shown)
        delete_flow_run_input(given.key)  # the form and its text too: they have served
    return refusals


def _by_token(context: RoundContext) -> bool:
    """Whether people are registered. What is typed into the form stands in Prefect's database until
    the run reads it, and in its copies for longer: no place for a token, so that nobody can be
    known by the form."""
    with session() as records:
        require_round(records, context)
        return is_closed(records)


def _not_here(context: RoundContext, step: str) -> str:
    return (
        "cơ quan đã đăng ký người dùng nên không xác nhận ở trang này; người có quyền chạy lệnh,"
        f" bằng mã của mình: dti approve {context.id} {step} --as VAI_TRÒ"
    )


def _signed(context: RoundContext, step: str, role: str, shown: str) -> list[str]:
    """Record an approval over what was shown; why it was refused, if it was."""

    def record() -> None:
        with session() as records:
            require_round(records, context)
            sign(records, context, step, role, shown=shown)

    try:
        until_free(record)
    except Refused as refusal:
        return [str(refusal)]
    return []


def _told(context: RoundContext, step: str, hint: str, digest: str, refusals: list[str]) -> str:
    """What stands over the form, in Markdown."""
    may = allowed_roles(context, step)
    by_token = _by_token(context)
    lines = [
        f"**{context.round.title}** ({context.id})",
        f"Đang chờ: {hint}. Người xác nhận tuyên bố: {STEPS[step]}.",
        f"Mã nội dung: `{digest[:12].upper()}`. Nội dung đổi sau lúc này thì xác nhận không được"
        " ghi.",
    ]
    if by_token:
        lines.append(f"**Lưu ý:** {_not_here(context, step)}. Bật “Đồng ý” ở đây không được ghi.")
    if may:
        lines.append(f"Người được xác nhận: {', '.join(may)}.")
    lines += [f"**Lần trước chưa ghi được:** {each}" for each in refusals]
    return "\n\n".join(lines)
