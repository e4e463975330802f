"""One Prefect server for all tests that need one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A server of the product's own making, started once, with the services of an office's: a
    server for one command does without them."""
    from flows.runtime import NOT_FOR_A_WHILE, prefect

    for each in NOT_FOR_A_WHILE:
        os.environ.setdefault(f"PREFECT_SERVER_SERVICES_{each}_ENABLED", "true")
    with prefect():
        yield


@pytest.fixture(scope="module")
def server(prefect_server: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:  # noqa: ARG001
    """A home of its own for the tests of a module, on the running server."""
    home = tmp_path_factory.mktemp("home")
    before = os.environ["DTI_HOME"]
    os.environ["DTI_HOME"] = str(home)
    try:
        yield home
    finally:
        os.environ["DTI_HOME"] = before
