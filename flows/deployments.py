"""Register the schedules on the Prefect server: `dti deploy`, and `dti up` at its start.

A schedule is known by its slug. What the calendar changed is changed on the server, what it no
longer has is taken away, and what a person paused there stays paused. Schedules that a person made
on Prefect's page (without our slug) are left alone.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dti_core.errors import Refused
from dti_core.program.load import program_ids as known_programs
from flows.schedules import (
    DEPLOYMENTS,
    TIME_ZONE,
    WORK_POOL,
    Deployment,
    Schedule,
    program_of,
    schedules,
)

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import DeploymentSchedule
    from prefect.client.schemas.responses import DeploymentResponse

__all__ = ["WORK_POOL", "Deployed", "NoServer", "deploy", "ensure_pool", "require_server"]

RUN_ENVIRONMENT = {"GX_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
"""What every run's process is given, whoever started its worker."""

TAG = "dti"


class NoServer(Refused):
    """There is no Prefect server to talk to. The text says what to do."""


@dataclass
class Deployed:
    """What became of the schedules on the server, by slug.

    schedules   what the calendar asks for
    created, moved, removed  what was done now; the others stand as they were
    paused      what a person paused, and what belongs to a deployment that a person paused
    deployments the deployments, "flow/name"; `held` those that a person paused
    by_hand     schedules that a person made on Prefect's page: left as they are
    """

    schedules: tuple[Schedule, ...]
    created: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)
    deployments: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    by_hand: int = 0


def deploy(program_ids: Sequence[str] | None = None) -> Deployed:
    """Register work pool, deployments and schedules on the server of PREFECT_API_URL.

    program_ids  whose schedules are brought up to date; those of other programs stay. All programs
                 that there are by default: then what belongs to none of them goes.

    Raises NoServer, and whatever `schedules.schedules` raises.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import DeploymentUpdate
    from prefect.settings import PREFECT_API_URL, temporary_settings

    wanted = schedules(program_ids)
    done = Deployed(wanted)
    with (
        temporary_settings({PREFECT_API_URL: require_server()}),
        get_client(sync_client=True) as client,
    ):
        ensure_pool(client)
        for each in DEPLOYMENTS:
            values = _values(each)
            found = _deployment(client, each, values)
            done.deployments.append(each.full_name)
            if found.paused:
                done.held.append(each.full_name)
            mine = {one.slug: one for one in wanted if one.deployment == each}
            _bring_up_to_date(client, found, mine, program_ids, done)
            # last: of a deployment that was updated the server plans the runs anew within seconds,
            # after a change of schedules alone within a minute
            client.update_deployment(found.id, DeploymentUpdate(**values))
    return done


def require_server() -> str:
    """The address of the Prefect server, which answers. Raises NoServer."""
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    url = os.environ.get("PREFECT_API_URL") or PREFECT_API_URL.value()
    if not url:
        raise NoServer(
            "Chưa có máy chủ Prefect để đăng ký lịch. Chạy dti up, hoặc đặt PREFECT_API_URL là địa"
            " chỉ của máy chủ đang chạy (ví dụ http://127.0.0.1:4200/api) rồi chạy lại."
        )
    with temporary_settings({PREFECT_API_URL: url}), get_client(sync_client=True) as client:
        why = client.api_healthcheck()
    if why is not None:
        raise NoServer(
            f"Máy chủ Prefect ở {url} không trả lời ({type(why).__name__}). Hãy xem máy chủ có đang"
            " chạy không (dti up), hoặc sửa PREFECT_API_URL, rồi chạy lại."
        )
    return url


def ensure_pool(client: "SyncPrefectClient") -> None:
    """A pool whose workers run every flow in a process of its own; one that is there stays."""
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectNotFound
    from prefect.workers.process import ProcessWorker

    try:
        client.read_work_pool(WORK_POOL)
    except ObjectNotFound:
        client.create_work_pool(
            WorkPoolCreate(
                name=WORK_POOL,
                type="process",
                description="Các luồng của dti, mỗi luồng một tiến trình",
                base_job_template=ProcessWorker.get_default_base_job_template(),
            )
        )


def _deployment(
    client: "SyncPrefectClient", wanted: Deployment, values: dict[str, Any]
) -> "DeploymentResponse":
    """The deployment on the server, with its schedules as they are there; made where it is not."""
    from prefect.exceptions import ObjectNotFound

    try:
        return client.read_deployment_by_name(wanted.full_name)
    except ObjectNotFound:
        flow_id = client.create_flow_from_name(wanted.flow)
        return client.read_deployment(
            client.create_deployment(flow_id=flow_id, name=wanted.name, **values)
        )


def _values(wanted: Deployment) -> dict[str, Any]:
    """What a deployment is registered with; not whether it is paused: that is a person's."""
    from prefect.utilities.callables import parameter_schema

    module, _, name = wanted.entrypoint.rpartition(".")
    flow = getattr(import_module(module), name)
    return {
        "entrypoint": wanted.entrypoint,
        "description": wanted.description,
        "tags": [TAG],
        "parameters": {},
        "parameter_openapi_schema": parameter_schema(flow).model_dump(exclude_unset=True),
        "enforce_parameter_schema": True,
        "work_pool_name": WORK_POOL,
        "job_variables": {"env": RUN_ENVIRONMENT},
        "pull_steps": [],
    }


def _program_of(there: "DeploymentSchedule") -> str:
    """The program that a schedule on the server belongs to; of one whose parameters Prefect emptied
    it is the longest program's name that its slug starts with."""
    if there.parameters:
        return program_of(there.parameters)
    starts = (each for each in known_programs() if str(there.slug).startswith(f"{each}-"))
    return max(starts, key=len, default="")


def _bring_up_to_date(
    client: "SyncPrefectClient",
    deployment: "DeploymentResponse",
    wanted: Mapping[str, Schedule],
    program_ids: Sequence[str] | None,
    done: Deployed,
) -> None:
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.schedules import RRuleSchedule

    known = set()
    for there in deployment.schedules:
        if not there.slug:
            done.by_hand += 1
            continue
        known.add(there.slug)
        each = wanted.get(there.slug)
        if each is None:
            if program_ids is None or _program_of(there) in program_ids:
                client.delete_deployment_schedule(deployment.id, there.id)
                done.removed.append(there.slug)
            continue
        if not there.active or deployment.paused:
            done.paused.append(each.slug)
        rule = RRuleSchedule(rrule=each.rule, timezone=TIME_ZONE)
        if there.schedule != rule or there.parameters != each.parameters:
            client.update_deployment_schedule(
                deployment.id, there.id, schedule=rule, parameters=each.parameters
            )
        if there.schedule != rule:
            done.moved.append(each.slug)
    new = [each for slug, each in wanted.items() if slug not in known]
    if new:
        client.create_deployment_schedules(
            deployment.id,
            [
                DeploymentScheduleCreate(
                    schedule=RRuleSchedule(rrule=each.rule, timezone=TIME_ZONE),
                    active=True,
                    parameters=each.parameters,
                    slug=each.slug,
                )
                for each in new
            ],
        )
    done.created += [each.slug for each in new]
    if deployment.paused:
        done.paused += [each.slug for each in new]
