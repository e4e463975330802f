"""Every door of the records, tried by everybody; and no door that forgot to ask."""

import ast
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

import dti_core.records
import flows
import tasks
from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.records.database import database_url, engine, session
from dti_core.records.rights import NotAllowed, Right
from dti_core.records.tables import RoundRecord
from dti_core.records.tokens import TOKEN, TOKEN_FILE, acting
from tests.unit.office_people import (
    APPRAISER,
    APPROVER,
    DISTRICT,
    OPERATOR,
    OTHER_APPRAISER,
    OTHER_DISTRICT,
    READER,
    registered,
)
from tests.unit.records_doors import DOORS
from tests.unit.signed_round import ROUND, opened

NOBODY, STRANGER = "không có mã", "mã lạ"
EVERYBODY = (
    *(OPERATOR, DISTRICT, OTHER_DISTRICT, APPRAISER, OTHER_APPRAISER, APPROVER, READER),
    *(NOBODY, STRANGER),
)

IN_THE_ROUND: Mapping[Right, set[str]] = {
    Right.PEOPLE: {OPERATOR},
    Right.PROGRAM: {OPERATOR},
    Right.OPERATE: {OPERATOR},
    Right.FILE: {OPERATOR, APPRAISER, OTHER_APPRAISER},
    Right.SETTLE: {OPERATOR, APPRAISER, OTHER_APPRAISER},
    Right.APPRAISE: {APPRAISER},
    Right.DECIDE: {OPERATOR, APPROVER},
    Right.APPROVE: {APPROVER},
}
"""Right → who has it in the province's round; only one appraises the organiser's rows."""

OF_DISTRICTS = {Right.OPERATE, Right.FILE, Right.SETTLE, Right.DECIDE}
"""What the district's operator may do as well, in the sub-round of his own district."""


@pytest.fixture(autouse=True)
def nobody_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (TOKEN, TOKEN_FILE):
        monkeypatch.delenv(name, raising=False)


def as_(tokens: Mapping[str, str], who: str) -> AbstractContextManager[None]:
    if who == NOBODY:
        return nullcontext()
    return acting("dti_khong-phai-ma" if who == STRANGER else tokens[who])


Office = tuple[RoundContext, dict[str, str]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A round, a sub-round of it, and one person of each role. Nothing in it is committed."""
    before = {name: os.environ.get(name) for name in ("DTI_HOME", "DTI_DATABASE_URL")}
    os.environ["DTI_HOME"] = str(tmp_path_factory.mktemp("office"))
    os.environ.pop("DTI_DATABASE_URL", None)
    try:
        context = opened()
        with session() as records:
            whole = records.get_one(RoundRecord, ROUND).model_dump()
            records.add(RoundRecord(**whole | {"id": f"{ROUND}@so-a"}))
        yield context, registered(context)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


class TurnedAway(Exception):
    """NotAllowed, told apart from what a door says about a change that is made up."""


def _told_apart(door: Callable[..., object], records: Session, context: RoundContext) -> None:
    try:
        door(records, context)
    except NotAllowed as refusal:
        raise TurnedAway from refusal


def let_in(
    tokens: Mapping[str, str], context: RoundContext, door: Callable[..., object]
) -> set[str]:
    """Who is not turned away at a door; what happens behind it is undone."""
    found = set()
    for who in EVERYBODY:
        with as_(tokens, who), Session(engine(database_url())) as records:
            try:
                with suppress(LookupError, ValueError, AssertionError, DBAPIError, Refused):
                    _told_apart(door, records, context)
            except TurnedAway:
                continue
            found.add(who)
    return found


@pytest.mark.parametrize("name", DOORS)
def test_a_door_lets_in_whom_it_should_and_nobody_else(name: str, office: Office) -> None:
    (right, door), (context, tokens) = DOORS[name], office
    assert let_in(tokens, context, door) == IN_THE_ROUND[right]
    if name.startswith("people."):
        return  # of no round
    below = replace(context, id=f"{ROUND}@so-a")
    district = {DISTRICT} if right in OF_DISTRICTS else set()
    assert let_in(tokens, below, door) == IN_THE_ROUND[right] | district


FREE: Mapping[str, str] = {
    "audit.append": "called by doors only, which pass the actor that `need` gave them",
    "audit.append_all": "the same",
    "awards.replace_awards": "called by doors only, for one kind of awards",
    "plain_rows.replace_rows": "called by doors only; it knows no round",
    "outbox.release": "gives back what this very worker had claimed by right, and nothing else",
    "petition_points.award": "the part of petitions.decide that writes the opinion",
    "one_writer.one_writer": "a lock: it writes the round's row to itself",
    "seals.rewritten": "the seals of a statement that a door makes",
    "seals.inserted": "the same",
    "seals.seal_all": "part of an upgrade of the schema, before which nobody is known",
    "database.migrate": "the same",
}
"""Functions that write and ask nobody, and why."""

WRITING = {"add", "add_all", "delete", "merge"}


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _writes(call: ast.Call) -> bool:
    """Whether a call changes the database by itself."""
    whom = call.func.value if isinstance(call.func, ast.Attribute) else None
    of = getattr(whom, "id", "")
    if _name(call) in ("append", "append_all"):
        return of == "audit" or (whom is None and _name(call) == "append_all")
    if _name(call) in WRITING:
        return of in ("session", "records", "own")
    if _name(call) in ("update", "insert"):  # SQLAlchemy's, not a dictionary's
        return whom is None or of in ("seal", "table")
    return _name(call) in ("rewritten", "inserted", "replace_rows", "replace_awards", "seal_all")


def _functions(file: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _calls(function: ast.FunctionDef) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def _doors(file: Path) -> Iterator[tuple[str, bool]]:
    """The public functions of a module that write, themselves or by its private ones → whether
    they ask for a right."""
    functions = _functions(file)

    def reaches(name: str, seen: frozenset[str] = frozenset()) -> bool:
        return any(
            _writes(call)
            or (
                _name(call).startswith("_")
                and _name(call) in functions
                and _name(call) not in seen
                and reaches(_name(call), seen | {name})
            )
            for call in _calls(functions[name])
        )

    for name, function in functions.items():
        asks = any(_name(call) == "need" for call in _calls(function))
        if not name.startswith("_") and (asks or reaches(name)):
            yield f"{file.stem}.{name}", asks


RECORDS = sorted(Path(dti_core.records.__file__).parent.glob("*.py"))


def test_no_function_that_writes_the_records_forgets_to_ask() -> None:
    found = dict(door for file in RECORDS for door in _doors(file))
    assert {name for name, asks in found.items() if not asks} == set(FREE), (
        "a public function in dti_core/records that writes calls `need` first; one that need not"
        " is named in FREE with its reason"
    )
    assert {name for name, asks in found.items() if asks} == set(DOORS), "each is tried in DOORS"


def test_whoever_writes_to_the_audit_chain_elsewhere_asks_too() -> None:
    for package in (tasks, flows):
        for file in Path(package.__path__[0]).rglob("*.py"):
            for name, function in _functions(file).items():
                calls = _calls(function)
                appends = [e for e in calls if _name(e).startswith("append") and _writes(e)]
                assert not appends or "need" in map(_name, calls), f"{file.stem}.{name}"
