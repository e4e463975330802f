"""The Dask task runner, where the optional extra is installed."""

import logging
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from dti_core.errors import Refused

if TYPE_CHECKING:
    from prefect.task_runners import TaskRunner


class NoDask(Refused):
    """The optional extra `dask` is not installed."""


def require_dask() -> None:
    """Say at once, before anything is started, that the extra is not there. Raises NoDask."""
    if find_spec("prefect_dask") is None:
        raise NoDask(
            "Chưa cài phần mở rộng Dask nên không dùng được --runner dask. Hãy cài ở thư mục mã"
            " nguồn: make setup, hoặc pip install -c constraints.txt '.[dask]'; hoặc chạy với"
            " --runner processes."
        )


def dask_runner(workers: int, scheduler: str | None) -> "TaskRunner[Any]":
    """A cluster of processes on this machine, or the scheduler of one that runs elsewhere.

    Raises NoDask.
    """
    require_dask()
    from prefect_dask import DaskTaskRunner

    if scheduler is not None:
        return DaskTaskRunner(address=scheduler)
    return DaskTaskRunner(
        cluster_kwargs={
            "n_workers": workers,
            "threads_per_worker": 1,  # the work is Python's own: threads would wait for each other
            "processes": True,
            "dashboard_address": None,
            "silence_logs": logging.ERROR,
        }
    )
