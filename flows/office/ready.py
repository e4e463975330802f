"""What an office's server needs before it works: `python -m flows.office.ready`, once a start.

The records on their newest schema, the schedules of the calendar, the deployment that the inbox
watcher uses. It may run any number of times.
"""

import os
import sys
from contextlib import suppress

from dti_core.errors import Refused
from flows.office.watcher import DEPLOYMENT
from flows.office.worker import wait_for


def main() -> None:
    try:
        make_ready()
    except Refused as refusal:
        sys.exit(str(refusal))


def make_ready() -> None:
    """Migrate, deploy. Raises Refused."""
    from dti_core.records.database import engine
    from dti_core.records.location import database_url
    from flows.deployments import deploy
    from flows.schedules import WORK_POOL

    engine(database_url())
    wait_for(os.environ["PREFECT_API_URL"])
    make_pool(WORK_POOL)
    # the inboxes are watched even where the calendar cannot be deployed
    deploy_watched(WORK_POOL)
    deploy(program_ids=None)


def make_pool(name: str) -> None:
    """Make the work pool, unless it is there: the worker makes it too, whoever comes first."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists

    with get_client(sync_client=True) as client, suppress(ObjectAlreadyExists):
        client.create_work_pool(WorkPoolCreate(name=name, type="process"))


def deploy_watched(pool: str) -> None:
    """Register the flow that takes in what lies in an inbox: no schedule, the watcher asks."""
    from prefect.client.orchestration import get_client
    from prefect.utilities.callables import parameter_schema

    from flows.office.arrivals import take_in

    with get_client(sync_client=True) as client:
        client.create_deployment(
            flow_id=client.create_flow(take_in),
            name=DEPLOYMENT.partition("/")[2],
            description="Nhận các tệp vừa đến hộp nhận của một đợt; dti up gọi khi tệp đã nằm yên.",
            entrypoint="flows.office.arrivals.take_in",
            parameter_openapi_schema=parameter_schema(take_in).model_dump(exclude_unset=True),
            enforce_parameter_schema=True,
            work_pool_name=pool,
            pull_steps=[],
        )


if __name__ == "__main__":
    main()
