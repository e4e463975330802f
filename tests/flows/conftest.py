"""One Prefect server for all tests that need one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A server of the product's own making, started once."""
    from flows.runtime import prefect

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
