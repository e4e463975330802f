"""A dossier as one ZIP: page, data, chain, the files themselves, and the list of their hashes.

The same records and moment give the same bytes: entries are in order and carry one fixed time.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from dti_core.program.load import RoundContext, load_round
from dti_core.records.dossier import collect, sub_round_of
from reports.dossier.data import Dossier, as_json
from reports.dossier.enclosed import Enclosed
from reports.dossier.page import render
from reports.dossier.values import dossier_values

PAGE, DATA, MANIFEST = "ho-so.html", "ho-so.json", "MANIFEST.sha256"
SUB_ROUND = "dot-thanh-phan/"
"""Where the dossier of the sub-round lies, of a unit that was collected in one first."""

_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a ZIP knows: the moment of export stands in the dossier, not in its entries."""


def export(
    records: Session,
    context: RoundContext,
    unit: str,
    moment: datetime,
    actor: str,
    recipient: str = "",
) -> tuple[Dossier, bytes]:
    """The dossier of a unit and the archive that holds it.

    Raises UnknownUnit, RoundNotOpen, LawChanged.
    """
    sub = sub_round_of(records, context, unit)
    dossier, files = _one(
        records, context, unit, moment, actor, recipient, SUB_ROUND + PAGE if sub else ""
    )
    if sub is not None:
        _, below = _one(records, load_round(sub), unit, moment, actor, recipient, "")
        files |= {SUB_ROUND + name: content for name, content in below.items()}
    return dossier, archive(files)


def archive(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of these files and of the list of their SHA-256, as `sha256sum -c` reads it."""
    manifest = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        for name, content in sorted(files.items())
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive_:
        for name, content in [*sorted(files.items()), (MANIFEST, manifest.encode())]:
            entry = zipfile.ZipInfo(name, _TIME)
            entry.external_attr = 0o644 << 16
            # workbooks and scans are packed already
            packs = name.endswith((".html", ".json", ".yaml", ".sha256"))
            entry.compress_type = zipfile.ZIP_DEFLATED if packs else zipfile.ZIP_STORED
            archive_.writestr(entry, content)
    return packed.getvalue()


def _one(
    records: Session,
    context: RoundContext,
    unit: str,
    moment: datetime,
    actor: str,
    recipient: str,
    within: str,
) -> tuple[Dossier, dict[str, bytes]]:
    found = collect(records, context, unit)
    files = Enclosed(found)
    dossier = dossier_values(records, found, files, moment, actor, recipient, within)
    data = json.dumps(as_json(dossier), ensure_ascii=False, indent=1)
    contents = {PAGE: render(dossier).encode(), DATA: data.encode()} | files.contents()
    return dossier, contents
