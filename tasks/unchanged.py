"""Leave a stage out where nothing that it hangs on has changed since it last ran.

Every stage runs again at each wait of the cycle, and the second run changes nothing. That it would
is worked out instead, from a note beside the round's files: what the stage asked of the records
and how that stood when it was done, the files that it wrote, and what else it may look at: the
program and its policies, texts and templates, holidays, the software, who acts, and the day where
it asked for the time. Any of these other than noted, or an output gone or altered, and the stage
runs. A stage that stamps what it writes has asked too: it runs once more on the next day, writes
nothing, and then stands for the days after.

How the records stood afterwards is not looked up but added up, from what they were before the stage
and what it changed itself: what somebody else changed meanwhile makes a difference to the note, so
that the stage runs again. A table that has changed since is asked the stage's own questions again:
where all answers are the same, the change was none of its business.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import Session, select

from dti_core import clock
from dti_core.clock import today
from dti_core.framework.load import home
from dti_core.program.load import RoundContext
from dti_core.records import tokens
from dti_core.records.bookkeeping import Question, Watch, apart, watched
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.location import database_url
from dti_core.records.tables import DocumentRecord, NotificationRecord
from dti_core.records.watching import KEPT, MANY, added, answer, of_audit, places_of, plain, sums

ALWAYS = "DTI_ALWAYS_RUN"
"""The environment variable that, at 1, makes every stage run."""

NOTES = "da-lam"
"""The folder of the notes, under the round's."""

T = TypeVar("T")


def unless_done(
    stage: str,
    context: RoundContext,
    given: Sequence[object],
    work: Callable[[], T],
    again: Callable[[T], T] = lambda result: result,
    folders: tuple[str, ...] = (),
    keep: tuple[Callable[[T], Any], Callable[[Any], T]] = (lambda each: each, lambda each: each),
    *,
    any_day: bool = False,
) -> T:
    """Do the work, or tell what doing it again would.

    given    what else the result hangs on: the actor, the day
    again    result → what a second run would return
    folders  folders under the round's whose files the stage reads
    keep     result → JSON, and back
    any_day  the stage does not look at the day, though it asks for the time (stamps): a new one
             alone is no reason to run it again
    """
    put, take = keep
    note = round_folder(context.id) / NOTES / f"{stage}.json"
    known, day = _known(note), today()
    looks = _surroundings(context, given, folders)
    with session() as records:
        if (
            known is not None
            and known["looks"] == looks
            and known["day"] in (None, str(day))
            and _stands(records, context, known)
        ):
            return again(take(known["result"]))
        before = sums(records)
    note.unlink(missing_ok=True)
    asked = clock.asked()
    with watched() as seen:
        result = work()
    timely = clock.asked() is not asked and not any_day
    if timely and today() != day:
        return result  # begun on one day, done on another: nobody knows which of them it saw
    if os.environ.get(ALWAYS) != "1" and looks == _surroundings(context, given, folders):
        with session() as records:
            content = _note(records, looks, before, seen, context)
        if content is not None:
            content |= {"day": str(day) if timely else None, "result": put(result)}
            _write(note, content)
    return result


def _note(
    records: Session,
    looks: str,
    before: dict[str, tuple[int, int]],
    seen: Watch,
    context: RoundContext,
) -> dict[str, Any] | None:
    """What the stage hangs on; None where somebody else wrote meanwhile into the part of the audit
    trail that it asked: nobody knows whether it saw that."""
    nothing = 0, 0
    after = {
        name: added(before.get(name, nothing), seen.changed.get(name, nothing))
        for name in sorted({*seen.tables, *KEPT})
    }
    told = [(each, answer(records, each)) for each in _answerable(seen)]
    now = sums(records, after)  # asked for last: nobody changed a place between it and the answers
    answered = seen.tables - seen.searched if told else set()
    answered = {name for name in answered if now.get(name, nothing) == after[name]}
    while odd := {p for each, _ in told if not (of := places_of(each)) <= answered for p in of}:
        told = [(each, answer_) for each, answer_ in told if not places_of(each) & odd]
        answered -= odd
    events = [(each, answer(records, each)) for each in seen.questions.values()]
    trail = {p for each, _ in events for p in places_of(each) if of_audit(p)}
    now = sums(records, trail)
    own = {p: added(before.get(p, nothing), seen.changed.get(p, nothing)) for p in trail}
    if any(now.get(p, nothing) != own[p] for p in trail):
        return None
    folder = round_folder(context.id)
    return {
        "looks": looks,
        "tables": {name: list(after[name]) for name in sorted(seen.tables)},
        "asked": {
            "tables": sorted(answered),
            "questions": [[*question, answer_] for question, answer_ in told],
        },
        "questions": [[*question, answer_] for question, answer_ in events],
        "files": {os.path.relpath(path, folder): _stamp(path) for path in sorted(seen.files)},
        "documents": seen.documents,
        "messages": sorted(seen.messages),
        "produced": {name: list(after[name]) for name in KEPT},
    }


def _answerable(seen: Watch) -> list[Question]:
    """What was asked of the tables, where it can be asked again at no great cost."""
    asked = list(seen.asked.values())
    return asked if len(asked) <= MANY and all(map(plain, asked)) else []


def _stands(records: Session, context: RoundContext, known: dict[str, Any]) -> bool:
    """Whether records and outputs are as the note has them."""
    if os.environ.get(ALWAYS) == "1":
        return False
    now = sums(records, [*known["tables"], *KEPT])

    def same(tables: dict[str, list[int]]) -> bool:
        return all(now.get(name, (0, 0)) == tuple(kept) for name, kept in tables.items())

    other = {name for name, kept in known["tables"].items() if not same({name: kept})}
    asked = known["asked"]
    return (
        other <= set(asked["tables"])
        and all(
            answer(records, (sql, given)) == told
            for sql, given, told in asked["questions"]
            if other & places_of((sql, given))
        )
        and all(answer(records, (sql, given)) == told for sql, given, told in known["questions"])
        and (same(known["produced"]) or _produced(records, context, known))
        and _all_there(round_folder(context.id), known["files"])
    )


def _produced(records: Session, context: RoundContext, known: dict[str, Any]) -> bool:
    """Whether the records have every document and message of the stage; others may have come."""
    documents, messages = DocumentRecord, NotificationRecord
    with apart():
        recorded = dict(
            records.exec(
                select(documents.path, documents.sha256).where(documents.round_id == context.id)
            ).all()
        )
        queued = set(
            records.exec(select(messages.key).where(messages.round_id == context.id)).all()
        )
    return known["documents"].items() <= recorded.items() and queued.issuperset(known["messages"])


def _all_there(folder: Path, files: dict[str, list[int] | None]) -> bool:
    return all(_stamp(folder / name) == stamp for name, stamp in files.items())


def _stamp(path: Path) -> list[int] | None:
    """Size and moment of a file; another content changes them. None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ino]


def _known(note: Path) -> dict[str, Any] | None:
    """A note that can be read; a broken one is none."""
    try:
        found: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found


def _write(note: Path, content: dict[str, Any]) -> None:
    note.parent.mkdir(parents=True, exist_ok=True)
    partial = note.with_name(f"{note.name}.{os.getpid()}.tmp")
    partial.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    partial.replace(note)


def _surroundings(context: RoundContext, given: Iterable[object], folders: Iterable[str]) -> str:
    """Digest of all that a stage may look at beside the records."""
    token = tokens.source()
    parts = [
        str(home()),
        database_url(),
        _software(),
        [str(each) for each in given],
        sorted(context.pins.items()),
        [hashlib.sha256((each or "").encode()).hexdigest() for each in token],
        [
            (name, hashlib.sha256(value.encode()).hexdigest())
            for name, value in sorted(os.environ.items())
            if name.startswith("DTI_") and not name.startswith("DTI_CHANNEL")
        ],
        [
            (str(folder), list(_listing(folder)))
            for folder in (
                context.program.folder,
                _CODE / "reports" / "templates",
                home() / "templates",
                home() / "holidays",
                home() / "decrees",
                *(round_folder(context.id) / name for name in folders),
            )
        ],
        [_stamp(path) for path in home().glob("*key*")],
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


_CODE = Path(__file__).parent.parent


@lru_cache(maxsize=1)
def _software() -> str:
    """Digest of the program as this process runs it: after an update everything runs once more."""
    folders = ("dti_core", "expectations", "flows", "reports", "tasks")
    listed = [list(_listing(_CODE / folder, code=True)) for folder in folders]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


def _listing(folder: Path, *, code: bool = False) -> Iterator[tuple[str, list[int] | None]]:
    """Every file below a folder with its stamp, in the order of the names."""
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if each != "__pycache__")
        for name in sorted(names):
            if not code or name.endswith((".py", ".yaml", ".css", ".js", ".j2", ".html")):
                file = Path(path) / name
                yield os.path.relpath(file, folder), _stamp(file)
