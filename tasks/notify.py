"""Send what stands in the outbox, from inside a flow."""

from prefect import task

from tasks.channels import DEFAULT, from_environment
from tasks.retrying import RETRY
from tasks.sending import Delivery, send_pending

__all__ = ["Delivery", "send_task"]


@task(name="gui-thu", **RETRY)
def send_task(round_id: str, actor: str) -> Delivery:
    """Send every message that is due, by channels of the environment or of Prefect's blocks."""
    return send_pending(round_id, actor, _Channels())


class _Channels:
    """Channel name → URL: the environment's, else the Secret block's, asked for once a run."""

    def __init__(self) -> None:
        self._blocks: dict[str, str | None] = {}

    def __call__(self, channel: str) -> str | None:
        url = from_environment(channel)
        if url is None and channel not in self._blocks:
            self._blocks[channel] = _block(channel)
        return url or self._blocks.get(channel)


def _block(channel: str) -> str | None:
    """The URL that an office keeps in Prefect as dti-channel or dti-channel-<name>."""
    from prefect.blocks.system import Secret

    name = "dti-channel" if channel == DEFAULT else f"dti-channel-{channel}"
    try:
        value = Secret.load(name, _sync=True).get()
    except ValueError:
        return None  # Prefect's way of saying that there is no such block
    return str(value) or None
