"""A flow that only waits, over the round of `tests.unit.signed_round`; served by

python -m tests.flows.waiting_round
"""

from flows.runtime import prepare

prepare()

from prefect import flow  # noqa: E402

from flows.waits import wait_for  # noqa: E402


@flow(name="cho-xac-nhan")
def waiting(round_id: str) -> None:
    """Wait for two steps, one after the other."""
    wait_for(round_id, "tham-dinh", "người thẩm định nhập điểm và lý do")
    wait_for(round_id, "giai-trinh", "đơn vị giải trình")


if __name__ == "__main__":
    waiting.serve(name="thu", pause_on_shutdown=False, limit=1)
