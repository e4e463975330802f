"""Put files that came by mail or on a stick into a round's inbox, with the moment they came."""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from dti_core.clock import CIVIL_TIME, now
from dti_core.errors import Refused
from dti_core.intake.limits import MIB, PACKAGE
from dti_core.records import audit
from dti_core.records.rights import Right, need
from tasks.inbox import inbox


class NotPlaced(Refused):
    """A path that is no file to be taken, or a moment that cannot be. The text says which."""


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files of files and folders, in order; what programs keep for themselves is left out.

    Raises NotPlaced for a path that is not there.
    """
    return [file for path in paths for file in _files(path)]


def place(records: Session, round_id: str, file: Path, moment: datetime | None, actor: str) -> Path:
    """Copy a file into the inbox; returns where it lies. The same content again lies there already.

    moment  when it came, in Viet Nam's time; None for now. A told moment decides whether the file
            is late, so it stands in the audit trail with whoever told it.

    Raises NotPlaced for a moment that is still to come and for a file that is too large.
    """
    if moment is not None and moment.replace(tzinfo=CIVIL_TIME) > now():
        raise NotPlaced(f"Thời điểm nhận {moment:%H:%M ngày %d/%m/%Y} chưa đến. Hãy xem lại.")
    if file.stat().st_size > PACKAGE:
        raise NotPlaced(
            f"Tệp {file.name} nặng quá {PACKAGE // MIB} MB. Hãy đề nghị đơn vị gửi làm nhiều lần."
        )
    if moment is not None:
        actor = need(records, round_id, Right.OPERATE, actor)
    content = file.read_bytes()
    folder = inbox(round_id)
    folder.mkdir(parents=True, exist_ok=True)
    target, number = folder / file.name, 1
    while target.exists():
        if target.read_bytes() == content:
            return target
        number += 1
        target = folder / f"{file.stem} ({number}){file.suffix}"
    partial = folder / f".{target.name}"
    partial.write_bytes(content)
    if moment is not None:
        came = moment.replace(tzinfo=CIVIL_TIME)
        os.utime(partial, (came.timestamp(), came.timestamp()))
        audit.append(
            records, round_id, "arrival_told", target.name, {"received_at": came.isoformat()}, actor
        )
    os.replace(partial, target)
    return target


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        found = sorted(each for each in path.iterdir() if each.is_file())
        yield from (each for each in found if not each.name.startswith((".", "~$")))
    elif path.is_file():
        yield path
    else:
        raise NotPlaced(f"Không thấy tệp hay thư mục {path}. Hãy xem lại đường dẫn.")
