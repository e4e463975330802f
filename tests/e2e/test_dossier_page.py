"""A dossier's page as it opens from the unpacked archive: at a desk and on a phone, with axe."""

import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from dti_core.program.load import load_round
from dti_core.records.database import session
from reports.dossier.package import PAGE, export
from tests.e2e.browser import Page, browser
from tests.e2e.test_site_for_everybody import DESK, PHONE, violations
from tests.unit.dossier_round import UNIT, filled_home
from tests.unit.reminded_round import ROUND

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unpacked dossier."""
    before = os.environ["DTI_HOME"]
    os.environ["DTI_HOME"] = str(filled_home())
    try:
        with session() as records:
            moment = datetime(2024, 3, 9, tzinfo=UTC)
            _, content = export(records, load_round(ROUND), UNIT, moment, "Người vận hành")
    finally:
        os.environ["DTI_HOME"] = before
    made = tmp_path_factory.mktemp("dossier")
    with zipfile.ZipFile(BytesIO(content)) as packed:
        packed.extractall(made)
    return made


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_axe_finds_nothing_and_nothing_runs_off_the_side(
    folder: Path, page: Page, width: int
) -> None:
    page.open((folder / PAGE).as_uri(), width)
    assert violations(page) == []
    wide, room = page.run("return [document.documentElement.scrollWidth, window.innerWidth];")
    assert wide <= room


def test_every_link_leads_to_a_file_or_a_place_in_the_page(folder: Path, page: Page) -> None:
    page.open((folder / PAGE).as_uri(), DESK)
    targets = page.run("return [...document.links].map((link) => link.getAttribute('href'));")
    assert any(target.startswith("tep-nhan/") for target in targets)
    assert any(target.startswith("minh-chung/") for target in targets)
    for target in set(targets):
        if target.startswith("#"):
            here = f"return document.getElementById({target[1:]!r}) !== null;"
            assert page.run(here), target
        else:
            assert (folder / target).is_file(), target
